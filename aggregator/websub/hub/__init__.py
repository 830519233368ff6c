"""Our hub (W3C WebSub): which requests make sense, what is news, when to try again; pure."""

from aggregator.websub.hub.bounds import BOUNDS, Bounds, Full, bounds_for
from aggregator.websub.hub.calls import answers_challenge, call_url
from aggregator.websub.hub.news import HISTORY, LATELY, News, announcing
from aggregator.websub.hub.pings import MOST, documents
from aggregator.websub.hub.requests import LEASE, LONGEST_LEASE, SHORTEST_LEASE, Refusal, read_request
from aggregator.websub.hub.retries import CALLS, GIVE_UP, next_call, next_try
from aggregator.websub.hub.signatures import signature
from aggregator.websub.hub.topics import Topics, link

__all__ = [
    "BOUNDS",
    "CALLS",
    "GIVE_UP",
    "HISTORY",
    "LATELY",
    "LEASE",
    "LONGEST_LEASE",
    "MOST",
    "SHORTEST_LEASE",
    "Bounds",
    "Full",
    "News",
    "Refusal",
    "Topics",
    "announcing",
    "answers_challenge",
    "bounds_for",
    "call_url",
    "documents",
    "link",
    "next_call",
    "next_try",
    "read_request",
    "signature",
]
