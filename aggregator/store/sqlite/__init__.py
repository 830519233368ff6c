"""The store on SQLite (docs/store.md)."""

from aggregator.store.sqlite.files import unreadable
from aggregator.store.sqlite.hub import SqliteHub
from aggregator.store.sqlite.pushes import SqlitePushes
from aggregator.store.sqlite.store import SqliteStore

__all__ = ["SqliteHub", "SqlitePushes", "SqliteStore", "unreadable"]
