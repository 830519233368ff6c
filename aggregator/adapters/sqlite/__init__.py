"""The store on SQLite (docs/store.md)."""

from aggregator.adapters.sqlite.files import unreadable
from aggregator.adapters.sqlite.hub import SqliteHub
from aggregator.adapters.sqlite.pushes import SqlitePushes
from aggregator.adapters.sqlite.store import SqliteStore

__all__ = ["SqliteHub", "SqlitePushes", "SqliteStore", "unreadable"]
