"""The rules of Atom 1.0 (RFC 4287), and what we promise beyond them."""

from collections.abc import Iterable, Iterator

from lxml.etree import _Element

from aggregator.outputs.checks import markup, values, xml

_A = "{http://www.w3.org/2005/Atom}"
ENTRY = f"{_A}entry"
_ONCE, _AT_MOST_ONCE = (1, 1), (0, 1)


def _bounds(once: str, at_most_once: str) -> xml.Bounds:
    needed = {f"{_A}{name}": _ONCE for name in once.split()}
    return needed | {f"{_A}{name}": _AT_MOST_ONCE for name in at_most_once.split()}


_FEED = _bounds("id title updated", "generator icon logo rights subtitle")
_ENTRY = _bounds("id title updated", "content published rights source summary")
_PERSON = _bounds("name", "email uri")
_TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def read(body: bytes, entries: bool) -> tuple[tuple[str, ...], Iterable[tuple[str, str]]]:
    """The ids of the entries, and the faults of the feed; of its entries too if asked to."""
    feed = place(xml.root(body))
    found = feed.findall(ENTRY)
    ids = tuple(map(id_of, found))
    faults = [("", sentence) for sentence in around(feed)]
    if entries:
        credited = feed.find(f"{_A}author") is not None
        for id, entry in zip(ids, found, strict=True):
            faults += [(id, sentence) for sentence in within(entry, credited=credited)]
    return ids, faults


def place(root: _Element) -> _Element:
    """Where the entries stand: the feed itself; raises Unreadable if it is none."""
    if root.tag != f"{_A}feed":
        raise xml.UnreadableError(f"its root is {root.tag}, not an Atom feed")
    return root


def id_of(entry: _Element) -> str:
    """The id of an entry, "" where it has none."""
    return entry.findtext(f"{_A}id") or ""


def around(feed: _Element) -> Iterator[str]:
    """What is wrong with the feed, its entries aside."""
    yield from xml.counted(feed, _FEED)
    if not any(link.get("rel") == "self" for link in feed.iterfind(f"{_A}link")):
        yield "feed has no link to itself"
    for child in feed.iterchildren("*"):
        if child.tag != ENTRY:
            yield from xml.checked(child, _CHECKS)


def within(entry: _Element, *, credited: bool = False) -> Iterator[str]:
    """What is wrong with an entry; it has to name an author, unless its feed is `credited` to one."""
    yield from xml.counted(entry, _ENTRY)
    source = entry.find(f"{_A}source")
    if source is not None:
        yield from xml.counted(source, _FEED)
    credited = credited or (source is not None and source.find(f"{_A}author") is not None)
    if not credited and entry.find(f"{_A}author") is None:
        yield "entry has no author"
    alternates = [link for link in entry.iterfind(f"{_A}link") if link.get("rel", "alternate") == "alternate"]
    if not alternates and entry.find(f"{_A}content") is None:
        yield "entry has neither a content nor a link to the original"
    if len({(link.get("type"), link.get("hreflang")) for link in alternates}) < len(alternates):
        yield "entry has two links of one kind to the original"
    yield from xml.checked(entry, _CHECKS)


def _text(element: _Element) -> Iterator[str]:
    kind, text = element.get("type", "text"), element.text or ""
    if kind not in ("text", "html"):
        yield f"{xml.local(element)} is of the type {kind!r}"
    elif len(element):
        yield f"{xml.local(element)} has elements in its text"
    elif kind == "html":
        yield from markup.content(text)


def _date(element: _Element) -> Iterator[str]:
    if not values.is_rfc_3339(element.text or ""):
        yield f"{xml.local(element)} is no RFC 3339 date: {element.text!r}"


def _id(element: _Element) -> Iterator[str]:
    if not values.is_iri(element.text or ""):
        yield f"id is no IRI: {element.text!r}"


def _uri(element: _Element) -> Iterator[str]:
    if not values.is_address(element.text or ""):
        yield f"{xml.local(element)} is no absolute http(s) or mailto address: {element.text!r}"


def _link(element: _Element) -> Iterator[str]:
    if not element.get("href"):
        yield "link has no href"


def _category(element: _Element) -> Iterator[str]:
    if not element.get("term"):
        yield "category has no term"
    scheme = element.get("scheme")
    if scheme is not None and not values.is_iri(scheme):
        yield f"the scheme of category is no IRI: {scheme!r}"


def _tombstone(element: _Element) -> Iterator[str]:
    """What RFC 6721 (3) asks of the announcement that an entry is gone."""
    for name, is_right in (("ref", values.is_iri), ("when", values.is_rfc_3339)):
        if not is_right(element.get(name, "")):
            yield f"the {name} of deleted-entry cannot be {element.get(name)!r}"


def _person(element: _Element) -> Iterator[str]:
    return xml.counted(element, _PERSON)


_BY_NAME = {
    "title subtitle summary rights content": _text,
    "updated published": _date,
    "author contributor": _person,
    "icon logo uri": _uri,
    "id": _id,
    "link": _link,
    "category": _category,
}
_CHECKS: xml.Checks = {
    f"{_A}{name}": check for names, check in _BY_NAME.items() for name in names.split()
} | {_TOMBSTONE: _tombstone}
