"""What the documents of a feed say, as plain values: every format prints these, so no two can disagree."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from aggregator.model import Author, Category, Copy, Enclosure, Picture, Site, Withdrawn

_SMALLEST = 100  # pixels, either way


@dataclass(frozen=True, slots=True)
class Outlet:
    """The partner an entry came from, complete for `atom:source`; no credentials, no private address."""

    source: str  # Source.id
    id: str
    title: str
    subtitle: str
    page: str
    feed: str  # "" where it may not be shown
    updated: datetime
    language: str
    rights: str
    authors: tuple[Author, ...]
    here: bool  # we publish a feed of it


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic an entry stands under, and the words that put it there, as a reader is told them."""

    topic: str
    title: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as every format prints it."""

    id: str
    title: str  # plain, never empty
    url: str  # of the original; "" where the outlet gave none
    excerpt: str  # plain
    html: str  # the full text under its credit line; "" unless the outlet lets us republish it
    outlet: Outlet
    byline: tuple[Author, ...]  # those the outlet names
    published: datetime
    updated: datetime
    language: str
    direction: str
    topics: tuple[TopicView, ...]
    categories: tuple[Category, ...]  # our topics, then the outlet's own
    rights: str
    license: str  # an address
    comments: str
    enclosures: tuple[Enclosure, ...]  # each with its media type
    pictures: tuple[Picture, ...]
    copies: tuple[Copy, ...]  # `source` is the outlet's title here
    key: Hashable = ""  # what is printed of this is kept by it; another if anything else is said
    pinned: bool = False  # the desk lets it stand first

    @property
    def authors(self) -> tuple[Author, ...]:
        """Those to credit: the byline, else whom the outlet names for its feed, else the outlet itself."""
        return self.byline or self.outlet.authors or (Author(self.outlet.title, self.outlet.page),)

    @property
    def picture(self) -> Picture | None:
        """The first picture that a page can keep room for, its size being known; no thumbnail or tracker."""
        large = (one for one in self.pictures if (one.width or 0) >= _SMALLEST <= (one.height or 0))
        return next(large, None)


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed ready to print."""

    name: str
    id: str
    title: str
    description: str
    kind: str
    page: str  # the outlet's own, for a source feed
    updated: datetime
    site: Site
    entries: tuple[EntryView, ...]
    query: str = ""  # what was searched for
    hub: str = ""  # where programs can subscribe to it
    part: int = 0  # the number of the archive part that this is; 0 for the live feed
    parts: int = 0  # how many archive parts the live feed has
    withdrawn: tuple[Withdrawn, ...] = ()  # the latest first

    @property
    def parameters(self) -> str:
        """What follows the path in the addresses of a search."""
        return f"?q={quote(self.query, safe='', errors='replace')}" if self.query else ""

    def address(self, suffix: str) -> str:
        """Where the document of this feed with that ending is published."""
        return f"{self.site.url}{self.name}{suffix}{self.parameters}"

    def part_address(self, number: int) -> str:
        """Where that part of the archive of this feed is published."""
        return f"{self.site.url}{part_path(self.name, number)}"


def part_path(name: str, number: int) -> str:
    """Where a part of the archive of the feed of that name goes, below feeds/."""
    return f"{name}/archive/{number:06}.atom"
