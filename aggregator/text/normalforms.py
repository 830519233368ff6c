"""Unicode's normal forms (UAX #15) of texts of any length, in time that grows with the length alone."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

Form = Literal["NFC", "NFKC", "NFKD"]
AT_ONCE = 500  # characters; pieces are up to twice as long


def normalized(form: Form, text: str) -> str:
    """The text in that form, piece by piece: of a long row of marks the time would grow with its square.

    A row of marks longer than a piece, which no language has, is put into order piece by piece only.
    """
    if len(text) <= AT_ONCE:
        return unicodedata.normalize(form, text)
    return "".join([unicodedata.normalize(form, piece) for piece in _pieces(text)])


@lru_cache(maxsize=4096)
def continues(character: str) -> bool:
    """Whether a character may become one with what stands before it: a mark, or the end of a syllable."""
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"


def _pieces(text: str) -> Iterator[str]:
    low = 0
    while low < len(text):
        high = low + AT_ONCE
        while high < len(text) and high - low < 2 * AT_ONCE and continues(text[high]):
            high += 1
        yield text[low:high]
        low = high
