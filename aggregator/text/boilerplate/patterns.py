"""The sentences with which sites, not articles, end and begin, from the phrases of all languages.

All patterns are meant for one line or one sentence as a whole, and never for a part of one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from aggregator.text import sentences
from aggregator.text.boilerplate import phrases


class Phrases:
    """Regular expressions for whole lines; those that begin with a letter are tried only where it fits."""

    def __init__(self, patterns: Iterable[str]) -> None:
        by_letter: dict[str, list[str]] = defaultdict(list)
        for pattern in patterns:
            plain = pattern[:1].isalpha() and not re.match(r".[?*{]", pattern) and not _has_branches(pattern)
            by_letter[_letter(pattern) if plain else ""].append(pattern)
        self._anywhere = _any(*by_letter.pop("", ["(?!)"]))
        self._by_letter = {letter: _any(*group) for letter, group in by_letter.items()}

    def match(self, line: str) -> bool:
        """Whether a line is nothing but one of these phrases."""
        bare = line.rstrip(" .。!")
        return self._is_whole(line) or (bare != line and self._is_whole(bare))

    def _is_whole(self, line: str) -> bool:
        beginning = self._by_letter.get(_letter(line))
        if beginning is not None and beginning.fullmatch(line):
            return True
        return self._anywhere.fullmatch(line) is not None


def _has_branches(pattern: str) -> bool:
    """Whether a pattern has alternatives outside of any group."""
    while (flatter := re.sub(r"\[[^][]*\]|\([^()]*\)", "", pattern)) != pattern:
        pattern = flatter
    return "|" in pattern


def _letter(line: str) -> str:
    return line[:1].lower()


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


class Mentions:
    """Regular expressions for parts of a line, each tried only where a word that it begins with stands."""

    def __init__(self, patterns: Iterable[str]) -> None:
        beginnings: dict[str, list[str]] = defaultdict(list)
        for pattern in patterns:
            group = re.match(r"\(\?:([^()\\[?*+.]+)\)", pattern)
            words = (
                group[1].split("|") if group else [re.split(r"\w?[?*{]|[^\w '’-]", pattern, maxsplit=1)[0]]
            )
            for word in words:
                beginnings[word if word.islower() or not word.isascii() else ""].append(pattern)
        self._anywhere = _any(*beginnings.pop("", ["(?!)"]))
        self._by_beginning = {word: _any(*group) for word, group in beginnings.items()}
        self._words = tuple(beginnings)
        self._words_in_ascii = tuple(filter(str.isascii, beginnings))

    def found(self, line: str) -> bool:
        """Whether a line holds one of them."""
        lowered = line.lower()
        words = self._words_in_ascii if lowered.isascii() else self._words
        said = [word for word in words if word in lowered]
        if any(self._by_beginning[word].search(line) for word in said):
            return True
        return self._anywhere.search(line) is not None


class Appeared:
    """A phrase such as "The post … appeared first on …": how it opens, and how it goes on.

    One without opening, whose first words are the title's, begins where a sentence does.
    """

    def __init__(self, phrase: str) -> None:
        self.opening, *parts = re.split(r"…", phrase)
        self.needle = max(parts, key=len).strip()
        gaps = (".{1,400}?", *[".{1,200}?"] * len(parts))
        going_on = "".join(gap + _bounded(part) for gap, part in zip(gaps, parts, strict=False) if part)
        self._sentence = re.compile(rf"{re.escape(self.opening)}{going_on}.{{0,200}}", re.DOTALL)

    def place(self, line: str) -> int | None:
        """Where the sentence begins with which a line ends."""
        if self.opening:
            place = line.rfind(self.opening)
        else:
            place = sentences.last_end(line, line.rfind(self.needle) + 1)
        return place if place >= 0 and self._sentence.fullmatch(line, place) else None


def _bounded(part: str) -> str:
    before, behind = r"(?<!\w)" if part[0] == " " else "", r"(?!\w)" if part[-1] == " " else ""
    return before + re.escape(part.strip()) + behind


_APPEARED = tuple(map(Appeared, phrases.lines("appeared")))
_APPEARED_IN_ASCII = tuple(phrase for phrase in _APPEARED if phrase.needle.isascii())


def appeared(line: str) -> int | None:
    """Where "The post … appeared first on …", in any language of WordPress, begins at a line's end."""
    tried = _APPEARED_IN_ASCII if line.isascii() else _APPEARED
    places = [phrase.place(line) for phrase in tried if phrase.needle in line]
    return min((place for place in places if place is not None), default=None)


