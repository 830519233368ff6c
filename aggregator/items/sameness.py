"""Whether a noun says what it said before, over years and over versions of this program."""

import dataclasses
from collections.abc import Collection
from functools import cache
from typing import Any

from aggregator.model import Item
from aggregator.text.digests import digest

_NONE = object()  # the default of a field that has none


def value_digest(value: object, without: Collection[str] = ()) -> str:
    """Equal for equal values, the fields named in `without` aside.

    A field that stands at its default leaves no trace: an upgrade that adds one changes nothing by itself.
    """
    return digest(_said(value, without))


def _said(value: object, without: Collection[str] = ()) -> str:
    if isinstance(value, tuple):
        return f"({','.join(map(_said, value))})"
    kind: Any = value.__class__
    fields = usual(kind)
    if fields is None:
        return repr(value)
    said = []
    for name, default in fields:
        one = getattr(value, name)
        if one != default and name not in without:
            said.append(f"{name}={_said(one)}")
    return f"{kind.__name__}({','.join(said)})"


@cache
def usual(kind: Any) -> tuple[tuple[str, object], ...] | None:
    """The fields of a dataclass by name, each with its default; None for any other class."""
    if not dataclasses.is_dataclass(kind):
        return None
    defaults = {field.name: _default(field) for field in dataclasses.fields(kind)}
    return tuple((name, defaults[name]) for name in sorted(defaults))


def _default(field: "dataclasses.Field[Any]") -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return _NONE if field.default is dataclasses.MISSING else field.default


def content_hash(item: Item) -> str:
    """Equal for equal items; the feed's own head moves with every poll, and the excerpt follows the rest."""
    return value_digest(item, without=("head", "excerpt"))
