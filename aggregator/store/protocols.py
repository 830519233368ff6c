"""The store as a whole."""

from typing import Protocol

from aggregator.store.archive import ArchiveStore
from aggregator.store.desk import DeskStore
from aggregator.store.feeds import FeedStore
from aggregator.store.items import ItemStore
from aggregator.store.sources import SourceStore


class Store(SourceStore, ItemStore, FeedStore, ArchiveStore, DeskStore, Protocol):
    """All that is remembered but for hubs. Every method is one transaction; one writer at a time."""

    def namespace(self, candidate: str = "") -> str:
        """The tag: URI prefix (RFC 4151) of all ids minted here: `candidate` at the first call, for ever.

        Without a candidate nothing is stored: an AggregatorError where there is no prefix yet.
        """

    def counts(self) -> dict[str, int]:
        """How many sources, items and stories there are, for a status line."""

    def close(self) -> None:
        """Let go of the database."""
