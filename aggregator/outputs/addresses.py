"""Addresses, languages and moments as any document may carry them."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aggregator.text import urls

_KEY = re.compile(
    r"(?i)(?:^|[&;])(?:(?:access|auth|api|feed|user|rss)[-_]?)?"
    r"(?:token|key|auth|authorization|password|passwd|pwd|secret|signature|sig)="
)
_RIGHT_TO_LEFT = frozenset(
    "ar arc ary arz ckb dv fa glk he iw ji lrc mzn nqo pnb ps sd sdh syr ug ur yi".split()
)


def address(url: str) -> str:
    """The absolute http(s) address as a URI without credentials, "" where there is none.

    Browsers let brackets stand in a path; RFC 3986 (3.2.2) knows them in hosts alone.
    """
    scheme, mark, rest = urls.absolute(url).partition("://")
    host, slash, path = rest.partition("/")
    return scheme + mark + host + slash + path.replace("[", "%5B").replace("]", "%5D")


def feed_address(url: str) -> str:
    """The address of a partner's feed as it may be shown; "" where a key in its query opens it."""
    shown = address(url)
    return "" if _KEY.search(urlsplit(shown).query) else shown


def direction(tag: str) -> str:
    """The HTML `dir` of a text in that language: rtl, ltr, or auto where the language is unknown."""
    if not tag:
        return "auto"
    language, *rest = tag.lower().split("-")
    if {"arab", "hebr"} & set(rest):
        return "rtl"
    return "rtl" if language in _RIGHT_TO_LEFT and not {"latn", "cyrl"} & set(rest) else "ltr"


def second(moment: datetime) -> datetime:
    """The moment in UTC to the second, since RSS cannot write more of it."""
    return moment.astimezone(UTC).replace(microsecond=0)
