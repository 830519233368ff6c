"""The lines of cleaned markup: what stands between the borders of its blocks."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

from aggregator.text.characters import one_line
from aggregator.text.html.elements import BLOCKS, TAG

Span = tuple[int, int]
"""Where a line starts and ends."""

_BORDER = re.compile(rf"</?(?:br|{'|'.join(sorted(BLOCKS))})(?: [^<>]*)?>")


@lru_cache(4)  # one item is looked at by several, one after another
def spans(markup: str) -> tuple[Span, ...]:
    """All lines, the empty ones among them."""
    borders = [tag.span() for tag in _BORDER.finditer(markup)]
    starts, ends = [0, *(end for _, end in borders)], [*(start for start, _ in borders), len(markup)]
    return tuple(zip(starts, ends, strict=True))


def line(markup: str, span: Span) -> str:
    """One of them as plain text."""
    text = markup[slice(*span)]
    return one_line(unescape(TAG.sub("", text))) if text and not text.isspace() else ""


def without(markup: str, gone: Sequence[Span]) -> str:
    """The markup without these stretches, which are in order."""
    kept, place = [], 0
    for start, end in gone:
        kept.append(markup[place:start])
        place = end
    return "".join((*kept, markup[place:]))
