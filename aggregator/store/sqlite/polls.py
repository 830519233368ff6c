"""The log of polls: the only honest data to tune the schedule on."""

import sqlite3

from aggregator.model import PollLogLine
from aggregator.store.serialization import decode, encode, stamp


def log(db: sqlite3.Connection, source: str, entry: PollLogLine) -> None:
    """Add a line."""
    db.execute(
        "INSERT INTO polls (source, at, outcome, entry) VALUES (?, ?, ?, ?)",
        (source, stamp(entry.at), entry.outcome, encode(entry)),
    )


def latest(db: sqlite3.Connection, source: str, limit: int) -> tuple[PollLogLine, ...]:
    """The last lines about a source, newest first."""
    rows = db.execute("SELECT entry FROM polls WHERE source = ? ORDER BY id DESC LIMIT ?", (source, limit))
    return tuple(decode(PollLogLine, text) for (text,) in rows)


def forget(db: sqlite3.Connection, keep: int, limit: int) -> bool:
    """Drop some of the oldest lines beyond those to keep; whether more are left."""
    ((surplus,),) = db.execute("SELECT coalesce((SELECT max(id) FROM polls), 0) - ?", (keep,))
    ((first,),) = db.execute("SELECT min(id) FROM polls")
    if first is None or first > surplus:
        return False
    last = min(surplus, first + limit - 1)
    db.execute("DELETE FROM polls WHERE id <= ?", (last,))
    return bool(last < surplus)
