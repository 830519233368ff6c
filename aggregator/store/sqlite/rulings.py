"""The rulings of the desk that are in force, and the stories that it keeps back or lets stand first."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from aggregator.model import Rulings
from aggregator.store.serialization import moment, plain, stamp
from aggregator.text.urls import canonical

_ABOUT = """SELECT kind, item, topic, url, until, silent, reason FROM rulings
    WHERE item IN (SELECT published_id FROM stories WHERE id IN (SELECT value FROM json_each(:stories)))
    OR url IN (SELECT url FROM items WHERE url != '' AND story IN (SELECT value FROM json_each(:stories)))"""
_HELD = """SELECT DISTINCT story FROM subjects JOIN rulings USING (item)
    WHERE kind = 'hold' AND story IN (SELECT value FROM json_each(?))"""
_PINNED = """SELECT story, max(until) FROM subjects JOIN rulings USING (item)
    WHERE kind = 'pin' AND topic = ? AND until > ? GROUP BY story"""


class RulingRow(NamedTuple):
    """A ruling as it is kept."""

    kind: str
    item: str
    topic: str  # "" but for pins
    url: str  # canonical, "" where the item is named by its id
    until: int | None
    silent: bool
    reason: str


def known(db: sqlite3.Connection) -> set[RulingRow]:
    """Every ruling in force."""
    return {_row(*row) for row in db.execute("SELECT * FROM rulings")}


def about(db: sqlite3.Connection, stories: Iterable[int]) -> list[RulingRow]:
    """The rulings that name one of these stories by its id, or an item of one by its address."""
    if not db.execute("SELECT 1 FROM rulings LIMIT 1").fetchone():
        return []
    return sorted(_row(*row) for row in db.execute(_ABOUT, {"stories": json.dumps(list(stories))}))


def held(db: sqlite3.Connection, stories: Iterable[int]) -> set[int]:
    """Which of the stories the desk keeps back."""
    return {story for (story,) in db.execute(_HELD, (json.dumps(list(stories)),))}


def pinned(db: sqlite3.Connection, topic: str, now: datetime) -> Mapping[int, datetime]:
    """The stories that stand first in a topic, and until when."""
    return {story: moment(until) for story, until in db.execute(_PINNED, (topic, stamp(now)))}


def rows(rulings: Rulings) -> Iterator[RulingRow]:
    """What the desk rules, as it is kept."""

    def row(
        kind: str, item: str, reason: str, topic: str = "", until: int | None = None, silent: bool = False
    ) -> RulingRow:
        return RulingRow(kind, plain(item), topic, plain(canonical(item)), until, silent, plain(reason))

    yield from (row("withdraw", one.item, one.reason, silent=one.silent) for one in rulings.withdrawn)
    yield from (row("hold", one.item, one.reason) for one in rulings.held)
    yield from (row("pin", one.item, one.reason, one.topic, stamp(one.until)) for one in rulings.pinned)


def _row(
    kind: str, item: str, topic: str, url: str, until: int | None, silent: int, reason: str
) -> RulingRow:
    return RulingRow(kind, item, topic, url, until, bool(silent), reason)
