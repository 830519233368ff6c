"""The time of day in a date as it is written, with its half of the day."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from aggregator.text.dates import calendars

_HALF = "|".join(  # in letters they may have dots, and end where a word does
    r"\.?\s?".join(map(re.escape, name)) + (r"(?![^\W\d_])\.?" if name < "\u3000" else "")
    for name in sorted((*calendars.halves(), "中午", "낮", "昼"), key=len, reverse=True)
)
_BEFORE = rf"(?:(?<![^\W\d_])(?P<before>{_HALF})\s*)?"
_AFTER = rf"(?:\s*(?P<after>{_HALF}))?"
_FRACTION = r"(?:[.,][0-9]+)?"
_CLEAR = (
    rf"{_BEFORE}(?<![0-9:])(?<!t[0-9]{{2}}[+-])(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{1,2}})(?::(?P<second>[0-9]{{1,2}}){_FRACTION})?"
    rf"(?![0-9:]){_AFTER}"
)
_NOON = ("中午", "낮", "昼")
_NIGHT = ("晚上", "夜")

_NEXT = tuple(  # what is a time right behind the day
    re.compile(form)
    for form in (
        r"[t_ -]{0,2}(?P<hour>[0-9]{2})-(?P<minute>[0-9]{2})-(?P<second>[0-9]{2})(?![0-9])",
        r"t?(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?![0-9])",
        r" (?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})(?![0-9])",
        r"t(?P<hour>[0-9]{2})(?![0-9])",
    )
)
_ELSEWHERE = (  # what is one wherever it stands, once the day is known
    rf"{_BEFORE}(?<![0-9])(?P<hour>[0-9]{{1,2}})\s?[時时點点시]"
    rf"(?:\s?(?P<minute>[0-9]{{1,2}})\s?[分분](?:\s?(?P<second>[0-9]{{1,2}})\s?[秒초])?)?{_AFTER}",
    rf"{_BEFORE}(?<![\w.,])(?P<hour>[0-9]{{1,2}})\s?h(?:rs?|s)?\.?"
    rf"(?:\s?(?P<minute>[0-9]{{2}})(?:\s?m(?:in)?\.?)?(?:\s?(?P<second>[0-9]{{2}})\s?s)?)?(?![^\W_]){_AFTER}",
    rf"{_BEFORE}(?<![\w.,])(?P<hour>[01]?[0-9]|2[0-4])\.(?P<minute>[0-5][0-9])(?:\.(?P<second>[0-9]{{2}}))?"
    rf"(?![0-9]){_AFTER}",
    rf"(?<![\w.,])(?P<hour>[0-9]{{1,2}})\s?(?:uhr\b|(?P<after>{_HALF}))",
    rf"(?<![^\W\d_])(?P<before>{_HALF})\s?(?P<hour>[0-9]{{1,2}})(?![0-9])",
    r"(?<![^\W\d_])(?:12 )?(?P<noon>noon|midday|正午)(?![^\W\d_])",
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as found in a text."""

    start: int
    end: int
    exact: bool  # to the second
    since_midnight: timedelta | None  # None where no clock shows it

    def moved(self, by: int) -> "Clock":
        """The same time in a text that has that many more characters before it."""
        return replace(self, start=self.start + by, end=self.end + by)


def clear(text: str, language: str) -> Clock | None:
    """The first time with colons in a folded text in lower case; it is one wherever the day stands."""
    found = _compiled(_CLEAR).search(text)
    return _clock(found, language) if found else None


def right_behind(text: str, language: str) -> Clock | None:
    """The time without colons that a text begins with, which follows the day."""
    found = next(filter(None, (form.match(text) for form in _NEXT)), None)
    return _clock(found, language) if found else None


def anywhere(text: str, language: str) -> Clock | None:
    """The first time without colons in a text without its day: `15h20`, `15.20`, `3 pm`, `下午3时`."""
    found = next(filter(None, (_compiled(form).search(text) for form in _ELSEWHERE)), None)
    return _clock(found, language) if found else None


@cache
def _compiled(form: str) -> re.Pattern[str]:
    """Compiled when first needed: all these names take longer than the rest of a program's start."""
    return re.compile(form)


def _clock(found: re.Match[str], language: str) -> Clock:
    given = found.groupdict()
    if given.get("noon"):
        return Clock(found.start(), found.end(), False, timedelta(hours=12))
    hour, minute, second = (int(given.get(name) or 0) for name in ("hour", "minute", "second"))
    half = re.sub(r"[\s.]", "", given.get("before") or given.get("after") or "")
    at = _of_half(hour, half, language)
    since = None if at is None else since_midnight(at, minute, second)
    return Clock(found.start(), found.end(), given.get("second") is not None, since)


def since_midnight(hour: int, minute: int, second: int) -> timedelta | None:
    """What a clock shows; 24:00 is the next midnight, a leap second the one before it, 25:00 is None."""
    since = timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    return since if minute < 60 and second <= 60 and since <= timedelta(days=1) else None


def _of_half(hour: int, half: str, language: str) -> int | None:
    """The hour of the day that is meant in a half of it; None where that may be either of two."""
    if half in _NOON:
        return hour + 12 if hour < 6 else hour
    which = calendars.half(half, language)
    if which == 2 and hour < 12:
        return hour + 12
    if hour == 12 and half in _NIGHT:
        return None
    return 0 if which == 1 and hour == 12 else hour
