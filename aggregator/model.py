"""The nouns that flow through the house: frozen values, no clock, no disk, no network.

Times are aware datetimes in UTC. URLs are absolute http(s) addresses unless a name says otherwise.
"Plain" means text with no markup and no entities; "HTML" means already reduced to the allow-list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Republish = Literal["title", "excerpt", "full"]

# ── what the operator configures ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Polling:
    """How often and how gently: the schedule adapts between `shortest` and `longest`."""

    shortest: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=24)
    requests_per_hour: float | None = None
    at_once_per_host: int = 2
    pause_per_host: timedelta = timedelta(seconds=1)
    allow_private: tuple[str, ...] = ()  # networks in CIDR notation


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


@dataclass(frozen=True, slots=True)
class Decision:
    """The desk's word on whether an item belongs to a topic; it stands above all rules."""

    item: str  # the address of the article, or the id of the entry
    topic: str
    belongs: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Config:
    """One whole, valid configuration."""

    site: Site
    polling: Polling
    sources: tuple[Source, ...]
    lists: Mapping[str, str]  # name → the words and phrases, one a line
    topics: tuple[Topic, ...]
    desk: tuple[Decision, ...] = ()
    by_id: Mapping[str, Source] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {source.id: source for source in self.sources})

    def source(self, id: str) -> Source:
        """The source of that id; items outlive their source's line, which then is an empty one."""
        return self.by_id.get(id) or Source(id=id, feed="")


# ── what comes in ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "anything new?" with (RFC 9110, 8.8), byte for byte, as one set."""

    etag: str | None = None
    last_modified: str | None = None
    url: str = ""  # the address whose answer carried them; they go to its origin alone

    def __bool__(self) -> bool:
        return self.etag is not None or self.last_modified is not None


@dataclass(frozen=True, slots=True)
class Request:
    """One polite question to a partner's server."""

    url: str
    validators: Validators = Validators()
    headers: tuple[tuple[str, str], ...] = ()  # the operator's own, for the first origin alone
    at_once_per_host: int = 2
    pause_per_host: timedelta = timedelta(seconds=1)
    allow_private: tuple[str, ...] = ()
    delta: bool = False  # whether the entries that are new since the ETag will do (RFC 3229)


@dataclass(frozen=True, slots=True)
class Response:
    """What the last server on the way answered; the body is decoded of its content coding."""

    url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case, in order of arrival
    body: bytes
    moved_to: str | None = None  # the address an unbroken chain of 301/308 leads to
    requests: int = 1

    def header(self, name: str) -> str | None:
        """The first value of a header, or None; `name` in lower case."""
        return next((value for key, value in self.headers if key == name), None)


FailureKind = Literal["address", "network", "tls", "http", "size", "format", "limits", "internal"]


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read this time; `sentence` tells the operator what and what to do."""

    kind: FailureKind
    sentence: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    requests: int = 1  # 0 where nothing was asked: a name that is not found, an address that is refused
    host: str = ""  # that answered, or should have

    def header(self, name: str) -> str | None:
        """The first value of a header, or None; `name` in lower case."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Author:
    """A person or body that wrote an item; e-mail addresses are not taken over."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A term the outlet filed an item under (RFC 4287, 4.2.2)."""

    term: str
    scheme: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an item: a podcast's audio, a video, a document (RFC 4287, 4.2.7.2)."""

    url: str
    type: str = ""
    length: int | None = None  # bytes
    title: str = ""
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture the outlet offers with an item (Media RSS, JSON Feed `image`, an image enclosure)."""

    url: str
    type: str = ""
    width: int | None = None
    height: int | None = None
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself, taken with each item as its `atom:source` (RFC 4287, 4.2.11)."""

    id: str = ""
    title: str = ""
    subtitle: str = ""
    page: str = ""
    feed: str = ""  # where we read it; left empty in outputs for private sources
    updated: datetime | None = None
    language: str = ""
    rights: str = ""
    authors: tuple[Author, ...] = ()
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a source's feed, normalized (docs/normalization.md); as the outlet has it, no clock."""

    source: str  # Source.id
    key: str  # identifies the item within its source, stable over polls
    id: str = ""  # the outlet's own id where it is a usable IRI, else "" and one is minted when stored
    url: str = ""  # the article
    title: str = ""  # plain
    summary: str = ""  # plain; "" where the outlet gave none
    content: str = ""  # HTML; the fullest text the outlet gave
    text: str = ""  # `content` as plain text
    excerpt: str = ""  # plain; the summary or the first sentences of the text, up to 300 characters
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    language: str = ""  # BCP 47; the feed's where the item has none
    published: datetime | None = None  # as the outlet says, even where it is impossible
    updated: datetime | None = None
    rights: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    comments: str = ""  # address of the discussion
    head: Head = Head()


