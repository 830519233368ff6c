"""Names in dates: of months, days of the week and halves of the day, in many languages.

Those in calendar.tsv come from the Unicode Common Locale Data Repository, CLDR (© Unicode, Inc., Unicode
License v3); calendar-more.tsv has what is written besides: other cases of a noun, other abbreviations.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

LONGEST = 3
"""Words that a name may have."""

_LETTER = r"[^\s0-9!-/:-@\[-`{-~\u2010-\u2027\u3001\u3002\u00b7\u060c\u00ab\u00bb]"
WORD = rf"{_LETTER}+(?:\.{_LETTER}+)*"
"""A word in a folded text, as a regular expression: with the marks of its letters, and dots inside."""
_WORDS = re.compile(WORD)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # marks of direction and the like

_Meanings = Mapping[int, frozenset[str]]  # what a name can mean → the languages in which it does


def folded(value: str) -> str:
    """The text without accents, in its own case; every kind of space, dash and digit as ASCII has it."""
    if value.isascii():
        return " ".join(value.split())
    plain = unicodedata.normalize("NFKD", value).replace("\u2212", "-").replace("\u2013", "-")
    plain = "".join(char for char in plain if not unicodedata.combining(char) or char == "\u0306")
    plain = _INVISIBLE.sub("", plain)
    plain = "".join(str(unicodedata.decimal(char, char)) for char in plain)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def months(name: str, language: str = "") -> frozenset[int]:
    """The months (1 to 12) that a folded name can be, in `language` (BCP 47) where it is one there."""
    return _meanings("months", name, language)


def weekdays(text: str, language: str = "") -> frozenset[int]:
    """The days of the week (Monday is 1) that are named in a folded text."""
    words = _WORDS.findall(text)
    runs = (" ".join(words[at : at + size]) for at in range(len(words)) for size in range(1, LONGEST + 1))
    return frozenset(day for run in runs for day in _meanings("days", run, language))


@cache
def names() -> frozenset[str]:
    """The names of months and days of the week, folded, in any language, of one word."""
    found = {*_names("months"), *_names("days")}
    return frozenset(name for name in found if len(name) >= 3 and name.isalpha())


def halves() -> Iterator[str]:
    """The names of the halves of the day, without dots and spaces."""
    yield from _names("halves")


def half(name: str, language: str = "") -> int:
    """Whether a name, without dots and spaces, is that of the first or second half of a day; else 0.

    Names of two letters are also ordinary words, so that they count in their own languages alone.
    """
    found = _names("halves").get(name, {})
    short = len(name) == 2 and name.isascii() and name not in ("am", "pm")
    return next((which for which, spoken in found.items() if not short or _base(language) in spoken), 0)


def _meanings(kind: str, name: str, language: str) -> frozenset[int]:
    found = _names(kind).get(name, {})
    if len(found) < 2:
        return frozenset(found)
    here = {number for number, spoken in found.items() if _base(language) in spoken}
    return frozenset(here or found)


def _base(language: str) -> str:
    return re.split("[-_]", language.lower(), maxsplit=1)[0]


@cache
def _names(kind: str) -> Mapping[str, _Meanings]:
    names: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for file in ("calendar.tsv", "calendar-more.tsv"):
        text = (files(__package__) / file).read_text(encoding="utf-8")
        for language, which, groups in (line.split("\t") for line in text.splitlines()):
            if which == kind:
                for number, group in enumerate(groups.split(","), 1):
                    for name in filter(None, group.split("|")):
                        names[name][number].add(_base(language))
    if kind == "halves":
        names["am"][1].add("en")
        names["pm"][2].add("en")
    return {
        name: {number: frozenset(spoken) for number, spoken in meanings.items()}
        for name, meanings in names.items()
    }
