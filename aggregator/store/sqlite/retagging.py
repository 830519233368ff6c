"""History under other rules: what they have not tagged yet, and their tags in place of the old ones."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aggregator.model import Item, Retagged, Stored, Tag, Tagged
from aggregator.store.serialization import decode, encode, moment, plain, stamp
from aggregator.store.sqlite import archives, desk_decisions, listings, publications, withdrawals
from aggregator.topics import evidence
from aggregator.topics.tagging import renamed_item

_PAIRS = "SELECT source, rules, count(*) FROM items GROUP BY rules, source"
_STANDING = """SELECT items.id FROM json_each(:pairs) AS pair CROSS JOIN items INDEXED BY items_rules
    ON rules = json_extract(pair.value, '$[1]') AND source = json_extract(pair.value, '$[0]')
        AND published >= :since
    ORDER BY published DESC, items.id DESC"""
_STORED = """SELECT id, story, hash, published, rules, tags, item FROM items
    WHERE id IN (SELECT value FROM json_each(?)) ORDER BY published DESC, id DESC"""
_CURRENT = "SELECT id, story, hash, rules FROM items WHERE id IN (SELECT value FROM json_each(?))"
_OF_TOPIC = "SELECT story FROM listing WHERE feed = ? ORDER BY listed DESC, id LIMIT ?"
# What the desk keeps back or took out of the topic stands in no list, and has the tag.
_OF_THE_DESK = """SELECT DISTINCT subjects.story FROM subjects JOIN items ON items.story = subjects.story
    WHERE EXISTS (SELECT 1 FROM json_each(items.tags) AS tag WHERE json_extract(tag.value, '$.topic') = ?)
    LIMIT ?"""
_TAGS = "SELECT id, tags, rules FROM items WHERE story IN (SELECT value FROM json_each(?))"
_MOVE = """UPDATE listing SET feed = :topic
    WHERE feed = :earlier AND story IN (SELECT value FROM json_each(:stories))
        AND story NOT IN (SELECT story FROM listing WHERE feed = :topic)"""
BATCH = 500
_EVER = -(2**63)


def versions(db: sqlite3.Connection) -> Mapping[tuple[str, str], int]:
    """How many items of each source were tagged by each version of the rules."""
    return {(source, rules): count for source, rules, count in db.execute(_PAIRS)}


def standing(
    db: sqlite3.Connection, by: Callable[[str, str], bool], since: datetime | None
) -> tuple[int, ...]:
    """The numbers of the items whose source and evidence `by` holds for, newest first by publication."""
    pairs = [(source, rules) for source, rules in versions(db) if by(source, rules)]
    wanted = {"pairs": json.dumps(pairs), "since": stamp(since) if since else _EVER}
    return tuple(number for (number,) in db.execute(_STANDING, wanted))


def otherwise(
    db: sqlite3.Connection, version: Callable[[str], str], since: datetime | None
) -> tuple[int, ...]:
    """The numbers of the items whose tags are not what rules of a version give, newest first."""

    def differs(source: str, rules: str) -> bool:
        return not evidence.read(rules).is_current(plain(version(source)))

    return standing(db, differs, since)


def stored(db: sqlite3.Connection, numbers: Sequence[int]) -> tuple[Stored, ...]:
    """Those items, newest first by publication."""
    rows = db.execute(_STORED, (json.dumps(numbers),)).fetchall()
    by_hand = desk_decisions.of_stories(db, {row[1] for row in rows})
    return tuple(
        Stored(
            number=id,
            hash=hash,
            published=moment(published),
            tagged=Tagged(decode(Item, item), decode(tuple[Tag, ...], tags), rules),
            decided=frozenset(one.topic for one in by_hand.get(story, ())),
        )
        for id, story, hash, published, rules, tags, item in rows
    )


def rename(db: sqlite3.Connection, earlier: str, topic: str, now: datetime) -> int:
    """Let some stories have a topic by another id, their places kept; how many, 0 when none is left."""
    for table in ("decisions", "rulings"):
        db.execute(f"UPDATE OR REPLACE {table} SET topic = ? WHERE topic = ?", (topic, earlier))  # noqa: S608
    stories = [story for (story,) in db.execute(_OF_TOPIC, (earlier, BATCH))]
    stories = stories or [story for (story,) in db.execute(_OF_THE_DESK, (earlier, BATCH))]
    chosen = json.dumps(stories)
    ids = {earlier: topic}
    for id, text, rules in db.execute(_TAGS, (chosen,)).fetchall():
        tags = decode(tuple[Tag, ...], text)
        if any(tag.topic == earlier for tag in tags):
            after, by = renamed_item(tags, rules, ids)
            db.execute("UPDATE items SET tags = ?, rules = ? WHERE id = ?", (encode(after), by, id))
    db.execute(_MOVE, {"topic": topic, "earlier": earlier, "stories": chosen})
    archives.rename(db, earlier, topic, stories)
    touched = listings.refresh(db, stories, set(), now, backfill=True)
    told = withdrawals.rename(db, earlier, topic)
    publications.mark(db, touched | {earlier} if stories else {topic} if told else (), now)
    return len(stories)


def retag(db: sqlite3.Connection, batch: Sequence[Retagged], now: datetime) -> set[str]:
    """Replace the tags of items that are still what they were; the feeds where readers see a difference."""
    rows = db.execute(_CURRENT, (json.dumps([one.number for one in batch]),))
    known = {id: (story, hash, rules) for id, story, hash, rules in rows}
    current = [one for one in batch if known.get(one.number, ())[1:] == (one.hash, one.before)]
    db.executemany(
        "UPDATE items SET rules = ? WHERE id = ?",
        ((plain(one.rules), one.number) for one in current if one.tags is None),
    )
    db.executemany(
        "UPDATE items SET rules = ?, tags = ? WHERE id = ?",
        ((plain(one.rules), encode(one.tags), one.number) for one in current if one.tags is not None),
    )
    touched = listings.refresh(
        db, {known[one.number][0] for one in current if one.shown}, set(), now, backfill=True
    )
    publications.mark(db, touched, now)
    return touched
