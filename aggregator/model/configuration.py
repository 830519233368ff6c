"""What the operator configures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Republish = Literal["title", "excerpt", "full"]


@dataclass(frozen=True, slots=True)
class Polling:
    """How often and how gently: the schedule adapts between `shortest` and `longest`."""

    shortest: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=24)
    requests_per_hour: float | None = None
    at_once_per_host: int = 2
    pause_per_host: timedelta = timedelta(seconds=1)
    allow_private: tuple[str, ...] = ()  # networks in CIDR notation
    push: bool = False  # whether hubs are asked to push what is new


class Secret(str):
    """A header's value that holds something from the environment."""

    __slots__ = ()


class Unset(str):
    """Stands for a header's value that cannot be filled in: the environment variables that are not set."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One feed of a partner, as configured."""

    id: str
    feed: str
    title: str = ""  # "" takes the feed's own title
    page: str = ""
    republish: Republish = "excerpt"
    license: str = ""
    permission: str = ""
    pictures: bool = False
    topics: tuple[str, ...] = ()
    weight: float = 1.0
    priority: int = 0
    only: str = ""  # a query
    skip: str = ""  # a query
    headers: tuple[tuple[str, str], ...] = ()  # secrets already filled in; never shown, never stored
    private: bool = False
    polling: Polling = field(default_factory=Polling)
    was: tuple[str, ...] = ()  # earlier ids

    @property
    def unset(self) -> tuple[str, ...]:
        """The environment variables that its headers need and that are not set."""
        lacking = (value for _, value in self.headers if isinstance(value, Unset))
        return tuple(dict.fromkeys(name for value in lacking for name in value.split()))


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as configured; every query block holds one query a line, `#` lines are comments."""

    id: str
    title: str
    description: str = ""
    match: str = ""
    points_needed: int = 1
    only_if: str = ""
    strike_out: str = ""
    implies: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    examples_match: tuple[str, ...] = ()
    examples_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """What we publish as."""

    title: str
    url: str  # ends with a slash
    contact: str = ""
    language: str = "en"
    timezone: str = "UTC"
    precompress: bool = False  # whether compressed forms stand beside the documents


@dataclass(frozen=True, slots=True)
class Hub:
    """Who pushes our feeds to those that subscribe (WebSub)."""

    address: str = ""  # what feeds advertise; "" for no hub
    own: bool = False  # it is ours; else another one, which is told of news
    sha1_for: tuple[str, ...] = ()  # callbacks, and beginnings of callbacks that end with a slash
    allow_private: tuple[str, ...] = ()  # networks in CIDR notation where callbacks may be


@dataclass(frozen=True, slots=True)
class Decision:
    """The desk's word on whether an item belongs to a topic; it stands above all rules."""

    item: str  # the address of the article, or the id of the entry
    topic: str
    belongs: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The desk takes an item out everywhere, for good: its text goes, and it is not taken in again."""

    item: str  # the address of the article, or the id of the entry
    reason: str  # readers see it
    silent: bool = False  # no emptied entry tells of it, the tombstone alone does


@dataclass(frozen=True, slots=True)
class Hold:
    """The desk keeps an item back until it takes this away again."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pin:
    """The desk lets an item stand first in a topic until a moment."""

    item: str
    topic: str
    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rulings:
    """What the desk rules about items as a whole, beside its decisions about their topics."""

    withdrawn: tuple[Withdrawal, ...] = ()
    held: tuple[Hold, ...] = ()
    pinned: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """One whole, valid configuration."""

    site: Site
    polling: Polling
    sources: tuple[Source, ...]
    lists: Mapping[str, str]  # name → the words and phrases, one a line
    topics: tuple[Topic, ...]
    desk: tuple[Decision, ...] = ()
    rulings: Rulings = Rulings()
    hub: Hub = Hub()
    by_id: Mapping[str, Source] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {source.id: source for source in self.sources})

    def source(self, id: str) -> Source:
        """The source of that id; items outlive their source's line, which then is an empty one."""
        return self.by_id.get(id) or Source(id=id, feed="")
