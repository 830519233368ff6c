"""Keeps hostile markup from costing its parser more than its size: depth and tags are bounded beforehand."""

import re
from collections import Counter

DEPTH = 256
"""How many elements may stand inside each other; tags beyond are left out, their text stays."""
FORMATTING = 12
"""The same for elements that a parser reopens in every paragraph they were left open over."""
LENGTH = 8192
"""Characters of one tag; a longer one is left out (a parser compares its attributes pair by pair)."""

_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>script|style)(?=[\s/>]).*?(?:</(?P=raw)(?=[\s/>])[^>]*+>|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)"
    r"(?:[\s/]++|(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?)*+(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_UNCOUNTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())


def bounded(markup: str) -> str:
    """`markup` without comments, scripts and the tags that nest too deep or are too long, in linear time."""
    if markup.count("<") <= FORMATTING and len(markup) <= LENGTH:
        return markup
    return _TAG.sub(_Bounds().kept, markup)


class _Bounds:
    """Counts what stands open, name by name; elements that close themselves are not counted."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._depth = self._formatting = 0

    def kept(self, match: re.Match[str]) -> str:
        """The tag, or "" where it goes beyond the bounds."""
        name = (match["name"] or "").lower()
        if not name or len(match[0]) > LENGTH:
            return ""
        if name in _UNCOUNTED:
            return match[0]
        return match[0] if (self._ends(name) if match["end"] else self._starts(name)) else ""

    def _starts(self, name: str) -> bool:
        if self._depth >= DEPTH or (name in _FORMATTING and self._formatting >= FORMATTING):
            self._left_out[name] += 1
            return False
        self._count(name, 1)
        return True

    def _ends(self, name: str) -> bool:
        if self._left_out[name]:
            self._left_out[name] -= 1
            return False
        if self._open[name]:
            self._count(name, -1)
        return True

    def _count(self, name: str, step: int) -> None:
        self._open[name] += step
        self._depth += step
        self._formatting += step if name in _FORMATTING else 0
