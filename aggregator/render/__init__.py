"""Feeds to documents: the same values always give the same bytes, and nothing but values goes in."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable

import aggregator
from aggregator.model import Config, Document, Feed
from aggregator.render import html, opml
from aggregator.render.formats import FORMATS, Format
from aggregator.render.presented import present

__all__ = ["FORMATS", "FRONT", "VERSION", "Format", "fitting", "front", "paths", "render", "search"]

FRONT = ("index.html", "style.css", "topics.opml", "sources.opml")
"""Where the documents go that belong to no single feed."""


def render(feed: Feed, config: Config) -> tuple[Document, ...]:
    """The documents of a feed: one in each format, and its page."""
    presented = present(feed, config)
    bodies = [*(format.write(presented) for format in FORMATS), html.page(presented, config)]
    return tuple(Document(path, body) for path, body in zip(paths(feed.name), bodies, strict=True))


def fitting(feed: Feed, config: Config, most: int) -> int:
    """How many of the feed's entries, from the first on, fit into `most` bytes of each of its documents.

    At least one, where there is any: an entry that is larger than that still has to stand somewhere.
    """

    def fits(count: int) -> bool:
        part = replace(feed, entries=feed.entries[:count])
        return all(len(document.body) <= most for document in render(part, config))

    count = len(feed.entries)
    if fits(count):
        return count
    return max(1, bisect_left(range(count), 1, key=lambda entries: not fits(entries)) - 1)


def search(feed: Feed, config: Config, suffix: str, *, problem: str = "", complete: bool = True) -> bytes:
    """What a search found in the format with that ending; ".html" is its page, which can say a problem."""
    presented = present(feed, config)
    if suffix == ".html":
        return html.search(presented, config, problem, complete)
    return next(format for format in FORMATS if format.suffix == suffix).write(presented)


def paths(name: str) -> tuple[str, ...]:
    """Where the documents of the feed of that name go, below feeds/."""
    return (*(name + format.suffix for format in FORMATS), f"{name}.html")


def front(config: Config, sections: Sequence[Feed]) -> tuple[Document, ...]:
    """The documents that belong to no single feed; the index shows the newest entries of `sections`."""
    presented = [present(section, config) for section in sections]
    entries = (shown for section in presented for shown in reversed(section.entries))
    titles = {shown.outlet.source: shown.outlet.title for shown in entries}
    bodies = (
        html.index(presented, config, titles),
        html.style(),
        opml.topics(config),
        opml.sources(config, titles),
    )
    return tuple(Document(path, body) for path, body in zip(FRONT, bodies, strict=True))


def _version() -> str:
    """A hash over the program's version and all that decides what a document looks like."""
    package = files(aggregator)
    digest = hashlib.sha256(aggregator.__version__.encode())
    for file in (*_sources(package / "render"), package / "parse" / "text.py"):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry)
        elif entry.is_file():
            yield entry


VERSION = _version()
"""Changes whenever the same feed may give other bytes than before."""
