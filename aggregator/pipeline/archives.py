"""A feed and its archive: what would leave the live feed is sealed into parts and printed before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from aggregator import outputs
from aggregator.compiled import Compiled
from aggregator.errors import AggregatorError
from aggregator.feeds import selection as feeds
from aggregator.feeds.selection import Definition
from aggregator.model import ArchiveDocument, Document, Entry, Feed, Quarantined, Selection
from aggregator.pipeline.context import Context
from aggregator.pipeline.quarantine import Quarantine

PIECE = 5  # parts that are sealed for one feed before others get their turn


@dataclass(slots=True)
class Archive:
    """The archive of a feed while the feed is published."""

    context: Context
    compiled: Compiled
    definition: Definition
    kept: outputs.Cache
    quarantine: Quarantine
    finished: bool = True  # all that the live feed does not show is sealed
    left_out: list[Quarantined] = field(default_factory=list)  # entries that parts could not be printed with

    def live(self) -> tuple[Entry, ...]:
        """What the live feed shows, within its bounds; all else is sealed then, if that is `finished`."""
        now = self.context.clock()
        selected = self._select(self.definition.selection(now))
        unsealed = self.quarantine.without(self._seal_surplus(selected))
        if not self.finished:  # what left lately may not be sealed yet, and stays for so long
            wider = replace(self.definition.selection(now), window=now - 2 * feeds.WINDOW)
            selected = self._select(wider)
        return feeds.in_order(self._within_bytes(feeds.live(selected, unsealed)))

    def go_on(self) -> bool:
        """Seal some more of what was left; whether that was all."""
        self._seal_surplus(self._select(self.definition.selection(self.context.clock())))
        return self.finished

    def unprinted(self) -> Iterator[Document]:
        """The parts that were never printed, each remembered as printed once it was taken."""
        for part in self.context.store.unprinted_parts(self.definition.name):
            yield self.document(part)
            self.context.store.part_printed(part, self.compiled.edition)

    def document(self, part: ArchiveDocument) -> Document:
        """A part as it is now, without the entries that cannot be printed."""
        entries = self.quarantine.without(self.context.store.part_entries(part))
        updated = max([part.updated, *(entry.updated for entry in entries)])
        feed = replace(self._feed(entries), updated=updated, part=part.number)
        printed = outputs.part(feed, self.compiled.config, self.kept)
        held = self.quarantine.hold(replace(printed, entries=len(entries)))
        if printed.faults and not held:
            raise AggregatorError(f"{printed.faults[0].path}: {printed.faults[0].sentence}")
        self.left_out += held
        return printed.documents[0]

    def _select(self, selection: Selection) -> tuple[Entry, ...]:
        return self.quarantine.without(self.context.store.entries(selection))

    def _feed(self, entries: Sequence[Entry]) -> Feed:
        return self.definition.feed(self.context.namespace, entries)

    def _seal_surplus(self, selected: Sequence[Entry]) -> tuple[Entry, ...]:
        """Seal what makes full parts, and all backfill; the entries that are left of the rest."""
        shown = [entry.id for entry in feeds.core(selected)]
        for _ in range(PIECE):
            left = self._unsealed(shown)
            surplus = left if len(left) >= feeds.PART else self._unsealed(shown, backfill=True)
            if not surplus:
                self.finished = True
                return left
            self._seal(surplus)
        self.finished = False
        return self._unsealed(shown)[: feeds.PART - 1]

    def _within_bytes(self, shown: Sequence[Entry]) -> Sequence[Entry]:
        """As many as make no document too large; the others are sealed, though that makes a smaller part."""
        feed = replace(self._feed(shown), parts=1)
        fitting = shown[: outputs.fitting(feed, self.compiled.config, feeds.MOST_BYTES, self.kept)]
        if len(fitting) < len(shown) and self.finished:
            ids = [entry.id for entry in fitting]
            while left := self._unsealed(ids, backfill=True):
                self._seal(left)
            while self._unsealed(ids):
                self._seal(self._unsealed(()))
        return fitting

    def _unsealed(self, besides: Sequence[str], *, backfill: bool = False) -> tuple[Entry, ...]:
        return self.context.store.unsealed(self.definition.name, besides, feeds.PART, backfill=backfill)

    def _seal(self, entries: Sequence[Entry]) -> None:
        """Make a part of the first of them, as many as it may hold."""
        feed = replace(self._feed(entries), part=1)
        fitting = outputs.fitting_part(feed, self.compiled.config, feeds.MOST_BYTES, self.kept)
        self.context.store.seal(self.definition.name, [entry.id for entry in entries[: max(1, fitting)]])
