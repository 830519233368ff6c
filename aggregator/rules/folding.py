"""Folding: what counts as the same text, where words begin and end, and the way back to the original.

Queries and texts pass through the same `fold`, so what it levels can neither be asked for nor hide a word.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from aggregator.normalforms import AT_ONCE, continues, normalized

# Scripts written without spaces, and Hangul, whose particles are attached: words are found inside a run.
RUN_SCRIPTS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u19e0-\u19ff\u3005-\u3007\u3041-\u30ff\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7ff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
# Accents, vowel points and the like of scripts whose words are read without them. The vowel signs of Indic
# scripts and the marks of kana are letters in all but name, and stay.
_ACCENTS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u05f4\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1"
    "\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_DASHES = (
    r"\-"
    "\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0"
)
_QUOTES = '"“”„‟«»〝〞〟'
_CONTROLS = "\x00-\x1f\x7f-\x9f\u1680\u2028\u2029\ud800-\udfff"  # with the spaces that NFKD leaves alone
_APOSTROPHES = "`\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u055a\u05f3\ua78b\ua78c"
_LETTERS = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "Ł": "L",
    "Ø": "O",
    "Đ": "D",
    "Ð": "D",
    "Ħ": "H",
    "Ŧ": "T",
    "ẞ": "SS",
    "Æ": "AE",
    "Œ": "OE",
    "þ": "th",
    "Þ": "TH",
    "ŋ": "n",
    "Ŋ": "N",
}
_GERSHAYIM = re.compile(r'"(?<=[א-ת]")(?=[א-ת])')
_CLEANED = re.compile(
    f"[{_ACCENTS}{_INVISIBLE}{_QUOTES}{_CONTROLS}{_DASHES}{_APOSTROPHES}{''.join(_LETTERS)}]"
)
_ASCII_CLEANED = bytes.maketrans(bytes([*range(32), 127, *b'"-`']), b" " * 35 + b"'")
_SPACES = re.compile("  +")
# An apostrophe stays only between two letters, and a possessive 's goes with it.
_APOSTROPHE = re.compile(
    rf"'(?:(?<=[\w.]')[sS](?!\w)|(?!\w)|(?<!\w')|(?<=[{RUN_SCRIPTS}]')|(?=[{RUN_SCRIPTS}]))"
)
_WORD = rf"[^\W{RUN_SCRIPTS}]"
_LETTER = rf"[^\W\d_{RUN_SCRIPTS}]"
# The points of initials: U.S. and U.S are US, and so is U. S., but neither takes a neighbour in.
_INITIALS = re.compile(
    rf"\.(?<=(?<!{_WORD}){_LETTER}\.)(?:(?={_LETTER}(?!{_WORD}))"
    rf"|(?<=(?<!{_WORD}){_LETTER}\.{_LETTER}\.)(?!{_WORD})"
    rf"|(?<=(?<!{_WORD})(?<!\.){_LETTER}\.) (?={_LETTER}\.(?!{_WORD}))"
    rf"|(?<=(?<!{_WORD})(?<!\.){_LETTER}\. {_LETTER}\.)(?!{_WORD}))"
)


class _Cleaned(dict[str, str]):
    """What becomes of a character that folding does not keep."""

    def __missing__(self, character: str) -> str:
        if re.match(f"[{_ACCENTS}{_INVISIBLE}]", character):
            cleaned = ""
        elif re.match(f"[{_QUOTES}{_CONTROLS}{_DASHES}]", character):
            cleaned = " "
        else:
            cleaned = _LETTERS.get(character, "'")
        self[character] = cleaned
        return cleaned


_CLEAN = _Cleaned()


def _clean(match: re.Match[str]) -> str:
    return _CLEAN[match[0]]


class _Alone(dict[str, str | None]):
    """What becomes of a character, whatever stands beside it; None where its neighbours decide about that."""

    def __missing__(self, character: str) -> str | None:
        levelled = _level_together(character)
        bound = any(continues(one) or "א" <= one <= "ת" for one in levelled)
        self[character] = alone = None if bound else levelled
        return alone


_ALONE = _Alone()
_ASCII = bytes(range(128))
_MOST_SIGNS = 100  # different ones, each of which costs a pass through the text


def _level_apostrophe(match: re.Match[str]) -> str:
    return "" if len(match.group()) == 2 else " "


def _one_space(match: re.Match[str]) -> str:
    return " "


def _nothing(match: re.Match[str]) -> str:
    return ""


_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_APOSTROPHE, _level_apostrophe),
    (_SPACES, _one_space),
    (re.compile("^ | $"), _nothing),
    (_INITIALS, _nothing),
)


def level(text: str) -> str:
    """The folded text with its case kept; as long as `folded`, character by character."""
    text = _level_ascii(text if text.isascii() else _level_foreign(text))
    if "'" in text:
        text = _APOSTROPHE.sub(_level_apostrophe, text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    text = text.strip(" ")
    return _INITIALS.sub("", text) if "." in text else text


def _level_ascii(text: str) -> str:
    """Without the signs of ASCII; all others stay."""
    return text.encode("utf-8", "surrogatepass").translate(_ASCII_CLEANED).decode("utf-8", "surrogatepass")


def _level_foreign(text: str) -> str:
    """Few signs in a text of ASCII are taken one by one, which is quick; other scripts as a whole."""
    foreign = _foreign(text)
    signs = set(foreign) if 2 * len(foreign) < len(text) else ()
    alone = [(sign, levelled) for sign in signs if (levelled := _ALONE[sign]) is not None]
    if not 0 < len(signs) == len(alone) < _MOST_SIGNS:
        return _level_together(text)
    for sign, levelled in alone:
        if sign != levelled:
            text = text.replace(sign, levelled)
    return text


def _foreign(text: str) -> str:
    """The characters that are not in ASCII."""
    encoded = text.encode("utf-8", "surrogatepass")
    return encoded.translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _level_together(text: str) -> str:
    text = normalized("NFKD", text.replace("´", "'"))
    text = _GERSHAYIM.sub("", text) if '"' in text else text
    return normalized("NFC", _CLEANED.sub(_clean, text))


def fold(text: str) -> "Folded":
    """The text as it is compared: see DESIGN 2.3 and docs/rules.md for what is levelled."""
    cased = level(text)
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


@dataclass(slots=True)
class Folded:
    """A text beside its folded form; positions are traced back to the original only when asked for."""

    original: str
    text: str
    cased: str
    _tracer: "_Tracer | None" = field(default=None, repr=False, compare=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original, start and end, that the folded text[start:end] came from."""
        found = self._alike(start, end)
        if found is None and (space := self.text.find(" ", start, end)) >= 0:
            first, last = self._alike(start, space), self._alike(self.text.rfind(" ", start, end) + 1, end)
            found = (first[0], last[1]) if first and last else None
        if found is None:
            if self._tracer is None:
                self._tracer = _Tracer(self.original)
            found = self._tracer.origin(start)[0], self._tracer.origin(end - 1)[1]
        return found

    def _alike(self, start: int, end: int) -> tuple[int, int] | None:
        """The place of plain words that the original has as often: folding keeps them and their order."""
        words = self.cased[start:end]
        if _KEPT.fullmatch(words) is None or not (words.isascii() or level(words) == words):
            return None
        here, there = _occurrences(words, self.cased), _occurrences(words, self.original)
        if len(here) != len(there) or len(here) == _MOST_OCCURRENCES:
            return None
        low = there[here.index(start)]
        high = low + len(words)
        return None if any(map(continues, self.original[high : high + 1])) else (low, high)


