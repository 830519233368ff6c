"""Entries ready to stand in any feed: each is printed once, and examined alone before it is kept."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aggregator.model import Config, Document, Entry, Fault, Feed
from aggregator.outputs import composition, validity
from aggregator.outputs.cache import Cache, version
from aggregator.outputs.formats import Format
from aggregator.outputs.html import pages
from aggregator.outputs.presentation import emptied_entries, framed, presenter
from aggregator.outputs.views import EntryView
from aggregator.text.credentials import reveals, unpublishable

_NONE = Feed("none", "about:none", "A feed without entries", "", "all", datetime(2000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class EntryFragments:
    """An entry with its part of a document in each format."""

    shown: EntryView
    parts: tuple[composition.Passed, ...]


@dataclass(frozen=True, slots=True)
class Composer:
    """Makes rows under one configuration."""

    config: Config
    kept: Cache
    formats: Sequence[Format]

    def rows(self, feed: Feed) -> tuple[tuple[EntryFragments, ...], tuple[Fault, ...]]:
        """Entries that pass all checks, in every format and on pages; what is wrong with the others."""
        show = presenter(feed, self.config, self.kept)
        rows: list[EntryFragments] = []
        faults: list[Fault] = []
        for entry in feed.entries:
            try:
                shown = show(entry)
                rows.append(self._row(shown, entry.id))
                self._examine_on_page(shown)
            except _FaultyError as faulty:
                faults += (self._about(entry, fault, feed.name) for fault in faulty.faults)
            except Exception as error:  # whatever an entry holds, it stops no other
                what = f"{type(error).__name__}: {error}"
                faults.append(self._about(entry, Fault(feed.name, f"it cannot be printed ({what})")))
        return tuple(rows), tuple(faults)

    def emptied(self, feed: Feed) -> tuple[EntryFragments, ...]:
        """Emptied entries in place of those that were withdrawn; none that would not pass the checks."""
        rows: list[EntryFragments] = []
        for shown in emptied_entries(feed, self.config, self.kept):
            with suppress(_FaultyError):
                rows.append(self._row(shown, shown.id))
        return tuple(rows)

    def _row(self, shown: EntryView, id: str) -> EntryFragments:
        return EntryFragments(shown, tuple(self._part(format, shown, id) for format in self.formats))

    def _part(self, format: Format, shown: EntryView, id: str) -> composition.Passed:
        def make() -> composition.Passed:
            part = format.entry(shown, self.config.site)
            passed, faults = validity.examine_entry(
                format.rules, format.suffix, part, id, self._scope(format)
            )
            _admit((*faults, *self._revealed(format, part)))
            return passed

        return self.kept.part((shown.key, format.suffix), make, _size)

    def _revealed(self, format: Format, part: bytes) -> tuple[Fault, ...]:
        """What an entry would give away of secrets and of private addresses."""
        words = self.kept.part(
            ("unpublishable", self.kept.edition), lambda: unpublishable(self.config), lambda _: 1_000
        )
        if not words or not reveals(part.decode("utf-8", "replace"), words):
            return ()
        return (Fault(format.suffix, "it holds a password, a token or the address of a private feed"),)

    def _scope(self, format: Format) -> composition.Scope:
        """What the frames of all feeds bind."""

        def make() -> composition.Scope:
            return validity.scope(format.rules, format.around(framed(_NONE, self.config, ())))

        return self.kept.part(("scope", self.kept.edition, format.suffix), make, lambda _: 1_000)

    def _examine_on_page(self, shown: EntryView) -> None:
        def look() -> None:
            _admit(validity.examine(Document(".html", pages.alone(shown, self.config, self.kept)), {}))

        self.kept.part((shown.key, "examined"), look, lambda _: 100)

    def _about(self, entry: Entry, fault: Fault, name: str = "") -> Fault:
        known = version(entry, self.kept.edition)
        return replace(fault, path=name + fault.path, entry=entry.id, version=known)


def _size(passed: composition.Passed) -> int:
    """About how many bytes of memory it takes."""
    return 200 + len(passed.body)


class _FaultyError(Exception):
    """A part that does not pass the checks, and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults


def _admit(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise _FaultyError(faults)
