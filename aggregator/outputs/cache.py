"""What was printed once and is made use of again while it says the same, and the keys of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, TypeVar

from aggregator.model import Entry, Item, Republish
from aggregator.text.digests import digest

T = TypeVar("T")

MOST = 64 * 2**20  # bytes


class Cache:
    """Parts of documents of one edition, up to a bound of bytes; those unused for longest go first.

    The edition changes with all that printing takes from the configuration and the renderer
    (`Compiled.edition`): what another one printed is never found here.
    """

    def __init__(
        self, edition: str = "", most: int = MOST, before_each: Callable[[], None] = lambda: None
    ) -> None:
        """`before_each` is called before a part is made; what it raises ends the printing."""
        self.edition = edition
        self._before_each = before_each
        self._most = most
        self._size = 0
        self._parts: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def part(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """What is kept under a key, else what `make` makes; what it raises is raised, and nothing kept."""
        found = self._parts.get(key)
        if found is not None:
            self._parts.move_to_end(key)
            value: T = found[0]
            return value
        self._before_each()
        made = make()
        self._parts[key] = made, size(made)
        self._size += size(made)
        while self._size > self._most:
            self._size -= self._parts.popitem(last=False)[1][1]
        return made


_PLACE = frozenset(("listed", "arrived", "changed"))
_TEXTS = frozenset(("summary", "content", "text"))  # shown in part, and only where the outlet lets us


def _all_but(kind: Any, left_out: frozenset[str]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(field.name for field in fields(kind) if field.name not in left_out))


_of_entry = _all_but(Entry, _PLACE | {"item"})
_of_item = _all_but(Item, _TEXTS)


def key(entry: Entry, open_to: Republish) -> Hashable:
    """Equal for entries that are presented alike, under one edition."""
    item = entry.item
    texts = () if item.excerpt else (item.summary, item.text)
    return _of_entry(entry), _of_item(item), texts, item.content if open_to == "full" else ""


def version(entry: Entry, edition: str) -> str:
    """Changes with all that printing an entry depends on, and with the edition; for years, as text."""
    said = replace(entry, listed=entry.published, arrived=entry.published, changed=None)
    return digest(f"{edition} {said!r}")
