"""OPERATORS: every form of the query language, once, for parser, matcher, reference, explain, docs."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from aggregator.model import Item
from aggregator.text import durations


class Facts(NamedTuple):
    """What an operator that looks at no text may look at; `now` is None where there is no clock."""

    item: Item
    tags: Collection[str] = ()
    now: datetime | None = None


def _no_marks(value: Any) -> str:
    return ""


def _unread(text: str) -> str:
    return text


def _any_time(value: Any, now: datetime | None) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Operator:
    """One form of the language; those with a `name` are written `name:argument`."""

    form: str
    meaning: str
    name: str = ""
    fields: tuple[str, ...] = ()
    """Fields whose words it looks at; such an operator needs nothing more."""
    test: Callable[[Facts, Any], bool] | None = None
    """Whether an item passes; given the value that `read` made."""
    read: Callable[[str], Any] = _unread
    """The argument's value; ValueError says what was expected instead."""
    mark: Callable[[Any], str] = _no_marks
    """Which of `marks(item)` an item must carry to pass, for the prefilter; "" for any item."""
    since: Callable[[Any, datetime | None], datetime | None] = _any_time
    """When an item that passes was published at the earliest, given the time now, for an index."""
    until: Callable[[Any, datetime | None], datetime | None] = _any_time
    """When an item that passes was published at the latest."""
    sentence: str = ""
    """What an item has that passes, with {} for the argument."""
    lacking: str = ""
    """What an item is that does not pass."""
    grouped: bool = False
    """Whether `name:(a OR b)` may be written."""
    in_topics: bool = True


_SHORTEST, _LONGEST = timedelta(hours=1), timedelta(days=36_500)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def _day(text: str) -> datetime:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"there is no day {text} in the calendar.") from None
    raise ValueError(f"{text} is no date; write year-month-day, like 2026-01-31.")


def _span(text: str) -> timedelta:
    span = durations.parse(text)
    if span is None or not _SHORTEST <= span <= _LONGEST:
        raise ValueError(
            f"{text} is no length of time from an hour to a hundred years; write a number and "
            "h, d, w, mo or y, like 7d for seven days and 6mo for six months."
        )
    return span


def _id(text: str) -> str:
    if re.fullmatch(r"[a-z0-9-]{1,64}", text) is None:
        raise ValueError(
            f"{text} is no id; ids have small letters, digits and hyphens, like peoples-dispatch."
        )
    return text


def _language(text: str) -> str:
    if _LANGUAGE.fullmatch(text) is None:
        raise ValueError(f"{text} is no language; write its code, like en, pt-BR or zh.")
    return text.lower()


def _ranges(tag: str) -> list[str]:
    """The language ranges that a BCP 47 tag falls under (RFC 4647, 3.3.1): zh-hant-tw, zh-hant, zh."""
    subtags = tag.lower().replace("_", "-").split("-")
    return ["-".join(subtags[:count]) for count in range(1, len(subtags) + 1)]


def _newer(facts: Facts, age: timedelta) -> bool:
    if facts.now is None:
        raise ValueError("newer: asks for the time, and none was given")
    try:
        return facts.item.published is not None and facts.item.published >= facts.now - age
    except OverflowError:
        return True


def _back(age: timedelta, now: datetime | None) -> datetime | None:
    try:
        return now - age if now is not None else None
    except OverflowError:
        return None


def _after(facts: Facts, day: datetime) -> bool:
    return facts.item.published is not None and facts.item.published >= day


def _before(facts: Facts, day: datetime) -> bool:
    return facts.item.published is not None and facts.item.published < day


def marks(item: Item) -> list[str]:
    """What an item carries besides its text: strings that `Operator.mark` may ask for."""
    return [f"source:{item.source}", *(f"language:{tag}" for tag in _ranges(item.language))]


OPERATORS: tuple[Operator, ...] = (
    Operator("`korea`", "the word, as a whole word"),
    Operator('`"north korea"`', "the words next to each other, in this order; curly quotes will do"),
    Operator("`kim-jong-un`", "the same: a hyphen joins words to a phrase"),
    Operator(
        '`negotiat*` `"north korea*"`',
        "words that begin like this: negotiate, negotiation; Korea, Koreas, Korean",
    ),
    Operator('`=US` `="The Hill"`', "in this case only: `=US` finds US, U.S. and US's, never us"),
    Operator("`title:x`", "in the title", "title", ("title",), grouped=True),
    Operator("`summary:x`", "in the summary", "summary", ("summary",), grouped=True),
    Operator("`content:x`", "in the text of the article", "content", ("content",), grouped=True),
    Operator("`author:x`", "in the name of an author", "author", ("author",), grouped=True),
    Operator(
        "`category:x`",
        "in a category that the outlet filed the item under",
        "category",
        ("category",),
        grouped=True,
    ),
    Operator(
        "`source:x`",
        "from the source with this id",
        "source",
        grouped=True,
        read=_id,
        test=lambda facts, value: facts.item.source == value,
        mark=lambda value: f"source:{value}",
        sentence="comes from source {}",
        lacking="comes from another source than {}",
    ),
    Operator(
        "`url:x`",
        "in the address of the article: `url:example.org`, `url:/politics/`",
        "url",
        ("url",),
        grouped=True,
    ),
    Operator(
        "`language:x`",
        "in this language; `language:en` covers en-GB too",
        "language",
        grouped=True,
        read=_language,
        test=lambda facts, value: value in _ranges(facts.item.language),
        mark=lambda value: f"language:{value}",
        sentence="is in language {}",
        lacking="is not in language {}",
    ),
    Operator("`title:(a OR b)`", "a whole query in one field; so with every field"),
    Operator("`a b`", "both; binds closer than OR"),
    Operator("`a OR b`", "at least one of them"),
    Operator("`-a`", "not this; only beside something that is looked for"),
    Operator("`( )`", "what belongs together"),
    Operator("`a NEAR/6 b`", "within six words of each other, in one field, in either order"),
    Operator('`3x "ceasefire"`', "at least three times; what summary and content both have counts once"),
    Operator("`list:states`", "any line of the list of that name; also `title:list:states`", "list"),
    Operator(
        "`topic:north-korea`",
        "what belongs to that other topic",
        "topic",
        grouped=True,
        read=_id,
        test=lambda facts, value: value in facts.tags,
        mark=lambda value: f"topic:{value}",
        sentence="belongs to topic {}",
        lacking="does not belong to topic {}",
    ),
    Operator(
        "`after:2026-01-01`",
        "published on that day (UTC) or later",
        "after",
        read=_day,
        test=_after,
        since=lambda day, _: day,
        sentence="was published on {} or later",
        lacking="was not published on {} or later",
    ),
    Operator(
        "`before:2026-01-01`",
        "published earlier than that day (UTC)",
        "before",
        read=_day,
        test=_before,
        until=lambda day, _: day,
        sentence="was published before {}",
        lacking="was not published before {}",
    ),
    Operator(
        "`newer:7d`",
        "published in the last seven days; h, d, w, mo (30 days), y; not in topics",
        "newer",
        read=_span,
        test=_newer,
        since=_back,
        in_topics=False,
        sentence="was published in the last {}",
        lacking="was not published in the last {}",
    ),
)

PREFIXES = {operator.name: operator for operator in OPERATORS if operator.name}


def table() -> str:
    """The operators as a table for docs/rules.md."""
    rows = [f"| {operator.form} | {operator.meaning} |" for operator in OPERATORS]
    return "\n".join(["| form | meaning |", "|---|---|", *rows])
