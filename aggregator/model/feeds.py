"""What goes out: entries, feeds, documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model.items import Item
from aggregator.model.tags import Tag


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
    pinned: datetime | None = None  # until when it stands first in the feed it was selected for
    held: bool = False  # the desk keeps it back; only its own commands show it


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An entry that was taken out everywhere; of what it said nothing is left."""

    id: str
    at: datetime  # not before its last `updated`
    published: datetime
    by: Literal["desk", "outlet"]
    reason: str = ""  # of the desk, for readers
    silent: bool = False  # no emptied entry tells of it
    feeds: tuple[str, ...] = ()  # in which it stood, by name


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
    pinned: datetime | None = None  # the moment whose pins stand first; None: none do


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """An entry as far as it matters for what must be printed anew."""

    id: str
    version: str  # changes with all that a document could say of it


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
    part: int = 0  # the number of the archive part that this is; 0 for the live feed
    parts: int = 0  # how many archive parts the live feed has
    withdrawn: tuple[Withdrawn, ...] = ()  # announced in this feed, the latest first


@dataclass(frozen=True, slots=True)
class ArchiveDocument:
    """A sealed part of a feed's archive (RFC 5005, section 4), numbered from 1 in the order of sealing."""

    feed: str
    number: int
    revision: int  # moves with every reason to print it anew
    updated: datetime  # of the latest of the entries it was sealed with


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes and where they go, relative to feeds/."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a document cannot be published as it is: a sentence, and the entry that causes it, if one does."""

    path: str
    sentence: str
    entry: str = ""  # its id
    version: str = ""  # of the entry: changes with all that printing it depends on


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An entry that is left out of every document while it is of that version, and why."""

    entry: str  # its id
    version: str
    sentence: str
    since: datetime
