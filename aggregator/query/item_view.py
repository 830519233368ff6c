"""An item as rules see it: the folded texts of its fields in one string, and the way back."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from aggregator.model import Item
from aggregator.query.tree import TEXT_FIELDS
from aggregator.text.folding import JOINS, NONE_LEVELLED, Folded, Levelled, fold, word_end
from aggregator.text.levelling import level

BORDER = "\n"  # never part of a folded text, so nothing is found across it
FIELDS = (*TEXT_FIELDS, "author", "category", "url")
Span = tuple[int, int]
_FEW_WORDS = 50  # that many are counted where they are asked about, instead of numbering all,
_FEW_TIMES = 20  # unless that is asked too often
_ASCII_WORD = re.compile("[A-Za-z0-9][A-Za-z0-9']*")


def texts(item: Item, field: str) -> list[str]:
    """The separate texts of a field; joined by line breaks they are what reasons point into."""
    match field:
        case "title":
            return [item.title]
        case "summary":
            return [item.summary]
        case "content":
            return [item.text]
        case "author":
            return [author.name for author in item.authors]
        case "category":
            return [text for category in item.categories for text in (category.term, category.label) if text]
        case "url":
            return [item.url]
    raise ValueError(field)


def levelled(items: Iterable[Item]) -> dict[str, str]:
    """Every text of the items with what `fold` works out of it."""
    every = {text for item in items for field in FIELDS for text in texts(item, field)}
    return {text: level(text) for text in every}


def field_text(item: Item, field: str) -> str:
    """The text that `Reason.start` and `Reason.end` count in."""
    return BORDER.join(texts(item, field)) if field in FIELDS else ""


class TextPlace(NamedTuple):
    """Words of an item: start and end in the original text of a field."""

    field: str
    start: int
    end: int
    words: str


class View:
    """One item's searchable text: `text` is folded, each field in a range of its own."""

    def __init__(
        self, item: Item, fields: Collection[str] = FIELDS, levelled: Levelled = NONE_LEVELLED
    ) -> None:
        self.item = item
        self.ranges: dict[str, Span] = {}
        self._starts: list[int] = []
        self._pieces: list[tuple[str, Folded, int]] = []  # field, text, where it begins in the field
        self._words: list[int] | None = None
        self._counted = 0
        self._within: dict[tuple[str, ...], list[Span]] = {}
        position = 0
        for field in FIELDS:
            if field in fields:
                begin, offset = position, 0
                for text in texts(item, field):
                    if text:
                        folded = fold(text, levelled)
                        self._starts.append(position)
                        self._pieces.append((field, folded, offset))
                        position += len(folded.text) + 1
                    offset += len(text) + 1
                self.ranges[field] = (begin, position)
        self.text = BORDER.join([folded.text for _, folded, _ in self._pieces])

    @cached_property
    def cased(self) -> str:
        """`text` with its case."""
        return BORDER.join([folded.cased for _, folded, _ in self._pieces])

    def within(self, fields: tuple[str, ...]) -> list[Span]:
        """The ranges of `text` that these fields take up, in order; neighbours are one."""
        ranges = self._within.get(fields)
        if ranges is None:
            known = (self.ranges[name] for name in fields if name in self.ranges)
            ranges = self._within[fields] = merged(known)
        return ranges

    def field(self, position: int) -> str:
        """The field that a position of `text` lies in."""
        return self._pieces[bisect_right(self._starts, position) - 1][0]

    def place(self, start: int, end: int, open_end: bool = False) -> TextPlace:
        """Where text[start:end] stands in the original; `open_end` takes the whole last word."""
        piece = bisect_right(self._starts, start) - 1
        field, folded, offset = self._pieces[piece]
        base = self._starts[piece]
        if open_end:
            end = self.word_end(end)
        first, last = folded.span(start - base, end - base)
        return TextPlace(field, offset + first, offset + last, folded.original[first:last])

    def word_end(self, end: int) -> int:
        """Where the word that a span ends in comes to its own end."""
        return word_end(self.text, end)

    def near(self, position: int, later: int, distance: int) -> bool:
        """Whether at most so many words begin after one position of `text` up to a later one."""
        self._counted += 1
        if distance <= _FEW_WORDS and self._counted <= _FEW_TIMES:
            begun = list(islice(_word_starts(self.text, position, later + 1), distance + 2))
            return len(begun) - (position in begun[:1]) <= distance
        if self._words is None:
            self._words = list(_word_starts(self.text, 0, len(self.text)))
        return bisect_right(self._words, later) - bisect_right(self._words, position) <= distance

    def same_text(self, left: int, right: int) -> bool:
        """Whether two positions lie in the same text of the same field."""
        return bisect_right(self._starts, left) == bisect_right(self._starts, right)


def merged(ranges: Iterable[Span]) -> list[Span]:
    """Ranges in order, those that touch or overlap as one."""
    joined: list[Span] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _word_starts(text: str, low: int, high: int) -> Iterator[int]:
    """Where words begin; in a run of a script without spaces every character is a word."""
    if text.isascii():
        yield from (match.start() for match in _ASCII_WORD.finditer(text, low, high))
        return
    inside = False
    for position in range(low, high):
        character = text[position]
        joins = JOINS[character]
        if (joins and not inside) or (not joins and character.isalnum()):
            yield position
        inside = joins or (inside and character == "'")