_ARROWS = r"[\s»→›>⟶➔….:|\])]*"
_READ_ON = phrases.anyone("read on")
MORE = _any(
    rf"[\s\[(«←<]*{phrases.anyone('read on', 'more')}{_ARROWS}",
    r"(?:continue reading|keep reading|read more|read)\b.{1,250}(?:→|»|›|>>)\s*",
)
MORE_AT_END = re.compile(rf"[\s.!?…\])]\[?\(?(?P<more>{_READ_ON}){_ARROWS}$", re.IGNORECASE)
MORE_AFTER_CUT = re.compile(
    r"(?P<cut>(?:…|\.\.\.)[\])]?)\s*[\[(]?(?:(?:Continue|Keep|CONTINUE|KEEP) (?:reading|READING)|(?:Read"
    r"|READ) (?:more|MORE|on|full|it|the (?:full|rest|whole|entire))|Click here)\b[^\n]{0,250}$"
)
CUT = re.compile(r"(?<!\s)\s*(?:\[\s*(?:…|\.{2,4})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})$")
CUT_ENDINGS = ("…", "...", "]", ")")
"""What a text that CUT finds something in ends with."""

_WITH = rf"{phrases.anyone('share with')}|{phrases.network()}"
NAVIGATION = Phrases(
    (
        *map(phrases.pattern, phrases.lines("notice")),
        rf"{phrases.anyone('label')}\s*[:|»].{{0,400}}",
        rf"{phrases.anyone('share')}(?: (?:{_WITH}|[,|/·•&-]))*\s*[:!.]?",
    )
)

