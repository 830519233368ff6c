"""What the desk decided by hand: which stories its entries stand for, and what that makes of their tags."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from aggregator.model import Decision
from aggregator.store.serialization import plain
from aggregator.text.urls import canonical

_OF_STORIES = """SELECT story, item, topic, belongs, reason FROM subjects JOIN decisions USING (item)
    WHERE story IN (SELECT value FROM json_each(?)) ORDER BY item, topic"""
_ABOUT = """SELECT DISTINCT item FROM decisions WHERE item IN (SELECT published_id FROM stories
        WHERE id IN (SELECT value FROM json_each(:stories)))
    OR url IN (SELECT url FROM items WHERE url != '' AND story IN (SELECT value FROM json_each(:stories)))"""
_BY_ID = "SELECT id FROM stories WHERE published_id = ?"
_BY_URL = "SELECT DISTINCT story FROM items WHERE url = ? AND url != ''"
Row = tuple[str, str, str, bool, str]  # item, its canonical address, topic, belongs, reason


def replace(db: sqlite3.Connection, decisions: Iterable[Decision]) -> set[int]:
    """Make these the decisions in force; the stories for which that changes something."""
    wanted = {_row(one) for one in decisions}
    known: set[Row] = {(*row[:3], bool(row[3]), row[4]) for row in db.execute("SELECT * FROM decisions")}
    if wanted == known:
        return set()
    items = {row[0] for row in wanted ^ known}
    before = _subjects(db, items)
    db.executemany(
        "DELETE FROM decisions WHERE item = ? AND topic = ?", ((row[0], row[2]) for row in known - wanted)
    )
    db.executemany("INSERT INTO decisions VALUES (?, ?, ?, ?, ?)", wanted - known)
    forget_subjects(db)
    resolve(db, items & {row[0] for row in wanted})
    return before | _subjects(db, items)


def recognise(db: sqlite3.Connection, stories: Iterable[int]) -> None:
    """Let decisions about these stories find them; what once was found stays, though its address changes."""
    if db.execute("SELECT 1 FROM decisions LIMIT 1").fetchone():
        rows = db.execute(_ABOUT, {"stories": json.dumps(list(stories))})
        resolve(db, [item for (item,) in rows])


def of_stories(db: sqlite3.Connection, stories: Iterable[int]) -> Mapping[int, Sequence[Decision]]:
    """What was decided about stories, those alone about which anything was."""
    found: dict[int, list[Decision]] = {}
    for story, item, topic, belongs, reason in db.execute(_OF_STORIES, (json.dumps(list(stories)),)):
        found.setdefault(story, []).append(Decision(item, topic, bool(belongs), reason))
    return found


def _row(one: Decision) -> Row:
    return plain(one.item), plain(canonical(one.item)), one.topic, one.belongs, plain(one.reason)


def _subjects(db: sqlite3.Connection, items: Iterable[str]) -> set[int]:
    rows = db.execute(
        "SELECT story FROM subjects WHERE item IN (SELECT value FROM json_each(?))",
        (json.dumps(list(items)),),
    )
    return {story for (story,) in rows}


def resolve(db: sqlite3.Connection, items: Iterable[str]) -> None:
    """Let what the desk says of items find the stories it is about."""
    for item in items:
        found = stories_of(db, item)
        db.executemany("INSERT OR IGNORE INTO subjects VALUES (?, ?)", ((story, item) for story in found))


def stories_of(db: sqlite3.Connection, item: str) -> list[int]:
    """The story of that id, else those of that address."""
    found = db.execute(_BY_ID, (item,)).fetchall()
    found = found or db.execute(_BY_URL, (plain(canonical(item)),)).fetchall()
    return [story for (story,) in found]


def forget_subjects(db: sqlite3.Connection) -> None:
    """Drop what nothing is said of any more."""
    db.execute(
        """DELETE FROM subjects WHERE item NOT IN (SELECT item FROM decisions)
            AND item NOT IN (SELECT item FROM rulings WHERE kind != 'withdraw')"""
    )
