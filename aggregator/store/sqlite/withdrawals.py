"""What was taken out: which entry it was and when is kept, and what it is recognised by; no word of it."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from aggregator.items.stories import address_marks, id_mark, marks, named_marks
from aggregator.model import Item, Withdrawal, Withdrawn
from aggregator.store.serialization import decode, moment, plain, stamp
from aggregator.store.sqlite import deliveries, erasure, feed_names, search_index, settings, source_states

RETURNING = ""  # stands for a ruling with marks of what was withdrawn once and may come again
_MEMBERS = """SELECT items.id, items.source, published_id, published, updated, items.url, items.item
    FROM items JOIN stories ON stories.id = items.story WHERE items.story = ? ORDER BY items.id != lead"""
_ELSEWHERE = "SELECT 1 FROM items WHERE url = ? AND story NOT IN (SELECT value FROM json_each(?)) LIMIT 1"
_RETRACT = """INSERT INTO retractions (published_id, published, at, ruling, silent, reason)
    VALUES (?, ?, ?, ?, ?, ?)"""
_ANNOUNCED = """SELECT published_id, tombstones.at, published, ruling, reason, silent, json_array(feed)
    FROM tombstones JOIN retractions ON retractions.id = retraction
    WHERE feed = :feed AND tombstones.at > :since AND NOT EXISTS (SELECT 1 FROM stories
        JOIN listing ON listing.story = stories.id AND +listing.feed = :feed
        WHERE stories.published_id = retractions.published_id)
    ORDER BY tombstones.at DESC, published_id, retraction LIMIT :most"""
_ALL = """SELECT published_id, at, published, ruling, reason, silent,
        (SELECT json_group_array(feed) FROM tombstones WHERE retraction = retractions.id)
    FROM retractions WHERE at > :since ORDER BY at DESC, published_id, id LIMIT :most"""
_FEEDS = """SELECT DISTINCT feed FROM tombstones JOIN retractions ON retractions.id = retraction
    WHERE ruling = ?"""
_BARRED = "SELECT mark, ruling FROM barred WHERE mark IN (SELECT value FROM json_each(?))"


class _Member(NamedTuple):
    """An item of a story that is taken out; times are stamps."""

    number: int
    source: str
    id: str  # under which the story is published
    published: int
    updated: int
    url: str
    item: str


# ── taking out ──────────────────────────────────────────────────────────────────────────────────


def withdraw(db: sqlite3.Connection, stories: Collection[int], ruling: Withdrawal, now: datetime) -> set[str]:
    """Take stories out with all their items, for good; the feeds in which they stood."""
    members = {story: _members(db, story) for story in stories}
    for several in members.values():
        for one in several:
            bar(db, ruling.item, _marks(db, one, stories))
            carry(db, ruling.item, one.source)
    return {
        feed
        for story, several in members.items()
        for feed in _retract(db, story, several[0], several, ruling, now)[1]
    }


def delete(db: sqlite3.Connection, story: int, now: datetime) -> tuple[int, set[str]]:
    """Take out a story that its outlet took back: the number of its retraction, the feeds where it stood."""
    several = _members(db, story)
    return _retract(db, story, several[0], several, Withdrawal("", ""), now)


def announce(
    db: sqlite3.Connection, id: str, dates: tuple[int, int], feeds: Collection[str], of: Withdrawal
) -> int:
    """Have feeds tell that an entry left them; `dates` are when it was published, and when it left."""
    row = (plain(id), *dates, plain(of.item), of.silent, plain(of.reason))
    number = int(db.execute(_RETRACT, row).lastrowid or 0)
    deliveries.drop(db, id)
    db.execute("DELETE FROM quarantine WHERE entry = ?", (plain(id),))
    db.executemany("INSERT INTO tombstones VALUES (?, ?, ?)", ((feed, dates[1], number) for feed in feeds))
    return number


def purge(db: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Drop items with all that they say; the rows of an emptied story go with `forget`."""
    chosen = list(numbers)
    search_index.remove(db, chosen)
    db.execute("DELETE FROM items WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(chosen),))
    erasure.begin(db)


def _members(db: sqlite3.Connection, story: int) -> Sequence[_Member]:
    return [_Member(*row) for row in db.execute(_MEMBERS, (story,))]


def _retract(
    db: sqlite3.Connection,
    story: int,
    lead: _Member,
    members: Sequence[_Member],
    of: Withdrawal,
    now: datetime,
) -> tuple[int, set[str]]:
    feeds = {feed for (feed,) in db.execute("SELECT feed FROM listing WHERE story = ?", (story,))}
    at = max(stamp(now), *(one.updated for one in members))
    number = announce(db, lead.id, (lead.published, at), feeds, of)
    for table in ("listing", "subjects", "articles"):
        db.execute(f"DELETE FROM {table} WHERE story = ?", (story,))  # noqa: S608
    purge(db, [one.number for one in members])
    db.execute("DELETE FROM stories WHERE id = ?", (story,))
    return number, feeds


# ── not taking in again ─────────────────────────────────────────────────────────────────────────


def bar(db: sqlite3.Connection, ruling: str, marked: Iterable[str]) -> None:
    """Take in nothing that has one of these marks while the ruling stands."""
    db.executemany("INSERT OR IGNORE INTO barred VALUES (?, ?)", ((mark, plain(ruling)) for mark in marked))


def bar_named(db: sqlite3.Connection, ruling: Withdrawal) -> None:
    """Take in nothing that the ruling names, also where it was never stored."""
    bar(db, ruling.item, named_marks(ruling.item))


def carry(db: sqlite3.Connection, ruling: str, source: str) -> None:
    """Remember that a source carries what a ruling keeps out: it is read whole once that ends."""
    db.execute("INSERT OR IGNORE INTO carriers VALUES (?, ?)", (plain(ruling), source))


def barred(db: sqlite3.Connection, items: Mapping[str, Item], source: str) -> tuple[set[str], set[str]]:
    """Which of the new items of a source are kept out, and which were withdrawn once and come again."""
    if not items or not db.execute("SELECT 1 FROM barred LIMIT 1").fetchone():
        return set(), set()
    namespace = settings.required(db, settings.NAMESPACE)
    known = feed_names.as_first_known(db, source, items.values())
    marked = {key: marks(item, namespace) for key, item in zip(items, known, strict=True)}
    rulings: dict[str, set[str]] = {}
    every = {mark for several in marked.values() for mark in several}
    for mark, ruling in db.execute(_BARRED, (json.dumps(list(every)),)):
        rulings.setdefault(mark, set()).add(ruling)
    found = {
        key: {one for mark in several for one in rulings.get(mark, ())} for key, several in marked.items()
    }
    for ruling in {one for several in found.values() for one in several} - {RETURNING}:
        carry(db, ruling, source)
    returning = {key for key, several in found.items() if several == {RETURNING}}
    db.executemany(
        "DELETE FROM barred WHERE ruling = '' AND mark = ?",
        ((mark,) for key in returning for mark in marked[key]),
    )
    return {key for key, several in found.items() if several - {RETURNING}}, returning


def _marks(db: sqlite3.Connection, member: _Member, stories: Collection[int]) -> Iterator[str]:
    """What a member is recognised by; its address only where no other story has the same."""
    yield id_mark(member.id)
    (item,) = feed_names.as_first_known(db, member.source, [decode(Item, member.item)])
    shared = member.url and db.execute(_ELSEWHERE, (member.url, json.dumps(list(stories)))).fetchone()
    unsure = address_marks(item.url) if shared else ()
    yield from (mark for mark in marks(item, settings.required(db, settings.NAMESPACE)) if mark not in unsure)


# ── and taking that back ────────────────────────────────────────────────────────────────────────


def undo(db: sqlite3.Connection, ruling: str) -> set[str]:
    """Let what a ruling kept out come again with the next poll; the feeds that told of it."""
    feeds = {feed for (feed,) in db.execute(_FEEDS, (ruling,))}
    gone = db.execute("DELETE FROM retractions WHERE ruling = ?", (ruling,)).rowcount
    if gone:
        db.execute("UPDATE OR IGNORE barred SET ruling = ? WHERE ruling = ?", (RETURNING, ruling))
    db.execute("DELETE FROM barred WHERE ruling = ?", (ruling,))
    sources = db.execute("SELECT source FROM carriers WHERE ruling = ?", (ruling,)).fetchall()
    source_states.read_anew(db, [source for (source,) in sources])
    db.execute("DELETE FROM carriers WHERE ruling = ?", (ruling,))
    return feeds


def reword(db: sqlite3.Connection, ruling: Withdrawal) -> set[str]:
    """Give other reasons for what is withdrawn already; the feeds that tell of it."""
    db.execute(
        "UPDATE retractions SET silent = ?, reason = ? WHERE ruling = ?",
        (ruling.silent, plain(ruling.reason), plain(ruling.item)),
    )
    return {feed for (feed,) in db.execute(_FEEDS, (plain(ruling.item),))}


def rename(db: sqlite3.Connection, earlier: str, topic: str) -> int:
    """Let a feed go on telling under another name; of how many entries it had to."""
    moved = db.execute("UPDATE OR IGNORE tombstones SET feed = ? WHERE feed = ?", (topic, earlier))
    both = db.execute("DELETE FROM tombstones WHERE feed = ?", (earlier,))  # it told of them itself
    return moved.rowcount + both.rowcount


# ── telling ─────────────────────────────────────────────────────────────────────────────────────


def told(db: sqlite3.Connection, feed: str, since: datetime, most: int) -> tuple[Withdrawn, ...]:
    """What a feed has to announce since then, that of all feeds if it is ""; the latest first."""
    values = {"feed": feed, "since": stamp(since), "most": most}
    return tuple(
        Withdrawn(
            id=id,
            at=moment(at),
            published=moment(published),
            by="desk" if ruling else "outlet",
            reason=reason,
            silent=bool(silent),
            feeds=tuple(sorted(json.loads(feeds))),
        )
        for id, at, published, ruling, reason, silent, feeds in db.execute(
            _ANNOUNCED if feed else _ALL, values
        )
    )