AGENCY = rf"(?:the )?(?:{'|'.join(phrases.lines('agencies'))})"
_NAME = (
    r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’@-]*+|al-\w++|(?:de|del|della|di|da|dos|van|von|der|den|la|le|el|bin|ibn|y"
    r"|und|and|et|e|en|og|och|for|with|in|of|the|at|via|by)\b|[&©])"
)
_NAMES = rf"{_NAME}(?:[\s,|/·•–—]++(?:-\s)?{_NAME}){{0,14}}"
DATE = (
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(?:\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s*(?:de "
    r"|d['’])?[^\W\d_]{3,12}\.?,?\s*(?:de |del )?\d{4}|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
    r"|\d{4}\s?[-./年년]\s?\d{1,2}\s?[-./月월]\s?\d{1,2}[日일]?"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})(?:[\s,|@–-]*(?:at |um |a las "
    r"|à )?\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[apAP]\.?[mM]\.?)?(?:\s?(?:Uhr|[A-Z]{2,4}))?)?"
)
BYLINE = re.compile(
    rf"(?i:{phrases.anyone('byline')})\s*:?\s+{_NAMES}(?:[\s,|/·•–—-]+(?i:on\s+)?{DATE})?[\s|,:]*"
    r"|.{0,20}[가-힣]{2,4} ?(?:기자|특파원)\b.{0,40}"
)
_BAR = r"\s*[|/·•]\s*"
DATED = re.compile(
    rf"(?i:(?:{phrases.anyone('dated')}\s*:?\s*)?){DATE}[\s|,:·•]*"
    rf"|(?:(?i:{phrases.anyone('byline')})\s*:?\s+{_NAMES}{_BAR})?{DATE}"
    rf"(?:{_BAR}{_NAME}(?: {_NAME}){{0,3}}){{1,2}}"
)
_DAY = (
    rf"(?:{DATE}|\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?\s+(?:de )?[^\W\d_]{{3,12}}"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?)"
)
_POSTED = rf"(?i:{phrases.anyone('dated')})\s*:?\s+{_DAY}"
_SIGNED = rf"(?i:{phrases.anyone('byline')})\s*:?\s+{_NAMES}"
_FILED = rf"(?i:{phrases.anyone('filed')})\s*:?\s+[^\Wa-zß-öø-ÿ].{{0,80}}"
_SPACE = r"[\s,|/:·•–—-]+"
FILED = re.compile(
    rf"{_POSTED}(?:{_SPACE}{_SIGNED})?(?:{_SPACE}{_FILED})?[\s.|]*"
    rf"|{_SIGNED}{_SPACE}(?i:on\s+|am\s+|le\s+|el\s+)?{_DAY}{_SPACE}{_FILED}[\s.|]*"
)
"""When a text was published, and by whom or in which section: "Posted on 3 May by Ida Moor in News"."""
CREDIT = re.compile(
    rf"[\[(]?(?i:{phrases.anyone('picture')}(?: (?:credits?|courtesy(?: of)?|source|by|via|from))?)\s*"
    r"(?:[:：©|/=]|\b(?i:by|courtesy of|via)\b|(?<=credit)|(?<=courtesy of)|(?<=by)|(?<=via))"
    rf"\s*{_NAMES}[\])]?\.?"
    rf"|[\[(]?(?:{_NAMES}\s*(?:/|\||,|—|–|-|\bvia\b|©)\s*)?(?i:{AGENCY})(?:\s*(?:/|\||,|–|-|via)\s*{_NAMES})?[\])]?\.?"
    rf"|©\s*{_NAMES}\.?|(?i:credits?:|courtesy(?: of|:))\s*{_NAMES}\.?"
)
CREDIT_INSIDE = re.compile(
    r"(?<!\s)\s*[(\[](?:AP |File |Reuters )?(?:Photos?|Photographs?|Images?|Pictures?"
    r"|Illustrations?|Fotos?|Video"
    r"|Credits?)(?: (?:illustration|credits?))?(?:\s*[:/|]|\s+(?:by|courtesy|via|credit"
    r"|from)\b)[^()\[\]\n]{1,140}[)\]]"
)
CREDIT_OPENING = re.compile(
    r"[(\[](?:AP |File |Reuters )?(?:Photo|Image|Picture|Illustration|Foto|Video|Credit)"
)
"""What CREDIT_INSIDE has in common: quick to look for."""
ORIGIN = Phrases(map(phrases.pattern, phrases.lines("origin")))
"""Says where a text first stood."""
LICENCE = Phrases(map(phrases.pattern, phrases.lines("licence")))
"""Says how a text may be used, and nothing else."""
COPYRIGHT = re.compile(
    r"(?:©|\([cC]\)|[cC](?:opyright|OPYRIGHT):?(?:\s*(?:©|\([cC]\))|(?=\s+(?:[12][0-9]{3}\b|by\s))))\s*:?\s*"
    r"(?:[12][0-9]{3}(?:\s*[-–—,/]\s*[0-9]{2,4})?\b[\s,.|/:–—-]*(?:(?:by|the|von|por|par|di|door)\b.{0,160}|[^\Wa-zß-ÿ].{0,200})?"
    rf"|(?:by\s+)?{_NAMES},?\s*[12][0-9]{{3}}\b(?:[\s,.|/:–—-]+[^\Wa-zß-ÿ].{{0,160}})?)[\s.]*"
)
"""Says whose a text is since when: "© 2026 The Gazette", "Copyright The Gazette, 2026."."""
ATTRIBUTION = Phrases(
    (
        *(phrases.pattern(line) for of in ("credit", "origin", "licence") for line in phrases.lines(of)),
        r"(?:©|\(c\)|copyright:?)\s*(?:©|\(c\))?\s*(?:\d{4}|by\b|the\b)?.{0,20}\d{4}.{0,160}",
        r"©.{0,160}",
        r"[_*=–—-]{3,}",
    )
)
RIGHTS_OR_ORIGIN = Mentions(map(phrases.pattern, phrases.lines("rights")))
"""Speaks of whose a text is or where it first stood: a line that holds it is no notice for being repeated."""
