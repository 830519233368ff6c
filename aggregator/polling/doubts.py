"""Answers that are too good to be true: a 304 that goes on although items were to be expected."""

from datetime import datetime, timedelta

from aggregator.model import SourceState
from aggregator.polling.rates import expected
from aggregator.polling.wishes import DAY
from aggregator.text.quantities import span

AFTER = timedelta(days=8)
"""A week and a day: whoever publishes weekly has done so."""
_EXPECTED = 1.0  # items


def is_doubted(memory: SourceState, now: datetime) -> bool:
    """Whether nothing but 304 was answered for eight days in which an item was to be expected.

    Then the next request goes without validators, and whatever is answered, not again for eight days.
    """
    if not memory.validators or memory.whole is None or now - memory.whole < AFTER:
        return False
    return expected(memory, (now - memory.whole) / DAY) >= _EXPECTED


def doubt(memory: SourceState, now: datetime) -> str:
    """What is said of the poll that doubts; "" for any other."""
    if memory.whole is None or not is_doubted(memory, now):
        return ""
    return f"It was asked without validators, for it had answered 304 for {span(now - memory.whole)}."
