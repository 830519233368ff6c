"""Which story an item belongs to: that of the same article at another source, or its own."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from aggregator.items.agreement import agree
from aggregator.items.stories import ArticleNames, article_keys, names, published_ids
from aggregator.model import Item
from aggregator.store.serialization import decode
from aggregator.store.sqlite import feed_names

# By one key an item is compared with ten stories at most.
_SAME_ARTICLE = """SELECT wanted.value, articles.story FROM json_each(?) AS wanted
    JOIN articles ON articles.key = wanted.value WHERE articles.story IN (SELECT oldest.story
        FROM articles AS oldest WHERE oldest.key = wanted.value ORDER BY oldest.story LIMIT 10)"""
# The plus keeps SQLite from walking through all items of the source instead of those of the stories.
_OWN = "SELECT story FROM items WHERE story IN (SELECT value FROM json_each(?)) AND +source = ?"
_LEADS = """SELECT stories.id, item FROM stories JOIN items ON items.id = lead
    WHERE stories.id IN (SELECT value FROM json_each(?))"""
_LEAD = """UPDATE stories SET lead = :item WHERE id = :story
    AND revision > coalesce((SELECT published_revision FROM feeds WHERE name = 'all'), 0)
    AND coalesce((SELECT priority FROM sources WHERE id = :source), 0) > (SELECT coalesce(priority, 0)
        FROM items LEFT JOIN sources ON sources.id = items.source WHERE items.id = stories.lead)"""
_NEW = """INSERT INTO stories (id, published_id, lead, revision)
    VALUES (?, ?, ?, coalesce((SELECT revision FROM feeds WHERE name = 'all'), 0) + 1)"""
_TAKEN = """SELECT published_id, NOT EXISTS (SELECT 1 FROM items WHERE story = stories.id AND +source = ?)
    FROM stories WHERE published_id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class RowIds:
    """The row ids of an item and of its story."""

    item: int
    story: int
    claims: bool = False  # the id of another source's article, with another text


def assign(
    db: sqlite3.Connection,
    source: str,
    items: Sequence[Item],
    named: Sequence[ArticleNames],
    namespace: str,
    stored: Sequence[int] = (),
) -> list[RowIds]:
    """A story for each new item of a source; one that is new stands in the table with the item as its lead.

    A story holds one item of a source at most: within a source the key decides, never what items look like.
    `stored` are the row ids of the items where they have some. While a story was not published, it is led by
    the item of the source with the highest `priority`; among equals, by the one that came first.
    """
    keys = [article_keys(item, names) for item, names in zip(items, named, strict=True)]
    ids = [published_ids(item, namespace) for item in feed_names.as_first_known(db, source, items)]
    known = _named_alike(db, {key for some in keys for key in some})
    alike = {story for stories in known.values() for story in stories}
    closed = {story for (story,) in db.execute(_OWN, (json.dumps(list(alike)), source))}
    leads = {story: decode(Item, text) for story, text in _rows(db, _LEADS, alike - closed)}
    wanted = json.dumps(list({id for some in ids for id in some}))
    taken: dict[str, int] = dict(db.execute(_TAKEN, (source, wanted)))  # by whom: 1 for another source
    places, stories = [], []
    for assign, item, some_keys, some_ids in zip(
        _free(db, len(items), stored), items, keys, ids, strict=True
    ):
        named_alike = {story for key in some_keys for story in known.get(key, ())} - closed
        open_stories = {story for story in named_alike if agree(item, leads[story])}
        if open_stories:
            assign = replace(assign, story=min(open_stories))
            db.execute(_LEAD, {"item": assign.item, "story": assign.story, "source": source})
        else:
            id = next(id for id in some_ids if id not in taken)
            assign = replace(assign, claims=bool(named_alike or taken.get(item.id)))
            stories.append((assign.story, id, assign.item))
            taken[id] = 0
        closed.add(assign.story)
        places.append(assign)
    db.executemany(_NEW, stories)
    nominate(db, ((key, assign.story) for assign, some in zip(places, keys, strict=True) for key in some))
    return places


def nominate(db: sqlite3.Connection, keys: Iterable[tuple[str, int]]) -> None:
    """Let the same article at another source join a story."""
    db.executemany("INSERT OR IGNORE INTO articles VALUES (?, ?)", keys)


def _named_alike(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, list[int]]:
    """The stories that each key leads to, the oldest ones."""
    known: dict[str, list[int]] = {}
    for key, story in _rows(db, _SAME_ARTICLE, keys):
        known.setdefault(key, []).append(story)
    return known


def _free(db: sqlite3.Connection, count: int, stored: Sequence[int]) -> list[RowIds]:
    """Row ids for that many items, those that are `stored` aside, each with a story of its own."""
    ((item,),) = db.execute("SELECT coalesce(max(id), 0) FROM items")
    ((story,),) = db.execute("SELECT coalesce(max(id), 0) FROM stories")
    items = stored or range(item + 1, item + count + 1)
    return [RowIds(item, story + n) for n, item in enumerate(items, 1)]


def _rows(db: sqlite3.Connection, query: str, values: Iterable[str | int]) -> sqlite3.Cursor:
    return db.execute(query, (json.dumps(list(values)),))


_SHARED = """SELECT items.story, items.id, source, item FROM items JOIN stories ON stories.id = items.story
    WHERE items.story IN (SELECT story FROM items WHERE story IN (SELECT value FROM json_each(?))
        GROUP BY story HAVING count(*) > 1)
    ORDER BY items.story, items.id != lead, items.id"""


class _Member(NamedTuple):
    story: int
    id: int
    source: str
    item: str


def part(
    db: sqlite3.Connection, stories: Collection[int], changed: Collection[int], namespace: str
) -> dict[int, int]:
    """Let every copy whose text no longer agrees with its lead's go on by itself; their stories by row id.

    `changed` are the items of these stories that changed. A story keeps its lead and its published id.
    """
    found = map(_Member._make, db.execute(_SHARED, (json.dumps(list(stories)),)).fetchall())
    parted: dict[int, int] = {}
    for _, members in groupby(found, itemgetter(0)):
        for member in _other_articles(list(members), changed):
            item = decode(Item, member.item)
            (place,) = assign(db, member.source, [item], [names(item)], namespace, [member.id])
            db.execute("UPDATE items SET story = ? WHERE id = ?", (place.story, member.id))
            parted[member.id] = place.story
    return parted


def _other_articles(members: list[_Member], changed: Collection[int]) -> Iterator[_Member]:
    lead, *others = members
    shown = decode(Item, lead.item)
    for member in others:
        is_new = lead.id in changed or member.id in changed
        if is_new and not agree(decode(Item, member.item), shown, joined=True):
            yield member
