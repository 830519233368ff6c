"""`store.Pushes` on SQLite: subscriptions by the token of their callback, and what was pushed."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.model import Notice, Subscription
from aggregator.store.pushes import Decide
from aggregator.store.serialization import decode, encode, moment, plain, stamp
from aggregator.store.sqlite.connection import Connection

PATIENCE = timedelta(seconds=30)
_OFFERED = """SELECT id FROM sources WHERE configured AND (
        json_extract(memory, '$.linked.hubs[0]') IS NOT NULL
        OR json_extract(memory, '$.named.hubs[0]') IS NOT NULL)
    UNION SELECT source FROM pushes ORDER BY 1"""
_OLDEST = """SELECT id, source, at, content_type, doubt, body FROM pushed
    WHERE id IN (SELECT min(id) FROM pushed GROUP BY source ORDER BY 1 LIMIT ?) ORDER BY id"""
_NEXT = """SELECT id, source, at, content_type, doubt, body FROM pushed
    WHERE source = ? ORDER BY id LIMIT 1"""


class SqlitePushes:
    """What is remembered of hubs that push to us, in the store's file; any thread or process may call."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, path: Path, *, patience: timedelta = PATIENCE) -> "SqlitePushes":
        """Open the store's file for this alone; `patience` is how long to wait for another writer."""
        return cls(Connection.open(path, wal=True, patience=patience))

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    # ── subscriptions ───────────────────────────────────────────────────────────────────────────

    def add(self, subscription: Subscription) -> None:
        """Remember a new subscription."""
        with self._db.writing() as db:
            db.execute(
                "INSERT INTO pushes (token, source, due, subscription) VALUES (?, ?, ?, ?)",
                (subscription.token, subscription.source, *_columns(subscription)),
            )

    def subscription(self, token: str) -> Subscription | None:
        """The subscription with that callback, or None."""
        with self._db.reading() as db:
            return _found(db, token)

    def of(self, source: str) -> tuple[Subscription, ...]:
        """The subscriptions of a source, the oldest first."""
        with self._db.reading() as db:
            rows = db.execute("SELECT subscription FROM pushes WHERE source = ? ORDER BY id", (source,))
            return tuple(decode(Subscription, text) for (text,) in rows)

    def change(self, token: str, decide: Decide) -> Subscription | None:
        """Give a subscription its next state; None where it is unknown or left as it is."""
        with self._db.writing() as db:
            known = _found(db, token)
            state = decide(known) if known is not None else None
            if state is not None:
                db.execute(
                    "UPDATE pushes SET due = ?, subscription = ? WHERE token = ?", (*_columns(state), token)
                )
            return state

    def forget(self, token: str) -> None:
        """Let a subscription go."""
        with self._db.writing() as db:
            db.execute("DELETE FROM pushes WHERE token = ?", (token,))

    def due(self, now: datetime) -> tuple[str, ...]:
        """The sources with a subscription that something is to be done about, the longest due first."""
        with self._db.reading() as db:
            rows = db.execute(
                "SELECT source FROM pushes WHERE due <= ? GROUP BY source ORDER BY min(due), source",
                (stamp(now),),
            )
            return tuple(source for (source,) in rows)

    def offered(self) -> tuple[str, ...]:
        """Every source whose feed names a hub, or that has a subscription, by id."""
        with self._db.reading() as db:
            return tuple(source for (source,) in db.execute(_OFFERED))

    # ── what was pushed ─────────────────────────────────────────────────────────────────────────

    def keep(self, notice: Notice, most: int) -> bool:
        """Keep what was pushed until it is taken in; False where `most` bytes wait already."""
        with self._db.writing() as db:
            (waiting,) = db.execute("SELECT coalesce(sum(size + 1000), 0) FROM pushed").fetchone()
            if waiting >= most:
                return False
            db.execute(
                """INSERT INTO pushed (source, at, content_type, doubt, size, body)
                    VALUES (?, ?, ?, ?, ?, ?)""",
                (
                    notice.source,
                    stamp(notice.at),
                    plain(notice.content_type),
                    notice.doubt,
                    len(notice.body),
                    notice.body,
                ),
            )
            return True

    def notices(self, limit: int) -> tuple[Notice, ...]:
        """What waits to be taken in, the oldest first: the oldest of each of up to `limit` sources."""
        with self._db.reading() as db:
            return tuple(_notice(*row) for row in db.execute(_OLDEST, (limit,)))

    def next_notice(self, source: str) -> Notice | None:
        """The oldest of what waits about a source, or None."""
        with self._db.reading() as db:
            row = db.execute(_NEXT, (source,)).fetchone()
            return _notice(*row) if row else None

    def done(self, notices: Iterable[Notice]) -> None:
        """They were taken in."""
        with self._db.writing() as db:
            db.executemany("DELETE FROM pushed WHERE id = ?", ((notice.number,) for notice in notices))


def _notice(number: int, source: str, at: int, content_type: str, doubt: str, body: bytes) -> Notice:
    return Notice(source, moment(at), body, content_type, doubt, number)


def _found(db: sqlite3.Connection, token: str) -> Subscription | None:
    row = db.execute("SELECT subscription FROM pushes WHERE token = ?", (plain(token),)).fetchone()
    return decode(Subscription, row[0]) if row else None


def _columns(subscription: Subscription) -> tuple[int, str]:
    return stamp(subscription.next), encode(subscription)
