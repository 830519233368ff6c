"""Folding: texts as they are compared, where words begin and end in them, and the way back to the original.

Queries and texts pass through the same `fold`, so what it levels can neither be asked for nor hide a word.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from aggregator.text.levelling import RUN_SCRIPTS, level
from aggregator.text.tracing import Span, Tracer

Levelled = Mapping[str, str]
"""Texts → what `level` makes of them, as far as somebody worked that out before."""
NONE_LEVELLED: Levelled = MappingProxyType({})


@dataclass(slots=True)
class Folded:
    """A text beside its folded form; positions are traced back to the original only when asked for."""

    original: str
    text: str
    cased: str
    _tracer: Tracer | None = field(default=None, repr=False, compare=False)

    def span(self, start: int, end: int) -> Span:
        """The place in the original, start and end, that the folded text[start:end] came from."""
        if len(self.original) == len(self.text) and self.original.isascii():
            return start, end  # of ASCII nothing ever becomes longer, so nothing has moved
        if self._tracer is None:
            self._tracer = Tracer(self.original, self.cased)
        return self._tracer.span(start, end)


def fold(text: str, levelled: Levelled = NONE_LEVELLED) -> Folded:
    """The text levelled, and without its case; both forms have the same length."""
    cased = levelled[text] if text in levelled else level(text)
    return Folded(text, cased.casefold(), cased)


class _Joining(dict[str, bool]):
    """Whether a character joins with a like neighbour to one word; spaces, signs and run scripts do not."""

    def __missing__(self, character: str) -> bool:
        word = character.isalnum() or unicodedata.category(character)[0] == "M"
        self[character] = joins = word and re.match(f"[{RUN_SCRIPTS}]", character) is None
        return joins


JOINS = _Joining()


def is_word(character: str) -> bool:
    """Whether a character belongs to a word, of any script."""
    return JOINS[character] or character.isalnum() or unicodedata.category(character)[0] == "M"


def bounded(text: str, start: int, end: int, open_end: bool = False) -> bool:
    """Whether text[start:end] stands as whole words in folded text; `open_end` lets the last one go on."""
    if start and JOINS[text[start - 1]] and JOINS[text[start]]:
        return False
    return open_end or end == len(text) or not (JOINS[text[end - 1]] and JOINS[text[end]])


def word_end(text: str, end: int) -> int:
    """Where the word that text[:end] breaks off in comes to its end."""
    while 0 < end < len(text) and JOINS[text[end - 1]] and JOINS[text[end]]:
        end += 1
    return end
