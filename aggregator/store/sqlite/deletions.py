"""What outlets take back themselves: an entry of theirs is gone until they touch it again (RFC 6721)."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime

from aggregator.items import dates
from aggregator.items.stories import known_by
from aggregator.model import Deleted, Item, Withdrawal
from aggregator.store.serialization import decode, moment, stamp
from aggregator.store.sqlite import listings, withdrawals

_KNOWN = (
    "SELECT key, at, retraction FROM deletions WHERE source = ? AND key IN (SELECT value FROM json_each(?))"
)
_STORED = "SELECT id, story, item FROM items WHERE source = ? AND key = ?"
_OTHERS = "SELECT id, updated FROM items WHERE story = ? AND id != ? ORDER BY id != ?, id"


def heed(
    db: sqlite3.Connection,
    source: str,
    deleted: tuple[Deleted, ...],
    incoming: Mapping[str, Item],
    now: datetime,
) -> set[str]:
    """Take out what a source took back and did not touch since; the feeds that are behind for it."""
    touched: set[str] = set()
    for one in deleted:
        key, at = known_by(one.key), min(one.at, now)
        stored = db.execute(_STORED, (source, key)).fetchone()
        fresh = incoming.get(key)
        said = fresh or (decode(Item, stored[2]) if stored else None)
        if said is None or dates.revives(said, at):
            continue
        number: int | None = None
        if stored:
            number, feeds = _take_out(db, stored[0], stored[1], now)
            touched |= feeds
        db.execute(
            """INSERT INTO deletions VALUES (?, ?, ?, ?) ON CONFLICT (source, key) DO UPDATE
                SET at = max(at, excluded.at), retraction = coalesce(excluded.retraction, retraction)""",
            (source, key, stamp(at), number),
        )
    return touched


def sort_out(
    db: sqlite3.Connection, source: str, fresh: Mapping[str, Item]
) -> tuple[set[str], set[str], set[str]]:
    """Which new items stay deleted, which were touched and come again, and the feeds that told of those."""
    gone, revived, feeds = set[str](), set[str](), set[str]()
    if not fresh:
        return gone, revived, feeds
    for key, at, retraction in db.execute(_KNOWN, (source, json.dumps(list(fresh)))).fetchall():
        if not dates.revives(fresh[key], moment(at)):
            gone.add(key)
            continue
        revived.add(key)
        feeds |= {feed for (feed,) in _told(db, retraction)}
        db.execute("DELETE FROM deletions WHERE source = ? AND key = ?", (source, key))
        db.execute("DELETE FROM retractions WHERE id = ?", (retraction,))
    return gone, revived, feeds


def _told(db: sqlite3.Connection, retraction: int | None) -> Iterator[tuple[str]]:
    yield from db.execute("SELECT feed FROM tombstones WHERE retraction = ?", (retraction,))


def _take_out(db: sqlite3.Connection, item: int, story: int, now: datetime) -> tuple[int, set[str]]:
    """The item with its story; from a story that has copies elsewhere the item alone."""
    id, lead = db.execute("SELECT published_id, lead FROM stories WHERE id = ?", (story,)).fetchone()
    others = db.execute(_OTHERS, (story, item, lead)).fetchall()
    if not others:
        return withdrawals.delete(db, story, now)
    (published, updated) = db.execute("SELECT published, updated FROM items WHERE id = ?", (item,)).fetchone()
    at = max(stamp(now), updated)
    if lead == item:
        lead = others[0][0]
        db.execute("UPDATE items SET updated = max(updated, ?) WHERE id = ?", (at, lead))
        db.execute("UPDATE stories SET lead = ? WHERE id = ?", (lead, story))
    before = _feeds(db, story)
    withdrawals.purge(db, [item])
    touched = listings.refresh(db, [story], {lead}, now)
    number = withdrawals.announce(db, id, (published, at), before - _feeds(db, story), Withdrawal("", ""))
    return number, touched


def _feeds(db: sqlite3.Connection, story: int) -> set[str]:
    return {feed for (feed,) in db.execute("SELECT feed FROM listing WHERE story = ?", (story,))}
