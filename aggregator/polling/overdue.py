"""Polls that nobody made in time: the program was stopped, the machine slept, or its clock was wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from aggregator.model import SourceState
from aggregator.polling.wishes import MONTH

LATE = timedelta(minutes=1)
"""From here on a poll counts as missed, not as about to be made."""
_APART = timedelta(seconds=2)
_WITHIN = timedelta(minutes=10)
_WHY = "It was due while the program did not run; the polls that were missed are made one after another."

_SET_BACK = "The clock was set back since its last poll; such sources are polled one after another."


def put_off(missed: Sequence[SourceState], now: datetime) -> tuple[SourceState, ...]:
    """The states of sources whose polls were missed, each with one poll, in their order, within ten minutes.

    A source that was never polled keeps its place, so that what is new is read at once.
    """
    places = _places(len(missed), now)
    return tuple(
        memory if memory.polled is None else replace(memory, next_poll=next(places), why=_WHY)
        for memory in missed
    )


def is_ahead(memory: SourceState, now: datetime) -> bool:
    """Whether a source was last polled in the future, so that its next poll may be years away.

    So may that of one that was kept from being polled: no server is obeyed for longer than a month.
    """
    if memory.next_poll is None:
        return False
    polled = memory.polled is not None and memory.polled > now + LATE
    return polled or (memory.not_before is not None and memory.not_before > now + MONTH + LATE)


def set_back(ahead: Sequence[SourceState], now: datetime) -> tuple[SourceState, ...]:
    """The states of sources that are ahead of the clock: a poll each, in their order, within ten minutes.

    What a server asked for then (Retry-After) is still to be waited for.
    """
    places = _places(len(ahead), now)
    return tuple(_set_back(memory, next(places), now) for memory in ahead)


def _set_back(memory: SourceState, place: datetime, now: datetime) -> SourceState:
    not_before = memory.not_before
    if not_before is not None and memory.polled is not None and not_before > memory.polled > now:
        not_before -= memory.polled - now
    elif not_before is not None and not_before > now + MONTH:
        not_before = None

    def known(moment: datetime | None) -> datetime | None:
        return moment if moment is None else min(moment, now)

    return replace(
        memory,
        polled=known(memory.polled),
        good=known(memory.good),
        newest=known(memory.newest),
        failing=known(memory.failing),
        whole=known(memory.whole),
        fresh_until=None,
        not_before=not_before,
        next_poll=place if not_before is None else max(place, not_before),
        why=_SET_BACK,
    )


def _places(number: int, now: datetime) -> Iterator[datetime]:
    apart = min(_APART, _WITHIN / max(number, 1))
    return (now + apart * place for place in count())
