"""The log of polls: the only honest data to tune the schedule on."""

import sqlite3

from aggregator.adapters.wire import decode, encode, stamp
from aggregator.model import Logged


def log(db: sqlite3.Connection, source: str, entry: Logged) -> None:
    """Add a line."""
    db.execute(
        "INSERT INTO polls (source, at, outcome, entry) VALUES (?, ?, ?, ?)",
        (source, stamp(entry.at), entry.outcome, encode(entry)),
    )


def latest(db: sqlite3.Connection, source: str, limit: int) -> tuple[Logged, ...]:
    """The last lines about a source, newest first."""
    rows = db.execute("SELECT entry FROM polls WHERE source = ? ORDER BY id DESC LIMIT ?", (source, limit))
    return tuple(decode(Logged, text) for (text,) in rows)
