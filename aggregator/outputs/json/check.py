"""The rules of JSON Feed 1.1 (jsonfeed.org), and what we promise beyond them."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from aggregator.outputs.checks import markup, values, xml

_VERSION = "https://jsonfeed.org/version/1.1"
_TEXTS = "id title description language summary name mime_type content_text user_comment tag".split()
_ADDRESSES = (
    "home_page_url feed_url next_url url external_url image banner_image icon favicon avatar feed".split()
)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and values.is_address(value)


def _is_date(value: object) -> bool:
    return isinstance(value, str) and values.is_rfc_3339(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and value >= 0


def _is_list(value: object) -> bool:
    return isinstance(value, list)


_CHECKS: dict[str, Callable[[object], bool]] = {
    **dict.fromkeys(_TEXTS, _is_text),
    **dict.fromkeys(_ADDRESSES, _is_address),
    **dict.fromkeys(("date_published", "date_modified"), _is_date),
    **dict.fromkeys(("size_in_bytes", "duration_in_seconds"), _is_number),
    **dict.fromkeys(("items", "authors", "tags", "attachments", "hubs"), _is_list),
}
"""What the value of a member has to be, wherever the member stands."""


def read(body: bytes, entries: bool) -> tuple[tuple[str, ...], Iterable[tuple[str, str]]]:
    """The ids of the items, and the faults of the feed; of its items too if asked to."""
    items, faults = around(body)
    ids = tuple(map(id_of, items))
    told = [("", sentence) for sentence in faults]
    if entries:
        for id, item in zip(ids, items, strict=True):
            told += [(id, sentence) for sentence in within(item)]
    return ids, told


def around(body: bytes) -> tuple[list[dict[str, Any]], Iterable[str]]:
    """The items of a feed, and what is wrong with the rest of it; raises Unreadable."""
    feed = value(body)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise xml.UnreadableError("it is no JSON Feed: it has no list of items")
    head = {name: value for name, value in feed.items() if name != "items"}
    return items, (*_feed_faults(head), *_all_faults(head))


def value(body: bytes) -> Any:
    """The one value that is written there; raises Unreadable."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise xml.UnreadableError(f"it is no JSON: {error}") from None


def id_of(item: dict[str, Any]) -> str:
    """The id of an item, "" where it has none."""
    return str(item.get("id", ""))


def within(item: dict[str, Any]) -> Iterator[str]:
    """What is wrong with an item."""
    yield from _item_faults(item)
    yield from _all_faults(item)


def _feed_faults(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != _VERSION:
        yield f"its version is {feed.get('version')!r}"
    for name in ("title", "feed_url", "home_page_url"):
        if not feed.get(name):
            yield f"it has no {name}"


def _item_faults(item: dict[str, Any]) -> Iterator[str]:
    id = item.get("id")
    if not isinstance(id, str) or not values.is_iri(id):
        yield f"the id of an item is no IRI: {id!r}"
    if not (item.get("content_html") or item.get("content_text")):
        yield "an item has neither content_html nor content_text"
    content = item.get("content_html", "")
    if not isinstance(content, str):
        yield "content_html is no text"
    else:
        yield from markup.content(content)
    for attachment in item.get("attachments", ()):
        if not (isinstance(attachment, dict) and attachment.get("url") and attachment.get("mime_type")):
            yield "an attachment has no url or no mime_type"
    for author in item.get("authors", ()):
        if not (isinstance(author, dict) and {"name", "url", "avatar"} & author.keys()):
            yield "an author has neither a name nor a url nor an avatar"


def _all_faults(document: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the values of all members, by their names, however deep they stand."""
    waiting: list[tuple[str, Any]] = list(document.items())
    while waiting:
        name, value = waiting.pop()
        if name in _CHECKS and not _CHECKS[name](value):
            yield f"{name} cannot be {value!r:.200}"
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += (("tag" if name == "tags" else "", one) for one in value)
        elif isinstance(value, str) and (character := values.forbidden(value)):
            yield f"{name or 'a text'} holds a forbidden character: {character}"
