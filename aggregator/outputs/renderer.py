"""Feeds to documents: what stands around the entries, and entries that were printed once for all feeds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from aggregator.model import Config, Document, Entry, Fault, Feed
from aggregator.outputs import composition, validity
from aggregator.outputs.cache import Cache
from aggregator.outputs.formats import FORMATS, Format, readers
from aggregator.outputs.fragments import Composer, EntryFragments
from aggregator.outputs.html import pages
from aggregator.outputs.presentation import framed
from aggregator.outputs.views import FeedView, part_path


@dataclass(frozen=True, slots=True)
class Printed:
    """The documents of a feed, or else why it has none."""

    documents: tuple[Document, ...]
    faults: tuple[Fault, ...] = ()
    entries: int = 0  # that it was to have


@dataclass(frozen=True, slots=True)
class Renderer:
    """Prints feeds under one configuration; an entry is printed and examined once while it is `kept`."""

    config: Config
    kept: Cache = field(default_factory=Cache)
    formats: tuple[Format, ...] = field(default_factory=lambda: FORMATS)

    def printed(self, feed: Feed, *, page: Sequence[Entry] | None = None, older: bool = False) -> Printed:
        """A document in each format and the pages, or else all that is wrong with them.

        The first page shows the entries of `page`, or the feed's own; `older` says whether a second one
        follows. Raises what printing raises that no single entry causes.
        """
        rows, faults = self._rows(feed)
        if faults:
            return Printed((), faults, len(feed.entries))
        presented, emptied = self._presented(feed, rows), self._emptied(feed)
        whole = _joined(presented, emptied)
        ids = [*(entry.id for entry in feed.entries), *(row.shown.id for row in emptied)]
        composed = [
            validity.compose(
                format.rules,
                feed.name + format.suffix,
                format.around(whole),
                _column((*rows, *emptied), number),
                ids,
            )
            for number, format in enumerate(self.formats)
        ]
        shown = presented if page is None else self.sound(replace(feed, entries=tuple(page)))
        first, embedded = self._pages(presented, shown, older)
        found = [fault for _, faults in composed for fault in faults]
        found += validity.examine(first, {}, entries=False)
        return examined([embedded], found, (*(document for document, _ in composed), first))

    def older_page(self, feed: Feed, number: int, *, last: bool) -> Printed:
        """Page 2 or a further one of a feed, whose entries here are those of that page alone."""
        rows, faults = Composer(self.config, self.kept, ()).rows(feed)
        if faults:
            return Printed((), faults, len(feed.entries))
        presented = self._presented(feed, rows)
        body = pages.older_page(presented, self.config, self.kept, number, last=last)
        page = Document(older_path(feed.name, number), body)
        return examined((), validity.examine(page, {}, entries=False), [page])

    def part(self, feed: Feed) -> Printed:
        """A part of an archive, and what is wrong with entries, which are left out then.

        Without a document the faults are its own.
        """
        rows, faults = self._rows(feed)
        presented, ids = self._presented(feed, rows), [row.shown.id for row in rows]
        around, path = self.formats[0].around(presented), part_path(feed.name, feed.part)
        document, found = validity.compose(self.formats[0].rules, path, around, _column(rows, 0), ids)
        return Printed((), found) if found else Printed((document,), faults)

    def document(self, feed: Feed, format: Format) -> bytes:
        """The document in that format, of the entries that can be printed."""
        rows, _ = self._rows(feed)
        emptied = self._emptied(feed)
        whole = _joined(self._presented(feed, rows), emptied)
        column = _column((*rows, *emptied), self.formats.index(format))
        return format.around(whole).around(part.body for part in column)

    def fitting(self, feed: Feed, most: int) -> int:
        """How many entries, from the first on, fit into `most` bytes of a document in every format."""
        rows, _ = self._rows(feed)
        presented, emptied = self._presented(feed, rows), self._emptied(feed)
        fits = (
            _fitting(format, presented, _column(rows, number), most - _length(_column(emptied, number)))
            for number, format in enumerate(self.formats)
        )
        fitting = min(fits)
        return len(feed.entries) if fitting == len(rows) else max(1, fitting)

    def sound(self, feed: Feed) -> FeedView:
        """The feed as pages show it, with the entries that can stand on them."""
        rows, _ = Composer(self.config, self.kept, ()).rows(feed)
        return self._presented(feed, rows)

    def _rows(self, feed: Feed) -> tuple[tuple[EntryFragments, ...], tuple[Fault, ...]]:
        return Composer(self.config, self.kept, self.formats).rows(feed)

    def _emptied(self, feed: Feed) -> tuple[EntryFragments, ...]:
        return Composer(self.config, self.kept, self.formats).emptied(feed)

    def _presented(self, feed: Feed, rows: Sequence[EntryFragments]) -> FeedView:
        return framed(feed, self.config, tuple(row.shown for row in rows))

    def _pages(self, feed: FeedView, first: FeedView, older: bool) -> tuple[Document, Document]:
        page = pages.page(first, self.config, self.kept, older=older)
        embedded = pages.embed(feed, self.config, self.kept)
        return Document(f"{feed.name}.html", page), Document(f"{feed.name}/embed.html", embedded)


def _joined(feed: FeedView, emptied: Sequence[EntryFragments]) -> FeedView:
    """The feed with the entries that stand in place of those that were withdrawn."""
    return replace(feed, entries=(*feed.entries, *(row.shown for row in emptied)))


def older_path(name: str, number: int) -> str:
    """Where page 2 or a further one of the feed of that name goes, below feeds/."""
    return f"{name}/{number}.html"


def examined(
    documents: Iterable[Document], faults: Iterable[Fault] = (), passed: Iterable[Document] = ()
) -> Printed:
    """Documents with those that passed before, or else all that is wrong with any of them."""
    documents = tuple(documents)
    found = (*faults, *(fault for one in documents for fault in validity.examine(one, readers())))
    return Printed((), found) if found else Printed((*passed, *documents))


def _column(rows: Sequence[EntryFragments], number: int) -> list[composition.Passed]:
    """The parts of one format."""
    return [row.parts[number] for row in rows]


def _length(parts: Iterable[composition.Passed]) -> int:
    return sum(len(part.body) for part in parts)


def _fitting(format: Format, feed: FeedView, parts: Iterable[composition.Passed], most: int) -> int:
    around = sum(map(len, format.frame(feed)))
    sizes = accumulate(len(part.body) + len(format.between) for part in parts)
    return sum(around - len(format.between) + size <= most for size in sizes)
