"""What hubs offer us, and what we agreed with them (W3C WebSub; we are the subscriber)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Offer:
    """The hubs that push a feed, in the order they are named, and what to ask them for (WebSub, 4)."""

    hubs: tuple[str, ...] = ()
    topic: str = ""  # the feed's own address for itself (`self`), as it writes it


Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What was asked of a hub for a source, and what came of it."""

    source: str
    hub: str
    topic: str
    callback: str = field(repr=False)  # whoever knows this address may call it (a capability URL)
    secret: str = field(repr=False)  # what is pushed is signed with it; never shown
    next: datetime  # when something is to be done about it
    pending: Mode | Literal[""] = ""  # what was asked for and not verified yet
    since: datetime | None = None  # verified for the first time
    until: datetime | None = None  # the end of the lease; None while there is none
    failures: int = 0  # to get or keep it, in a row
    trouble: str = ""  # what is wrong with it, a sentence
    pushed: datetime | None = None  # the last push with content that we trust
    hinted: datetime | None = None  # the last push that only said that there is something new
    missed: int = 0  # times that polls found what no push had brought
    proven: int = 0  # pushes with content since the last of those times

    @property
    def token(self) -> str:
        """The end of the callback, which nobody can guess."""
        return self.callback.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a hub pushed about a source (WebSub, 7), kept until it is taken in."""

    source: str
    at: datetime
    body: bytes = field(default=b"", repr=False)  # decoded of its content coding
    content_type: str = ""
    doubt: str = ""  # why the body counts for nothing, a sentence; "" where it does count
    number: int = 0  # the store's
