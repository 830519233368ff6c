"""All that one poll changes: what is new, what was corrected, and which feeds show it."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.items import dates as item_dates
from aggregator.items import sameness
from aggregator.items.dates import Dates
from aggregator.items.stories import ArticleNames, article_keys, known_by, names
from aggregator.model import Change, PollResult, Tagged
from aggregator.polling import answers
from aggregator.store.serialization import encode, moment, plain, stamp
from aggregator.store.sqlite import (
    deletions,
    desk_decisions,
    enforcement,
    listings,
    placements,
    polls,
    publications,
    search_index,
    source_states,
    withdrawals,
)
from aggregator.store.sqlite.placements import RowIds

_KNOWN = """SELECT key, id, story, hash, published, updated, listed, arrived FROM items
    WHERE source = ? AND key IN (SELECT value FROM json_each(?))"""
_ARRIVE = """INSERT INTO items (id, source, key, story, hash, published, updated, listed, arrived,
        rules, url, title, tags, item) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_CORRECT = """UPDATE items SET hash = ?, published = ?, updated = ?, listed = ?, arrived = ?,
        rules = ?, url = ?, title = ?, tags = ?, item = ? WHERE id = ?"""


@dataclass(frozen=True, slots=True)
class Known:
    """A stored item, as far as it takes to see whether it changed."""

    id: int
    story: int
    hash: str
    dates: Dates


@dataclass(frozen=True, slots=True)
class Incoming:
    """An item of a poll and its hash, worked out before the database is locked."""

    tagged: Tagged
    hash: str


def prepare(poll: PollResult) -> dict[str, Incoming]:
    """The items of a poll by their short keys, in the order of the feed."""
    incoming: dict[str, Incoming] = {}
    for tagged in poll.tagged:
        key = known_by(tagged.item.key)
        hash = poll.derived.hashes.get(tagged.item.key) or sameness.content_hash(tagged.item)
        incoming.setdefault(key, Incoming(tagged, hash))
    return incoming


def record(
    db: sqlite3.Connection,
    poll: PollResult,
    incoming: Mapping[str, Incoming],
    namespace: str,
    unindexed: search_index.Unindexed,
) -> Change | None:
    """Store a poll; None, and nothing stored, if its claim is no longer current.

    What searches are to find of it is added to `unindexed`, for `search_index.add` as the transaction ends.
    """
    if not source_states.advance(db, poll):
        return None
    change, published, notes = Change(), tuple[datetime, ...](), tuple[str, ...]()
    if incoming or poll.deleted:
        change, published, notes = _take_in(db, poll, incoming, namespace, unindexed)
    line = answers.logged(poll, published, change.corrected)
    polls.log(db, poll.claim.source, replace(line, notes=(*line.notes, *notes)))
    return change


def _take_in(
    db: sqlite3.Connection,
    poll: PollResult,
    incoming: Mapping[str, Incoming],
    namespace: str,
    unindexed: search_index.Unindexed,
) -> tuple[Change, tuple[datetime, ...], tuple[str, ...]]:
    """The change that a poll made, the publication dates of its new items, and notes for its log."""
    touched = _heed(db, poll, incoming)
    known = _known(db, poll.claim.source, incoming)
    fresh, returning, announced = _admitted(
        db, poll.claim.source, {key: one for key, one in incoming.items() if key not in known}
    )
    corrected = [
        (known[key], one)
        for key, one in incoming.items()
        if key in known and _is_corrected(poll, known[key], one)
    ]
    dates = _dates(poll, fresh, returning)
    touched |= announced
    notes: tuple[str, ...] = ()
    if fresh or corrected:
        behind, notes = _store(db, poll, fresh, corrected, dates, namespace, unindexed)
        touched |= behind
    publications.mark(db, touched, poll.at)
    published = tuple(one.published for one in dates)
    return Change(len(fresh), len(corrected), frozenset(touched)), published, notes


