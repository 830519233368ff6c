"""What goes between the hub and those that subscribe (W3C WebSub).

A topic goes by the path of its feed, "north-korea.atom"; its address is as a subscriber wrote it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

CallMode = Literal["subscribe", "unsubscribe", "denied"]


@dataclass(frozen=True, slots=True)
class Subscribing:
    """A request to the hub that is worth asking the callback about."""

    mode: Literal["subscribe", "unsubscribe"]
    topic: str
    address: str
    callback: str
    lease: timedelta
    secret: str = field(default="", repr=False)
    asker: str = ""  # who sent the request: an IP address, or the network of an IPv6 address


@dataclass(frozen=True, slots=True)
class Call:
    """A GET to a callback that is due: to verify a request, or to say that a subscription is denied."""

    id: int
    mode: CallMode
    address: str
    callback: str
    lease: timedelta
    reason: str = ""  # of a denial
    tries: int = 0  # that failed
    asker: str = ""  # who made the request


@dataclass(frozen=True, slots=True)
class Delivery:
    """A document that is due at a callback, the first of those that wait for this subscription."""

    id: int
    subscription: int
    topic: str
    callback: str
    secret: str = field(repr=False)
    body: bytes = field(repr=False)
    tries: int = 0  # that failed since the last one that did not
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ping:
    """News of a topic that another hub is to be told of."""

    topic: str
    revision: int  # another one with each piece of news
    tries: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """How far the news of a feed were announced: up to a moment, and what was announced shortly before it."""

    until: datetime
    lately: frozenset[tuple[str, datetime]] = frozenset()  # ids of entries, and when each changed


@dataclass(frozen=True, slots=True)
class Answered:
    """What a callback or another hub said: a status, or a sentence on why there is none."""

    status: int  # 0 where none came
    body: bytes = b""  # its beginning
    wait: timedelta | None = None  # what Retry-After asks for
    sentence: str = ""  # what is wrong, where anything is

    @property
    def took_it(self) -> bool:
        """Whether it was a 2xx."""
        return 200 <= self.status < 300

    @property
    def is_undecided(self) -> bool:
        """Whether the same may be answered otherwise a little later."""
        return self.status in (0, 408, 425, 429) or self.status >= 500
