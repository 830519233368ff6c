"""Documents made of feeds: the same values always give the same bytes, and nothing but values goes in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from aggregator.model import Config, Document, Feed, Withdrawn
from aggregator.outputs import sitemap
from aggregator.outputs.cache import Cache, version
from aggregator.outputs.formats import FORMATS, Format
from aggregator.outputs.html import pages
from aggregator.outputs.html.templating import packaged
from aggregator.outputs.opml import writer as opml
from aggregator.outputs.presentation import present
from aggregator.outputs.renderer import Printed, Renderer, examined, older_path
from aggregator.outputs.views import part_path
from aggregator.outputs.withdrawals import LIST, listed

__all__ = [
    "FORMATS",
    "FRONT",
    "Cache",
    "Format",
    "Printed",
    "Renderer",
    "examined",
    "fitting",
    "fitting_part",
    "front",
    "older_path",
    "part",
    "part_path",
    "paths",
    "search",
    "version",
]

_ARCHIVED = tuple(format for format in FORMATS if format.suffix == ".atom")
_PACKAGED = ("style.css", "embed.js", "favicon.svg", "favicon.png")
FRONT = ("index.html", "topics.opml", "sources.opml", "sitemap.xml", "robots.txt", LIST, *_PACKAGED)
"""Where the documents go that belong to no single feed."""


def part(feed: Feed, config: Config, kept: Cache | None = None) -> Printed:
    """A sealed part of a feed's archive, in Atom alone, and the faults of entries that had to be left out."""
    return Renderer(config, Cache() if kept is None else kept, _ARCHIVED).part(feed)


def fitting_part(feed: Feed, config: Config, most: int, kept: Cache | None = None) -> int:
    """How many of the feed's entries, from the first on, fit into `most` bytes of a part; at least one."""
    return Renderer(config, Cache() if kept is None else kept, _ARCHIVED).fitting(feed, most)


def fitting(feed: Feed, config: Config, most: int, kept: Cache | None = None) -> int:
    """How many of the feed's entries, from the first on, fit into `most` bytes of it in each format.

    At least one, where there is any: an entry that is larger than that still has to stand somewhere. What is
    printed to find out is `kept` for the documents. Pages do not count.
    """
    return Renderer(config, Cache() if kept is None else kept).fitting(feed, most)


def search(feed: Feed, config: Config, suffix: str, *, problem: str = "", complete: bool = True) -> bytes:
    """What a search found in the format with that ending; ".html" is its page, which can say a problem."""
    if suffix == ".html":
        return pages.search(Renderer(config).sound(feed), config, problem, complete)
    format = next(format for format in FORMATS if format.suffix == suffix)
    return Renderer(config, formats=(format,)).document(feed, format)


def paths(name: str) -> tuple[str, ...]:
    """Where the documents of the feed of that name go, below feeds/."""
    return (*(name + format.suffix for format in FORMATS), f"{name}.html", f"{name}/embed.html")


def front(
    config: Config,
    sections: Sequence[Feed],
    updated: Mapping[str, datetime] | None = None,
    withdrawn: Sequence[Withdrawn] = (),
    kept: Cache | None = None,
) -> tuple[Document, ...]:
    """The documents that belong to no single feed; the index shows the newest entries of `sections`.

    `updated` says by feed when it last changed, as far as that is known; `withdrawn` is for the list of such.
    """
    kept = Cache() if kept is None else kept
    presented = [present(section, config, kept) for section in sections]
    entries = (shown for section in presented for shown in reversed(section.entries))
    titles = {shown.outlet.source: shown.outlet.title for shown in entries}
    bodies = (
        pages.index(presented, config, titles, kept),
        opml.topics(config),
        opml.sources(config, titles),
        sitemap.sitemap(config, updated or {}),
        sitemap.robots(config),
        listed(withdrawn, config),
        *map(packaged, _PACKAGED),
    )
    return tuple(Document(path, body) for path, body in zip(FRONT, bodies, strict=True))