# Words that folding may keep as they are, and never takes for a possessive.
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


class _Tracer:
    """Finds where folded characters came from, and remembers the pieces it has looked at."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._halves: dict[tuple[int, int], tuple[int, int, int]] = {}
        self._traced: dict[int, list[tuple[int, int]]] = {}

    def origin(self, position: int) -> tuple[int, int]:
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


def _trace(text: str) -> list[tuple[int, int]]:
    """For each character of level(text) the place it came from, by the same steps one at a time."""
    if all(len(_ALONE[sign] or "") == 1 for sign in _foreign(text)):
        letters = _level_ascii(_level_foreign(text))
        origins = [(index, index + 1) for index in range(len(text))]
    else:
        letters, origins = _trace_foreign(text)
    for pattern, replacement in _STEPS:
        letters, origins = _step(letters, origins, pattern, replacement)
    return origins


Traced = tuple[str, list[tuple[int, int]]]


def _trace_foreign(text: str) -> Traced:
    spans: list[tuple[int, int]] = []
    for index, character in enumerate(text):
        if not (spans and continues(character)) or index - spans[-1][0] > AT_ONCE:
            spans.append((index, index + 1))
        else:
            spans[-1] = (spans[-1][0], index + 1)
    letters, origins = _decompose(text.replace("´", "'"), spans)
    letters, origins = _step(letters, origins, _GERSHAYIM, _nothing)
    letters, origins = _step(letters, origins, _CLEANED, _clean)
    return _compose(letters, origins)


def _decompose(text: str, spans: list[tuple[int, int]]) -> Traced:
    parts = [(unicodedata.normalize("NFKD", text[low:high]), (low, high)) for low, high in spans]
    return "".join(part for part, _ in parts), [span for part, span in parts for _ in part]


def _compose(text: str, origins: list[tuple[int, int]]) -> Traced:
    clusters: list[tuple[int, int]] = []
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


def _step(
    text: str,
    origins: list[tuple[int, int]],
    pattern: re.Pattern[str],
    replacement: Callable[[re.Match[str]], str],
) -> Traced:
    pieces: list[str] = []
    kept: list[tuple[int, int]] = []
    position = 0
    for match in pattern.finditer(text):
        new = replacement(match)
        pieces += text[position : match.start()], new
        kept += origins[position : match.start()]
        kept += [(origins[match.start()][0], origins[match.end() - 1][1])] * len(new)
        position = match.end()
    return "".join((*pieces, text[position:])), kept + origins[position:]
