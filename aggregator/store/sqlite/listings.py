"""Which feeds show which stories, and where each stands in them."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from aggregator.feeds.selection import WINDOW
from aggregator.model import Decision
from aggregator.store.serialization import stamp
from aggregator.store.sqlite import archives, desk_decisions, rulings
from aggregator.websub.hub import HISTORY

_MEMBERS = """SELECT items.story, published_id, lead, items.id, source, listed, published, tags FROM items
    JOIN stories ON stories.id = items.story
    WHERE items.story IN (SELECT value FROM json_each(?)) ORDER BY items.id != lead, items.id"""
_BEFORE = """SELECT feed, listed, id, story, changed, sealed, backfill FROM listing
    WHERE story IN (SELECT value FROM json_each(?))"""


class ListingRow(NamedTuple):
    """A story's place in a feed; times are stamps."""

    feed: str
    listed: int
    id: str
    story: int
    changed: int  # when it came into the feed, or was corrected there
    sealed: int = 0  # whether a part of the archive holds it as it is
    backfill: int = 0  # whether it came too late to be announced, and no document showed it yet


class _Member(NamedTuple):
    """An item of a story, as far as it decides about places; the lead comes first."""

    story: int
    id: str
    lead: int
    item: int
    source: str
    listed: int
    published: int
    tags: str


def refresh(
    db: sqlite3.Connection,
    stories: Iterable[int],
    corrected: set[int],
    now: datetime,
    *,
    backfill: bool = False,
) -> set[str]:
    """Bring the places of stories up to date; the feeds that show one of them, before or after.

    `corrected` are items whose content changed: a story that one of them leads changed in all its feeds but
    those of other sources, which show their own version. In a feed where it is, a story keeps its place. As
    `backfill` it comes in by its publication, unannounced.
    What the desk keeps back has no place.
    """
    chosen = (json.dumps(list(stories)),)
    before: dict[int, dict[str, ListingRow]] = {}
    for row in map(ListingRow._make, db.execute(_BEFORE, chosen)):
        before.setdefault(row.story, {})[row.feed] = row
    members: dict[int, list[_Member]] = {}
    for member in map(_Member._make, db.execute(_MEMBERS, chosen)):
        members.setdefault(member.story, []).append(member)
    by_hand, held_back = desk_decisions.of_stories(db, members), rulings.held(db, members)
    after: set[ListingRow] = set()
    for story, several in members.items():
        if story in held_back:
            continue
        old, lead = before.get(story, {}), several[0]
        for feed, member in _feeds(several, by_hand.get(story, ())).items():
            place = old.get(feed) or _new_place(feed, member, old.get("all"), now, backfill=backfill)
            if (member.item if feed.startswith("sources/") else lead.lead) in corrected:
                place = place._replace(changed=stamp(now), sealed=0, backfill=0)
            after.add(place)
    rows = {row for places in before.values() for row in places.values()}
    archives.leave(db, {(row.story, row.feed) for row in rows} - {(row.story, row.feed) for row in after})
    _replace(db, rows, after)
    return {row.feed for row in rows | after}


def count(db: sqlite3.Connection, feed: str) -> int:
    """How many stories a feed shows."""
    ((number,),) = db.execute("SELECT count(*) FROM listing WHERE feed = ?", (feed,))
    return int(number)


def _new_place(
    feed: str, member: _Member, known: ListingRow | None, now: datetime, *, backfill: bool
) -> ListingRow:
    """Where a story comes into a feed; `known` is its place among everything, if it had one before."""
    if not backfill:
        return ListingRow(feed, member.listed, member.id, member.story, stamp(now))
    listed = min(member.published, member.listed)  # what has no date may be listed before its arrival
    announced = min(known.changed if known else listed, stamp(now - HISTORY))
    late = announced <= stamp(now - WINDOW)
    return ListingRow(feed, listed, member.id, member.story, announced, backfill=late)


def _feeds(members: Sequence[_Member], decisions: Sequence[Decision]) -> dict[str, _Member]:
    """Every feed that shows a story, with the item that brings it there."""
    feeds: dict[str, _Member] = {}
    for member in members:
        topics = [tag["topic"] for tag in json.loads(member.tags)]
        for feed in ("all", f"sources/{member.source}", *topics):
            feeds.setdefault(feed, member)
    for one in decisions:
        if one.belongs:
            feeds.setdefault(one.topic, members[0])
        else:
            feeds.pop(one.topic, None)
    return feeds


def _replace(db: sqlite3.Connection, before: set[ListingRow], after: set[ListingRow]) -> None:
    db.executemany(
        "DELETE FROM listing WHERE feed = ? AND listed = ? AND id = ?",
        (row[:3] for row in before - after),
    )
    db.executemany("INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?)", sorted(after - before))
