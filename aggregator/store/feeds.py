"""Feeds: their names, their entries, and which of them are to be published."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.feeds.selection import Definition, Ended, FeedNames
from aggregator.model import Entry, EntryVersion, Quarantined, Selection, StaleFeed


class FeedStore(Protocol):
    """What feeds show, and how they were published; every method is one transaction.

    Feeds go by name: "all", a topic's id, "sources/" and a source's id.
    """

    def entries(self, selection: Selection) -> tuple[Entry, ...]:
        """The stories of a selection, newest first by `listed`, ties by id; of the same cost at any size.

        Those that are pinned at `selection.pinned` come first, also where they would not be among the newest.
        """

    def outline(self, feed: str, limit: int) -> tuple[EntryVersion, ...]:
        """Id and version of the newest `limit` entries of a feed, in the order of `entries`.

        A version differs from the one before whenever a document could show the entry otherwise.
        """

    def stretch(self, feed: str, skip: int, limit: int) -> tuple[Entry, ...]:
        """Up to `limit` entries of a feed that follow the newest `skip`, in the same order."""

    def places(self, feed: str) -> int:
        """How many entries a feed and its archive have."""

    def name_feeds(
        self, definitions: Sequence[Definition], stated: Mapping[str, str], now: datetime
    ) -> FeedNames:
        """Make these the feeds there are; `stated` are earlier names with those of today.

        A feed that another one goes on as (`renames.resolve`) leaves it its id and its readers. One that was
        published and is no longer there has ended at `now`; that is taken back once it is there again. A
        topic that was never published is to be filled, until `filled`.
        """

    def end_feeds(self, names: Collection[str], now: datetime) -> None:
        """Remember the end of published feeds that have none of these names, and that the others go on."""

    def ended_feeds(self) -> Mapping[str, Ended]:
        """The feeds that have ended and are not forgotten yet."""

    def redirects(self) -> Mapping[str, str]:
        """Earlier names of feeds with those of today, the latest renaming last."""

    def filled(self, topics: Iterable[str]) -> None:
        """Topics have all that history has for them."""

    def known_feeds(self) -> tuple[str, ...]:
        """Every feed that was ever published and not forgotten."""

    def begun_feeds(self) -> Mapping[str, datetime]:
        """Since when each feed of `known_feeds` is published, under whatever name."""

    def gone_feeds(self) -> tuple[str, ...]:
        """Every feed that was once published, was forgotten, and was not published again."""

    def forget_feed(self, feed: str) -> None:
        """A feed that is no longer configured."""

    def mark(self, feeds: Iterable[str], now: datetime) -> None:
        """Make feeds stale, a revision each."""

    def stale(self, now: datetime) -> tuple[StaleFeed, ...]:
        """The feeds that are behind, or whose `next_change` has come, oldest mark first."""

    def fingerprint(self, feed: str) -> tuple[str, datetime] | None:
        """The fingerprint a feed was last published with and its `updated`, or None."""

    def published(
        self, stale: StaleFeed, fingerprint: str, updated: datetime, next_change: datetime | None
    ) -> None:
        """Remember what was published; clears the mark only if the revision is still the same."""

    def quarantined(self) -> tuple[Quarantined, ...]:
        """The entries that are left out of all documents while they are of that version, the first first."""

    def quarantine(self, entries: Iterable[Quarantined]) -> None:
        """Leave out entries of that version; one that was left out keeps the moment since when."""

    def readmit(self, entries: Iterable[str]) -> None:
        """Entries with those ids are left out no longer."""
