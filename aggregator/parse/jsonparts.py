"""The items of a JSON Feed and what is around them."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import compress
from typing import Any

from aggregator.parse import jsonfeed
from aggregator.parse.parts import MOST, Parts, name


def take_apart(text: str) -> Parts | None:
    """The parts of a document; None where it is broken, without items or with any that is no object."""
    feed = jsonfeed.load(text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not 0 < len(items) <= MOST:
        return None
    if not all(isinstance(item, dict) for item in items):
        return None
    try:
        return Parts(
            entries=tuple(map(_dumped, items)),
            names=tuple(name(*jsonfeed.names(item)) for item in items),
            around=_dumped(feed | {"items": []}),
            written=partial(_written, feed),
        )
    except (ValueError, RecursionError):  # infinity, or as deep as can just be read
        return None


def _written(feed: Mapping[str, Any], kept: Sequence[bool]) -> bytes:
    return _dumped({**feed, "items": list(compress(feed["items"], kept))})


def _dumped(value: Any) -> bytes:
    """JSON in ASCII, which reads as the same value."""
    return json.dumps(value, allow_nan=False).encode()
