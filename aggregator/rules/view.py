"""An item as rules see it: the folded texts of its fields in one string, and the way back."""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from aggregator.model import Item
from aggregator.rules.folding import JOINS, Folded, fold, word_end
from aggregator.rules.tree import TEXT_FIELDS

BORDER = "\n"  # never part of a folded text, so nothing is found across it
FIELDS = (*TEXT_FIELDS, "author", "category", "url")
Span = tuple[int, int]


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


def field_text(item: Item, field: str) -> str:
    """The text that `Reason.start` and `Reason.end` count in."""
    return BORDER.join(texts(item, field)) if field in FIELDS else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of an item: start and end in the original text of a field."""

    field: str
    start: int
    end: int
    words: str


class View:
    """One item's searchable text: `text` folded, `cased` with its case, each field in a range of its own."""

    def __init__(self, item: Item, fields: Collection[str] = FIELDS) -> None:
        self.item = item
        self.ranges: dict[str, Span] = {}
        self._starts: list[int] = []
        self._pieces: list[tuple[str, Folded, int]] = []  # field, text, where it begins in the field
        self._words: list[int] | None = None
        position = 0
        for field in FIELDS:
            if field in fields:
                begin, offset = position, 0
                for text in texts(item, field):
                    folded = fold(text)
                    self._starts.append(position)
                    self._pieces.append((field, folded, offset))
                    position += len(folded.text) + 1
                    offset += len(text) + 1
                self.ranges[field] = (begin, position)
        self.text = BORDER.join([folded.text for _, folded, _ in self._pieces])
        self.cased = BORDER.join([folded.cased for _, folded, _ in self._pieces])

    def field(self, position: int) -> str:
        """The field that a position of `text` lies in."""
        return self._pieces[bisect_right(self._starts, position) - 1][0]

    def place(self, span: Span, open_end: bool = False) -> Place:
        """Where a span of `text` stands in the original; `open_end` takes the whole last word."""
        start, end = span
        piece = bisect_right(self._starts, start) - 1
        field, folded, offset = self._pieces[piece]
        base = self._starts[piece]
        if open_end:
            end = self.word_end(end)
        first, last = folded.span(start - base, end - base)
        return Place(field, offset + first, offset + last, folded.original[first:last])

    def word_end(self, end: int) -> int:
        """Where the word that a span ends in comes to its own end."""
        return word_end(self.text, end)

    def word_index(self, position: int) -> int:
        """The number of the word at a position of `text`."""
        if self._words is None:
            self._words = list(_word_starts(self.text))
        return bisect_right(self._words, position)

    def same_text(self, left: int, right: int) -> bool:
        """Whether two positions lie in the same text of the same field."""
        return bisect_right(self._starts, left) == bisect_right(self._starts, right)


def _word_starts(text: str) -> Iterator[int]:
    """Where words begin; in a run of a script without spaces every character is a word."""
    inside = False
    for position, character in enumerate(text):
        joins = JOINS[character]
        if (joins and not inside) or (not joins and character.isalnum()):
            yield position
        inside = joins or (inside and character == "'")
