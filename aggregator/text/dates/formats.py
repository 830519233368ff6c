"""Dates as feeds write them: RFC 822, RFC 3339, and the wild.

Nothing is ever filled in from today's date: what does not say year, month and day says no date.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from aggregator.text.dates import calendars, clocks, days, zones

_RFC_3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r"( ?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2}))?"
)
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, ?)?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
    r"( (?!AM|PM)[A-Z]{1,5}| [+-][0-9]{4})?"
)
_MONTHS = {name: at for at, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_MONTH_ALONE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")  # W3C-DTF
_SECONDS = re.compile(
    r"(?:@|/date\()?(?:([0-9]{9,10})|([0-9]{10})(?:[0-9]{3}|[0-9]{6}))(?:\.[0-9]+)?(?:[+-][0-9]{4})?(?:\)/)?"
)
_LIKE_A_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?:[01][0-9]|2[0-3])")
_OF_A_LOG = re.compile(r"([/a-z][0-9]{4}):(?=[0-9]{2}:)")  # 01/May/2024:15:20:00, 01MAY2024:15:20:00
_YEAR = re.compile(r"[0-9]{4}")
_NEVER = datetime(1970, 1, 2, tzinfo=UTC)  # what is earlier is how "never" is written, in whatever zone


def moment(value: str, language: str = "") -> datetime | None:
    """The time that `value` means, in UTC to the second, or None where it means none.

    A missing or unknown zone is UTC. Impossible dates, years before 1970 (and its first second, which stands
    for "never") and dates whose day and month cannot be told apart mean none. `language` (BCP 47) decides
    about names of months and zones that mean something else in another one.
    """
    value = value[:200].strip()
    if found := _RFC_3339.fullmatch(value):
        year, month, day, *clock = found.groups()
        return _regular(year, int(month), day, clock, language)
    if (found := _RFC_822.fullmatch(value)) and found[2] in _MONTHS:
        day, name, year, *clock = found.groups()
        return _regular(year, _MONTHS[name], day, clock, language)
    return _wild(calendars.folded(value), language)


def _regular(year: str, month: int, day: str, clock: Sequence[str | None], language: str) -> datetime | None:
    """The time of a date as the standards write it; `clock` is hour, minute, second and zone."""
    *shown, zone = clock
    hour, minute, second = (int(part or 0) for part in shown)
    place, _ = zones.read(zone or "", language)
    try:
        return _made(date(int(year), month, int(day)), clocks.since_midnight(hour, minute, second), place)
    except ValueError:
        return None


def _wild(cased: str, language: str) -> datetime | None:
    text = cased.lower()
    if len(text) != len(cased):  # there is a letter that is two in lower case
        cased = text
    if found := _SECONDS.fullmatch(text):
        return _since_epoch(found)
    if found := _MONTH_ALONE.fullmatch(text):
        return _made(date(int(found[1]), int(found[2] or 1), 1), timedelta(), UTC) if int(found[1]) else None
    text = _OF_A_LOG.sub(r"\1 ", text)
    return _put_together(text, cased, language)


def _put_together(text: str, cased: str, language: str) -> datetime | None:
    """Day, time and zone wherever they stand; without a time it is midnight."""
    clock = clocks.clear(text, language)
    zone, length = zones.read(cased[clock.end :], language, exact=clock.exact) if clock else (UTC, 0)
    rest = _blanked(text, clock.start, clock.end + length) if clock else text
    day = days.first(rest, language)
    if day is None or day.day is None:
        return None
    if clock is None and (clock := clocks.right_behind(text[day.end :], language)):
        clock = clock.moved(day.end)
        zone, _ = zones.read(cased[clock.end :], language, exact=clock.exact)
    stop = _end_of(day, rest, language)
    if clock is None:
        clock = clocks.anywhere(text[: day.start], language)
        if behind := clocks.anywhere(text[day.end : stop], language):
            clock = behind.moved(day.end)
        zone, _ = zones.read(cased[clock.end :], language, exact=clock.exact) if clock else (UTC, 0)
    if clock is None or clock.start > stop:
        return _made(day.day, timedelta(), UTC)
    return _made(day.day, clock.since_midnight, zone)


def _end_of(day: days.Day, text: str, language: str) -> int:
    """Where another day follows, whose time is not that of the first; else where the text ends."""
    another = days.first(text[day.end :], language)
    if another is None or another.day is None:
        return len(text)
    start, end = day.end + another.start, day.end + another.end
    return start if _YEAR.search(text, start, end) else len(text)  # without one it may be a time with dots


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _since_epoch(found: re.Match[str]) -> datetime | None:
    """Seconds, milli- or microseconds since 1970, unless the digits may as well be a day and an hour."""
    if found[1] and _LIKE_A_DAY.fullmatch(found[1]):
        return None
    return _late_enough(datetime.fromtimestamp(int(found[1] or found[2]), UTC))


def _made(day: date, since_midnight: timedelta | None, zone: tzinfo | None) -> datetime | None:
    """The time in UTC; None where there is no such time or zone, or it lies beyond the calendar."""
    if since_midnight is None or zone is None:
        return None
    try:
        clock = datetime(day.year, day.month, day.day) + since_midnight  # noqa: DTZ001 - what clocks there show
        return _late_enough(clock.replace(tzinfo=zone).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _late_enough(moment: datetime) -> datetime | None:
    return moment if moment >= _NEVER else None
