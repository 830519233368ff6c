"""What tells entries apart that are printed differently; where one stands in a feed makes no difference."""

from collections.abc import Callable, Hashable
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from aggregator.model import Entry, Item, Republish
from aggregator.text.digests import digest

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
