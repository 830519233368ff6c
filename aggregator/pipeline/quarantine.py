"""Entries that no document may hold: each is left out until it, or the program that prints it, changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator import outputs
from aggregator.model import Entry, Quarantined
from aggregator.model.seams import Clock
from aggregator.outputs import Printed
from aggregator.store import FeedStore

_FEW = 4  # entries of a feed that may be at fault, however few it has


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What is remembered of such entries, for one edition."""

    store: FeedStore
    clock: Clock
    edition: str

    def without(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Those of the entries that may be printed, or tried again since they changed."""
        if not entries:
            return ()
        held = {one.entry: one.version for one in self.store.quarantined()}
        return tuple(entry for entry in entries if not self._is_held(entry, held.get(entry.id)))

    def hold(self, printed: Printed) -> tuple[Quarantined, ...]:
        """Remember the entries that kept a feed from being printed; none where they are not the cause.

        Where most of a feed is found wrong, the fault is the printer's: all of it stays as it is.
        """
        causes = {fault.entry: fault for fault in reversed(printed.faults) if fault.entry}
        if not causes or len(causes) > max(_FEW, printed.entries // 2):
            return ()
        now = self.clock()
        held = tuple(Quarantined(one.entry, one.version, one.sentence, now) for one in causes.values())
        self.store.quarantine(held)
        return held

    def readmit(self, entries: Sequence[Entry]) -> None:
        """Forget what was wrong with entries that were published after all."""
        published = {entry.id for entry in entries}
        if found := [one.entry for one in self.store.quarantined() if one.entry in published]:
            self.store.readmit(found)

    def _is_held(self, entry: Entry, version: str | None) -> bool:
        return version is not None and version == outputs.version(entry, self.edition)
