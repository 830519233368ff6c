"""Keeps hostile markup from costing its parser more than its size: depth and tags are bounded beforehand."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

DEPTH = 256
"""How many elements may stand inside each other; tags beyond are left out, their text stays."""
FORMATTING = 12
"""The same for elements that a parser reopens in every paragraph they were left open over."""
LENGTH = 8192
"""Characters of one tag; a longer one is left out (a parser compares its attributes pair by pair)."""

_TAG = re.compile(
    r"(<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(script|style)(?=[\s/>]).*?(?:</\2(?=[\s/>])[^>]*+>|\Z)"
    r"|<(/?)([a-z][^\s/>]*+)"
    r"(?:[\s/]++|(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?)*+(?:>|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_UNCOUNTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_FORMATTING_START = re.compile(rf"<(?:{'|'.join(sorted(_FORMATTING))})(?=[\s/>])", re.IGNORECASE)


def bounded(markup: str) -> str:
    """`markup` without comments, scripts and the tags that nest too deep or are too long, in linear time."""
    short = len(markup) <= LENGTH and markup.count("<") <= DEPTH
    if short and len(_FORMATTING_START.findall(markup)) <= FORMATTING:
        return markup
    parts = _TAG.split(markup)  # text, tag, "script" or None, "/" or "", name, text …
    tags = _kept(zip(parts[1::5], parts[3::5], parts[4::5], strict=True))
    return "".join(chain.from_iterable(zip_longest(parts[::5], tags, fillvalue="")))


def _kept(tags: Iterable[tuple[str, str | None, str | None]]) -> Iterator[str]:
    """Each (tag, "/" of an end tag, name) as it stays: "" where it goes beyond the bounds.

    What stands open is counted name by name; elements that close themselves are not counted.
    """
    opened: defaultdict[str, int] = defaultdict(int)
    left_out: defaultdict[str, int] = defaultdict(int)
    depth = formatting = 0
    for tag, end, name in tags:
        name = (name or "").lower()
        if not name or len(tag) > LENGTH:
            yield ""
            continue
        if name in _UNCOUNTED:
            yield tag
            continue
        formats = name in _FORMATTING
        if end and left_out[name]:
            left_out[name] -= 1
            yield ""
        elif not end and (depth >= DEPTH or (formats and formatting >= FORMATTING)):
            left_out[name] += 1
            yield ""
        else:
            step = (-1 if opened[name] else 0) if end else 1
            opened[name] += step
            depth += step
            formatting += step if formats else 0
            yield tag
