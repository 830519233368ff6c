"""The day in a date as it is written, in words or in numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from aggregator.text.dates import calendars

_TOKEN = re.compile(rf"[0-9]+|{calendars.WORD}")
_FILLER = 4  # letters, at most, of a word between day, month and year (`1 de mayo de 2024`)
_FILLERS = 2  # at most between two of them
_NUMBERED = re.compile(r"\bth(?:an)?g\s?([0-9]{1,2})\b|\b([0-9]{1,2})-р сар\w*")  # Vietnamese, Mongolian
_ENGLISH = "jan feb mar apr may jun jul aug sep oct nov dec".split()

_LEADING = re.compile(r"[\s\"'(+]*([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")
_YEAR_FIRST = re.compile(
    r"(?<![0-9-])([0-9]{4})\s?[./:年년-]\s?([0-9]{1,2})\s?[./:月월-]\s?([0-9]{1,2})(?![0-9])\s?[日일]?"
    r"|(?<![0-9-])([0-9]{4}) ([0-9]{2}) ([0-9]{2})(?![0-9])"
)
_COMPACT = re.compile(r"(?<![0-9])([12][0-9]{3})([0-9]{2})([0-9]{2})(?=(?:t?[0-9]{2}){0,3}(?![0-9]))")
_WEEK = re.compile(r"(?<![0-9])([0-9]{4})-?w([0-9]{2})-?([1-7])(?![0-9])")
_OF_YEAR = re.compile(r"(?<![0-9-])([0-9]{4})-([0-9]{3})(?![0-9-])")
_ERA = re.compile(
    r"(令和|平成|昭和|民國|民国)\s?([0-9]{1,3}|元)\s?年\s?([0-9]{1,2})\s?月\s?([0-9]{1,2})\s?日"
    r"|(?<!\w)([rhs])([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{1,2})(?![0-9])"
)
_ERAS = {  # the year before the first, and how many there were
    **dict.fromkeys(("令和", "r"), (2018, 99)),
    **dict.fromkeys(("平成", "h"), (1988, 31)),
    **dict.fromkeys(("昭和", "s"), (1925, 64)),
    **dict.fromkeys(("民國", "民国"), (1911, 999)),
}
_NUMBERS = re.compile(
    r"(?<![0-9./-])([0-9]{1,2})(?:\s?([./-])\s?|(\s))([0-9]{1,2})(?:\s?\2\s?|\3)([0-9]{4}|[0-9]{2})(?![0-9]|[./-][0-9])"
)
_YEAR_IN_FRONT = frozenset("ja zh ko hu".split())  # languages in which a short year may stand first
_THAI = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff]")
_LAST = 2400  # a later year is of another calendar
_BUDDHIST_ERA = 543  # years that the calendar of Thailand, Laos and Cambodia is ahead

_Numbers = tuple[int, int, int]  # year, month, day


@dataclass(frozen=True, slots=True)
class Day:
    """A day as found in a text."""

    start: int
    end: int
    day: date | None  # None where it does not exist, or where it may be one of several


def first(text: str, language: str) -> Day | None:
    """The first day that a folded text in lower case names, without its time; None where it names none."""
    for form in (_leading, _in_words, _in_numbers):
        if found := form(text, language):
            return found
    return None


def _leading(text: str, language: str) -> Day | None:
    """ISO 8601 at the start, whatever follows."""
    found = _LEADING.match(text)
    return _one(*found.span(), [_ints(found)], text, language) if found else None


def _in_numbers(text: str, language: str) -> Day | None:
    for form, read in (
        (_ERA, _of_era),
        (_YEAR_FIRST, _ints),
        (_COMPACT, _ints),
        (_WEEK, _of_week),
        (_OF_YEAR, _of_year),
    ):
        if found := form.search(text):
            return _one(*found.span(), [read(found)], text, language)
    found = _NUMBERS.search(text)
    return _one(*found.span(), list(_orders(found, language)), text, language) if found else None


def _ints(found: re.Match[str]) -> _Numbers:
    year, month, day = (int(group) for group in found.groups() if group is not None)
    return year, month, day


def _of_era(found: re.Match[str]) -> _Numbers:
    era, written, month, day = filter(None, found.groups())
    (before, most), year = _ERAS[era], 1 if written == "元" else int(written)
    return before + year if year <= most else 0, int(month), int(day)


def _of_week(found: re.Match[str]) -> _Numbers:
    try:
        day = date.fromisocalendar(*_ints(found))
    except ValueError:
        return 0, 0, 0
    return day.year, day.month, day.day


def _of_year(found: re.Match[str]) -> _Numbers:
    year, number = int(found[1]), int(found[2])
    try:
        day = date.fromordinal(date(year, 1, 1).toordinal() + number - 1)
    except (ValueError, OverflowError):
        return 0, 0, 0
    return (year, day.month, day.day) if number and day.year == year else (0, 0, 0)


def _orders(found: re.Match[str], language: str) -> Iterator[_Numbers]:
    """The days that three numbers can mean: the day before the month or after it."""
    one, mark, _, two, three = found.groups()
    yield _full(three), int(two), int(one)
    if mark != ".":  # with dots the day is first wherever they are used
        yield _full(three), int(one), int(two)
    if len(three) == 2 and (mark == "-" or language[:2].lower() in _YEAR_IN_FRONT):
        yield _full(f"{one:0>2}"), int(two), int(three)


# ── in words ────────────────────────────────────────────────────────────────────────────────────


def _in_words(text: str, language: str) -> Day | None:
    """The day that a name of a month makes with the numbers around it, in any order."""
    tokens = list(_TOKEN.finditer(_NUMBERED.sub(_in_english, text)))
    at = 0
    while at < len(tokens):
        months, size = _month(tokens, at, language)
        if months and (found := _around(tokens, at, size, language)):
            year, day = _full(found[0][0]), int(found[1][0])
            span = [*found, tokens[at]]
            start, end = min(one.start() for one in span), max(one.end() for one in span)
            return _one(start, end, [(year, month, day) for month in sorted(months)], text, language)
        at += size
    return None


def _in_english(numbered: re.Match[str]) -> str:
    """An English name, as long, in place of a month that is a number with a word."""
    number = int(numbered[1] or numbered[2])
    return _ENGLISH[number - 1].ljust(len(numbered[0])) if 0 < number <= 12 else numbered[0]


def _month(tokens: list[re.Match[str]], at: int, language: str) -> tuple[frozenset[int], int]:
    """The months that the words from `at` can name, and how many words name them (1 where none is named)."""
    for size in range(min(calendars.LONGEST, len(tokens) - at), 0, -1):
        name = " ".join(token[0] for token in tokens[at : at + size])
        last = name.rpartition(".")[2]  # as in `sat.may`
        if months := calendars.months(name, language) or calendars.months(last, language):
            return months, size
    return frozenset(), 1


def _around(tokens: list[re.Match[str]], at: int, size: int, language: str) -> list[re.Match[str]]:
    """The year and the day among the numbers around a month, in that order; nothing where they are not."""
    last, before = (*_near(tokens[:at][::-1], language), None, None)[:2]
    first, second = (*_near(tokens[at + size :], language), None, None)[:2]
    for day, year in ((last, first), (first, second), (first, last), (last, before)):
        if day and year and len(day[0]) <= 2 and len(year[0]) == 4:
            return [year, day]
    is_thai = _THAI.search(tokens[at][0]) is not None  # a short year there may be of either calendar
    if last and first and len(last[0]) <= 2 and len(first[0]) == 2 and not is_thai:
        return [first, last]
    return []


def _near(tokens: list[re.Match[str]], language: str) -> Iterator[re.Match[str]]:
    """The numbers that follow, as long as only short words that name no month stand between."""
    fillers = 0
    for at, token in enumerate(tokens[: 2 * (_FILLERS + 1)]):
        if token[0].isdigit():
            fillers = 0
            yield token
            continue
        fillers += 1
        if fillers > _FILLERS or len(token[0]) > _FILLER or _month(tokens, at, language)[0]:
            return


# ── what it means ───────────────────────────────────────────────────────────────────────────────


def _one(start: int, end: int, meant: list[_Numbers], text: str, language: str) -> Day:
    """The only one of these days that exists; where several do, a day of the week in the text may decide."""
    days = list(dict.fromkeys(day for numbers in meant if (day := _existing(numbers, text, language))))
    if len(days) > 1:
        named = calendars.weekdays(text, language)
        days = [day for day in days if day.isoweekday() in named]
    return Day(start, end, days[0] if len(days) == 1 else None)


def _existing(numbers: _Numbers, text: str, language: str) -> date | None:
    year, month, day = numbers
    if year > _LAST and (_THAI.search(text) or language[:2].lower() == "th"):
        year -= _BUDDHIST_ERA
    try:
        return date(year, month, day) if year <= _LAST else None
    except ValueError:
        return None


def _full(digits: str) -> int:
    return int(digits) if len(digits) == 4 else int(digits) + (1900 if digits >= "70" else 2000)
