"""Dates as feeds write them: RFC 822, RFC 3339, and the wild."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# Month names as they begin in the languages of the web, without accents.
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan ene gen sty led oca tam янв січ",
            "feb fev fevr unor lut sub helmi фев лют",
            "mar mrt maerz brez maalis мар бер",
            "apr abr avr avril kwi dub nis huhti апр кві",
            "may mai maj mag mei mayo kve touko май мая тра",
            "jun juin cze giu cerven cervna haz kesa июн чер",
            "jul juil cervenec cervence lip lug tem heina июл лип",
            "aug ago aout sie srp agu elo авг сер",
            "sep set wrz zar eyl syys сен вер",
            "oct okt out ott paz rij eki loka окт жов",
            "nov lis kas marras ноя лис",
            "dec dez dic des gru pros ara joulu дек гру",
        ),
        1,
    )
    for word in words.split()
}

# Hours east of Greenwich: RFC 822's own, then those that outlets write, in their commonest sense.
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "et": -5,
    "ct": -6,
    "mt": -7,
    "pt": -8,
    "ast": -4,
    "adt": -3,
    "nst": -3.5,
    "akst": -9,
    "akdt": -8,
    "hst": -10,
    "bst": 1,
    "west": 1,
    "cet": 1,
    "met": 1,
    "mez": 1,
    "cest": 2,
    "mest": 2,
    "mesz": 2,
    "eet": 2,
    "eest": 3,
    "msk": 3,
    "trt": 3,
    "ist": 5.5,
    "pkt": 5,
    "npt": 5.75,
    "ict": 7,
    "wib": 7,
    "sast": 2,
    "brt": -3,
    "art": -3,
    "hkt": 8,
    "sgt": 8,
    "pht": 8,
    "awst": 8,
    "jst": 9,
    "kst": 9,
    "acst": 9.5,
    "aest": 10,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
}

_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?|([0-9]{2})([0-9]{2}))?"
    r"(?:(?:\s*t\s*|\s+|(?<=[0-9]{8})(?=[0-9]))([0-9]{1,2}):?([0-9]{2})(?::?([0-9]{2}))?(?:[.,:][0-9]+)?)?"
    r"\s*(z|gmt|utc|[+-][0-9:]{2,6}|[a-z]{3,4})?"
)
_TIME = re.compile(
    r"\b([0-9]{1,2})\s?[:h時时시]\s?([0-9]{2})(?:\s?[:m分분]\s?([0-9]{2}))?(?:[.,][0-9]+)?\s*[s秒초분分]?\s*([ap])?\.?m?\b\.?"
)
_OFFSET = re.compile(r"[\s(]*(?:(?:etc/)?(?:gmt|utc?)\s*)?([+-])\s*([0-9]{1,2}):?([0-9]{2})?(?![0-9])")
_ZONE = re.compile(r"[\s(]*([a-z]{1,4})\b")
_DAY_MONTH = re.compile(
    r"\b([0-9]{1,2})(?:st|nd|rd|th|er|º)?[\s.,/-]*(?:de\s+)?([^\W\d_]{3,})[\s.,/-]*(?:de\s+|del\s+)?'?([0-9]{4}|[0-9]{2})\b"
)
_MONTH_DAY = re.compile(
    r"\b([^\W\d_]{3,})[\s.-]+([0-9]{1,2})(?:st|nd|rd|th)?\b[\s,-]*(?:[a-z]{3,4}\s+)?([0-9]{4})\b"
)
_YEAR_FIRST = re.compile(r"\b([0-9]{4})\s?[./年년-]\s?([0-9]{1,2})\s?[./月월-]\s?([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(r"\b([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})\b")


def moment(value: str) -> datetime | None:
    """The time that `value` means, in UTC to the second, or None where it means none.

    A missing or unknown zone is UTC. Impossible dates, years before 1970 (and its first second, which stands
    for "never") and numeric dates whose day and month cannot be told apart mean none.
    """
    text = _folded(value[:200])
    if text.isascii() and text.isdigit() and len(text) in (9, 10, 13):
        return bounded(lambda: datetime.fromtimestamp(int(text) // (1000 if len(text) == 13 else 1), UTC))
    match = _ISO.fullmatch(text)
    return _iso(match) if match else _wild(text)


def bounded(make: Callable[[], datetime]) -> datetime | None:
    """The time that `make` returns, in UTC to the second; None where it fails or is before 2 January 1970."""
    try:
        made = make().astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return made if made.timestamp() >= _A_DAY else None


_A_DAY = 86_400  # seconds: "never" is written as the epoch, in whatever zone


def _folded(value: str) -> str:
    """Lower case, without accents, every kind of space and dash and digit as ASCII has it."""
    plain = unicodedata.normalize("NFKD", value).replace("\u2212", "-").replace("\u2013", "-")
    plain = "".join(char for char in plain if not unicodedata.combining(char) or char == "\u0306")
    return " ".join(unicodedata.normalize("NFC", plain).lower().split())


def _iso(match: re.Match[str]) -> datetime | None:
    """RFC 3339, and ISO 8601 where it is shortened: year and month, no seconds, no separators."""
    year, month, day, month_, day_, hour, minute, second, zone = match.groups()
    return _made(year, month or month_ or 1, day or day_ or 1, hour, minute, second, _offset(zone or ""))


def _wild(text: str) -> datetime | None:
    time = _TIME.search(text)
    date = _date(text[: time.start()] + text[time.end() :] if time else text)
    if date is None:
        return None
    if not time:
        return _made(*date, 0, 0, 0, timedelta())
    hour = int(time[1])
    if time[4]:
        hour = hour % 12 + (12 if time[4] == "p" else 0)
    return _made(*date, hour, time[2], time[3], _offset(text[time.end() :]))


def _date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day in whatever order they stand."""
    for day, word, year in _DAY_MONTH.findall(text):
        if month := _month(word):
            return _full_year(year), month, int(day)
    for word, day, year in _MONTH_DAY.findall(text):
        if month := _month(word):
            return int(year), month, int(day)
    for numbers in _YEAR_FIRST.findall(text):
        year, month, day = map(int, numbers)
        return year, month, day
    for first, mark, second, year in _YEAR_LAST.findall(text):
        return _told_apart(int(first), int(second), int(year), dotted=mark == ".")
    return None


