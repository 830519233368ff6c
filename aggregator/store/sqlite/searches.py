"""Searches: the index nominates items, newest first, and the query itself decides on each."""

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from aggregator.model import Found, Item, Tag
from aggregator.query import Query, literals
from aggregator.store.serialization import decode
from aggregator.store.sqlite import desk_decisions, entries, search_index
from aggregator.store.sqlite.faults import code_of
from aggregator.store.sqlite.lookup import Wanted, wanted
from aggregator.topics.tagging import decided

_INDEXED = """SELECT place, search_places.item FROM search CROSS JOIN search_places ON place = search.rowid
    WHERE search MATCH :match AND search.rowid BETWEEN :low AND :high {} ORDER BY search.rowid DESC"""
_EVERY = "SELECT place, item FROM search_places WHERE place BETWEEN :low AND :high {} ORDER BY place DESC"
_OF_TOPICS = """SELECT place, search_places.item FROM (SELECT DISTINCT items.id FROM listing
        JOIN items ON items.story = listing.story WHERE feed IN (SELECT value FROM json_each(:topics0)))
    JOIN search_places ON search_places.item = id WHERE place BETWEEN :low AND :high {} ORDER BY place DESC"""
# The plus keeps SQLite from walking through all of a feed instead of the few places of a story.
_IN_TOPICS = """AND EXISTS (SELECT 1 FROM items CROSS JOIN listing ON listing.story = items.story
    WHERE items.id = search_places.item AND +feed IN (SELECT value FROM json_each(:topics{})))"""
_IN_TIME = "AND published >= :since AND published <= :until"
_AT_MOST = """SELECT count(*) FROM (SELECT 1 FROM listing
    WHERE feed IN (SELECT value FROM json_each(?)) LIMIT ?)"""
_ITEMS = """SELECT items.id, items.story, items.listed, coalesce(changed, arrived), tags, items.item
    FROM items LEFT JOIN listing ON listing.story = items.story AND +feed = 'all'
    WHERE items.id IN (SELECT value FROM json_each(?)) AND (listing.story IS NOT NULL OR ?)"""
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_AT_ONCE = 50  # candidates read together
_STEPS = 20_000  # of SQLite's machine between two looks at the clock, about a millisecond
FEW, FEW_OF_WORDS = 20_000, 500  # stories of a topic that are gone through one by one


@dataclass(slots=True)
class _Hits:
    """The stories found so far; those of one minute are taken together, for places order no finer."""

    limit: int
    held: bool  # whether what the desk keeps back is found, too
    stories: dict[int, entries.StoryRow] = field(default_factory=dict)
    minute: int | None = None  # in which the last one was found that there is room for
    examined: int = 0

    def add(self, place: int, shown: entries.StoryRow) -> None:
        """Take a story in, as listed as the newest of its items that were found."""
        known = self.stories.get(shown.story)
        if known is None or known.listed < shown.listed:
            self.stories[shown.story] = shown
        if self.minute is None and len(self.stories) >= self.limit:
            self.minute = place // search_index.SPAN

    def are_full(self, place: int) -> bool:
        """Whether nothing from this place on can be among the newest."""
        return self.minute is not None and place // search_index.SPAN < self.minute


def search(
    db: sqlite3.Connection,
    query: Query,
    now: datetime,
    *,
    limit: int,
    most: int,
    spent: Callable[[], bool],
    held: bool,
) -> Found:
    """The newest stories with an item that the query holds for."""
    hits = _Hits(limit, held)
    complete = search_index.rest(db) == 0
    try:
        with _interrupted(db, spent):
            complete &= _walk(db, query, now, hits, most, spent)
    except sqlite3.OperationalError as error:
        if code_of(error) != sqlite3.SQLITE_INTERRUPT:
            raise
        complete = False
    return Found(entries.build(db, list(hits.stories.values()))[:limit], complete, hits.examined)


@contextmanager
def _interrupted(db: sqlite3.Connection, spent: Callable[[], bool]) -> Iterator[None]:
    """Stop SQLite in whatever it does once the time is spent."""
    db.set_progress_handler(spent, _STEPS)
    try:
        yield
    finally:
        db.set_progress_handler(None, 0)


def _walk(
    db: sqlite3.Connection, query: Query, now: datetime, hits: _Hits, most: int, spent: Callable[[], bool]
) -> bool:
    """Put the candidates to the test, the newest first; whether that came to its natural end."""
    with closing(_nominated(db, wanted(literals(query, now)))) as nominated:
        while some := dict(islice(nominated, _AT_ONCE)):
            known = _read(db, some.values(), hits.held)
            for place, number in some.items():
                if hits.are_full(place):
                    return True
                if hits.examined >= most or spent():
                    return False
                if number in known:
                    hits.examined += 1
                    shown, item, tags = known[number]
                    if query.holds(item, now, tags):
                        hits.add(place, shown)
    return True


def _read(
    db: sqlite3.Connection, numbers: Any, held: bool
) -> dict[int, tuple[entries.StoryRow, Item, frozenset[str]]]:
    """The items of those numbers that readers may see, or the desk if `held`, with their topics."""
    rows = db.execute(_ITEMS, (json.dumps(list(numbers)), held)).fetchall()
    by_hand = desk_decisions.of_stories(db, {row[1] for row in rows})
    found = {}
    for number, story, listed, changed, tags, item in rows:
        given = decided(decode(tuple[Tag, ...], tags), by_hand.get(story, ()))
        topics = frozenset(tag.topic for tag in given)
        found[number] = entries.StoryRow(story, listed, changed), decode(Item, item), topics
    return found


def _nominated(db: sqlite3.Connection, sought: Wanted) -> Generator[tuple[int, int]]:
    """Place and number of the items that may be it, the newest first."""
    values: dict[str, object] = {f"topics{n}": json.dumps(some) for n, some in enumerate(sought.topics)}
    values |= {"low": _LOWEST, "high": _HIGHEST}
    values["since"] = _LOWEST if sought.since is None else sought.since
    values["until"] = _HIGHEST if sought.until is None else sought.until
    limits = [_IN_TOPICS.format(n) for n in range(len(sought.topics))]
    if sought.since is not None or sought.until is not None:
        limits.append(_IN_TIME)
    if sought.topics and _are_few(db, sought):
        yield from db.execute(_OF_TOPICS.format(" ".join(limits)), values)
        return
    for low, high, match in _stretches(sought):
        sql = (_INDEXED if match else _EVERY).format(" ".join(limits))
        yield from db.execute(sql, {**values, "low": low, "high": high, "match": match})


def _are_few(db: sqlite3.Connection, sought: Wanted) -> bool:
    """Whether going through all stories of a topic is quicker than looking for the words."""
    few = FEW_OF_WORDS if sought.match else FEW
    ((count,),) = db.execute(_AT_MOST, (json.dumps(sought.topics[0]), few + 1))
    return bool(count <= few)


def _stretches(sought: Wanted) -> Iterator[tuple[int, int, str]]:
    """From where to where to walk, and for which words: items listed elsewhere than published are marked."""
    low = _LOWEST if sought.since is None else search_index.minute(sought.since)
    high = _HIGHEST if sought.until is None else search_index.minute(sought.until) + search_index.SPAN - 1
    moved = f"marks : {search_index.MOVED}"
    moved = f"({sought.match}) AND {moved}" if sought.match else moved
    if high < _HIGHEST:
        yield high + 1, _HIGHEST, moved
    yield low, high, sought.match
    if low > _LOWEST:
        yield _LOWEST, low - 1, moved
