"""Which markup a parser of HTML is sure to leave as it is written, so that it need not be asked.

A parser moves elements that HTML does not allow where they stand (HTML, 13.2.6). Only common elements are
judged here, each closed in its turn; where tables and the like occur, a parser has to be asked.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from aggregator.text.html.nesting import FORMATTING, LENGTH

_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "ol p pre section ul".split()
)
_PHRASES = frozenset(
    "a abbr b br cite code del em i img ins kbd mark q s small span strong sub sup time u var wbr".split()
)
_PARENTS = {"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}}
_ENDED_BY_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6".split())
_DOMAIN = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]+/")  # of a kind that every parser of addresses accepts


@lru_cache(4096)
def of_path(path: str) -> bool:
    """Whether the last element of a path, names with spaces between, stays where it stands."""
    *around, name = path.split()
    if len(around) >= FORMATTING:
        return False
    if name in _PARENTS and not _PARENTS[name].intersection(around[-1:]):
        return False
    if name in _BLOCKS:
        return _ENDED_BY_BLOCKS.isdisjoint(around)
    return name in _PHRASES and (name != "a" or "a" not in around)


def of_attributes(kept: Mapping[str, str]) -> bool:
    """Whether a tag with these attributes, made sound already, stays as it is."""
    addresses = [kept[key] for key in ("href", "src", "cite") if key in kept]
    short = sum(map(len, kept.values())) < LENGTH // 8
    return short and all(_DOMAIN.match(one) and "xn--" not in one for one in addresses)