def _store(
    db: sqlite3.Connection,
    poll: PollResult,
    fresh: Mapping[str, Incoming],
    corrected: Sequence[tuple[Known, Incoming]],
    dates: Sequence[Dates],
    namespace: str,
    unindexed: search_index.Unindexed,
) -> tuple[set[str], tuple[str, ...]]:
    """Store what is new and what was corrected; the feeds that are behind for it, and notes for the log."""
    search_index.prepare(db)
    arrived = _arrive(db, poll, fresh, dates, namespace)
    _correct(db, poll, corrected)
    unindexed.items.update(
        (place.item, one.tagged.item) for place, one in zip(arrived, fresh.values(), strict=True)
    )
    unindexed.items.update((before.id, one.tagged.item) for before, one in corrected)
    unindexed.levelled.update(poll.derived.levelled)
    differing = {before.id for before, _ in corrected}
    parted = placements.part(db, {before.story for before, _ in corrected}, differing, namespace)
    stories = {place.story for place in arrived} | {before.story for before, _ in corrected}
    stories |= set(parted.values())
    desk_decisions.recognise(db, stories)
    withdrawn_from = enforcement.recognise(db, stories, poll.at)
    behind = withdrawn_from | listings.refresh(db, stories, differing, poll.at, backfill=poll.backfill)
    claims = [
        one.tagged.item.title for place, one in zip(arrived, fresh.values(), strict=True) if place.claims
    ]
    left = [one.tagged.item.title for before, one in corrected if before.id in parted]
    return behind, answers.claimed(claims, left)


def _is_corrected(poll: PollResult, known: Known, one: Incoming) -> bool:
    return known.hash != one.hash and item_dates.corrects(poll, one.tagged.item, known.dates)


def _known(db: sqlite3.Connection, source: str, keys: Mapping[str, Incoming]) -> dict[str, Known]:
    rows = db.execute(_KNOWN, (source, json.dumps(list(keys)))) if keys else ()
    return {key: Known(id, story, hash, Dates(*map(moment, dates))) for key, id, story, hash, *dates in rows}


def _heed(db: sqlite3.Connection, poll: PollResult, incoming: Mapping[str, Incoming]) -> set[str]:
    """Take out what the outlet took back; the feeds that are behind for it."""
    if not poll.deleted:
        return set()
    search_index.prepare(db)
    items = {key: one.tagged.item for key, one in incoming.items()}
    return deletions.heed(db, poll.claim.source, poll.deleted, items, poll.at)


def _admitted(
    db: sqlite3.Connection, source: str, fresh: Mapping[str, Incoming]
) -> tuple[dict[str, Incoming], set[str], set[str]]:
    """The new items without those that were withdrawn; which come again, and the feeds that told of those."""
    items = {key: one.tagged.item for key, one in fresh.items()}
    deleted, revived, feeds = deletions.sort_out(db, source, items)
    barred, returning = withdrawals.barred(
        db, {key: items[key] for key in items if key not in deleted}, source
    )
    kept = {key: one for key, one in fresh.items() if key not in deleted | barred}
    return kept, revived | returning, feeds


def _dates(poll: PollResult, fresh: Mapping[str, Incoming], returning: Collection[str]) -> list[Dates]:
    previous_good = None if poll.backfill else poll.claim.memory.good
    arrived = item_dates.arrivals([one.tagged.item for one in fresh.values()], poll.at, previous_good)
    dates = dict(zip(fresh, arrived, strict=True))
    return [item_dates.returned(when, poll.at) if key in returning else when for key, when in dates.items()]


def _arrive(
    db: sqlite3.Connection,
    poll: PollResult,
    fresh: Mapping[str, Incoming],
    dates: Sequence[Dates],
    namespace: str,
) -> list[RowIds]:
    """Store the new items, each with its story; where each stands."""
    if not fresh:
        return []
    source = poll.claim.source
    items = [one.tagged.item for one in fresh.values()]
    named = [names(item) for item in items]
    places = placements.assign(db, source, items, named, namespace)
    db.executemany(
        _ARRIVE,
        (
            (place.item, source, key, place.story, one.hash, *_stamps(when), *_columns(one.tagged, known))
            for place, (key, one), when, known in zip(places, fresh.items(), dates, named, strict=True)
        ),
    )
    return places


def _correct(db: sqlite3.Connection, poll: PollResult, corrected: Sequence[tuple[Known, Incoming]]) -> None:
    """Replace the items whose content changed, with their tags."""
    search_index.remove(db, (before.id for before, _ in corrected))
    for before, one in corrected:
        dates = item_dates.correct(one.tagged.item, before.dates, poll.at)
        named = names(one.tagged.item)
        db.execute(_CORRECT, (one.hash, *_stamps(dates), *_columns(one.tagged, named), before.id))
        placements.nominate(db, ((key, before.story) for key in article_keys(one.tagged.item, named)))


def _stamps(dates: Dates) -> tuple[int, int, int, int]:
    return stamp(dates.published), stamp(dates.updated), stamp(dates.listed), stamp(dates.arrived)


def _columns(tagged: Tagged, names: ArticleNames) -> tuple[str, str, str, str, str]:
    return (
        plain(tagged.rules),
        plain(names.url),
        plain(names.title),
        encode(tagged.tags),
        encode(tagged.item),
    )
