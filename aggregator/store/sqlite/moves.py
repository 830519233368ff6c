"""Sources that go by another id: what is remembered of one, and all its items, go with it."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.feeds import renames
from aggregator.items import sameness
from aggregator.model import Item, Source, Subscription
from aggregator.store.serialization import decode, encode
from aggregator.store.sqlite import archives, feed_names, listings, publications, search_index, withdrawals

BATCH = 200
_COPY = """INSERT INTO sources (id, feed, configured, generation, next_poll, memory, host)
    SELECT :id, feed, 0, generation + 1, next_poll, memory, host FROM sources WHERE id = :earlier"""
_STOP = """UPDATE sources SET configured = 0, lease_until = NULL, generation = generation + 1
    WHERE id IN (:id, :earlier)"""
# One that was never read well has nothing to lose.
_LEARN = """UPDATE sources SET (feed, next_poll, memory, host) =
        (SELECT feed, next_poll, memory, host FROM sources AS before WHERE before.id = :earlier)
    WHERE id = :id AND json_extract(memory, '$.good') IS NULL"""
_START = "UPDATE sources SET configured = 1, generation = generation + 1 WHERE id = ? AND NOT configured"
_ITEMS = "SELECT id, key, story, item FROM items WHERE source = ? ORDER BY id LIMIT ?"
_SAME = "SELECT id, story FROM items WHERE source = ? AND key IN (SELECT value FROM json_each(?))"
_MOVE = """UPDATE listing SET feed = :name
    WHERE feed = :earlier AND story IN (SELECT value FROM json_each(:stories))
        AND story NOT IN (SELECT story FROM listing WHERE feed = :name)"""
_REST = "UPDATE OR IGNORE {table} SET source = ? WHERE source = ?"


def begin(db: sqlite3.Connection, sources: Sequence[Source], now: datetime) -> set[str]:
    """Let sources take over what is known under an earlier id; the ids that are not to be polled yet.

    Their items follow in pieces (`move`), and only then they are polled.
    """
    there = {id for (id,) in db.execute("SELECT id FROM sources")}
    configured = {f"sources/{source.id}" for source in sources}
    stated = {f"sources/{old}": f"sources/{source.id}" for source in sources for old in source.was}
    known = {one: name for one, name in feed_names.redirects(db).items() if one.startswith("sources/")}
    alive = {f"sources/{id}" for id in there} - known.keys()
    for earlier, name in renames.resolve(configured, stated, known, alive).items():
        if known.get(earlier) != name:
            feed_names.remember(db, earlier, name)
            known[earlier] = name
            if _id(earlier) in there:
                _take_over(db, _id(earlier), _id(name), now)
    db.executemany("DELETE FROM renames WHERE earlier = ?", ((name,) for name in configured))
    return {
        _id(name) for earlier, name in known.items() if earlier not in configured and _id(earlier) in there
    }


def move(db: sqlite3.Connection, earlier: str, source: str, now: datetime) -> int:
    """Let some items of a source be of another one; how many, 0 when all is done and it may be polled."""
    rows = db.execute(_ITEMS, (earlier, BATCH)).fetchall()
    if not rows:
        _end(db, earlier, source, now)
        return 0
    search_index.prepare(db)
    touched = _give_way(db, source, [key for _, key, *_ in rows])
    ids, stories = [id for id, *_ in rows], {story for _, _, story, _ in rows}
    search_index.remove(db, ids)
    for id, _, _, text in rows:
        item = replace(decode(Item, text), source=source)
        db.execute(
            "UPDATE items SET source = ?, item = ?, hash = ? WHERE id = ?",
            (source, encode(item), sameness.content_hash(item), id),
        )
    search_index.add_stored(db, ids)
    before, name = f"sources/{earlier}", f"sources/{source}"
    db.execute(_MOVE, {"name": name, "earlier": before, "stories": json.dumps(list(stories))})
    archives.rename(db, before, name, stories)
    touched |= listings.refresh(db, stories, set(), now, backfill=True)
    publications.mark(db, touched, now)
    return len(rows)


def _take_over(db: sqlite3.Connection, earlier: str, id: str, now: datetime) -> None:
    """Let a source stand for an earlier one; nobody polls either until the items have followed."""
    before, name = f"sources/{earlier}", f"sources/{id}"
    ids: Mapping[str, str] = {"id": id, "earlier": earlier}
    is_new = db.execute("SELECT 1 FROM sources WHERE id = ?", (id,)).fetchone() is None
    feed_names.take_over(db, before, name, now, is_new=is_new)
    db.execute(_COPY if is_new else _LEARN, ids)
    db.execute(_STOP, ids)


def _give_way(db: sqlite3.Connection, source: str, keys: Iterable[str]) -> set[str]:
    """Drop what a source brought itself of the items that come to it: those have the older dates and ids."""
    touched: set[str] = set()
    for id, story in db.execute(_SAME, (source, json.dumps(list(keys)))).fetchall():
        touched |= {feed for (feed,) in db.execute("SELECT feed FROM listing WHERE story = ?", (story,))}
        others = db.execute("SELECT id FROM items WHERE story = ? AND id != ? ORDER BY id", (story, id))
        if (other := others.fetchone()) is not None:
            db.execute("UPDATE stories SET lead = ? WHERE id = ? AND lead = ?", (other[0], story, id))
            withdrawals.purge(db, [id])
            continue
        for table in ("listing", "subjects", "articles"):
            db.execute(f"DELETE FROM {table} WHERE story = ?", (story,))  # noqa: S608
        withdrawals.purge(db, [id])
        db.execute("DELETE FROM stories WHERE id = ?", (story,))
    return touched


def _end(db: sqlite3.Connection, earlier: str, source: str, now: datetime) -> None:
    """Let all that is not an item follow, and forget the earlier id."""
    if not db.execute("SELECT 1 FROM sources WHERE id = ?", (earlier,)).fetchone():
        return
    subscriptions = db.execute("SELECT id, subscription FROM pushes WHERE source = ?", (earlier,)).fetchall()
    for id, text in subscriptions:
        moved = replace(decode(Subscription, text), source=source)
        db.execute("UPDATE pushes SET source = ?, subscription = ? WHERE id = ?", (source, encode(moved), id))
    for table in ("polls", "pushed", "deletions", "carriers"):
        db.execute(_REST.format(table=table), (source, earlier))
    for table in ("deletions", "carriers"):  # what was there already
        db.execute(f"DELETE FROM {table} WHERE source = ?", (earlier,))  # noqa: S608
    if withdrawals.rename(db, f"sources/{earlier}", f"sources/{source}"):
        publications.mark(db, [f"sources/{source}"], now)
    db.execute("DELETE FROM sources WHERE id = ?", (earlier,))
    left = db.execute(
        "SELECT 1 FROM sources JOIN renames ON earlier = 'sources/' || sources.id WHERE name = ?",
        (f"sources/{source}",),
    )
    if not left.fetchone():
        db.execute(_START, (source,))


def _id(name: str) -> str:
    return name.removeprefix("sources/")
