"""Copies that are none any more: after a change of a text they become entries of their own."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from aggregator.items.agreement import agree
from aggregator.items.stories import names
from aggregator.model import Item
from aggregator.store.serialization import decode
from aggregator.store.sqlite import placements

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
            (place,) = placements.assign(db, member.source, [item], [names(item)], namespace, [member.id])
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
