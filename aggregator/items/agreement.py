"""Whether two items that two sources call the same are one article by what they say.

An id and an address can be copied by anybody, so the texts decide, and the titles beside them. Texts are
compared by their runs of four words (shingles): the shorter a text, the more of it has to stand in the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from aggregator.model import Item
from aggregator.text.normalforms import normalized
from aggregator.text.urls import canonical

_MOST_CHARACTERS, _MOST_WORDS = 40_000, 4_000
_LONG, _SHORT, _SCRAP = 40, 12, 4  # runs of words of the shorter text
_NAME = 3  # letters of a word that can name what an article is about

_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"  # no spaces between
    r"|\d+(?:[.,:/-]\d+)*|[^\W_]+"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_QUOTATION = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_NOT_A_DIGIT = re.compile(r"\D+")

_Runs = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Wording:
    """What an item is compared by."""

    url: str  # canonical
    title: tuple[str, ...]
    words: frozenset[str]
    runs: _Runs
    quoted: _Runs  # those of its quotations
    outlet: frozenset[str]  # the words of its outlet's name

    @property
    def numbers(self) -> set[str]:
        """The numbers in the title, without separators."""
        return {_NOT_A_DIGIT.sub("", word) for word in self.title if any(map(str.isdigit, word))}


def agree(one: Item, other: Item, *, joined: bool = False) -> bool:
    """Whether two items are one article, perhaps cut, edited or retitled; `joined`: they were one before."""
    ours, theirs = _wording(one), _wording(other)
    if not joined and ours.numbers - theirs.numbers and theirs.numbers - ours.numbers:
        return False  # parts of a series, reports of measurements
    small, large = sorted((ours, theirs), key=lambda wording: len(wording.runs))
    if len(small.runs) < _SCRAP:
        return _likeness(small, large) >= 0.8
    shared = (small.runs & large.runs) - (small.quoted ^ large.quoted)
    return _is_enough(len(shared) / len(small.runs), small, large) and not _name_two_things(ours, theirs)


def _is_enough(shared: float, small: _Wording, large: _Wording) -> bool:
    """Whether such a share of the shorter text stands for all of it, by sizes and titles."""
    ratio = len(large.runs) / len(small.runs)
    kept, likeness = _kept_title(small, large), _likeness(small, large)
    if _is_one_word_apart(small.title, large.title):
        return shared >= 0.9 and ratio <= 1.5
    if len(small.runs) < _SHORT:
        return shared >= 0.9 and (likeness >= 0.8 or (kept >= 0.8 and ratio <= 1.5))
    if kept < 0.5:
        return shared >= 0.9 and ratio <= (2.5 if len(small.runs) >= _LONG else 1.7)
    if len(small.runs) >= _LONG:
        return shared >= 0.5
    is_cut = likeness >= 0.7 or (small.url != "" and small.url == large.url)
    return shared >= 0.8 and (ratio <= 2.5 or is_cut)


def _kept_title(one: _Wording, other: _Wording) -> float:
    """The share of the words of the shorter title that stand in the other, too."""
    ours, theirs = set(one.title), set(other.title)
    return len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 0.0


def _likeness(one: _Wording, other: _Wording) -> float:
    """The share of the words of both titles that stand in each."""
    ours, theirs = set(one.title), set(other.title)
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def _is_one_word_apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two titles are alike but for one word in the same place: mostly a series, or a template."""
    if len(one) != len(other) or len(one) < _SCRAP:
        return False
    return sum(ours != theirs for ours, theirs in zip(one, other, strict=True)) == 1


def _name_two_things(ours: _Wording, theirs: _Wording) -> bool:
    """Whether each title names what stands in its own text alone: one template, two subjects."""
    named = ({word for word in one.title if len(word) >= _NAME} & one.words for one in (ours, theirs))
    return all(
        names - set(other.title) - other.words - ours.outlet - theirs.outlet
        for names, other in zip(named, (theirs, ours), strict=True)
    )


@lru_cache(maxsize=64)
def _wording(item: Item) -> _Wording:
    words = _words(item.text or item.summary)[:_MOST_WORDS]
    quoted = (run for part in _quotations(item.content) for run in _runs(_words(part)))
    return _Wording(
        canonical(item.url),
        tuple(_words(item.title)),
        frozenset(words),
        _runs(words),
        frozenset(quoted),
        frozenset(_words(f"{item.source} {item.head.title}")),
    )


def _quotations(content: str) -> Iterator[str]:
    """The text of each outermost quotation."""
    depth = start = 0
    for tag in _QUOTATION.finditer(content[: 2 * _MOST_CHARACTERS]):
        if not tag[1]:
            start = start if depth else tag.end()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield unescape(_TAG.sub(" ", content[start : tag.start()]))


def _runs(words: list[str]) -> _Runs:
    return frozenset(zip(words, words[1:], words[2:], words[3:], strict=False))


def _words(text: str) -> list[str]:
    return _WORD.findall(_INVISIBLE.sub("", normalized("NFKC", text[:_MOST_CHARACTERS])).casefold())
