"""Numbers and times as people say them: the one way in which all messages write them."""

import math
from datetime import timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_UNITS = (
    (_DAY * 365.25, "year"),
    (_DAY * 30.44, "month"),
    (_DAY, "day"),
    (_HOUR, "hour"),
    (_MINUTE, "minute"),
)

_MONTHLY = _DAY * 30
_TWO, _EXACT = 1.95, 1 / 60
_RARELY = 1e-6  # items a day


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, in the plural where it should be."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def span(time: timedelta) -> str:
    """A time in the largest unit of which there are two or more; exactly one is one: 90 minutes, 1 day.

    Months and years are those that are over, as of an age; all others are rounded.
    """
    for unit, noun in _UNITS:
        number = time / unit
        if number >= _TWO:
            return counted(math.floor(number + 0.05) if unit > _MONTHLY else _rounded(number), noun)
        if abs(number - 1) < _EXACT:
            return counted(1, noun)
    return counted(max(math.ceil(time.total_seconds()), 0), "second")


def rate(per_day: float) -> str:
    """How often something comes, as one figure: 3 items a day, 1 item in 24 days; "" for never."""
    if per_day <= 0:
        return ""
    number, apart = _rounded(per_day), _DAY / max(per_day, _RARELY)
    if number >= 2 or apart < 1.5 * _DAY:
        return f"{counted(number, 'item')} a day"
    said = span(apart)
    return f"1 item a {said[2:]}" if said.startswith("1 ") else f"1 item in {said}"


def _rounded(number: float) -> int:
    return math.floor(number + 0.5)