@dataclass(frozen=True, slots=True)
class Pace:
    """What a feed itself asks of its readers (RSS 2.0 `ttl`, `skipHours`, `skipDays`; RSS 1.0 `sy:`)."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()  # 0–23, UTC
    skip_days: frozenset[int] = frozenset()  # 0 is Monday


@dataclass(frozen=True, slots=True)
class Refined:
    """A body turned into items, in the order of the feed, each key once."""

    head: Head
    items: tuple[Item, ...]
    pace: Pace = Pace()
    format: str = ""  # "RSS 2.0", "Atom 1.0", "JSON Feed 1.1" …
    entries: int = 0  # entries in the document, before entries with the same key were joined
    notes: tuple[str, ...] = ()  # what was wrong but survivable, a sentence each


# ── tags ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line of a topic held: the words that earned its points, with their place in the original."""

    line: int  # of the topic's `match` block, from 1; 0 where no line did it (a source's topics, `implies`)
    points: int
    field: str  # title, summary, content …; "" where it is no text
    start: int  # characters into that field
    end: int
    words: str  # the original text of that place, or a sentence where there is none


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic that an item belongs to, and why."""

    topic: str
    points: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Tagged:
    """An item that may be recorded."""

    item: Item
    tags: tuple[Tag, ...] = ()
    rules: str = ""  # version of the rules that tagged it


@dataclass(frozen=True, slots=True)
class Stored:
    """An item of the store as the rules tagged it, and what the desk decided besides."""

    number: int
    hash: str  # changes with its content (`settle.content_hash`)
    published: datetime
    tagged: Tagged
    decided: frozenset[str] = frozenset()  # topics that the desk put it into or took it out of


@dataclass(frozen=True, slots=True)
class Retagged:
    """New tags for a stored item; void if its content or its rules are no longer `hash` and `before`."""

    number: int
    hash: str
    before: str  # version of the rules that gave it the tags it has
    rules: str  # version of those that give it these
    tags: tuple[Tag, ...] | None  # None: they are the same
    shown: bool = False  # whether readers see a difference: other topics, or other words that earned them


# ── polls ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Memory:
    """What we remember of a source between two polls."""

    url: str = ""  # where its feed is read: the configured address or one adopted after moves
    validators: Validators = Validators()
    body_hash: str = ""
    marks: tuple[str, ...] = ()  # of the entries of the last document, by which known ones are cut out
    refiner: str = ""  # version of parse/ and of the source's settings that `body_hash` was read with
    pace: Pace = Pace()
    polled: datetime | None = None
    good: datetime | None = None  # the last good poll: 304, or a body that was read
    next_poll: datetime | None = None
    why: str = ""  # why the next poll is when it is, a sentence
    failures: int = 0  # in a row
    failure: str = ""  # the last failure's sentence; "" after a good poll
    failing: datetime | None = None  # the first of these failures
    not_before: datetime | None = None  # what Retry-After asked; even a poll by hand waits for it
    gone: bool = False  # 410: never asked again until the configured address changes
    moved_to: str = ""  # a permanent redirect seen, not yet adopted
    moved_seen: int = 0  # good polls in a row that saw it
    rate: float = 0.0  # items, decayed (docs/polling)
    observed: float = 0.0  # days, decayed
    newest: datetime | None = None  # the latest publication seen
    window: int = 0  # entries the feed shows at once, as last read
    unreadable: str = ""  # the sentence, where `validators` stand for a document that could not be read
    title: str = ""  # the feed's own
    page: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to poll a source until the lease ends; a later claim's generation fences it off."""

    source: str
    generation: int
    memory: Memory


