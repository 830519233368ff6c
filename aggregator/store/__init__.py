"""The store behind protocols: what is remembered, whichever engine holds it."""

from aggregator.store.hub import Callbacks, HubStore
from aggregator.store.protocols import Recorded, Store
from aggregator.store.pushes import Pushes

__all__ = ["Callbacks", "HubStore", "Pushes", "Recorded", "Store"]
