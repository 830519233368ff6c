"""Which story a new item belongs to: that of the same article at another source, or one of its own."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aggregator.adapters.sqlite import naming
from aggregator.adapters.wire import decode
from aggregator.agreement import agree
from aggregator.model import Item
from aggregator.stories import Names, article_keys, published_ids

_SAME_ARTICLE = "SELECT key, story FROM articles WHERE key IN (SELECT value FROM json_each(?))"
# The plus keeps SQLite from walking through all items of the source instead of those of the stories.
_OWN = "SELECT story FROM items WHERE story IN (SELECT value FROM json_each(?)) AND +source = ?"
_LEADS = """SELECT stories.id, item FROM stories JOIN items ON items.id = lead
    WHERE stories.id IN (SELECT value FROM json_each(?))"""
_TAKEN = "SELECT published_id FROM stories WHERE published_id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Place:
    """The row ids of an item and of its story."""

    item: int
    story: int
    claims: bool = False  # the id of another source's article, with another text


def place(
    db: sqlite3.Connection, source: str, items: Sequence[Item], named: Sequence[Names], namespace: str
) -> list[Place]:
    """A story for each new item of a source; one that is new stands in the table with the item as its lead.

    A story holds one item of a source at most: within a source the key decides, never what items look like.
    """
    keys = [article_keys(item, names) for item, names in zip(items, named, strict=True)]
    ids = [published_ids(item, namespace) for item in naming.as_first_known(db, source, items)]
    known = dict(_rows(db, _SAME_ARTICLE, {key for some in keys for key in some}))
    closed = {story for (story,) in db.execute(_OWN, (json.dumps(list(known.values())), source))}
    leads = {story: decode(Item, text) for story, text in _rows(db, _LEADS, set(known.values()))}
    taken = {id for (id,) in _rows(db, _TAKEN, {id for some in ids for id in some})}
    places, stories = [], []
    for place, item, some_keys, some_ids in zip(_free(db, len(items)), items, keys, ids, strict=True):
        named_alike = {known[key] for key in some_keys if key in known} - closed
        open_stories = {story for story in named_alike if agree(item, leads[story])}
        if open_stories:
            place = Place(place.item, min(open_stories))
        else:
            id = next(id for id in some_ids if id not in taken)
            place = replace(place, claims=bool(named_alike))
            stories.append((place.story, id, place.item))
            taken.add(id)
        closed.add(place.story)
        places.append(place)
    db.executemany("INSERT INTO stories VALUES (?, ?, ?)", stories)
    nominate(db, ((key, place.story) for place, some in zip(places, keys, strict=True) for key in some))
    return places


def nominate(db: sqlite3.Connection, keys: Iterable[tuple[str, int]]) -> None:
    """Let the same article at another source join a story; the story that came first keeps a key."""
    db.executemany("INSERT OR IGNORE INTO articles VALUES (?, ?)", keys)


def _free(db: sqlite3.Connection, count: int) -> list[Place]:
    """Row ids for that many new items, each with a story of its own."""
    ((item,),) = db.execute("SELECT coalesce(max(id), 0) FROM items")
    ((story,),) = db.execute("SELECT coalesce(max(id), 0) FROM stories")
    return [Place(item + n, story + n) for n in range(1, count + 1)]


def _rows(db: sqlite3.Connection, query: str, values: Iterable[str | int]) -> sqlite3.Cursor:
    return db.execute(query, (json.dumps(list(values)),))
