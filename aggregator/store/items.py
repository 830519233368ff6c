"""Items: found, read, and tagged again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.model import Entry, Found, Retagged, Stored, Tagged
from aggregator.query import Query


class ItemStore(Protocol):
    """The items of all sources and their tags; every method is one transaction."""

    def find(self, text: str) -> tuple[Entry, ...]:
        """The entry of that id, else those of that address, else those with that text in a title.

        Newest first, the latest 50 that arrived; titles are compared by `stories.folded`. What the desk keeps
        back is found, too.
        """

    def search(
        self,
        query: Query,
        now: datetime,
        *,
        limit: int,
        most: int,
        spent: Callable[[], bool],
        held: bool = False,
    ) -> Found:
        """The newest `limit` stories with an item that the query holds for, by the tags as decided.

        A story is `listed` as the newest of its items that were found. An index narrows down what is
        examined; after `most` items, or once `spent` says that the time is, the search ends incomplete. With
        `held` it finds what the desk keeps back, too.
        """

    def index(self, limit: int) -> int:
        """Make up to `limit` items searchable that an earlier version stored; how many are left, at most."""

    def iter_items(self, after: int = 0, limit: int = 500) -> tuple[tuple[int, Tagged], ...]:
        """Up to `limit` stored items in the order of arrival, each with its number; empty at the end.

        The number of the last one is what to go on `after`.
        """

    def latest_items(self, limit: int, before: int | None = None) -> tuple[tuple[int, Tagged], ...]:
        """Up to `limit` stored items, the last to arrive first, each with its number; empty at the end.

        The number of the last one is what to go on `before`.
        """

    def story_items(self, id: str) -> tuple[Tagged, ...]:
        """Every item of that story as the rules tagged it, its lead first; empty for an unknown id."""

    def standing(self, by: Callable[[str, str], bool], since: datetime | None = None) -> Sequence[int]:
        """The numbers of the items whose source and evidence `by` holds for, newest first by publication."""

    def rules_versions(self) -> Mapping[tuple[str, str], int]:
        """How many items of each source have each evidence for their tags."""

    def tagged_otherwise(self, version: Callable[[str], str], since: datetime | None = None) -> Sequence[int]:
        """The numbers of the items whose tags are not those that rules give, newest first by publication.

        `version` names for a source the rules; `since` leaves out what was published before.
        """

    def stored(self, numbers: Sequence[int]) -> tuple[Stored, ...]:
        """Those items as the rules tagged them, whatever the desk decided, newest first by publication."""

    def retag(self, batch: Sequence[Retagged], now: datetime) -> frozenset[str]:
        """Replace tags; the feeds that went stale at `now`: those of a story where readers see a difference.

        An item that was corrected or retagged meanwhile is left alone. A story comes into a feed by its
        publication and unannounced: in the window of that feed it stands only if it does so in "all".
        """

    def rename_topic(self, earlier: str, topic: str, now: datetime) -> int:
        """Let some stories that have a topic by an `earlier` id have it by that of today.

        They keep their places, what the desk decided goes with them, and what was withdrawn is told of under
        that id. The evidence of their items says that they were renamed (`evidence.Evidence`). How many there
        were; to be called until there are none.
        """
