"""Typed access to feedparser's dictionaries, in which a hostile feed can put anything under any name."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from aggregator.model import Author
from aggregator.parse.drafts import Passage
from aggregator.text import dates, urls

Record = Mapping[str, Any]

_REST_AT_START = re.compile(r"^[a-z0-9-]+(?=\s*[(<]|$)")  # "ple (Jane" of "jane@host.example (Jane)"
_REST_IN_BRACKETS = re.compile(r"\s*[(<\[][a-z0-9-]*[)>\]]?$")  # "Jane <ple>", likewise
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml", "text/xhtml", "text/x-html"})


def get(record: Record, key: str) -> Any:
    """What really stands under `key`, without feedparser's aliases and fallbacks."""
    return dict.get(record, key) if isinstance(record, dict) else None


def string(record: Record, key: str) -> str:
    """The text under `key`, or ""."""
    value = get(record, key)
    return value.strip() if isinstance(value, str) else ""


def records(record: Record, key: str) -> list[Record]:
    """The dictionaries of the list under `key`; a single one counts as a list of one."""
    value = get(record, key)
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def child(record: Record, key: str) -> Record:
    """The dictionary under `key`, or an empty one."""
    return next(iter(records(record, key)), {})


def passage(record: Record, key: str, base: str) -> Passage:
    """The text construct under `key` with its type and base (RFC 4287, 3.1; xml:base over `base`)."""
    detail = child(record, f"{key}_detail")
    return construct(detail, base) if detail else Passage(string(record, key), False, base)


def construct(detail: Record, base: str) -> Passage:
    """A Passage of what feedparser calls a detail: `value`, `type`, `base`."""
    type = _type(detail)
    is_xhtml = type == "application/xhtml+xml"
    return Passage(string(detail, "value"), type in _HTML_TYPES, inner_base(detail, base), is_xhtml)


def is_text(detail: Record) -> bool:
    """Whether a detail is HTML or any kind of text (RFC 4287, 4.1.3.3), and no picture or data."""
    type = _type(detail)
    return type in _HTML_TYPES or type.startswith("text/") or type in ("text", "")


def _type(detail: Record) -> str:
    return string(detail, "type").partition(";")[0].strip().lower()


def inner_base(detail: Record, base: str) -> str:
    """The element's own xml:base resolved against `base`, or `base`."""
    own = string(detail, "base")
    try:
        return urls.absolute(urljoin(base, own)) or base if own else base
    except ValueError:
        return base


def moment(record: Record, key: str, language: str = "") -> datetime | None:
    """The date under `key`, in the feed's language where that matters.

    feedparser's own reading is not asked: it fills in what is missing from today's date.
    """
    return dates.moment(string(record, key), language)


def authors(record: Record, base: str) -> list[Author]:
    """The authors as named, without their e-mail addresses."""
    return [
        Author(
            _without_mail(string(one, "name"), string(one, "email")), urls.absolute(string(one, "href"), base)
        )
        for one in records(record, "authors")
    ]


def _without_mail(name: str, mail: str) -> str:
    """The name in a text from which feedparser took an address, but left the end of a long domain."""
    if not mail:
        return name
    name = _REST_AT_START.sub("", name.removeprefix("mailto:"))
    name = _REST_IN_BRACKETS.sub("", name).strip()
    if name.count("(") > name.count(")"):  # feedparser took the closing one
        return name[1:] if name.startswith("(") else f"{name})"
    return name
