"""The seams between the rooms and what stands outside, as plain callables, and one object: the store."""

from aggregator.ports.hub import Callbacks, HubStore
from aggregator.ports.pushes import Pushes
from aggregator.ports.seams import (
    Clock,
    Counting,
    Done,
    Exists,
    Fetch,
    Observe,
    Refine,
    Remove,
    Watching,
    Write,
)
from aggregator.ports.store import Recorded, Store

__all__ = [
    "Callbacks",
    "Clock",
    "Counting",
    "Done",
    "Exists",
    "Fetch",
    "HubStore",
    "Observe",
    "Pushes",
    "Recorded",
    "Refine",
    "Remove",
    "Store",
    "Watching",
    "Write",
]
