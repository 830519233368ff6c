"""Our hub (W3C WebSub): which requests make sense, what is news, when to try again; pure."""

from aggregator.websub.hub.calls import (
    BOUNDS,
    CALLS,
    GIVE_UP,
    Bounds,
    Full,
    answers_challenge,
    bounds_for,
    call_url,
    next_call,
    next_try,
)
from aggregator.websub.hub.notifications import HISTORY, LATELY, MOST, News, announcing, documents, signature
from aggregator.websub.hub.requests import LEASE, LONGEST_LEASE, SHORTEST_LEASE, Refusal, read_request
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
