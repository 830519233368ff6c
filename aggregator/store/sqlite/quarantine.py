"""Entries that could not be published: what was wrong with which version of them."""

import sqlite3
from collections.abc import Iterable

from aggregator.model import Quarantined
from aggregator.store.serialization import moment, stamp

_HOLD = """INSERT INTO quarantine (entry, version, sentence, since) VALUES (?, ?, ?, ?)
    ON CONFLICT (entry) DO UPDATE SET
        version = excluded.version, sentence = excluded.sentence, since = excluded.since
    WHERE version != excluded.version"""


def held(db: sqlite3.Connection) -> tuple[Quarantined, ...]:
    """All that are remembered, the first first."""
    rows = db.execute("SELECT entry, version, sentence, since FROM quarantine ORDER BY since, entry")
    return tuple(
        Quarantined(entry, version, sentence, moment(since)) for entry, version, sentence, since in rows
    )


def hold(db: sqlite3.Connection, entries: Iterable[Quarantined]) -> None:
    """Remember each with the version that was found wrong; the same version keeps its first moment."""
    db.executemany(_HOLD, ((one.entry, one.version, one.sentence, stamp(one.since)) for one in entries))


def readmit(db: sqlite3.Connection, entries: Iterable[str]) -> None:
    """Forget what was wrong with those."""
    db.executemany("DELETE FROM quarantine WHERE entry = ?", ((entry,) for entry in entries))
