"""The index that searches look into: the tokens of every item, numbered so that a walk goes by date.

A row's number, its place, is the minute an item is listed at and a running number within it. The index keeps
no text: to take an item out, its tokens are made once more from the item as it is stored.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.model import Item
from aggregator.query import tokens
from aggregator.query.index_tokens import VERSION
from aggregator.query.item_view import texts
from aggregator.query.operators import marks
from aggregator.store.serialization import decode, plain, stamp
from aggregator.store.sqlite import settings
from aggregator.text.folding import NONE_LEVELLED, Levelled

COLUMNS = {
    "title": "title",
    "summary": "text",
    "content": "text",
    "author": "author",
    "category": "category",
    "url": "url",
}
"""Field of a query → the column that holds its tokens."""
MOVED = "moved"  # the mark of an item that is not listed at the minute its outlet says it was published
LAYOUT = 1  # raised when the columns or the marks change
_EDITION = f"{LAYOUT} {VERSION}"
_NAME, _REST = "search", "search-rest"
_MINUTE = 60_000_000
_SHIFT = 16
_SIGN = re.compile(r"[^a-z0-9\x80-\U0010ffff]")

_MISSING = """SELECT items.id, listed, items.item FROM items
    LEFT JOIN search_places AS known ON known.item = items.id
    WHERE known.place IS NULL AND items.id IN (SELECT value FROM json_each(?)) ORDER BY listed, items.id"""
_LISTED = "SELECT id, listed FROM items WHERE id IN (SELECT value FROM json_each(?)) ORDER BY listed, id"
# The next free place of a minute; the first of all where the minute is full.
_TAKE_PLACE = """INSERT INTO search_places SELECT
    CASE WHEN taken IS NULL THEN :first
        WHEN taken < :last THEN taken + 1
        ELSE (SELECT min(place) - 1 FROM search_places) END, :item, :published
    FROM (SELECT max(place) AS taken FROM search_places WHERE place BETWEEN :first AND :last)"""
_TAKEN = "SELECT place, item FROM search_places WHERE item IN (SELECT value FROM json_each(?)) ORDER BY place"
_KNOWN = """SELECT place, items.item FROM search_places JOIN items ON items.id = search_places.item
    WHERE search_places.item IN (SELECT value FROM json_each(?)) ORDER BY place"""
_INSERT = "INSERT INTO search (rowid, title, text, author, category, url, marks) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DELETE = """INSERT INTO search (search, rowid, title, text, author, category, url, marks)
    VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True, slots=True)
class Unindexed:
    """What a transaction stored and searches cannot find yet."""

    items: dict[int, Item] = field(default_factory=dict)  # by number
    levelled: dict[str, str] = field(default_factory=dict)  # what is known of their texts (`text.folding`)


def minute(stamp: int) -> int:
    """The first place of the minute that a stamp lies in; that of the next one is a `SPAN` later."""
    return stamp // _MINUTE << _SHIFT


SPAN = 1 << _SHIFT


def mark(name: str) -> str:
    """A mark of `query.operators.marks` as one token."""
    return _SIGN.sub("¦", plain(name))


def prepare(db: sqlite3.Connection) -> None:
    """Begin the index anew if a version made it whose tokens differ; before anything is recorded."""
    if settings.value(db, _NAME) == _EDITION:
        return
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    db.execute("DELETE FROM search_places")
    settings.put(db, _NAME, _EDITION)
    ((last,),) = db.execute("SELECT coalesce(max(id), 0) FROM items")
    settings.put(db, _REST, str(last))


def rest(db: sqlite3.Connection) -> int:
    """How many items, at most, are still to be indexed; 0 when all are."""
    if settings.value(db, _NAME) != _EDITION:
        ((last,),) = db.execute("SELECT coalesce(max(id), 0) FROM items")
        return int(last)
    return int(settings.value(db, _REST) or 0)


def fill(db: sqlite3.Connection, limit: int) -> int:
    """Index up to `limit` items that no recording has, the last to arrive first; what `rest` then says."""
    prepare(db)
    last = rest(db)
    rows = db.execute("SELECT id FROM items WHERE id <= ? ORDER BY id DESC LIMIT ?", (last, limit))
    ids = [id for (id,) in rows]
    add_stored(db, ids)
    left = ids[-1] - 1 if ids else 0
    settings.put(db, _REST, str(left))
    return left


def add(db: sqlite3.Connection, stored: Unindexed) -> None:
    """Index what was stored, unless it went again, at the end of the transaction."""
    rows = db.execute(_LISTED, (json.dumps(list(stored.items)),)).fetchall()
    _insert(db, rows, stored.items, stored.levelled)


def add_stored(db: sqlite3.Connection, items: Iterable[int]) -> None:
    """Index those of the items that are not in the index."""
    rows = db.execute(_MISSING, (json.dumps(list(items)),)).fetchall()
    _insert(db, [(id, listed) for id, listed, _ in rows], {id: decode(Item, item) for id, _, item in rows})


def remove(db: sqlite3.Connection, items: Iterable[int]) -> None:
    """Take items out of the index; before their rows change or go, for what they say is needed once more."""
    rows = db.execute(_KNOWN, (json.dumps(list(items)),)).fetchall()
    db.executemany(_DELETE, ((place, *_columns(decode(Item, item), place)) for place, item in rows))
    db.executemany("DELETE FROM search_places WHERE place = ?", ((place,) for place, _ in rows))


def _insert(
    db: sqlite3.Connection,
    listed: Sequence[tuple[int, int]],
    items: Mapping[int, Item],
    levelled: Levelled = NONE_LEVELLED,
) -> None:
    """Give items, each with its `listed`, their places and index them."""
    db.executemany(_TAKE_PLACE, (_wanted(id, at, items[id]) for id, at in listed))
    # In the order of places: FTS5 begins a segment at each step back.
    rows = db.execute(_TAKEN, (json.dumps([id for id, _ in listed]),)).fetchall()
    db.executemany(_INSERT, ((place, *_columns(items[id], place, levelled)) for place, id in rows))


def _wanted(id: int, listed: int, item: Item) -> dict[str, int | None]:
    first = minute(listed)
    published = stamp(item.published) if item.published else None
    return {"first": first, "last": first + SPAN - 1, "item": id, "published": published}


def _columns(item: Item, place: int, levelled: Levelled = NONE_LEVELLED) -> tuple[str, ...]:
    """The tokens of an item, column by column."""
    by_column: dict[str, list[str]] = {}
    for name, column in COLUMNS.items():
        by_column.setdefault(column, []).extend([tokens(text, levelled) for text in texts(item, name)])
    carried = [mark(one) for one in marks(item)]
    if item.published is not None and minute(stamp(item.published)) != place // SPAN * SPAN:
        carried.append(MOVED)
    return *map(" ".join, by_column.values()), " ".join(carried)
