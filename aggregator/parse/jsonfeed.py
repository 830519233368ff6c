"""JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1), and what passes for it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import compress
from typing import Any

from aggregator.model import Author, Category, Enclosure, Head, Offer, Pace, Picture
from aggregator.parse import media, people
from aggregator.parse.drafts import Draft, Parsed, Passage
from aggregator.parse.hub_links import gathered
from aggregator.parse.parts import NEWEST, Parts, name, newest
from aggregator.text import dates, languages, urls
from aggregator.text.html import sanitizer

_LONGEST = 2_000
_FAULTS = {
    "Extra data": "something follows its end",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Expecting value": "a value is missing",
    "Illegal trailing comma before end of object": "there is a comma before the end of an object",
    "Illegal trailing comma before end of array": "there is a comma before the end of a list",
}
Object = Mapping[str, Any]


def recognises(text: str) -> bool:
    """Whether this may be a JSON document with an object at its top."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def read(text: str, url: str, base: str) -> Parsed | None:
    """The document read at `url`, its relative addresses starting from `base`.

    None where it is no JSON Feed or no JSON at all.
    """
    feed = load(text)
    if not isinstance(feed, dict):
        return None
    version, listed = _string(feed.get("version")), feed.get("items")
    if "jsonfeed.org/version" not in version and not (isinstance(listed, list) and _has_head(feed)):
        return None
    head = _head(feed, url, base)
    items = _objects(listed)
    return Parsed(
        head=head,
        drafts=tuple(_draft(item, head, base) for item in items),
        pace=Pace(),
        format=f"JSON Feed {re.sub(r'.*/', '', version.strip('/')) or '(no version)'}",
        notes=tuple(_complaints(version, listed, items)),
        unread=0 if items else len(listed) if isinstance(listed, list) else 1,
        offer=_offer(feed, url),
    )


def load(text: str) -> Any:
    """The JSON value, or None where it is broken, too deep or holds a number too long to be read."""
    try:
        return _loaded(text)
    except (ValueError, RecursionError):
        return None


def fault(text: str) -> str:
    """Why text that begins as JSON cannot be read as such, "" where it can."""
    try:
        _loaded(text)
    except json.JSONDecodeError as error:
        too_early = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        words = (
            "it ends too early"
            if too_early
            else _FAULTS.get(error.msg, error.msg[:1].lower() + error.msg[1:])
        )
        return f"line {error.lineno}, column {error.colno}: {words}"
    except RecursionError:
        return "it is nested too deep"
    except ValueError:
        return "it holds a number too long to be read"
    return ""


def _loaded(text: str) -> Any:
    return json.loads(text.lstrip("\ufeff"), strict=False, parse_constant=lambda _: None)


def names(item: Object) -> tuple[str, str]:
    """The id and the title of an item as written."""
    return _text(item.get("id")), _string(item.get("title"))


def _has_head(feed: Object) -> bool:
    return any(_string(feed.get(key)) for key in ("title", "home_page_url", "feed_url"))


def _complaints(version: str, listed: Any, items: list[Object]) -> Iterator[str]:
    if "jsonfeed.org/version" not in version:
        yield "The JSON Feed states no version."
    if not isinstance(listed, list):
        yield "The JSON Feed has no list of items."
    elif len(items) < len(listed):
        yield f"Items that are no JSON objects were left out: {len(listed) - len(items)}."


def _head(feed: Object, url: str, base: str) -> Head:
    page = urls.absolute(_string(feed.get("home_page_url")), base)
    return Head(
        title=_plain(feed.get("title")),
        subtitle=_plain(feed.get("description")),
        page=page,
        feed=urls.public(url),
        language=languages.tag(_string(feed.get("language"))),
        authors=people.authors(_authors(feed, base)),
        icon=urls.absolute(_string(feed.get("icon")) or _string(feed.get("favicon")), page or base),
    )


def _offer(feed: Object, url: str) -> Offer:
    hubs = (one for one in _objects(feed.get("hubs")) if _string(one.get("type")).lower() == "websub")
    return gathered((_string(one.get("url")) for one in hubs), [_string(feed.get("feed_url"))], url)


def _draft(item: Object, head: Head, around: str) -> Draft:
    url = urls.absolute(_string(item.get("url")), head.page or around)
    base = url or head.page or around
    markup, words = _string(item.get("content_html")), _string(item.get("content_text"))
    content = Passage(markup, True, base) if markup else Passage(words, False, base)
    summary = Passage(_string(item.get("summary")), False, base)
    files, pictures = media.distribute(_attachments(item, base), _pictures(item, base))
    id, title = names(item)
    published = dates.moment(_text(item.get("date_published")), head.language)
    updated = dates.moment(_text(item.get("date_modified")), head.language)
    return Draft(
        id=id,
        url=url or urls.absolute(_string(item.get("external_url")), base),
        title=Passage(title, False, base),
        summary=summary,
        content=content if content.value else summary,
        authors=tuple(_authors(item, base)) or head.authors,
        categories=tuple(Category(tag) for tag in _strings(item.get("tags"))),
        language=_string(item.get("language")),
        published=published or updated,
        updated=updated,
        enclosures=files,
        pictures=pictures,
    )


def _authors(holder: Object, base: str) -> Iterator[Author]:
    """`authors` of version 1.1, `author` of version 1; a bare name for an object is taken too."""
    for author in (*_list(holder.get("authors")), holder.get("author")):
        details = author if isinstance(author, dict) else {"name": author}
        if name := _string(details.get("name")):
            yield Author(name, urls.absolute(_string(details.get("url")), base))


def _attachments(item: Object, base: str) -> Iterator[Enclosure | None]:
    for one in _objects(item.get("attachments")):
        yield media.enclosure(
            _string(one.get("url")),
            base,
            _string(one.get("mime_type")),
            _text(one.get("size_in_bytes")),
            _string(one.get("title")),
            _text(one.get("duration_in_seconds")),
        )


def _pictures(item: Object, base: str) -> Iterable[Picture]:
    offered = (media.picture(_string(item.get(key)), base) for key in ("image", "banner_image"))
    return [picture for picture in offered if picture]


# ── values of any type ──────────────────────────────────────────────────────────────────────────


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _text(value: Any) -> str:
    """A string, or a number as one: real feeds have numbers for ids."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _string(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    return [found for one in (*_list(value), value) if (found := _string(one))]


def _objects(value: Any) -> list[Object]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _plain(value: Any) -> str:
    return sanitizer.plain(_string(value)[: 4 * _LONGEST], is_html=False)[:_LONGEST]


def take_apart(text: str) -> Parts | None:
    """The parts of a document; None where it is broken, without items or with any that is no object."""
    feed = load(text)
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
            names=tuple(name(*names(item)) for item in items),
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
