"""A document taken apart: its entries, and what stands around them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.parse.identity import NO_ID, letters

NEWEST = 2_000
"""Entries of one document that are read."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a document consists of, whatever its format."""

    entries: tuple[bytes, ...]
    names: tuple[str, ...]  # see `name`
    around: bytes  # all that entries may inherit or be cleaned by, less what changes and means nothing
    written: Callable[[Sequence[bool]], bytes]  # the document with those entries that True is given for
    left_out: int = 0  # older entries, which are not among these


def newest(dates: Iterable[datetime | None]) -> list[bool]:
    """Which of the entries with these dates are read: the newest; those without a date count as oldest."""
    stated = [date or _LONG_AGO for date in dates]
    chosen = sorted(range(len(stated)), key=stated.__getitem__, reverse=True)[:NEWEST]
    are_chosen = [False] * len(stated)
    for place in chosen:
        are_chosen[place] = True
    return are_chosen


def note(entries: int) -> str:
    """A sentence about a document with more entries than are read."""
    return f"Of its {entries:,} entries the newest {NEWEST:,} were read."


def name(id: str, title: str) -> str:
    """Equal for entries whose keys may be equal, or are told apart by comparing them (see `identity`)."""
    id = re.sub(r"^https?:", "", id.strip())
    return f"id {id}" if id and id.lower() not in NO_ID else f"title {letters(title)}"
