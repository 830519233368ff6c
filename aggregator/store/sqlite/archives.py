"""The archives of feeds: what no part holds yet, the parts that are sealed, and which are to be printed."""

import json
import sqlite3
from collections.abc import Collection, Iterable

from aggregator.model import ArchiveDocument, Entry
from aggregator.store.serialization import moment, plain
from aggregator.store.sqlite import entries
from aggregator.store.sqlite.entries import StoryRow

_UNSEALED = """SELECT story, listed, changed FROM listing INDEXED BY listing_unsealed
    WHERE feed = :feed AND backfill = :backfill AND sealed = 0
        AND id NOT IN (SELECT value FROM json_each(:besides))
    ORDER BY listed, id LIMIT :most"""
# The plus keeps SQLite from walking through the whole feed instead of the places of the stories.
_TO_SEAL = """SELECT listing.story FROM listing JOIN stories ON stories.id = listing.story
    WHERE published_id IN (SELECT value FROM json_each(?)) AND +feed = ? AND +sealed = 0"""
_NUMBER = "SELECT coalesce(max(number), 0) FROM parts WHERE feed = ?"
_UPDATED = """SELECT max(updated) FROM stories JOIN items ON items.id = lead
    WHERE stories.id IN (SELECT value FROM json_each(?))"""
_SEALED = """UPDATE listing SET sealed = 1, backfill = 0
    WHERE story IN (SELECT value FROM json_each(?)) AND +feed = ?"""
_ENTRIES = """SELECT listing.story, listed, changed FROM parts JOIN sealed ON sealed.part = parts.id
    JOIN listing ON listing.story = sealed.story AND +listing.feed = parts.feed
    WHERE parts.feed = ? AND number = ?"""
_PART = "SELECT feed, number, revision, updated FROM parts"
_PRINTED = """UPDATE parts SET printed = :revision, edition = :edition,
        urgent = urgent AND revision > :revision
    WHERE feed = :feed AND number = :number AND :revision BETWEEN printed AND revision"""
_TOUCH = """UPDATE parts SET revision = revision + 1, urgent = 1
    WHERE id IN (SELECT part FROM sealed WHERE story IN (SELECT value FROM json_each(?)))"""
_LEAVE = """DELETE FROM sealed WHERE story = :story
    AND part IN (SELECT sealed.part FROM sealed JOIN parts ON parts.id = part
        WHERE sealed.story = :story AND parts.feed = :feed)"""
_STRANDED = """UPDATE listing SET sealed = 0, backfill = 1
    WHERE story IN (SELECT value FROM json_each(:stories)) AND +feed = :feed AND sealed = 1
        AND NOT EXISTS (SELECT 1 FROM sealed JOIN parts ON parts.id = sealed.part
            WHERE sealed.story = listing.story AND parts.feed = listing.feed)"""


def unsealed(
    db: sqlite3.Connection, feed: str, besides: Collection[str], most: int, *, backfill: bool
) -> tuple[Entry, ...]:
    """The entries of a feed that no part holds, but for those named, the first by `listed` first."""
    named = json.dumps([plain(id) for id in besides])
    rows = db.execute(_UNSEALED, {"feed": feed, "backfill": backfill, "besides": named, "most": most})
    return entries.build(db, [StoryRow(*row) for row in rows], feed=feed)[::-1]


def seal(db: sqlite3.Connection, feed: str, ids: Collection[str]) -> int:
    """Make the next part of a feed of those entries that no part holds; how many there were."""
    named = json.dumps([plain(id) for id in ids])
    stories = [story for (story,) in db.execute(_TO_SEAL, (named, feed))]
    if not stories:
        return 0
    chosen = json.dumps(stories)
    ((last,),) = db.execute(_NUMBER, (feed,))
    ((updated,),) = db.execute(_UPDATED, (chosen,))
    made = db.execute(
        "INSERT INTO parts (feed, number, updated) VALUES (?, ?, ?)", (feed, last + 1, updated)
    ).lastrowid
    db.executemany("INSERT INTO sealed VALUES (?, ?)", ((made, story) for story in stories))
    db.execute(_SEALED, (chosen, feed))
    return len(stories)


def shown(db: sqlite3.Connection, part: ArchiveDocument) -> tuple[Entry, ...]:
    """The entries of a part as they are now, newest first by `listed`."""
    return entries.build(
        db, [StoryRow(*row) for row in db.execute(_ENTRIES, (part.feed, part.number))], feed=part.feed
    )


def newest(db: sqlite3.Connection, feed: str) -> int:
    """The number of a feed's last part; 0 where it has none."""
    ((number,),) = db.execute(_NUMBER, (feed,))
    return int(number)


def of_feed(db: sqlite3.Connection, feed: str) -> tuple[ArchiveDocument, ...]:
    """All parts of a feed in their order."""
    return _parts(db.execute(f"{_PART} WHERE feed = ? ORDER BY number", (feed,)))


def unprinted(db: sqlite3.Connection, feed: str) -> tuple[ArchiveDocument, ...]:
    """The parts of a feed that were never printed, in their order."""
    return _parts(db.execute(f"{_PART} WHERE feed = ? AND printed = 0 ORDER BY number", (feed,)))


def behind(db: sqlite3.Connection, most: int) -> tuple[ArchiveDocument, ...]:
    """Parts to be printed anew, those first that an entry left."""
    return _parts(
        db.execute(f"{_PART} WHERE revision > printed ORDER BY urgent DESC, id DESC LIMIT ?", (most,))
    )


def printed(db: sqlite3.Connection, part: ArchiveDocument, edition: str) -> None:
    """Remember that a part stands as it was at that revision."""
    key = {"feed": part.feed, "number": part.number, "revision": part.revision}
    db.execute(_PRINTED, key | {"edition": edition})


def reprint(db: sqlite3.Connection, parts: Iterable[ArchiveDocument]) -> None:
    """Have parts printed anew."""
    db.executemany(
        "UPDATE parts SET revision = revision + 1 WHERE feed = ? AND number = ?",
        ((part.feed, part.number) for part in parts),
    )


def reprint_older(db: sqlite3.Connection, edition: str) -> None:
    """Have all parts printed anew that another edition printed."""
    db.execute(
        "UPDATE parts SET revision = revision + 1 WHERE edition != ? AND revision = printed", (edition,)
    )


def touch(db: sqlite3.Connection, stories: Iterable[int]) -> None:
    """Have every part that holds one of these stories printed anew, soon."""
    db.execute(_TOUCH, (json.dumps(list(stories)),))


def leave(db: sqlite3.Connection, places: Collection[tuple[int, str]]) -> None:
    """Take stories, each with a feed that it left, out of the parts of that feed."""
    if not places:
        return
    touch(db, (story for story, _ in places))
    db.executemany(_LEAVE, ({"story": story, "feed": feed} for story, feed in places))


def rename(db: sqlite3.Connection, earlier: str, feed: str, stories: Collection[int]) -> None:
    """Let a feed have the parts of an earlier one, if it has none; `stories` came from there just now."""
    if stories and not newest(db, feed):
        db.execute("UPDATE parts SET feed = ?, revision = revision + 1 WHERE feed = ?", (feed, earlier))
    db.execute(_STRANDED, {"stories": json.dumps(list(stories)), "feed": feed})
    leave(db, [(story, earlier) for story in stories])


def _parts(rows: Iterable[tuple[str, int, int, int]]) -> tuple[ArchiveDocument, ...]:
    return tuple(
        ArchiveDocument(feed, number, revision, moment(updated)) for feed, number, revision, updated in rows
    )
