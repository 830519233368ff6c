"""Which feeds show which stories, and where each stands in them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from aggregator.adapters.wire import stamp

_MEMBERS = """SELECT items.story, published_id, lead, source, listed, tags FROM items
    JOIN stories ON stories.id = items.story
    WHERE items.story IN (SELECT value FROM json_each(?)) ORDER BY items.id != lead, items.id"""
_BEFORE = """SELECT feed, listed, id, story, changed FROM listing
    WHERE story IN (SELECT value FROM json_each(?))"""


class Row(NamedTuple):
    """A story's place in a feed; times are stamps."""

    feed: str
    listed: int
    id: str
    story: int
    changed: int  # when it came into the feed, or was corrected there


def refresh(db: sqlite3.Connection, stories: Iterable[int], corrected: set[int], now: datetime) -> set[str]:
    """Bring the places of stories up to date; the feeds that show one of them, before or after.

    `corrected` are items whose content changed: a story that one of them leads changed in all its feeds.
    """
    chosen = (json.dumps(list(stories)),)
    before = {(row[3], row[0]): Row(*row) for row in db.execute(_BEFORE, chosen)}
    after: dict[tuple[int, str], Row] = {}
    for story, id, lead, *shown in db.execute(_MEMBERS, chosen):
        for feed, listed in _places(*shown):
            old = before.get((story, feed))
            changed = old.changed if old and lead not in corrected else stamp(now)
            after.setdefault((story, feed), Row(feed, listed, id, story, changed))
    _replace(db, set(before.values()), set(after.values()))
    return {feed for _, feed in before.keys() | after.keys()}


def _places(source: str, listed: int, tags: str) -> Iterator[tuple[str, int]]:
    yield "all", listed
    yield f"sources/{source}", listed
    for tag in json.loads(tags):
        yield tag["topic"], listed


def _replace(db: sqlite3.Connection, before: set[Row], after: set[Row]) -> None:
    db.executemany(
        "DELETE FROM listing WHERE feed = ? AND listed = ? AND id = ?",
        (row[:3] for row in before - after),
    )
    db.executemany("INSERT INTO listing VALUES (?, ?, ?, ?, ?)", after - before)
