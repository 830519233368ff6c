"""Words that are probably misspelt: no item has them, but one that differs in a letter."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W\d_]{5,}")
_EXAMINED = 4_000  # characters of an item
_ENDING = 2  # letters
_COMMON = 3  # items that have a word
_SHORT = 6  # letters, from which on one may be wrong; below, two may be exchanged


class Spelling:
    """Watches which words items have.

    `written` are the phrases of each block of the configuration, folded: a topic's queries, or a list.
    """

    def __init__(self, written: Mapping[str, Iterable[str]]) -> None:
        self._items: Counter[str] = Counter()
        self._blocks = {path: set(_WORD.findall("\n".join(phrases))) for path, phrases in written.items()}
        self._written = Counter(word for words in self._blocks.values() for word in words)

    def look(self, text: str) -> None:
        """Take in an item's folded text."""
        self._items.update(set(_WORD.findall(text[:_EXAMINED])))

    def misspelt(self, path: str, phrase: str) -> Iterator[tuple[str, str, int]]:
        """The words of a folded phrase that no item has, each with the likely one and how many items have it.

        The first letter counts as right. Words that differ in their endings alone are forms of one word; who
        wrote both of them, or a beginning of the likely one, in one block meant both.
        """
        for word in _WORD.findall(phrase):
            if word not in self._items:
                near = process.extract(
                    word, self._common.get(word[0], ()), scorer=OSA.distance, score_cutoff=1, limit=5
                )
                both = tuple(self._blocks[path])
                likely = [
                    known for known, _, _ in near if _is_slip(word, known) and not known.startswith(both)
                ]
                if likely and self._written[word] == 1:
                    best = max(likely, key=lambda known: (self._items[known], self._written[known]))
                    yield word, best, self._items[best]

    @cached_property
    def _common(self) -> Mapping[str, list[str]]:
        """Words that several items or lines have, by their first letter."""
        common: dict[str, list[str]] = {}
        often = [word for word, items in self._items.items() if items >= _COMMON]
        for word in {*often, *(word for word, lines in self._written.items() if lines > 1)}:
            common.setdefault(word[0], []).append(word)
        return common


def _is_slip(word: str, known: str) -> bool:
    """Whether the difference is one of typing and none of grammar or language."""
    is_exchange = sorted(word) == sorted(known)
    pairs = zip(word, known, strict=False)
    begins = next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(word), len(known)))
    is_ending = max(len(word), len(known)) - begins <= _ENDING
    return not is_ending and (is_exchange or len(word) >= _SHORT)
