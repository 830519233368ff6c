"""Lengths of time as people write them: `30m`, `24 h`, `7d`, `2 years`; `m` is minutes everywhere."""

import re
from datetime import timedelta

_WRITTEN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+)", re.ASCII | re.IGNORECASE)
_DAY = 86_400
_UNITS = {
    name: timedelta(seconds=seconds)
    for seconds, names in {
        1: ("s", "sec", "second", "seconds"),
        60: ("m", "min", "minute", "minutes"),
        3_600: ("h", "hour", "hours"),
        _DAY: ("d", "day", "days"),
        7 * _DAY: ("w", "week", "weeks"),
        30 * _DAY: ("mo", "month", "months"),
        365 * _DAY: ("y", "year", "years"),
    }.items()
    for name in names
}


def parse(text: str) -> timedelta | None:
    """The length of time that a text states by one number and one unit; None for anything else.

    A month is 30 days, a year 365. What is longer than `timedelta` can hold is none.
    """
    found = _WRITTEN.fullmatch(text.strip())
    unit = _UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None:
        return None
    try:
        return float(found[1]) * unit
    except OverflowError:
        return None
