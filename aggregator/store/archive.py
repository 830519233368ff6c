"""Archives: which entries of a feed are sealed into which document."""

from collections.abc import Collection, Iterable
from typing import Protocol

from aggregator.model import ArchiveDocument, Entry


class ArchiveStore(Protocol):
    """The archives of feeds (RFC 5005, 4), by the name of the feed; every method is one transaction."""

    def unsealed(
        self, feed: str, besides: Collection[str], most: int, *, backfill: bool
    ) -> tuple[Entry, ...]:
        """Up to `most` entries of a feed that no part of its archive holds as they are now.

        Those named by id aside; the first by `listed` first. Either of the `backfill` that no document showed
        yet, or of all else; a correction makes of an entry that a part holds one that none does.
        """

    def seal(self, feed: str, ids: Collection[str]) -> int:
        """Make the next part of a feed of those of its entries that no part holds; how many there were.

        Without any there is no part. An entry stays in a part for as long as it is in the feed.
        """

    def newest_part(self, feed: str) -> int:
        """The number of a feed's last part; 0 where it has none."""

    def parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        """All parts of a feed in their order."""

    def unprinted_parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        """The parts of a feed that were never printed, in their order."""

    def parts_behind(self, most: int) -> tuple[ArchiveDocument, ...]:
        """Up to `most` parts that are to be printed, those first that an entry or an item left."""

    def part_entries(self, part: ArchiveDocument) -> tuple[Entry, ...]:
        """The entries of a part as they are now, newest first by `listed`."""

    def part_printed(self, part: ArchiveDocument, edition: str) -> None:
        """Remember that a part was printed by that edition, as it was at that revision."""

    def reprint(self, parts: Iterable[ArchiveDocument]) -> None:
        """Have parts printed anew, as their documents are missing."""

    def reprint_older(self, edition: str) -> None:
        """Have all parts printed anew that another edition printed."""
