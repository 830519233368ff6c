"""Stories as they are published, and items as they were tagged."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from aggregator.items.stories import folded
from aggregator.model import Copy, Decision, Entry, EntryVersion, Item, Selection, Tag, Tagged
from aggregator.store.serialization import decode, moment, plain, stamp
from aggregator.store.sqlite import desk_decisions, rulings
from aggregator.text.digests import digest
from aggregator.text.urls import canonical
from aggregator.topics.tagging import decided

FOUND = 50
_REMEMBERED = 1_000  # items as they were read: a feed and its archive ask for the same ones again and again
_LARGE = 16_000  # characters of one that is not remembered
_NEWEST = "SELECT story, listed, changed FROM listing WHERE feed = ? ORDER BY listed DESC, id LIMIT ?"
_RECENT = """SELECT story, listed, changed FROM listing WHERE feed = ? AND changed > ?
    ORDER BY changed DESC, listed DESC, id LIMIT ?"""
_OF_STORIES = """SELECT story, listed, changed FROM listing WHERE feed = ?
    AND story IN (SELECT value FROM json_each(?)) ORDER BY listed DESC, id"""
_FOUND = """SELECT stories.id, coalesce(listing.listed, items.listed), coalesce(changed, arrived) FROM stories
    JOIN items ON items.id = lead LEFT JOIN listing ON listing.story = stories.id AND +feed = 'all'
    WHERE stories.id IN (SELECT value FROM json_each(?))"""
_MEMBERS = """SELECT items.story, source, published_id, published, updated, arrived, tags, item FROM items
    JOIN stories ON stories.id = items.story
    WHERE items.story IN (SELECT value FROM json_each(?)) ORDER BY items.id != lead, items.id"""
_BY_ID = "SELECT id FROM stories WHERE published_id = ?"
_BY_URL = "SELECT story FROM items WHERE url = ? AND url != '' GROUP BY story ORDER BY story DESC LIMIT ?"
# SQLite would rather walk through the stories from the last one back, and read every item on the way.
_BY_TITLE = """SELECT story FROM items INDEXED BY items_title
    WHERE instr(title, ?) GROUP BY story ORDER BY story DESC LIMIT ?"""

_STORY_ITEMS = """SELECT rules, tags, item FROM stories
    JOIN items ON items.story = stories.id WHERE published_id = ? ORDER BY items.id != lead, items.id"""
_PAST_ALL = 2**63 - 1
_NO_PINS: Mapping[int, datetime] = {}


class StoryRow(NamedTuple):
    """A story as a feed shows it; times are stamps."""

    story: int
    listed: int
    changed: int


class _Member(NamedTuple):
    story: int
    source: str
    id: str
    published: int
    updated: int
    arrived: int
    tags: str
    item: str


def select(db: sqlite3.Connection, selection: Selection) -> tuple[Entry, ...]:
    """The newest entries of a feed and, while there is room, the latest that changed in the window."""
    feed = selection.topic or (f"sources/{selection.source}" if selection.source else "all")
    shown = [StoryRow(*row) for row in db.execute(_NEWEST, (feed, min(selection.newest, selection.most)))]
    if selection.window is not None:
        rows = db.execute(_RECENT, (feed, stamp(selection.window), selection.most))
        newest = {one.story for one in shown}
        recent = [one for one in map(StoryRow._make, rows) if one.story not in newest]
        shown += recent[: selection.most - len(shown)]
    if selection.topic and selection.pinned and (pins := rulings.pinned(db, feed, selection.pinned)):
        first = [StoryRow(*row) for row in db.execute(_OF_STORIES, (feed, json.dumps(list(pins))))]
        shown = [*first, *(one for one in shown if one.story not in pins)][: selection.most]
        return tuple(sorted(build(db, shown, pins), key=lambda entry: entry.pinned is None))
    return build(db, shown, feed=feed)


def find(db: sqlite3.Connection, text: str) -> tuple[Entry, ...]:
    """The entry of that id, else those of that address, else those with the text in a title."""
    url, title = plain(canonical(text)), plain(folded(text))
    for query, values in (
        (_BY_ID, (plain(text),)),
        (_BY_URL, (url, FOUND)),
        (_BY_TITLE, (title, FOUND)),
    ):
        stories = [story for (story,) in db.execute(query, values)] if all(values) else []
        if stories:
            return build(db, list(map(StoryRow._make, db.execute(_FOUND, (json.dumps(stories),)))))
    return ()


def items(db: sqlite3.Connection, after: int, limit: int) -> tuple[tuple[int, Tagged], ...]:
    """Stored items in the order of their arrival, each with the number to go on after."""
    rows = db.execute(
        "SELECT id, story, rules, tags, item FROM items WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
    )
    return _tagged(db, rows)


def latest(db: sqlite3.Connection, limit: int, before: int | None) -> tuple[tuple[int, Tagged], ...]:
    """Stored items, the last to arrive first, each with the number to go on before."""
    rows = db.execute(
        "SELECT id, story, rules, tags, item FROM items WHERE id < ? ORDER BY id DESC LIMIT ?",
        (_PAST_ALL if before is None else before, limit),
    )
    return _tagged(db, rows)


def of_story(db: sqlite3.Connection, id: str) -> tuple[Tagged, ...]:
    """Every item of the story published under that id as the rules tagged it, its lead first."""
    rows = db.execute(_STORY_ITEMS, (plain(id),))
    return tuple(
        Tagged(decode(Item, item), decode(tuple[Tag, ...], tags), rules) for rules, tags, item in rows
    )


def _tagged(db: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[int, Tagged], ...]:
    """Items with their numbers and with what the desk decided about their stories."""
    several = list(rows)
    by_hand = desk_decisions.of_stories(db, {story for _, story, *_ in several})
    return tuple(
        (
            id,
            Tagged(decode(Item, item), decided(decode(tuple[Tag, ...], tags), by_hand.get(story, ())), rules),
        )
        for id, story, rules, tags, item in several
    )


def build(
    db: sqlite3.Connection,
    shown: Sequence[StoryRow],
    pins: Mapping[int, datetime] = _NO_PINS,
    *,
    feed: str = "",
) -> tuple[Entry, ...]:
    """The entries of stories, in the order of `listed`, ties by id; `pins`: until when stories are pinned.

    The feed of a source shows that source's own version of each.
    """
    members: dict[int, list[_Member]] = {one.story: [] for one in shown}
    for row in db.execute(_MEMBERS, (json.dumps(list(members)),)):
        members[row[0]].append(_Member(*row))
    by_hand, held = desk_decisions.of_stories(db, members), rulings.held(db, members)
    return tuple(
        _entry(
            one,
            sorted(members[one.story], key=lambda member: f"sources/{member.source}" != feed),
            by_hand.get(one.story, ()),
            pinned=pins.get(one.story),
            held=one.story in held,
        )
        for one in sorted(shown, key=lambda one: (-one.listed, members[one.story][0].id))
    )


def _entry(
    shown: StoryRow,
    members: Sequence[_Member],
    by_hand: Sequence[Decision],
    *,
    pinned: datetime | None,
    held: bool,
) -> Entry:
    lead, *others = members
    return Entry(
        id=lead.id,
        item=_item(lead.item),
        published=moment(lead.published),
        updated=moment(lead.updated),
        listed=moment(shown.listed),
        arrived=moment(lead.arrived),
        tags=decided(_union(member.tags for member in members), by_hand),
        copies=tuple(_copy(_item(member.item)) for member in others),
        changed=moment(shown.changed),
        pinned=pinned,
        held=held,
    )


def _item(text: str) -> Item:
    return _read_item(text) if len(text) <= _LARGE else decode(Item, text)


@lru_cache(maxsize=_REMEMBERED)
def _read_item(text: str) -> Item:
    return decode(Item, text)


@lru_cache(maxsize=_REMEMBERED)
def _read_tags(text: str) -> tuple[Tag, ...]:
    """Tags as readers see them: by which id rules gave one is nobody's but the next plan's."""
    tags = decode(tuple[Tag, ...], text)
    return tuple(replace(tag, earlier="") if tag.earlier else tag for tag in tags)


def _union(tags: Iterable[str]) -> tuple[Tag, ...]:
    """All topics of a story, each as the first of its items has it."""
    first: dict[str, Tag] = {}
    for text in tags:
        for tag in _read_tags(text):
            first.setdefault(tag.topic, tag)
    return tuple(first.values())


def _copy(item: Item) -> Copy:
    return Copy(item.source, item.head.title or item.source, item.url)


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
    return build(db, [StoryRow(*row) for row in db.execute(_STRETCH, (feed, limit, skip))], feed=feed)


def _version(*parts: object) -> str:
    return digest(repr(parts), 8)
