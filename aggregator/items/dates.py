"""Dates of items: as they arrive, as they are corrected, and where they stand in a feed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from aggregator.model import Item, PollResult

LATE = timedelta(hours=48)


_SECOND = timedelta(seconds=1)


_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)  # before feeds were invented


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates the store fixes for an item."""

    published: datetime  # the outlet's; the arrival where that is missing or lies in the future
    updated: datetime
    listed: datetime  # where it stands in a feed
    arrived: datetime


def arrivals(items: Sequence[Item], now: datetime, previous_good: datetime | None) -> list[Dates]:
    """The dates of the new items of a poll; `previous_good` is None for the first good one of its source.

    In that first poll, what has no date is listed behind all that has one, of whatever source: it is not
    known to be new.
    """
    dates = [arrive(item, now, previous_good) for item in items]
    if previous_good is not None:
        return dates
    behind = (_UNDATED - place * _SECOND for place in count())  # in the order of the document
    return [
        when if item.published else replace(when, listed=next(behind))
        for item, when in zip(items, dates, strict=True)
    ]


def arrive(item: Item, now: datetime, previous_good: datetime | None) -> Dates:
    """The dates of a new item by itself; `previous_good` is None for the first good poll of its source.

    An item is listed by its publication, unless it comes more than 48 hours late against the source's
    previous good poll: then by its arrival, so that no reader misses it below what was read already.
    """
    published = item.published if item.published and item.published <= now else now
    updated = item.updated if item.updated and published <= item.updated <= now else published
    late = previous_good is not None and published < previous_good - LATE
    return Dates(published, updated, now if late else published, now)


def returned(dates: Dates, now: datetime) -> Dates:
    """The dates of an item that was withdrawn and comes again: who read that it was gone sees a change."""
    return replace(dates, updated=max(now, dates.updated))


def revives(item: Item, deleted: datetime) -> bool:
    """Whether an outlet touched an entry after it had taken it back (RFC 6721, 3)."""
    touched = item.updated or item.published
    return touched is not None and touched > deleted


def correct(item: Item, known: Dates, now: datetime) -> Dates:
    """The dates of a known item whose content changed: `updated` moves, and never back; the rest stays."""
    said = item.updated
    moved = said if said is not None and known.updated < said <= now else now
    return replace(known, updated=max(moved, known.updated))


def corrects(poll: PollResult, item: Item, known: Dates) -> bool:
    """Whether what is said of a known item counts; a push may be late, so it must say that it is newer."""
    return poll.outcome != "pushed" or (item.updated is not None and item.updated > known.updated)
