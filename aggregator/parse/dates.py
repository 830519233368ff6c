"""Dates as feeds write them: RFC 822, RFC 3339, and the wild.

Nothing is ever filled in from today's date: what does not say year and month says no date.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from aggregator.parse import calendars

_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?|([0-9]{2})([0-9]{2}))?"
    r"(?:(?:\s*t\s*|\s+|(?<=[0-9]{8})(?=[0-9]))([0-9]{1,2}):?([0-9]{2})(?::?([0-9]{2}))?(?:[.,:][0-9]+)?)?"
    r"\s*(z|gmt|utc|[+-][0-9:]{2,6}|[a-z]{3,4})?"
)
_ISO_FIRST = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})()()"
    r"(?:(?:\s?t\s?|\s+)([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:[.,][0-9]+)?)?(?![0-9:])(.*)"
)
_HALVES = "|".join(  # in letters they may have dots, and end where a word does
    r"\.?\s?".join(half) + (r"(?!\w)\.?" if half < "\u3000" else "")
    for half in sorted(calendars.AFTERNOON | calendars.MORNING, key=len, reverse=True)
)
_TIME = re.compile(
    rf"(?:(?<![^\W\d_])(?P<before>{_HALVES})\s*)?"
    r"(?<![0-9:])(?P<hour>[0-9]{1,2})\s?[:h時时點点시]\s?(?P<minute>[0-9]{2})"
    r"(?:\s?[:m分분]\s?(?P<second>[0-9]{2}))?(?:[.,][0-9]+)?\s*[s秒초分분]?(?![0-9:])"
    rf"(?:\s*(?P<after>{_HALVES}))?"
)
_TIME_IN_WORDS = re.compile(
    r"(?P<before>)(?:\b(?:klo|kl)\.?\s?(?P<hour>[0-9]{1,2})\.(?P<minute>[0-9]{2})(?P<second>)(?P<after>)(?![0-9.]))"
)
_TIME_UHR = re.compile(
    r"(?P<before>)\b(?P<hour>[0-9]{1,2})[.:](?P<minute>[0-9]{2})(?P<second>)(?P<after>)\s?(?:uhr|hs?\b)"
)
_HOUR_ALONE = re.compile(
    r"(?P<before>)\b(?P<hour>[0-9]{1,2})(?P<minute>)(?P<second>)\s?(?P<after>[ap]\.?m\b\.?)"
)
_OFFSET = re.compile(r"[\s(]*(?:(?:etc/)?(?:gmt|utc?|z)\s*)?([+-])\s*([0-9]{1,2}):?([0-9]{2})?(?![0-9])")
_SPACE_FOR_PLUS = re.compile(r" ([01][0-9]):([0-9]{2})(?![0-9:])")  # "+" reads as a space in an address
_ZONE = re.compile(r"[\s(\[]*([a-z]+/[a-z_/+0-9-]+|[a-zа-я]{1,4}\b)")
_TOKENS = re.compile(r"(?P<number>[0-9]+)|(?P<word>[^\W\d_]+(?:\.[^\W\d_]+)*)")
_VIETNAMESE = re.compile(r"\bthang\s([0-9]{1,2})\b")
_YEAR_FIRST = re.compile(
    r"(?<![0-9])([0-9]{4})\s?[./年년-]\s?([0-9]{1,2})\s?[./月월-]\s?([0-9]{1,2})(?![0-9])"
)
_NUMBERS = re.compile(
    r"(?<![0-9./-])([0-9]{1,2})([./\s-])\s?([0-9]{1,2})\2\s?([0-9]{4}|[0-9]{2})(?![0-9]|[./-][0-9])"
)
_ORDINALS = frozenset(
    "st nd rd th er o a de del d of the г года р року nam n\u0103m".split()
)  # between day, month and year
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_BUDDHIST_ERA = 543  # years that the Thai calendar is ahead

_Day = tuple[int, int, int]
"""Year, month and day."""


def moment(value: str, language: str = "") -> datetime | None:
    """The time that `value` means, in UTC to the second, or None where it means none.

    A missing or unknown zone is UTC. Impossible dates, years before 1970 (and its first second, which stands
    for "never") and dates whose day and month cannot be told apart mean none. `language` (BCP 47) decides
    about the few names that are different months in different languages.
    """
    text = calendars.folded(value[:200])
    if text.isascii() and text.isdigit() and len(text) in (9, 10, 13):
        return bounded(lambda: datetime.fromtimestamp(int(text) // (1000 if len(text) == 13 else 1), UTC))
    if match := _ISO.fullmatch(text) or _ISO_FIRST.match(text):
        return _iso(match)
    return _wild(text, language)


def bounded(make: Callable[[], datetime]) -> datetime | None:
    """The time that `make` returns, in UTC to the second; None where it fails or is before 2 January 1970."""
    try:
        made = make().astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return made if made.timestamp() >= _A_DAY else None


_A_DAY = 86_400  # seconds: "never" is written as the epoch, in whatever zone


def _iso(match: re.Match[str]) -> datetime | None:
    """RFC 3339 whatever follows it, and ISO 8601 where it is shortened: no day, no seconds, no separators."""
    year, month, day, month_, day_, hour, minute, second, zone = match.groups()
    return _made(
        (int(year), int(month or month_ or 1), int(day or day_ or 1)),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        _zone(zone or "") if hour else UTC,
    )


# ── the wild ────────────────────────────────────────────────────────────────────────────────────


def _wild(text: str, language: str) -> datetime | None:
    time = next(
        filter(None, (form.search(text) for form in (_TIME, _TIME_UHR, _TIME_IN_WORDS, _HOUR_ALONE))), None
    )
    day = _date(text[: time.start()] + " " + text[time.end() :] if time else text, language)
    if day is None:
        return None
    if not time:
        return _made(day, 0, 0, 0, UTC)
    half = (time["before"] or time["after"] or "").replace(".", "").replace(" ", "")
    hour = int(time["hour"])
    if half in calendars.AFTERNOON and hour < 12:
        hour += 12
    elif half in calendars.MORNING and hour == 12:
        hour = 0
    zone = _zone(text[time.end() :])
    return _made(day, hour, int(time["minute"] or 0), int(time["second"] or 0), zone)


def _date(text: str, language: str) -> _Day | None:
    """The one day that the text can mean; where it can mean several, a day of the week may decide."""
    found = list(dict.fromkeys(filter(_exists, _in_words(text, language))))
    found = found or list(dict.fromkeys(filter(_exists, _in_numbers(text))))
    if len(found) > 1:
        named = {day for word in re.findall(r"[^\W\d_]+", text) for day in calendars.weekdays(word)}
        found = [day for day in found if date(*day).isoweekday() in named]
    return found[0] if len(found) == 1 else None


def _exists(day: _Day) -> bool:
    try:
        return bool(date(*day))
    except ValueError:
        return False


def _in_words(text: str, language: str) -> Iterator[_Day]:
    """The days that the first name of a month makes with the numbers around it, in any order."""
    tokens = [match[0] for match in _TOKENS.finditer(_VIETNAMESE.sub(_english, text))]
    tokens = [token for token in tokens if token not in _ORDINALS]
    for at, token in enumerate(tokens):
        months = _months(token, language)
        before = tokens[at - 1] if at else ""
        after = [token for token in tokens[at + 1 :] if token.isdigit()]
        if not months or not after:
            continue
        adjacent = at + 1 < len(tokens) and tokens[at + 1].isdigit()
        for month in months:
            if before.isdigit() and len(before) == 4 and adjacent and len(after[0]) <= 2:
                yield _year(before, text), month, int(after[0])
            elif before.isdigit() and len(before) <= 2 and len(after[0]) in (2, 4) and adjacent:
                yield _year(after[0], text), month, int(before)
            elif adjacent and len(after) > 1 and len(after[0]) <= 2 and len(after[1]) == 4:
                yield _year(after[1], text), month, int(after[0])
        return


def _english(numbered: re.Match[str]) -> str:
    """An English name in place of a Vietnamese month, which is a number."""
    names = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    return names[int(numbered[1]) - 1] if 0 < int(numbered[1]) <= 12 else ""


def _months(word: str, language: str) -> frozenset[int]:
    return calendars.months(word, language) or calendars.months(word.rpartition(".")[2], language)


def _in_numbers(text: str) -> Iterator[_Day]:
    """The days that three numbers can mean: the year first or last, the day before the month or after it."""
    for year, month, day in _YEAR_FIRST.findall(text):
        yield int(year), int(month), int(day)
        return
    for first, mark, second, year in _NUMBERS.findall(text):
        yield _year(year, text), int(second), int(first)
        if mark != ".":  # with dots the day is first wherever they are used
            yield _year(year, text), int(first), int(second)
        if len(year) == 2 and mark == "-":
            yield _year(first, text), int(second), int(year)
        return


def _year(digits: str, text: str) -> int:
    if len(digits) == 4:
        year = int(digits)
        return year - _BUDDHIST_ERA if year > 2400 and _THAI.search(text) else year
    return int(digits) + (1900 if digits >= "70" else 2000)


def _zone(text: str) -> tzinfo:
    """The zone that a text begins with; UTC where it names none."""
    if offset := _OFFSET.match(text) or _SPACE_FOR_PLUS.match(text):
        sign, hours, minutes = offset.groups() if len(offset.groups()) == 3 else ("+", *offset.groups())
        east = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-east if sign == "-" else east) if east < timedelta(days=1) else _IMPOSSIBLE
    name = _ZONE.match(text)
    return (calendars.zone(name[1]) if name else None) or UTC


_IMPOSSIBLE = timezone(timedelta(hours=23, minutes=59))


def _made(day: _Day, hour: int, minute: int, second: int, zone: tzinfo) -> datetime | None:
    """The time in UTC; 24:00 is the next day's midnight, a leap second the one before it."""

    def make() -> datetime:
        midnight = datetime(*day)  # noqa: DTZ001 - what the clocks of the zone show
        clock = timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
        if clock > timedelta(days=1) or minute > 59:
            raise ValueError
        local = (midnight + clock).replace(tzinfo=zone)
        if abs(local.utcoffset() or timedelta()) > timedelta(hours=16):
            raise ValueError
        return local

    return bounded(make)
