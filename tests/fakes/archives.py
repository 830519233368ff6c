"""The archives of a store in memory: a place knows the parts that hold it, and a part nothing of them."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from aggregator.feeds.selection import WINDOW
from aggregator.model import ArchiveDocument, Entry
from aggregator.websub.hub import HISTORY


@dataclass(eq=False)
class Sealed:
    """A part of a feed's archive."""

    feed: str
    number: int
    updated: datetime
    revision: int = 1
    printed: int = 0
    urgent: bool = False
    edition: str = ""

    def touch(self) -> None:
        self.revision += 1
        self.urgent = True

    def part(self) -> ArchiveDocument:
        return ArchiveDocument(self.feed, self.number, self.revision, self.updated)


@dataclass
class Place:
    """Where a story stands in a feed."""

    listed: datetime
    changed: datetime  # when it came into the feed, or was corrected there
    sealed: bool = False
    backfill: bool = False
    parts: list[Sealed] = field(default_factory=list)

    def touch(self) -> None:
        for part in self.parts:
            part.touch()

    def corrected(self, now: datetime) -> "Place":
        return replace(self, changed=now, sealed=False, backfill=False)

    def renamed(self, feed: str, other: "Place | None") -> "Place":
        """The place under the name that the feed has now, where `other` may stand already."""
        self.touch()
        kept = [part for part in self.parts if part.feed == feed]
        if other is not None:
            return replace(other, parts=[*other.parts, *kept])
        stranded = self.sealed and not kept
        return replace(
            self, parts=kept, sealed=self.sealed and not stranded, backfill=self.backfill or stranded
        )


def unannounced(listed: datetime, changed: datetime, now: datetime) -> Place:
    """The place of what comes in as backfill, which is no news."""
    changed = min(changed, now - HISTORY)
    return Place(listed, changed, backfill=changed <= now - WINDOW)


class Story(Protocol):
    """What the archives have to know of a story."""

    id: str
    places: dict[str, Place]

    def entry(self, feed: str) -> Entry: ...


class MemoryArchives(ABC):
    """The part of the store that is about archives."""

    def __init__(self) -> None:
        self._parts: list[Sealed] = []  # in the order of sealing

    @abstractmethod
    def _every_story(self) -> Iterable[Story]:
        """Every story that is stored."""

    def _placed(self, feed: str) -> Iterator[tuple[Place, Story]]:
        for story in self._every_story():
            if feed in story.places:
                yield story.places[feed], story

    def unsealed(
        self, feed: str, besides: Collection[str], most: int, *, backfill: bool
    ) -> tuple[Entry, ...]:
        found = [
            (place.listed, story.id, story)
            for place, story in self._placed(feed)
            if not place.sealed and place.backfill == backfill and story.id not in besides
        ]
        first = sorted(found, key=lambda one: one[:2])[:most]
        return tuple(_in_order(story.entry(feed) for _, _, story in first)[::-1])

    def seal(self, feed: str, ids: Collection[str]) -> int:
        chosen = [
            (place, story) for place, story in self._placed(feed) if not place.sealed and story.id in ids
        ]
        if chosen:
            updated = max(story.entry(feed).updated for _, story in chosen)
            part = Sealed(feed, self.newest_part(feed) + 1, updated)
            self._parts.append(part)
            for place, _ in chosen:
                place.sealed, place.backfill = True, False
                place.parts.append(part)
        return len(chosen)

    def newest_part(self, feed: str) -> int:
        return max((part.number for part in self._parts if part.feed == feed), default=0)

    def parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        return tuple(part.part() for part in self._of(feed))

    def unprinted_parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        return tuple(part.part() for part in self._of(feed) if not part.printed)

    def parts_behind(self, most: int) -> tuple[ArchiveDocument, ...]:
        behind = [part for part in reversed(self._parts) if part.revision > part.printed]
        return tuple(part.part() for part in sorted(behind, key=lambda part: not part.urgent)[:most])

    def part_entries(self, part: ArchiveDocument) -> tuple[Entry, ...]:
        held = [
            story.entry(part.feed)
            for place, story in self._placed(part.feed)
            if any((one.feed, one.number) == (part.feed, part.number) for one in place.parts)
        ]
        return tuple(_in_order(held))

    def part_printed(self, part: ArchiveDocument, edition: str) -> None:
        for one in self._of(part.feed):
            if one.number == part.number and one.printed <= part.revision <= one.revision:
                one.printed, one.edition = part.revision, edition
                one.urgent = one.urgent and one.revision > part.revision

    def reprint(self, parts: Iterable[ArchiveDocument]) -> None:
        wanted = {(part.feed, part.number) for part in parts}
        for one in self._parts:
            one.revision += (one.feed, one.number) in wanted

    def reprint_older(self, edition: str) -> None:
        for one in self._parts:
            one.revision += one.edition != edition and one.revision == one.printed

    def _rename_parts(self, earlier: str, feed: str) -> None:
        if not self.newest_part(feed):
            for part in self._of(earlier):
                part.feed = feed
                part.revision += 1

    def _of(self, feed: str) -> list[Sealed]:
        return sorted((one for one in self._parts if one.feed == feed), key=lambda one: one.number)


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(sorted(entries, key=lambda entry: entry.id), key=lambda entry: entry.listed, reverse=True)
