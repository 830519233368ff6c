"""News on its way to subscribers: who is still to get which document, and how far feeds were announced."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape

from aggregator.model import Announced, Delivery, Ping
from aggregator.store.serialization import moment, plain, stamp

_WANTED = """SELECT DISTINCT topic FROM hub_subscriptions
    WHERE topic IN (SELECT value FROM json_each(?)) AND until > ?"""
_WAIT = """INSERT INTO hub_deliveries (subscription, document)
    SELECT id, :document FROM hub_subscriptions WHERE topic = :topic AND until > :now"""
_WAKE = """UPDATE hub_subscriptions SET due = :now
    WHERE topic = :topic AND until > :now AND due IS NULL"""
_DUE = """SELECT hub_deliveries.id, one.id, topic, callback, secret, body, tries, failing_since
    FROM hub_subscriptions AS one
    JOIN hub_deliveries ON hub_deliveries.id = (
        SELECT min(id) FROM hub_deliveries WHERE subscription = one.id)
    JOIN hub_documents ON hub_documents.id = hub_deliveries.document
    WHERE one.id IN (
        SELECT id FROM (
            SELECT id, due, row_number() OVER (PARTITION BY host ORDER BY due, id) AS place
            FROM hub_subscriptions WHERE due <= :now AND until > :now AND (tries > 0) = :again)
        WHERE place <= :per_host ORDER BY due, id LIMIT :limit)
    ORDER BY due, one.id"""
_TAKEN = """UPDATE hub_subscriptions SET tries = 0, failing_since = NULL,
        due = CASE WHEN EXISTS (SELECT 1 FROM hub_deliveries WHERE subscription = :id) THEN :now END
    WHERE id = :id"""
_AGAIN = """UPDATE hub_subscriptions SET tries = tries + 1, due = :at,
        failing_since = coalesce(failing_since, :now) WHERE id = :id"""
_UNUSED = "DELETE FROM hub_documents WHERE id NOT IN (SELECT document FROM hub_deliveries)"
_USED_UP = """DELETE FROM hub_documents WHERE id = :id
    AND NOT EXISTS (SELECT 1 FROM hub_deliveries WHERE document = :id)"""
_ANNOUNCED = "INSERT OR REPLACE INTO hub_announced VALUES (?, ?, ?)"
_PING = """INSERT INTO hub_pings (topic, revision, due) VALUES (:topic, 1, :now)
    ON CONFLICT (topic) DO UPDATE SET revision = revision + 1, due = :now"""
_PING_AGAIN = """UPDATE hub_pings SET tries = tries + 1, due = :at,
        failing_since = coalesce(failing_since, :now) WHERE topic = :topic AND revision = :revision"""


def wanted(db: sqlite3.Connection, topics: Collection[str], now: datetime) -> frozenset[str]:
    """The topics that have subscribers."""
    rows = db.execute(_WANTED, (json.dumps(sorted(topics)), stamp(now)))
    return frozenset(topic for (topic,) in rows)


def announced(db: sqlite3.Connection, feed: str) -> Announced | None:
    """How far a feed was announced."""
    row = db.execute("SELECT until, lately FROM hub_announced WHERE feed = ?", (feed,)).fetchone()
    if row is None:
        return None
    return Announced(moment(row[0]), frozenset((id, moment(at)) for id, at in json.loads(row[1])))


def announce(
    db: sqlite3.Connection,
    feed: str,
    announced: Announced,
    now: datetime,
    documents: Mapping[str, Sequence[bytes]],
    pings: Iterable[str],
) -> None:
    """Let documents wait for their subscribers, and remember what was announced thereby."""
    for topic, bodies in documents.items():
        for body in bodies:
            id = db.execute("INSERT INTO hub_documents (body) VALUES (?)", (body,)).lastrowid
            db.execute(_WAIT, {"document": id, "topic": topic, "now": stamp(now)})
            db.execute(_USED_UP, {"id": id})
        db.execute(_WAKE, {"topic": topic, "now": stamp(now)})
    db.executemany(_PING, ({"topic": topic, "now": stamp(now)} for topic in pings))
    lately = json.dumps(sorted((id, stamp(at)) for id, at in announced.lately), ensure_ascii=False)
    db.execute(_ANNOUNCED, (feed, stamp(announced.until), lately))


def due(
    db: sqlite3.Connection, now: datetime, per_host: int, limit: int, *, again: bool
) -> tuple[Delivery, ...]:
    """What is to be delivered now: what failed before, or the rest."""
    bounds = {"per_host": per_host, "limit": limit, "again": again}
    rows = db.execute(_DUE, {"now": stamp(now), **bounds})
    return tuple(
        Delivery(id, subscription, topic, callback, secret, body, tries, _since(since))
        for id, subscription, topic, callback, secret, body, tries, since in rows
    )


def delivered(db: sqlite3.Connection, delivery: Delivery, now: datetime) -> None:
    """Forget what was taken, and the document once everybody has it."""
    row = db.execute("SELECT document FROM hub_deliveries WHERE id = ?", (delivery.id,)).fetchone()
    if row is not None:
        db.execute("DELETE FROM hub_deliveries WHERE id = ?", (delivery.id,))
        db.execute(_USED_UP, {"id": row[0]})
        db.execute(_TAKEN, {"id": delivery.subscription, "now": stamp(now)})


def again(db: sqlite3.Connection, delivery: Delivery, at: datetime, now: datetime) -> None:
    """Let a subscription whose delivery failed be due later."""
    db.execute(_AGAIN, {"id": delivery.subscription, "at": stamp(at), "now": stamp(now)})


def end(db: sqlite3.Connection, subscription: int) -> None:
    """Forget a subscription and what waits for it."""
    db.execute("DELETE FROM hub_deliveries WHERE subscription = ?", (subscription,))
    db.execute("DELETE FROM hub_subscriptions WHERE id = ?", (subscription,))
    db.execute(_UNUSED)


def expire(db: sqlite3.Connection, now: datetime) -> int:
    """Forget the subscriptions whose lease has ended."""
    rows = db.execute("SELECT id FROM hub_subscriptions WHERE until <= ?", (stamp(now),)).fetchall()
    for (id,) in rows:
        end(db, id)
    return len(rows)


def pings(db: sqlite3.Connection, now: datetime) -> tuple[Ping, ...]:
    """What another hub is to be told now."""
    rows = db.execute(
        "SELECT topic, revision, tries, failing_since FROM hub_pings WHERE due <= ? ORDER BY due, topic",
        (stamp(now),),
    )
    return tuple(Ping(topic, revision, tries, _since(since)) for topic, revision, tries, since in rows)


def pinged(db: sqlite3.Connection, ping: Ping) -> None:
    """Forget what was told, unless there is more by now."""
    db.execute("DELETE FROM hub_pings WHERE topic = ? AND revision = ?", (ping.topic, ping.revision))


def ping_again(db: sqlite3.Connection, ping: Ping, at: datetime, now: datetime) -> None:
    """Let what could not be told be due later; fresh news of it are due at once."""
    named = {"topic": ping.topic, "revision": ping.revision}
    db.execute(_PING_AGAIN, named | {"at": stamp(at), "now": stamp(now)})


def _since(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


def drop(db: sqlite3.Connection, entry: str) -> None:
    """Send nobody what names an entry that was withdrawn; what else such a document says is in the feed."""
    spelt = {entry, escape(entry, quote=False), json.dumps(entry, ensure_ascii=False)[1:-1]}
    for text in spelt:
        rows = db.execute("SELECT id FROM hub_documents WHERE instr(body, ?)", (plain(text).encode(),))
        ids = json.dumps([id for (id,) in rows])
        for table, column in (("hub_deliveries", "document"), ("hub_documents", "id")):
            chosen = f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
            db.execute(chosen, (ids,))
    db.execute(
        """UPDATE hub_subscriptions SET due = NULL WHERE due IS NOT NULL
            AND id NOT IN (SELECT subscription FROM hub_deliveries)"""
    )
