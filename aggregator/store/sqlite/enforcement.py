"""Puts what the desk rules about items in force: withdrawn, held back until released, first for a time."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from aggregator.items import dates
from aggregator.model import Rulings, Withdrawal
from aggregator.store.serialization import stamp
from aggregator.store.sqlite import desk_decisions, listings, rulings, search_index, withdrawals
from aggregator.store.sqlite.rulings import RulingRow

_LATE = """SELECT id FROM items WHERE story IN (SELECT value FROM json_each(?)) AND listed < ?"""


def replace(db: sqlite3.Connection, said: Rulings, now: datetime) -> set[str]:
    """Make these the rulings in force, and no others; the feeds that are behind for it."""
    wanted, known = set(rulings.rows(said)), rulings.known(db)
    if wanted == known:
        return set()
    ended, begun = known - wanted, wanted - known
    released = _subjects(db, {row.item for row in ended if row.kind == "hold"})
    db.executemany(
        "DELETE FROM rulings WHERE kind = ? AND item = ? AND topic = ?", (row[:3] for row in ended)
    )
    db.executemany("INSERT INTO rulings VALUES (?, ?, ?, ?, ?, ?, ?)", begun)
    desk_decisions.forget_subjects(db)
    desk_decisions.resolve(db, {row.item for row in begun if row.kind != "withdraw"})
    touched = {row.topic for row in ended | begun if row.kind == "pin"}
    touched |= _withdraw(db, ended, begun, now)
    released -= rulings.held(db, released)
    _list_anew(db, released, now)
    kept_back = _subjects(db, {row.item for row in begun if row.kind == "hold"})
    return touched | listings.refresh(db, released | kept_back, set(), now)


def recognise(db: sqlite3.Connection, stories: Iterable[int], now: datetime) -> set[str]:
    """Let rulings about these stories find them; the feeds that are behind because a story was withdrawn."""
    rows = rulings.about(db, stories)
    desk_decisions.resolve(db, {row.item for row in rows if row.kind != "withdraw"})
    return {feed for row in rows if row.kind == "withdraw" for feed in _take_out(db, row, now)}


def _withdraw(
    db: sqlite3.Connection, ended: set[RulingRow], begun: set[RulingRow], now: datetime
) -> set[str]:
    before = {row.item for row in ended if row.kind == "withdraw"}
    after = {row.item: row for row in sorted(begun) if row.kind == "withdraw"}
    touched: set[str] = set()
    for item, row in after.items():
        if item in before:
            touched |= withdrawals.reword(db, _withdrawal(row))
        else:
            withdrawals.bar_named(db, _withdrawal(row))
            touched |= _take_out(db, row, now)
    for item in sorted(before - after.keys()):
        touched |= withdrawals.undo(db, item)
    return touched


def _take_out(db: sqlite3.Connection, row: RulingRow, now: datetime) -> set[str]:
    return withdrawals.withdraw(db, desk_decisions.stories_of(db, row.item), _withdrawal(row), now)


def _withdrawal(row: RulingRow) -> Withdrawal:
    return Withdrawal(row.item, row.reason, row.silent)


def _subjects(db: sqlite3.Connection, items: Iterable[str]) -> set[int]:
    rows = db.execute(
        "SELECT story FROM subjects WHERE item IN (SELECT value FROM json_each(?))",
        (json.dumps(list(items)),),
    )
    return {story for (story,) in rows}


def _list_anew(db: sqlite3.Connection, stories: Iterable[int], now: datetime) -> None:
    """What was held for long is listed by its release, as what arrives late is by its arrival."""
    rows = db.execute(_LATE, (json.dumps(list(stories)), stamp(now - dates.LATE)))
    late = [number for (number,) in rows]
    search_index.remove(db, late)
    db.executemany("UPDATE items SET listed = ? WHERE id = ?", ((stamp(now), number) for number in late))
    search_index.add_stored(db, late)
