"""What comes in: questions, answers, and what is read in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from aggregator.model.subscriptions import Offer


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
    form: tuple[tuple[str, str], ...] = ()  # to be posted; without it the address is read


@dataclass(frozen=True, slots=True)
class Response:
    """What the last server on the way answered; the body is decoded of its content coding."""

    url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case, in order of arrival
    body: bytes
    moved_to: str | None = None  # the address an unbroken chain of 301/308 leads to
    requests: int = 1
    edges: str = ""  # `Memory.edges`, for whoever reads the body

    def header(self, name: str) -> str | None:
        """The first value of a header, or None; `name` in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def may_be_cut_short(self) -> bool:
        """Whether nothing tells how long the body should have been (RFC 9112, 6.3)."""
        return self.header("content-length") is None and self.header("transfer-encoding") is None


FailureKind = Literal[
    "address", "network", "offline", "tls", "http", "size", "format", "limits", "internal", "setting"
]
"""What failed; "offline" where it was this machine's own network, which counts against no source."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read this time; `sentence` tells the operator what and what to do."""

    kind: FailureKind
    sentence: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    requests: int = 1  # 0 where nothing was asked: a name that is not found, an address that is refused
    host: str = ""  # that answered, or should have
    unreached: bool = False  # it failed before a server was reached
    local: bool = False  # an error of this machine's network or name service rather than of the host's

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
    credit: str = ""  # plain; where the text says it first appeared, if that is at another outlet
    head: Head = Head()


@dataclass(frozen=True, slots=True)
class Deleted:
    """An outlet's word that it took one of its own entries back (RFC 6721 `at:deleted-entry`)."""

    key: str  # Item.key
    at: datetime  # a later `updated` of the entry revives it


@dataclass(frozen=True, slots=True)
class Pace:
    """What a feed itself asks of its readers (RSS 2.0 `ttl`, `skipHours`, `skipDays`; RSS 1.0 `sy:`)."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()  # 0–23, UTC
    skip_days: frozenset[int] = frozenset()  # 0 is Monday


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from items alone, worked out beside them; who does not find it here works it out again."""

    hashes: Mapping[str, str] = field(default_factory=dict)  # Item.key → `sameness.content_hash`
    levelled: Mapping[str, str] = field(default_factory=dict)  # text of an item → `text.levelling.level`


@dataclass(frozen=True, slots=True)
class Refined:
    """A body turned into items, in the order of the feed, each key once."""

    head: Head
    items: tuple[Item, ...]
    pace: Pace = Pace()
    format: str = ""  # "RSS 2.0", "Atom 1.0", "JSON Feed 1.1" …
    entries: int = 0  # entries in the document, before entries with the same key were joined
    notes: tuple[str, ...] = ()  # what was wrong but survivable, a sentence each
    unread: str = ""  # why none of the entries of the document could be read, a sentence; "" where any was
    torn: bool = False  # the document did not arrive whole: it has to be asked for again
    fragile: bool = False  # not well-formed: its entries may read otherwise without their neighbours
    offer: Offer = field(default_factory=Offer)  # what the document itself says of hubs
    deleted: tuple[Deleted, ...] = ()  # entries that the outlet took back, each key once
    edges: str = ""  # lines that open and end items, as text (`text.boilerplate.repetition`)
    learned: bool = False  # whether a line was found out to be a notice, which known entries may have, too
    derived: Derived = field(default_factory=Derived, compare=False, repr=False)
