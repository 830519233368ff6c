"""The items of a JSON Feed and what is around them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import compress
from typing import Any

from aggregator.parse import jsonfeed
from aggregator.parse.parts import NEWEST, Parts, name, newest
from aggregator.text import dates


def take_apart(text: str) -> Parts | None:
    """The parts of a document; None where it is broken, without items or with any that is no object."""
    feed = jsonfeed.load(text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        return None
    left_out = max(0, len(items) - NEWEST)
    if left_out:
        items = list(compress(items, newest(map(_date, items))))
        feed |= {"items": items}
    try:
        return Parts(
            entries=tuple(map(_dumped, items)),
            names=tuple(name(*jsonfeed.names(item)) for item in items),
            around=_dumped(feed | {"items": []}),
            written=partial(_written, feed),
            left_out=left_out,
        )
    except (ValueError, RecursionError):  # infinity, or as deep as can just be read
        return None


def _written(feed: Mapping[str, Any], kept: Sequence[bool]) -> bytes:
    return _dumped({**feed, "items": list(compress(feed["items"], kept))})


def _date(item: Mapping[str, Any]) -> datetime | None:
    stated = (item.get(key) for key in ("date_published", "date_modified"))
    return next((dates.moment(one) for one in stated if isinstance(one, str)), None)


def _dumped(value: Any) -> bytes:
    """JSON in ASCII, which reads as the same value."""
    return json.dumps(value, allow_nan=False).encode()
