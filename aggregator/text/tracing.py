"""The way back from levelled text to the original: where the words that a reader is shown came from."""

import re
import unicodedata
from collections.abc import Callable

from aggregator.text.levelling import LAST, MARKS_AND_LETTERS, keeps_places, level, level_signs
from aggregator.text.normalforms import AT_ONCE, continues

Span = tuple[int, int]
Traced = tuple[str, list[Span]]
_FEW = 1000  # characters that a text may lose for its words to stand near their old place
# Words that levelling may keep as they are, and never takes for a possessive.
_KEPT = re.compile(r"(?![sS](?: |$))[^\W_]+(?: [^\W_]+)*")
_MOST_OCCURRENCES = 100


def _occurrences(words: str, text: str) -> list[int]:
    """Where the words begin, each time; the first of very many."""
    found: list[int] = []
    start = text.find(words)
    while start >= 0 and len(found) < _MOST_OCCURRENCES:
        found.append(start)
        start = text.find(words, start + 1)
    return found


class Tracer:
    """Finds where levelled characters came from, and remembers the pieces it has looked at."""

    def __init__(self, original: str, levelled: str) -> None:
        self.original, self.levelled = original, levelled
        dropped = len(original) - len(levelled)
        self._dropped = dropped if dropped < _FEW and original.isascii() else None
        self._halves: dict[Span, tuple[int, int, int]] = {}
        self._traced: dict[int, list[Span]] = {}

    def span(self, start: int, end: int) -> Span:
        """The place in the original, start and end, that levelled[start:end] came from."""
        found = self._alike(start, end)
        if found is None and (space := self.levelled.find(" ", start, end)) >= 0:
            first, last = self._alike(start, space), self._alike(self.levelled.rfind(" ", 0, end) + 1, end)
            found = (first[0], last[1]) if first and last else None
        return found or (self.origin(start)[0], self.origin(end - 1)[1])

    def _alike(self, start: int, end: int) -> Span | None:
        """The place of plain words that the original has as often: levelling keeps them and their order."""
        words = self.levelled[start:end]
        if _KEPT.fullmatch(words) is None or not (words.isascii() or level(words) == words):
            return None
        return self._near(words, start) or self._as_often(words, start)

    def _near(self, words: str, start: int) -> Span | None:
        """The only place that can be meant in a text which just became shorter."""
        if self._dropped is None:
            return None
        end = start + len(words)
        far = end + self._dropped
        near = level_signs(self.original[start:far])
        low = near.find(words)
        several = near.find(words, low + 1) >= 0 or self.levelled.find(words, start + 1, far) >= 0
        if low < 0 or several or self.levelled.find(words, max(0, start - self._dropped)) < start:
            return None
        return start + low, end + low

    def _as_often(self, words: str, start: int) -> Span | None:
        """The place that has as many before it as in the levelled text, if both have equally many."""
        here, there = _occurrences(words, self.levelled), _occurrences(words, self.original)
        if len(here) != len(there) or len(here) == _MOST_OCCURRENCES:
            return None
        low = there[here.index(start)]
        high = low + len(words)
        return None if any(map(continues, self.original[high : high + 1])) else (low, high)

    def origin(self, position: int) -> Span:
        """Halves the original until the piece that folds to the position is short enough to be traced."""
        low, high = 0, len(self.original)
        while high - low > _PIECE:
            first_end, second_start, size = self._half(low, high)
            if second_start == high:
                break
            if position < size:
                high = first_end
            elif position == size:
                return first_end, second_start  # the space that they are parted by
            else:
                low, position = second_start, position - size - 1
        if low not in self._traced:
            self._traced[low] = _trace(self.original[low:high])
        traced = self._traced[low]
        first, last = traced[min(position, len(traced) - 1)]  # marks by the thousand are traced roughly
        return low + first, low + last

    def _half(self, low: int, high: int) -> tuple[int, int, int]:
        """Where the first half ends and the second begins in the original, and the first's folded length."""
        if (low, high) not in self._halves:
            cut = _CUT.search(self.original, (low + high) // 2, high)
            if cut is None or cut.end() >= high:
                self._halves[low, high] = high, high, 0
            else:
                size = len(level(self.original[low : cut.start()]))
                self._halves[low, high] = cut.start(), cut.end(), size
        return self._halves[low, high]


# Text may be cut at such a space without changing how either side is folded.
_CUT = re.compile(
    r"(?<=[{0}]{{2}}) (?=[{0}])".format("A-Za-z0-9а-яА-Яא-ת\u0620-\u063f\u0641-\u064a가-힣一-鿿")
)
_PIECE = 48


def _trace(text: str) -> list[Span]:
    """For each character of level(text) the place it came from, by the same steps one at a time."""
    if keeps_places(text):
        letters, origins = level_signs(text), [(index, index + 1) for index in range(len(text))]
    else:
        letters, origins = _trace_foreign(text)
    for step in LAST:
        letters, origins = _stepped(letters, origins, *step)
    return origins


def _trace_foreign(text: str) -> Traced:
    spans: list[Span] = []
    for index, character in enumerate(text):
        if not (spans and continues(character)) or index - spans[-1][0] > AT_ONCE:
            spans.append((index, index + 1))
        else:
            spans[-1] = (spans[-1][0], index + 1)
    letters, origins = _decompose(text.replace("´", "'"), spans)
    for step in MARKS_AND_LETTERS:
        letters, origins = _stepped(letters, origins, *step)
    return _compose(letters, origins)


def _decompose(text: str, spans: list[Span]) -> Traced:
    parts = [(unicodedata.normalize("NFKD", text[low:high]), (low, high)) for low, high in spans]
    return "".join(part for part, _ in parts), [span for part, span in parts for _ in part]


def _compose(text: str, origins: list[Span]) -> Traced:
    clusters: list[Span] = []
    for index, character in enumerate(text):
        if clusters and continues(character) and index - clusters[-1][0] <= AT_ONCE:
            clusters[-1] = (clusters[-1][0], index + 1)
        else:
            clusters.append((index, index + 1))
    parts = [
        (unicodedata.normalize("NFC", text[low:high]), (origins[low][0], origins[high - 1][1]))
        for low, high in clusters
    ]
    return "".join(part for part, _ in parts), [span for part, span in parts for _ in part]


def _stepped(
    text: str,
    origins: list[Span],
    pattern: re.Pattern[str],
    replacement: Callable[[re.Match[str]], str],
) -> Traced:
    pieces: list[str] = []
    kept: list[Span] = []
    position = 0
    for match in pattern.finditer(text):
        new = replacement(match)
        pieces += text[position : match.start()], new
        kept += origins[position : match.start()]
        kept += [(origins[match.start()][0], origins[match.end() - 1][1])] * len(new)
        position = match.end()
    return "".join((*pieces, text[position:])), kept + origins[position:]