Outcome = Literal["new", "unchanged", "not-modified", "failed"]


@dataclass(frozen=True, slots=True)
class Poll:
    """A decision already made: the source's next state together with its items or its failure."""

    claim: Claim
    at: datetime
    memory: Memory  # the next state
    outcome: Outcome
    tagged: tuple[Tagged, ...] = ()
    refused: int = 0  # items that were read, but that `only` or `skip` of the source does not let in
    failure: Failure | None = None
    backfill: bool = False  # the first good poll of a source
    status: int | None = None
    requests: int = 1
    size: int = 0  # bytes of the body
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What recording a poll changed."""

    new: int = 0
    corrected: int = 0
    feeds: frozenset[str] = frozenset()  # names of the feeds that went stale


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log of polls: when a source was asked, what was new, and when that was published."""

    at: datetime
    outcome: Outcome
    status: int | None = None
    requests: int = 1
    size: int = 0  # bytes of the body
    new: int = 0
    corrected: int = 0
    refused: int = 0  # by `only` or `skip` of the source; the same item again each time it is read
    failure: str = ""  # a sentence
    published: tuple[datetime, ...] = ()  # of the new items, in the order of the feed
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """A feed whose documents are behind the store; `since` is the time of the change that made it so."""

    feed: str
    revision: int
    since: datetime


# ── what goes out ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Copy:
    """The same story at another outlet."""

    source: str
    title: str  # the outlet's
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A story as published: its lead item with the dates and the id that the store fixed for it."""

    id: str
    item: Item
    published: datetime  # the outlet's, or the arrival where that is missing or was in the future
    updated: datetime  # stored with the change that caused it, never goes back
    listed: datetime  # where it stands in a feed
    arrived: datetime
    tags: tuple[Tag, ...] = ()
    copies: tuple[Copy, ...] = ()
    changed: datetime | None = None  # came into the feed it was selected for, or was corrected there


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries a feed shows: of a topic, of a source, or all; newest first by `listed`.

    The newest `newest` entries, and up to `most` in all, those that arrived or were corrected since `window`.
    """

    topic: str = ""
    source: str = ""
    newest: int = 50
    window: datetime | None = None
    most: int = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, newest first by `listed`."""

    entries: tuple[Entry, ...]
    complete: bool  # False: it was ended before it had seen enough, or not all items can be searched yet
    examined: int  # items that the query was put to


@dataclass(frozen=True, slots=True)
class Feed:
    """Something we publish: a title, an address, a selection of entries.

    `name` is its path without an ending, relative to the site: "all", "north-korea", "sources/nk-news".
    """

    name: str
    id: str  # a tag: URI (RFC 4151); a new site.url resubscribes nobody
    title: str
    description: str
    kind: Literal["all", "topic", "source", "search"]
    updated: datetime
    entries: tuple[Entry, ...] = ()
    page: str = ""  # the outlet's own page, for a source feed
    query: str = ""  # what was searched for; part of the address


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes and where they go, relative to feeds/."""

    path: str
    body: bytes


# ── events ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Polled:
    """A source was polled and the result recorded (None: a later claim had fenced it off)."""

    source: Source
    poll: Poll
    change: Change | None
    took: timedelta


@dataclass(frozen=True, slots=True)
class Published:
    """A feed was brought up to date; `written` are the paths whose bytes changed."""

    feed: str
    written: tuple[str, ...]
    failure: str = ""


Event = Polled | Published
