"""The store on SQLite (docs/store.md)."""

from aggregator.adapters.sqlite.hub import SqliteHub
from aggregator.adapters.sqlite.store import SqliteStore

__all__ = ["SqliteHub", "SqliteStore"]
