"""What an index keeps of a text, and what to look up there for a phrase: whole words, or pairs of characters.

Where words are found inside a run — scripts without spaces, Hangul — the tokens are pairs of neighbours, and
the last character by itself. Whatever text has a phrase has all tokens of the phrase.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from aggregator.text.folding import NONE_LEVELLED, Levelled, fold, is_word
from aggregator.text.levelling import MOST_SIGNS, RUN_SCRIPTS, foreign_signs

_RUN = re.compile(f"[{RUN_SCRIPTS}]+")
_PIECE = re.compile(rf"([{RUN_SCRIPTS}]+)|[^\s{RUN_SCRIPTS}]+")


class _Spaced(dict[int, int | str]):
    """For str.translate: letters, digits and marks stay, everything else separates them."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        self[code] = kept = code if is_word(character) or _RUN.match(character) else " "
        return kept


_SPACED = _Spaced()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A token that must be there; `open_end` where any that begins with it will do."""

    token: str
    open_end: bool = False


def tokens(text: str, levelled: Levelled = NONE_LEVELLED) -> str:
    """The tokens of a text, with spaces or ASCII signs between them."""
    folded = fold(text, levelled).text
    if folded.isascii():
        return folded
    signs = foreign_signs(folded)
    spaced = _spaced(folded, signs)
    return _RUN.sub(_neighbours, spaced) if _RUN.search(signs) else spaced


def _spaced(text: str, signs: str) -> str:
    """The text with spaces for those of its signs beyond ASCII that belong to no word."""
    separators = [sign for sign in set(signs) if _SPACED[ord(sign)] == " "]
    if len(separators) > MOST_SIGNS:
        return text.translate(_SPACED)
    for sign in separators:
        text = text.replace(sign, " ")
    return text


def lookups(phrase: str, open_end: bool = False) -> Iterator[Lookup]:
    """What to look up for a folded phrase, whose last word may go on; nothing if it has only signs."""
    for piece in _PIECE.finditer(phrase.translate(_SPACED)):
        word = piece[0]
        if piece[1] is None:
            yield Lookup(word, open_end and piece.end() == len(phrase))
        elif len(word) == 1:
            yield Lookup(word, open_end=True)
        else:
            yield from map(Lookup, _pairs(word))


def _neighbours(run: re.Match[str]) -> str:
    return f" {' '.join(_pairs(run[0]))} {run[0][-1]} "


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _version() -> str:
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for name in ("text/normalforms.py", "text/levelling.py", "text/folding.py", "query/index_tokens.py"):
        digest.update((files("aggregator") / name).read_bytes())
    return digest.hexdigest()[:16]


VERSION = _version()
"""Changes whenever the same text may give other tokens than before."""
