"""What a push changes in the plan of polls: it counts what came, or hurries the next one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.model import Source, SourceState
from aggregator.polling.rates import count, newest
from aggregator.polling.wishes import open_from


def counted(memory: SourceState, published: Sequence[datetime | None], now: datetime) -> SourceState:
    """The state after a push with items of these dates: the rate knows them, the next poll does not again."""
    return replace(memory, rate=count(memory, published, now), newest=newest(memory, published, now))


def hastened(source: Source, memory: SourceState, now: datetime) -> SourceState:
    """The state after a hub said that there is something new, without saying what.

    The next poll comes as soon as manners allow: after the shortest wait, and what server and feed asked.
    """
    if memory.next_poll is None:
        return memory
    asked = [now, memory.fresh_until, memory.not_before]
    if memory.polled is not None:
        asked.append(memory.polled + source.polling.shortest)
    soonest = open_from(max(moment for moment in asked if moment is not None), memory.pace)
    if memory.next_poll <= soonest:
        return memory
    return replace(memory, next_poll=soonest, why="Its hub says that there is something new.")
