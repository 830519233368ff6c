"""Addresses, identifiers, dates and characters as published documents may hold them."""

import re
from datetime import UTC, datetime
from functools import lru_cache

_ADDRESS = re.compile(r"https?://[^\s/?#@\"<>\\^`{|}\x00-\x20\x7f]+(?:[/?#][^\s\"<>\\^`{|}\x00-\x20\x7f]*)?")
_MAIL = re.compile(r"mailto:[^\s\"<>\\^`{|}\x00-\x20\x7f]+")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"<>\\^`{|}\x00-\x20\x7f]+")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_RFC_822 = re.compile(
    r"(?:([A-Z][a-z]{2}), )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UT|[+-]\d{4})"
)
_SEEN = 512  # addresses that are remembered: those of one outlet stand in each of its entries
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@lru_cache(maxsize=_SEEN)
def is_address(text: str) -> bool:
    """Whether it is an absolute http(s) address without credentials, or a mailto: one."""
    return bool(_ADDRESS.fullmatch(text) or _MAIL.fullmatch(text))


@lru_cache(maxsize=_SEEN)
def is_iri(text: str) -> bool:
    """Whether it is an IRI with a scheme (RFC 3987), as ids and schemes of categories are."""
    return bool(_IRI.fullmatch(text))


def is_rfc_3339(text: str) -> bool:
    """Whether it is a date as Atom and JSON Feed write it, of a day and an hour that exist."""
    try:
        return bool(_RFC_3339.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def is_rfc_822(text: str) -> bool:
    """Whether it is a date as RSS writes it, with a four-digit year, of a day and an hour that exist."""
    found = _RFC_822.fullmatch(text)
    if found is None or found[3] not in _MONTHS:
        return False
    day, year, hour, minute, second = (int(part) for part in found.group(2, 4, 5, 6, 7))
    try:
        moment = datetime(year, _MONTHS.index(found[3]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return False
    return found[1] in (None, _WEEKDAYS[moment.weekday()])


def forbidden(text: str) -> str:
    """A character in it that XML 1.0 (2.2) forbids, as an escape; "" where there is none."""
    found = _FORBIDDEN.search(text)
    return ascii(found[0]).strip("'") if found else ""
