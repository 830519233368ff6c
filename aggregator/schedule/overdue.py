"""Polls that nobody was there to make: the program was stopped, or the machine slept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from aggregator.model import Memory

LATE = timedelta(minutes=1)
"""From here on a poll counts as missed, not as about to be made."""
_APART = timedelta(seconds=2)
_WITHIN = timedelta(minutes=10)
_WHY = "It was due while the program did not run; the polls that were missed are made one after another."


def put_off(missed: Sequence[Memory], now: datetime) -> tuple[Memory, ...]:
    """The states of sources whose polls were missed, each with one poll, in their order, within ten minutes.

    A source that was never polled keeps its place, so that what is new is read at once.
    """
    apart = min(_APART, _WITHIN / max(len(missed), 1))
    places = count()
    return tuple(
        memory if memory.polled is None else replace(memory, next_poll=now + apart * next(places), why=_WHY)
        for memory in missed
    )
