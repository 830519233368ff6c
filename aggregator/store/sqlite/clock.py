"""Takes back what a clock that was ahead has written: no stored time stays in the future."""

import json
import sqlite3
from datetime import datetime, timedelta

from aggregator import polling
from aggregator.model import Subscription
from aggregator.store.serialization import decode, encode, stamp
from aggregator.store.sqlite import archives, publications
from aggregator.websub import subscriber

_LEASE = timedelta(days=30)  # the longest that our hub gives
_RETRY = timedelta(days=7)  # the longest that anything waits for its next try
_LATEST = "SELECT max(since, coalesce(updated, 0)) FROM feeds ORDER BY 1 DESC LIMIT 1"
# Under a clock that is right, what an outlet dates came before it arrived.
_CLAIMS = """SELECT coalesce(sum(published <= :now), 0),
        coalesce(sum(published > :now AND published != arrived), 0) FROM items WHERE arrived > :now"""
_AHEAD = """SELECT DISTINCT story FROM items
    WHERE arrived > :now OR published > :now OR updated > :now OR listed > :now"""
_ITEMS = """UPDATE items SET arrived = min(arrived, :now), published = min(published, :now),
        updated = min(updated, :now),
        listed = CASE WHEN listed > :now THEN min(published, :now) ELSE listed END
    WHERE arrived > :now OR published > :now OR updated > :now OR listed > :now"""
_PLACES = """UPDATE listing SET changed = min(changed, :now),
        listed = CASE WHEN listed <= :now THEN listed ELSE min(:now, (SELECT items.listed
            FROM stories JOIN items ON items.id = stories.lead WHERE stories.id = listing.story)) END
    WHERE listed > :now OR changed > :now"""
_FEEDS_OF = "SELECT DISTINCT feed FROM listing WHERE story IN (SELECT value FROM json_each(?))"
_CLAMPED = (
    "UPDATE feeds SET begun = :now WHERE begun > :now",
    "UPDATE feeds SET ended = :now WHERE ended > :now",
    # A feed without a fingerprint of its content is printed anew, with another `updated`.
    """UPDATE feeds SET updated = min(updated, :now), since = min(since, :now),
        fingerprint = CASE WHEN fingerprint IS NULL THEN NULL ELSE '' END
        WHERE updated > :now OR since > :now""",
    "UPDATE parts SET updated = :now, revision = revision + 1 WHERE updated > :now",
    "UPDATE quarantine SET since = :now WHERE since > :now",
    "UPDATE retractions SET at = min(at, :now), published = min(published, :now) WHERE at > :now",
    "UPDATE tombstones SET at = :now WHERE at > :now",
    "UPDATE deletions SET at = :now WHERE at > :now",
    "UPDATE pushed SET at = :now WHERE at > :now",
    "UPDATE hub_calls SET due = :now WHERE due > :retry",
    "UPDATE hub_subscriptions SET until = :lease WHERE until > :lease",
    "UPDATE hub_subscriptions SET due = :now WHERE due > :retry",
    "UPDATE hub_subscriptions SET failing_since = :now WHERE failing_since > :now",
    "UPDATE hub_pings SET due = :now WHERE due > :retry",
    "UPDATE hub_pings SET failing_since = :now WHERE failing_since > :now",
)


def set_back(db: sqlite3.Connection, now: datetime) -> None:
    """Bring what was written under a clock that was ahead of `now` back to it.

    Where outlets date more of what came since then after `now` than before it, the clock is behind today
    rather than ahead then, and everything stays.
    """
    ((latest,),) = db.execute(_LATEST).fetchall() or [(0,)]
    if latest <= stamp(now + polling.LATE):
        return
    times = {"now": stamp(now), "retry": stamp(now + _RETRY), "lease": stamp(now + _LEASE)}
    ((before, after),) = db.execute(_CLAIMS, times)
    if after > before:
        return
    stories = [story for (story,) in db.execute(_AHEAD, times)]
    feeds = {feed for (feed,) in db.execute(_FEEDS_OF, (json.dumps(stories),))}
    feeds |= {feed for (feed,) in db.execute("SELECT name FROM feeds WHERE updated > :now", times)}
    archives.touch(db, stories)
    for statement in (_ITEMS, _PLACES, *_CLAMPED):
        db.execute(statement, times)
    publications.mark(db, feeds, now)
    _set_back_subscriptions(db, now)


def _set_back_subscriptions(db: sqlite3.Connection, now: datetime) -> None:
    """Let the hubs that we subscribed to be asked anew where a wrong clock decided when."""
    for id, text in db.execute("SELECT id, subscription FROM pushes").fetchall():
        known = decode(Subscription, text)
        state = subscriber.set_back(known, now)
        if state != known:
            db.execute(
                "UPDATE pushes SET due = ?, subscription = ? WHERE id = ?",
                (stamp(state.next), encode(state), id),
            )
