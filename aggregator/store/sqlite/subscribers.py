"""Requests to the hub until they are verified, and the subscriptions that become of them."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aggregator.model import Call, Subscribing
from aggregator.store.serialization import plain, stamp
from aggregator.store.sqlite import deliveries
from aggregator.websub.hub import Bounds, Full

_SECOND = timedelta(seconds=1)
_ASK = """INSERT INTO hub_calls (mode, topic, address, callback, host, asker, secret, lease, reason, due)
    VALUES (:mode, :topic, :address, :callback, :host, :asker, :secret, :lease, :reason, :due)"""
_WITHDRAW = "DELETE FROM hub_calls WHERE topic = ? AND callback = ?"
_COUNT = """SELECT count(*), count(*) FILTER (WHERE host = :host), count(*) FILTER (WHERE asker = :asker)
    FROM {table}"""
# Of each asker the oldest and the newest come first, and what failed before comes last, so that nobody
# waits for another's callbacks that do not answer.
_DUE = """WITH turns AS (
        SELECT *, min(
            row_number() OVER (PARTITION BY tries > 0, asker ORDER BY due, id),
            row_number() OVER (PARTITION BY tries > 0, asker ORDER BY due DESC, id DESC)) AS turn
        FROM hub_calls WHERE due <= ?)
    SELECT id, mode, address, callback, lease, reason, tries, asker FROM (
        SELECT *, row_number() OVER (PARTITION BY host ORDER BY tries > 0, turn, due, id) AS place FROM turns)
    WHERE place <= ? ORDER BY tries > 0, turn, due, id"""
_SUBSCRIBE = """INSERT INTO hub_subscriptions (topic, address, callback, host, asker, secret, until)
    SELECT topic, address, callback, host, asker, secret, :now + lease * 1000000 FROM hub_calls WHERE id = :id
    ON CONFLICT (topic, callback) DO UPDATE SET address = excluded.address, asker = excluded.asker,
        secret = excluded.secret, until = excluded.until, tries = 0, failing_since = NULL,
        due = CASE WHEN due IS NULL THEN NULL ELSE :now END"""
_KNOWN = "SELECT id FROM hub_subscriptions WHERE topic = ? AND callback = ?"
_RENAME = "UPDATE OR IGNORE {table} SET topic = ? WHERE topic = ?"
_DENIED = """SELECT topic, address, callback, host, asker FROM {table}
    WHERE topic NOT IN (SELECT value FROM json_each(?))"""


def ask(db: sqlite3.Connection, request: Subscribing, now: datetime, bounds: Bounds) -> Full | None:
    """Remember a request in place of an earlier one, if there is room."""
    host = _host(request.callback)
    db.execute(_WITHDRAW, (request.topic, request.callback))
    if full := _full(db, request, host, bounds):
        return full
    row = {
        "mode": request.mode,
        "topic": request.topic,
        "address": plain(request.address),
        "callback": request.callback,
        "host": host,
        "asker": request.asker,
        "secret": plain(request.secret),
        "lease": request.lease // _SECOND,
        "reason": "",
        "due": stamp(now),
    }
    db.execute(_ASK, row)
    return None


def due(db: sqlite3.Connection, now: datetime, per_host: int) -> tuple[Call, ...]:
    """What is to be asked or told now."""
    return tuple(
        Call(id, mode, address, callback, lease * _SECOND, reason, tries, asker)
        for id, mode, address, callback, lease, reason, tries, asker in db.execute(
            _DUE, (stamp(now), per_host)
        )
    )


def verified(db: sqlite3.Connection, call: Call, now: datetime, bounds: Bounds) -> bool:
    """Do what a request asked for, unless another one took its place or there is no room."""
    row = db.execute("SELECT topic, host, asker FROM hub_calls WHERE id = ?", (call.id,)).fetchone()
    if row is None:
        return False
    topic, host, asker = row
    known = db.execute(_KNOWN, (topic, call.callback)).fetchone()
    if call.mode == "unsubscribe":
        if known:
            deliveries.end(db, known[0])
    elif known is None and not _has_room(db, host, asker, bounds):
        db.execute(_WITHDRAW, (topic, call.callback))
        _deny(db, (topic, call.address, call.callback, host, asker), now, "There is no room for more.")
        return False
    else:
        db.execute(_SUBSCRIBE, {"now": stamp(now), "id": call.id})
    drop(db, call.id)
    return True


def drop(db: sqlite3.Connection, id: int) -> None:
    """Forget a call."""
    db.execute("DELETE FROM hub_calls WHERE id = ?", (id,))


def again(db: sqlite3.Connection, id: int, at: datetime) -> None:
    """Let a call that failed be due later."""
    db.execute("UPDATE hub_calls SET due = ?, tries = tries + 1 WHERE id = ?", (stamp(at), id))


def end(db: sqlite3.Connection, subscription: int, now: datetime, reason: str) -> None:
    """End a subscription; with a reason its callback is told, unless a request of it waits."""
    row = db.execute(
        "SELECT topic, address, callback, host, asker FROM hub_subscriptions WHERE id = ?", (subscription,)
    ).fetchone()
    if row is None:
        return
    deliveries.end(db, subscription)
    waits = db.execute(
        "SELECT 1 FROM hub_calls WHERE topic = ? AND callback = ?", (row[0], row[2])
    ).fetchone()
    if reason and not waits:
        _deny(db, row, now, reason)


def rename(db: sqlite3.Connection, renamed: Mapping[str, str]) -> None:
    """Give topics their paths of today; of two about the same callback the one that has it stays."""
    for table in ("hub_calls", "hub_subscriptions"):
        db.executemany(_RENAME.format(table=table), [(new, old) for old, new in renamed.items()])


def end_others(db: sqlite3.Connection, topics: Collection[str], now: datetime, reason: str) -> int:
    """End all that is about other topics, and tell why."""
    chosen = (json.dumps(sorted(topics)),)
    requests = db.execute(f"{_DENIED.format(table='hub_calls')} AND mode != 'denied'", chosen).fetchall()
    for row in requests:
        db.execute(_WITHDRAW, (row[0], row[2]))
        _deny(db, row, now, reason)
    ended = db.execute(
        "SELECT id FROM hub_subscriptions WHERE topic NOT IN (SELECT value FROM json_each(?))", chosen
    ).fetchall()
    for (id,) in ended:
        end(db, id, now, reason)
    return len(ended)


def _deny(db: sqlite3.Connection, row: tuple[str, str, str, str, str], now: datetime, reason: str) -> None:
    names = dict(zip(("topic", "address", "callback", "host", "asker"), row, strict=True))
    said = {"mode": "denied", "secret": "", "lease": 0, "reason": reason, "due": stamp(now)}
    db.execute(_ASK, names | said)


def _full(db: sqlite3.Connection, request: Subscribing, host: str, bounds: Bounds) -> Full | None:
    most = (bounds.pending, bounds.pending_per_host, bounds.pending_per_asker)
    if not _below(db, "hub_calls", host, request.asker, most):
        return "pending"
    if request.mode == "unsubscribe" or db.execute(_KNOWN, (request.topic, request.callback)).fetchone():
        return None
    return None if _has_room(db, host, request.asker, bounds) else "subscriptions"


def _has_room(db: sqlite3.Connection, host: str, asker: str, bounds: Bounds) -> bool:
    most = (bounds.subscriptions, bounds.subscriptions_per_host, bounds.subscriptions_per_asker)
    return _below(db, "hub_subscriptions", host, asker, most)


def _below(db: sqlite3.Connection, table: str, host: str, asker: str, most: tuple[int, int, int]) -> bool:
    counts = db.execute(_COUNT.format(table=table), {"host": host, "asker": asker}).fetchone()
    return all(count < bound for count, bound in zip(counts, most, strict=True))


def _host(callback: str) -> str:
    return (urlsplit(callback).hostname or "").rstrip(".")
