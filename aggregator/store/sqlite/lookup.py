"""From what a query needs to what SQLite can look up: words and marks, topics, dates of publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from aggregator.query import AllOf, AnyOf, Anything, Carries, Dated, Literal, Lookup, Need, lookups
from aggregator.store.serialization import stamp
from aggregator.store.sqlite.search_index import COLUMNS, mark

_TOPIC = "topic:"
# SQLite reads every word that begins like a prefix before it finds the first row, and nothing stops it there:
# beyond this much work the rest of a query is left to its evaluation.
MOST_LOOKUPS = 1000
MOST_WORK = 64
_SHORT, _SHORT_WORK = 4, 16  # a prefix shorter than so many characters counts for so many


@dataclass(frozen=True, slots=True)
class Match:
    """An expression for FTS5, and what it costs."""

    text: str
    lookups: int
    work: int

    @property
    def is_cheap(self) -> bool:
        """Whether SQLite may be asked this."""
        return self.lookups <= MOST_LOOKUPS and self.work <= MOST_WORK


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a superset of the items a query holds for is looked up by; times are stamps."""

    match: str = ""  # for FTS5; "" for any item
    topics: tuple[tuple[str, ...], ...] = ()  # of each of these, at least one
    since: int | None = None  # published then or later
    until: int | None = None  # published then or earlier


def wanted(need: Need) -> Wanted:
    """What to look up for a need."""
    parts = list(_parts(need))
    dates = [part for part in parts if isinstance(part, Dated)]
    words = _joined([found for part in parts if (found := _match(part))], " AND ", every=False)
    return Wanted(
        match=words.text if words else "",
        topics=tuple(topics for part in parts if (topics := _topics(part))),
        since=_stamp(max((one.since for one in dates if one.since), default=None)),
        until=_stamp(min((one.until for one in dates if one.until), default=None)),
    )


def _stamp(moment: datetime | None) -> int | None:
    return None if moment is None else stamp(moment)


def _parts(need: Need) -> list[Need]:
    if isinstance(need, AllOf):
        return [below for part in need.parts for below in _parts(part)]
    return [need]


def _topics(need: Need) -> tuple[str, ...]:
    """The topics one of which will do, if topics are all that is asked for."""
    several = need.parts if isinstance(need, AnyOf) else (need,)
    marks = [one.mark for one in several if isinstance(one, Carries) and one.mark.startswith(_TOPIC)]
    return tuple(mark.removeprefix(_TOPIC) for mark in marks) if len(marks) == len(several) else ()


def _match(need: Need) -> Match | None:
    """The expression that finds a superset of what meets the need; None where nothing narrows it down."""
    match need:
        case Literal():
            return _literal(need)
        case Carries() if not need.mark.startswith(_TOPIC):
            return Match(f'marks : "{mark(need.mark)}"', 1, 0)
        case AllOf():
            return _joined([found for part in need.parts if (found := _match(part))], " AND ", every=False)
        case AnyOf():
            known = [found for part in need.parts if (found := _match(part))]
            return _joined(known, " OR ", every=True) if len(known) == len(need.parts) else None
        case Carries() | Dated() | Anything():
            return None
        case _:
            assert_never(need)


def _literal(need: Literal) -> Match | None:
    words = list(dict.fromkeys(lookups(need.text, need.open_end)))
    if not words:
        return None
    columns = " ".join(dict.fromkeys(COLUMNS[name] for name in need.fields))
    text = " AND ".join(f'"{word.token}"{"*" * word.open_end}' for word in words)
    return Match(f"{{{columns}}} : ({text})", len(words), sum(map(_work, words)))


def _work(word: Lookup) -> int:
    return (_SHORT_WORK if len(word.token) < _SHORT else 1) if word.open_end else 0


def _joined(found: Sequence[Match], joint: str, *, every: bool) -> Match | None:
    """The parts as one, as long as it is cheap; `every` where none may be left out."""
    taken: list[Match] = []
    for one in found:
        grown = _sum([*taken, one], joint)
        if grown.is_cheap:
            taken.append(one)
        elif every:
            return None
    return _sum(taken, joint) if taken else None


def _sum(found: Sequence[Match], joint: str) -> Match:
    text = found[0].text if len(found) == 1 else f"({joint.join(one.text for one in found)})"
    return Match(text, sum(one.lookups for one in found), sum(one.work for one in found))
