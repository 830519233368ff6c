"""What we publish: how far each feed is, and what it was last published with."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from aggregator.model import Quarantined, StaleFeed
from aggregator.store.serialization import moment, stamp

_MARK = """INSERT INTO feeds (name, revision, since) VALUES (?, 1, ?)
    ON CONFLICT (name) DO UPDATE SET revision = revision + 1, since = max(since, excluded.since)"""
_STALE = """SELECT name, revision, since FROM feeds WHERE revision > published_revision
    UNION SELECT name, revision, max(since, next_change) FROM feeds WHERE next_change <= ?"""
_PUBLISHED = """UPDATE feeds SET published_revision = :revision, fingerprint = :fingerprint,
        updated = max(coalesce(updated, :updated), :updated), next_change = :next_change, gone = 0,
        begun = CASE WHEN name IN (SELECT earlier FROM renames) THEN begun ELSE coalesce(begun, :updated) END
    WHERE name = :name AND :revision BETWEEN published_revision AND revision"""
_SHOWN = """UPDATE listing INDEXED BY listing_unsealed SET backfill = 0
    WHERE feed = :name AND backfill = 1 AND sealed = 0
    AND (SELECT revision = :revision FROM feeds WHERE name = :name)"""
_FORGET = """UPDATE feeds SET revision = revision + 1, published_revision = revision + 1,
        gone = gone OR fingerprint IS NOT NULL,
        fingerprint = NULL, updated = NULL, next_change = NULL, ended = NULL WHERE name = ?"""


def mark(db: sqlite3.Connection, feeds: Iterable[str], now: datetime) -> None:
    """Give each feed a new revision, which nobody has published."""
    db.executemany(_MARK, ((feed, stamp(now)) for feed in feeds))


def stale(db: sqlite3.Connection, now: datetime) -> tuple[StaleFeed, ...]:
    """What is behind its revision or the clock, oldest mark first."""
    latest: dict[str, StaleFeed] = {}
    for name, revision, since in db.execute(_STALE, (stamp(now),)):
        known = latest.get(name)
        if known is None or known.since < moment(since):
            latest[name] = StaleFeed(name, revision, moment(since))
    return tuple(sorted(latest.values(), key=lambda one: (one.since, one.feed)))


def fingerprint(db: sqlite3.Connection, feed: str) -> tuple[str, datetime] | None:
    """What a feed was last published with, and its `updated`."""
    row = db.execute(
        "SELECT fingerprint, updated FROM feeds WHERE name = ? AND fingerprint IS NOT NULL", (feed,)
    ).fetchone()
    return (row[0], moment(row[1])) if row else None


def published(
    db: sqlite3.Connection,
    stale: StaleFeed,
    fingerprint: str,
    updated: datetime,
    next_change: datetime | None,
) -> None:
    """Remember a publication, unless a later one was remembered or the feed was forgotten meanwhile.

    What came in as backfill and no part holds was shown then, and belongs to the flow from now on.
    """
    values = {
        "name": stale.feed,
        "revision": stale.revision,
        "fingerprint": fingerprint,
        "updated": stamp(updated),
        "next_change": stamp(next_change) if next_change else None,
    }
    db.execute(_PUBLISHED, values)
    db.execute(_SHOWN, {"name": stale.feed, "revision": stale.revision})


def known(db: sqlite3.Connection) -> tuple[str, ...]:
    """The feeds that were published and not forgotten, by name."""
    rows = db.execute("SELECT name FROM feeds WHERE fingerprint IS NOT NULL ORDER BY name")
    return tuple(name for (name,) in rows)


def begun(db: sqlite3.Connection) -> dict[str, datetime]:
    """Since when each of those is published."""
    rows = db.execute("SELECT name, coalesce(begun, 0) FROM feeds WHERE fingerprint IS NOT NULL")
    return {name: moment(since) for name, since in rows}


def gone(db: sqlite3.Connection) -> tuple[str, ...]:
    """The feeds that were published once and forgotten, by name."""
    return tuple(name for (name,) in db.execute("SELECT name FROM feeds WHERE gone ORDER BY name"))


def forget(db: sqlite3.Connection, feed: str) -> None:
    """Drop what was published; the revision stays, so that a printer at work cannot bring it back."""
    db.execute(_FORGET, (feed,))


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
