"""What the hub decides (W3C WebSub): which requests make sense, what is news, when to try again; pure."""

from aggregator.hub.bounds import BOUNDS, Bounds, Full, bounds_for
from aggregator.hub.calls import answers_challenge, call_url
from aggregator.hub.news import HISTORY, LATELY, News, announcing
from aggregator.hub.pings import MOST, documents
from aggregator.hub.requests import LEASE, LONGEST_LEASE, SHORTEST_LEASE, Refusal, read_request
from aggregator.hub.retries import CALLS, GIVE_UP, next_call, next_try
from aggregator.hub.signing import signature
from aggregator.hub.topics import Topics, link

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
