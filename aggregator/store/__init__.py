"""The store behind seven protocols: what is remembered, whichever engine holds it."""

from aggregator.store.archive import ArchiveStore
from aggregator.store.desk import DeskStore
from aggregator.store.feeds import FeedStore
from aggregator.store.hub import Callbacks, HubStore
from aggregator.store.items import ItemStore
from aggregator.store.protocols import Store
from aggregator.store.pushes import Pushes
from aggregator.store.sources import Recorded, SourceStore

__all__ = [
    "ArchiveStore",
    "Callbacks",
    "DeskStore",
    "FeedStore",
    "HubStore",
    "ItemStore",
    "Pushes",
    "Recorded",
    "SourceStore",
    "Store",
]
