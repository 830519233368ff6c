"""What becomes of an item when it arrives or is corrected: its dates, and whether it changed at all."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Head, Item

LATE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates the store fixes for an item."""

    published: datetime  # the outlet's; the arrival where that is missing or lies in the future
    updated: datetime
    listed: datetime  # where it stands in a feed
    arrived: datetime


def content_hash(item: Item) -> str:
    """Equal for equal items; the feed's own head moves with every poll and is left out."""
    content = repr(replace(item, head=Head()))
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def arrive(item: Item, now: datetime, previous_good: datetime | None) -> Dates:
    """The dates of a new item; `previous_good` is None for the first good poll of its source (a backfill).

    An item is listed by its publication, unless it comes more than 48 hours late against the source's
    previous good poll: then by its arrival, so that no reader misses it below what was read already.
    """
    published = item.published if item.published and item.published <= now else now
    updated = item.updated if item.updated and published <= item.updated <= now else published
    late = previous_good is not None and published < previous_good - LATE
    return Dates(published, updated, now if late else published, now)


def correct(item: Item, known: Dates, now: datetime) -> Dates:
    """The dates of a known item whose content changed: `updated` moves, and never back; the rest stays."""
    said = item.updated
    moved = said if said is not None and known.updated < said <= now else now
    return replace(known, updated=max(moved, known.updated))
