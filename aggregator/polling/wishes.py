"""What servers and feeds ask of those who poll them, read leniently and bounded."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from yarl import URL

from aggregator.model import Failure, Pace, Response

WEEK = timedelta(days=7)
MONTH = timedelta(days=31)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZERO = timedelta(0)
BUSY = frozenset({429, 503})
"""What servers say that want to be asked less often, or later."""


def fresh_for(answer: Response, now: datetime) -> timedelta:
    """How long the answer says it keeps (RFC 9111, 4.2.1: max-age, else Expires; less Age), up to a week."""
    directives = _cache_control(answer)
    if "im" in directives and answer.status == 226:
        directives.pop("no-store", None)  # it is said to caches that do not know the 226 (RFC 3229, 10.8.1)
    if directives.get("no-cache") == "" or "no-store" in directives:
        return ZERO
    age = _seconds(answer.header("age") or "", WEEK) or ZERO
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"], WEEK + age) or ZERO
    elif expires := _date(answer.header("expires")):
        lifetime = expires - (_date(answer.header("date")) or now)
    else:
        return ZERO
    return min(max(lifetime - age, ZERO), WEEK)


def retry_after(failure: Failure, now: datetime) -> timedelta | None:
    """What Retry-After (RFC 9110, 10.2.3) asks, up to a month; None where nothing is asked.

    Of several the longest counts; a 429 or 503 without a usable one asks for an hour.
    """
    sent = _date(failure.header("date")) or now
    said = (_wait(value.strip(), sent) for name, value in failure.headers if name == "retry-after")
    waits = [wait for wait in said if wait is not None]
    if not waits and failure.status in BUSY:
        return HOUR
    return max(waits, default=None)


def _wait(text: str, sent: datetime) -> timedelta | None:
    """What one Retry-After asks that was sent then: seconds, or a date that is still to come."""
    wait = _seconds(text, MONTH)
    if wait is None and (moment := _date(text)) is not None and moment > sent:
        return min(moment - sent, MONTH)
    return wait


def blocked_host(answer: Response | Failure | None, *, now: datetime) -> tuple[str, datetime] | None:
    """The host that wants no requests from any source (429), and until when; None if none does.

    A source that was kept away by its host's earlier 429 (no request was made) tells nothing new.
    """
    if not isinstance(answer, Failure) or answer.status != 429 or not answer.host or not answer.requests:
        return None
    return answer.host, now + (retry_after(answer, now) or HOUR)


def host(url: str) -> str:
    """The host of an address, as failures name it; "" where it has none."""
    try:
        return (URL(url.strip()).host or "").rstrip(".")
    except ValueError:
        return ""


def is_same_origin(one: str, other: str) -> bool:
    """Whether two addresses agree in scheme, host and port (RFC 6454, 4)."""
    try:
        return one == other or URL(one.strip()).origin() == URL(other.strip()).origin()
    except ValueError:
        return False


def open_from(moment: datetime, pace: Pace) -> datetime:
    """The first moment from then on that lies outside of the feed's skipHours and skipDays.

    A feed that leaves no hour of the week open means something else and is not heeded.
    """
    candidate = moment
    for _ in range(8 * 24):
        if candidate.hour not in pace.skip_hours and candidate.weekday() not in pace.skip_days:
            return candidate
        candidate = candidate.replace(minute=0, second=0, microsecond=0) + HOUR
    return moment


def _cache_control(answer: Response) -> dict[str, str]:
    """Directives in lower case with their values unquoted; of two with the same name the first counts."""
    directives: dict[str, str] = {}
    for value in (value for name, value in answer.headers if name == "cache-control"):
        for part in value.split(","):
            name, _, argument = part.strip().partition("=")
            directives.setdefault(name.strip().lower(), argument.strip().strip('"'))
    return directives


def _seconds(text: str, most: timedelta) -> timedelta | None:
    if not re.fullmatch(r"[0-9]+", text):
        return None
    digits = text.lstrip("0") or "0"
    return most if len(digits) > 9 else min(timedelta(seconds=int(digits)), most)


def _date(text: str | None) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7); None for what is none."""
    try:
        moment = parsedate_to_datetime(text or "")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
