"""Which entries of a feed stand on which of its pages, so that a new one changes the first page alone.

A page begins where an entry's id says so, whatever came before it: a story that comes, goes or is corrected
changes the page it stands on, and moves the bounds of its neighbours at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from aggregator.model import EntryVersion
from aggregator.text.digests import digest

FEWEST, MOST = 25, 50  # entries on the first page, where there are more
OLDER = 500  # entries on those behind it; whatever is older can be searched
REACH = 12  # neighbours on either side that are asked whether a page begins with an entry
OUTLINE = MOST + OLDER + REACH
"""How many entries of a feed must be known to divide it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Entries of a feed from the `start`-th newest to before the `end`-th."""

    start: int
    end: int
    version: str  # changes with what the page shows
    last: bool


def pages(outline: Sequence[EntryVersion]) -> tuple[Page, ...]:
    """The pages of a feed by the newest `OUTLINE` of its entries, the newest page first; at least one."""
    if len(outline) <= MOST:
        return (_page(outline, 0, len(outline), last=True),)
    whole = len(outline) < OUTLINE
    starts = _starts([line.id for line in outline], whole)
    first = max((start for start in starts if FEWEST <= start <= MOST), default=MOST)
    bounds = [0, first, *(start for start in starts if start >= first + REACH)]
    if whole:
        bounds.append(len(outline))
    return tuple(_page(outline, start, end, last=end == bounds[-1]) for start, end in pairwise(bounds))


def imprint(content: str, older: Sequence[Page], edition: str) -> str:
    """What is remembered of a publication: what the feed said, its further pages, who printed it."""
    return " ".join((content, *(page.version for page in older), edition))


def versions(imprint: str) -> tuple[str, ...]:
    """Of the pages from the second on, as they were when that was published."""
    return tuple(imprint.split(" ")[1:-1])


def _starts(ids: Sequence[str], whole: bool) -> list[int]:
    """Where pages may begin: at the entries whose hash is the least as far as they can see."""
    hashes = [digest(id, 8) for id in ids]
    end = len(ids) if whole else len(ids) - REACH
    return [at for at in range(REACH, end) if hashes[at] == min(hashes[at - REACH : at + REACH + 1])]


def _page(outline: Sequence[EntryVersion], start: int, end: int, *, last: bool) -> Page:
    said = repr((last, [line.version for line in outline[start:end]]))
    return Page(start, end, digest(said, 6), last)
