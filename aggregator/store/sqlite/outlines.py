"""The order of a feed's entries at a glance, and stretches of it."""

import sqlite3
from itertools import groupby
from typing import NamedTuple

from aggregator.model import Entry, EntryVersion
from aggregator.store.sqlite import desk_decisions
from aggregator.store.sqlite.entries import Shown, build
from aggregator.text.digests import digest

_STRETCH = """SELECT story, listed, changed FROM listing WHERE feed = ?
    ORDER BY listed DESC, id LIMIT ? OFFSET ?"""
# What of the items makes a story look as it does; their texts are told apart by their hashes.
_LINES = """WITH stretch AS (SELECT story, listed, id FROM listing WHERE feed = ?
    ORDER BY listed DESC, id LIMIT ?)
    SELECT stretch.story, stretch.id, items.id, items.hash, items.updated, items.tags
    FROM stretch JOIN items ON items.story = stretch.story
    ORDER BY stretch.listed DESC, stretch.id, items.id"""


class _Line(NamedTuple):
    story: int
    id: str
    item: int
    hash: str
    updated: int
    tags: str


def outline(db: sqlite3.Connection, feed: str, limit: int) -> tuple[EntryVersion, ...]:
    """Id and version of the newest entries of a feed, in their order; no text is read for it."""
    lines = [_Line(*row) for row in db.execute(_LINES, (feed, limit))]
    by_hand = desk_decisions.of_stories(db, {line.story for line in lines})
    return tuple(
        EntryVersion(id, _version([*several], by_hand.get(story, ())))
        for (story, id), several in groupby(lines, key=lambda line: (line.story, line.id))
    )


def stretch(db: sqlite3.Connection, feed: str, skip: int, limit: int) -> tuple[Entry, ...]:
    """The entries of a feed that follow the newest `skip`."""
    return build(db, [Shown(*row) for row in db.execute(_STRETCH, (feed, limit, skip))], feed=feed)


def _version(*parts: object) -> str:
    return digest(repr(parts), 8)
