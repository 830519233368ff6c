"""The names of feeds: which there are, which had others before, which have ended, and what their ids are."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.feeds import renames
from aggregator.feeds.selection import Definition, Ended, FeedNames
from aggregator.model import Item
from aggregator.store.serialization import decode, encode, moment, stamp
from aggregator.store.sqlite import publications

FRONT = "index"  # no feed: what is behind of the front page is remembered with those of the feeds
_END = """UPDATE feeds SET ended = :now WHERE ended IS NULL AND fingerprint IS NOT NULL
    AND name NOT IN (SELECT value FROM json_each(:names))"""
_REVIVE = """UPDATE feeds SET ended = NULL WHERE ended IS NOT NULL
    AND name IN (SELECT value FROM json_each(:names))"""
_ENDED = "SELECT name, definition, ended FROM feeds WHERE ended IS NOT NULL AND fingerprint IS NOT NULL"
_DEFINE = "UPDATE feeds SET definition = :definition WHERE name = :name AND definition != :definition"
# A topic that was never published, also not by another name, may have all that history has for it: 2 where
# no rules ever knew its id.
_NEW = """INSERT INTO feeds (name, revision, since, filling) VALUES (:name, 1, :now, 2)
    ON CONFLICT (name) DO UPDATE SET filling = 1 WHERE begun IS NULL AND NOT filling"""
_KNOWN = "INSERT OR IGNORE INTO feeds (name, revision, since) VALUES (:name, 1, :now)"
_TAKE_OVER = """UPDATE feeds SET filling = 0,
        begun = min(coalesce(begun, :begun), :begun),
        updated = max(coalesce(updated, :updated), :updated)
    WHERE name = :name"""


def in_force(
    db: sqlite3.Connection, definitions: Sequence[Definition], stated: Mapping[str, str], now: datetime
) -> FeedNames:
    """Make these the feeds there are; `stated` are earlier names with those of today."""
    configured = {one.name for one in definitions}
    redirects = _rename(db, configured, stated, now)
    end(db, {*configured, *redirects}, now)
    for one in definitions:
        db.execute(_NEW if one.kind == "topic" else _KNOWN, {"name": one.name, "now": stamp(now)})
        db.execute(_DEFINE, {"name": one.name, "definition": encode(one)})
    filling = dict(db.execute("SELECT name, filling FROM feeds WHERE filling"))
    return FeedNames(
        redirects=redirects,
        identities=_identities(db, configured),
        ended=ended(db),
        to_fill=frozenset(filling.keys() & configured),
        unheard_of=frozenset(name for name in filling.keys() & configured if filling[name] == 2),
    )


def end(db: sqlite3.Connection, names: Collection[str], now: datetime) -> None:
    """Remember since when published feeds are not among those of these names."""
    values = {"names": json.dumps(sorted({*names, FRONT})), "now": stamp(now)}
    db.execute(_END, values)
    db.execute(_REVIVE, values)


def ended(db: sqlite3.Connection) -> dict[str, Ended]:
    """The feeds that have ended, with what they were, until they are forgotten."""
    return {
        name: Ended(decode(Definition, text) if text else _unknown(name), moment(since))
        for name, text, since in db.execute(_ENDED)
    }


def redirects(db: sqlite3.Connection) -> dict[str, str]:
    """Earlier names of feeds with those of today, the latest renaming last."""
    return dict(db.execute("SELECT earlier, name FROM renames ORDER BY id"))


def filled(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Remember that topics have all that history has for them."""
    db.executemany("UPDATE feeds SET filling = 0 WHERE name = ?", ((name,) for name in names))


def take_over(
    db: sqlite3.Connection, earlier: str, name: str, now: datetime, *, is_new: bool = False
) -> None:
    """Let a feed go on as another one: with its id and its age, if it is the older or the other `is_new`."""
    columns = "SELECT begun, updated FROM feeds WHERE name = ?"
    before, here = (db.execute(columns, (one,)).fetchone() or (None, None) for one in (earlier, name))
    is_older = before[0] is not None and (here[0] is None or before[0] < here[0])
    if is_new or is_older:
        kept = identity(db, earlier)
        db.execute("DELETE FROM identities WHERE name IN (?, ?)", (earlier, name))
        if kept != name:
            db.execute("INSERT INTO identities VALUES (?, ?)", (name, kept))
    for table in ("decisions", "rulings"):
        db.execute(f"UPDATE OR REPLACE {table} SET topic = ? WHERE topic = ?", (name, earlier))  # noqa: S608
    if before[0] is not None:
        publications.mark(db, [name], now)
        db.execute("UPDATE feeds SET begun = NULL WHERE name = ?", (earlier,))
        db.execute(_TAKE_OVER, {"name": name, "begun": before[0], "updated": before[1]})


def as_first_known(db: sqlite3.Connection, source: str, items: Iterable[Item]) -> list[Item]:
    """Items of a source as if it had its first id still, of which the ids minted for them are made."""
    first = identity(db, f"sources/{source}").removeprefix("sources/")
    return [item if first == source else replace(item, source=first) for item in items]


def _rename(
    db: sqlite3.Connection, configured: Collection[str], stated: Mapping[str, str], now: datetime
) -> dict[str, str]:
    known = redirects(db)
    rows = db.execute("SELECT name FROM feeds WHERE fingerprint IS NOT NULL")
    alive = {name for (name,) in rows} - known.keys()
    found = renames.resolve(configured, stated, known, alive)
    for earlier, name in found.items():
        if known.get(earlier) != name:
            remember(db, earlier, name)
            if not earlier.startswith("sources/"):  # those went with their source
                take_over(db, earlier, name, now)
    db.executemany("DELETE FROM renames WHERE earlier = ?", ((name,) for name in configured))
    return redirects(db)


def remember(db: sqlite3.Connection, earlier: str, name: str) -> None:
    """Let an earlier name lead to that of today."""
    db.execute("DELETE FROM renames WHERE earlier = ?", (earlier,))
    db.execute("INSERT INTO renames (earlier, name) VALUES (?, ?)", (earlier, name))


def identity(db: sqlite3.Connection, name: str) -> str:
    """What the id of a feed is made of."""
    row = db.execute("SELECT identity FROM identities WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else name


def _identities(db: sqlite3.Connection, configured: Collection[str]) -> dict[str, str]:
    """What the ids of feeds are made of; a name that is the id of another feed gets one of its own."""
    known = dict(db.execute("SELECT name, identity FROM identities"))
    for name in sorted(set(configured) & set(known.values()) - known.keys()):
        number = 2
        while f"{name};{number}" in known.values():
            number += 1
        known[name] = f"{name};{number}"
        db.execute("INSERT INTO identities VALUES (?, ?)", (name, known[name]))
    return known


def _unknown(name: str) -> Definition:
    """A feed that ended before its definition was remembered."""
    kind, _, id = name.rpartition("/")
    return Definition(name, id, "", "source" if kind else "topic")
