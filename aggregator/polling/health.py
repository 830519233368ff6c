"""How a source fares, in one word and in sentences for whoever can do something about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from aggregator.model import Source, SourceState
from aggregator.polling.rates import at_least, before_silence, per_day
from aggregator.polling.schedule import ADOPT_AFTER
from aggregator.polling.wishes import DAY
from aggregator.text import credentials
from aggregator.text.quantities import counted, rate, span

State = Literal["gone", "broken", "silent", "failing", "moved", "waiting", "new", "fine"]
STATES: tuple[State, ...] = get_args(State)
"""Worst first."""
_BROKEN_AFTER = 3
_QUIET_DAYS = 3.0  # a long weekend
_MISSED_ITEMS = 10.0  # that many were to be expected, and none came


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source's state, what is to be said about it, and the items a day it brings (None: not known yet)."""

    state: State
    notes: tuple[str, ...] = ()
    per_day: float | None = None


def health(
    source: Source, memory: SourceState | None, now: datetime, *, pushed: bool = False
) -> SourceHealth:
    """How a source fares at `now`; `memory` is None for one that the store does not know yet.

    `pushed` says that a hub brings what is new, so that no wait is too long.
    """
    waits = memory is not None and memory.not_before is not None and memory.not_before > now
    if memory is None or (memory.good is None and memory.polled is None and not waits):
        return SourceHealth("new", ("It was not polled yet.",))
    found = [
        ("gone" if memory.gone else _failing(memory, now), _trouble(memory)),
        ("silent", _silence(memory, now)),
        ("moved", _move(source, memory)),
        ("waiting", memory.why if waits else ""),
    ]
    said = [(state, note) for state, note in found if note]
    unseen = "" if pushed else _unseen(memory)
    states = [state for state in STATES if any(state == one for one, _ in said)]
    rate = per_day(memory) if memory.good is not None else None
    notes = (*(note for _, note in said), *((unseen,) if unseen else ()))
    return SourceHealth(states[0] if states else "fine", notes, rate)


def _failing(memory: SourceState, now: datetime) -> State:
    """What failures amount to; a 429 asks for patience, for a day at least."""
    lasting = memory.failures >= _BROKEN_AFTER and memory.failing is not None and now - memory.failing >= DAY
    if memory.status == 429 and not lasting:
        return "waiting"
    return "broken" if memory.failures >= _BROKEN_AFTER or memory.good is None else "failing"


def _trouble(memory: SourceState) -> str:
    if not memory.failures:
        return "It is gone for good (410)." if memory.gone else ""
    since = f" since {memory.failing:%Y-%m-%d %H:%M} UTC" if memory.failing else ""
    times = f" ({counted(memory.failures, 'time')} in a row{since})" if memory.failures > 1 else ""
    return f"{memory.failure.rstrip('.')}{times}."


def _silence(memory: SourceState, now: datetime) -> str:
    """Said where as many items were missed as chance does not explain."""
    if memory.newest is None or memory.good is None or memory.failures:
        return ""
    quiet, days = span(now - memory.newest), (now - memory.newest) / DAY
    usual = before_silence(memory)
    if usual is None:
        return f"Nothing new has come for {quiet}."
    if days < _QUIET_DAYS or usual * days < _MISSED_ITEMS:
        return ""
    return f"Nothing new has come for {quiet}; before that it brought {rate(usual)}."


def _unseen(memory: SourceState) -> str:
    """Said where server or feed ask for a wait in which more entries come than the feed shows."""
    asked = [moment for moment in (memory.fresh_until, memory.not_before) if moment is not None]
    if not asked or memory.polled is None or memory.good is None or memory.window <= 0:
        return ""
    wait = max(asked) - memory.polled
    come = max(per_day(memory), at_least(memory)) * (wait / DAY)
    if come <= memory.window:
        return ""
    entries = counted(round(come), "entry", "entries")
    return (
        f"Its server or feed asks for a wait of {span(wait)}, in which about {entries} come, but it shows"
        f" {memory.window:,} at a time: some will be missed; ask the outlet for a shorter wait."
    )


def _move(source: Source, memory: SourceState) -> str:
    if memory.url not in ("", source.feed):
        there = credentials.shown(memory.url, source)
        return f"It moved for good and is read at {there}; correct its feed in config/sources.yaml."
    if not memory.moved_to:
        return ""
    more = ADOPT_AFTER - memory.moved_seen
    there, agree = credentials.shown(memory.moved_to, source), "agrees" if more == 1 else "agree"
    return (
        f"It says that it moved for good to {there}; taken over if {counted(more, 'more good poll')} {agree}."
    )