def _told_apart(first: int, second: int, year: int, dotted: bool) -> tuple[int, int, int] | None:
    if dotted or first > 12 or first == second:
        return year, second, first
    return (year, first, second) if second > 12 else None


def _month(word: str) -> int | None:
    """The month whose name begins as `word` does, the longest beginning first."""
    return next((_MONTHS[word[:size]] for size in range(len(word), 2, -1) if word[:size] in _MONTHS), None)


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else int(digits) + (1900 if digits >= "70" else 2000)


def _offset(zone: str) -> timedelta:
    """How far east of Greenwich the zone is that a text begins with; zero where it names none."""
    if offset := _OFFSET.match(zone):
        east = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return -east if offset[1] == "-" else east
    name = _ZONE.match(zone)
    return timedelta(hours=_ZONES.get(name[1], 0)) if name else timedelta()


def _made(
    year: str | int,
    month: str | int,
    day: str | int,
    hour: str | int | None,
    minute: str | int | None,
    second: str | int | None,
    east: timedelta,
) -> datetime | None:
    """The time in UTC; 24:00 is the next day's midnight, a leap second the one before it."""

    def make() -> datetime:
        midnight = datetime(int(year), int(month), int(day), tzinfo=UTC)
        clock = timedelta(hours=int(hour or 0), minutes=int(minute or 0), seconds=min(int(second or 0), 59))
        if clock > timedelta(days=1) or int(minute or 0) > 59 or abs(east) > timedelta(hours=16):
            raise ValueError
        return midnight + clock - east

    return bounded(make)
