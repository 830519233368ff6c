"""Parts of a line of cleaned markup: where words of its plain text stand among tags."""

import re
from collections.abc import Iterator
from html import unescape

from aggregator.text.html.blocks import Span

_PIECE = re.compile(r"<[^<>]*>|&#?\w+;|\s+|[^<&\s]+|[<&]")
_EMPTY = re.compile(r"<(a|b|em|i|s|small|span|strong|u|mark)\b[^<>]*>\s*</\1>")


def around(markup: str, span: Span, before: str, kept: str) -> Iterator[Span]:
    """The stretches of text in a line that are not among the words `kept`, which follow those `before`."""
    first = _count(before)
    last = first + _count(kept)
    at = 0  # characters so far that are no space
    for piece in _PIECE.finditer(markup, *span):
        text = piece[0]
        if text.startswith("<") and len(text) > 1:
            continue
        size = _count(unescape(text))
        outside = [place for place in range(size) if not first <= at + place < last]
        if len(outside) == size and (size or at <= first or at >= last):
            yield piece.span()
        elif outside:  # a word that is parted is no reference: its characters are those of the markup
            yield piece.start() + outside[0], piece.start() + outside[-1] + 1
        at += size


def tidied(markup: str) -> str:
    """The markup without elements inside of lines that have nothing in them."""
    while (shorter := _EMPTY.sub("", markup)) != markup:
        markup = shorter
    return markup


def _count(text: str) -> int:
    return sum(not char.isspace() for char in text)
