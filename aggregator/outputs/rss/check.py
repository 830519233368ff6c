"""The rules of RSS 2.0 (rssboard.org) and its Best Practices Profile, and what we promise beyond them."""

from collections.abc import Iterable, Iterator

from lxml.etree import _Element

from aggregator.outputs.checks import markup, values, xml

ENTRY = "item"
_ONCE, _AT_MOST_ONCE = (1, 1), (0, 1)
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_SELF = "{http://www.w3.org/2005/Atom}link"
_CHANNEL: xml.Bounds = dict.fromkeys("title link description".split(), _ONCE) | dict.fromkeys(
    "language copyright pubDate lastBuildDate generator docs ttl image".split(), _AT_MOST_ONCE
)
_ITEM: xml.Bounds = {"guid": _ONCE} | dict.fromkeys(
    [*"title link description author comments enclosure pubDate source".split(), _ENCODED], _AT_MOST_ONCE
)


def read(body: bytes, entries: bool) -> tuple[tuple[str, ...], Iterable[tuple[str, str]]]:
    """The guids of the items, and the faults of the channel; of its items too if asked to."""
    channel = place(xml.root(body))
    items = channel.findall(ENTRY)
    ids = tuple(map(id_of, items))
    faults = [("", sentence) for sentence in around(channel)]
    if entries:
        for id, item in zip(ids, items, strict=True):
            faults += [(id, sentence) for sentence in within(item)]
    return ids, faults


def place(root: _Element) -> _Element:
    """Where the items stand: the channel; raises Unreadable if there is none."""
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        raise xml.UnreadableError("it is no RSS 2.0 with a channel")
    return channel


def id_of(item: _Element) -> str:
    """The guid of an item, "" where it has none."""
    return item.findtext("guid") or ""


def around(channel: _Element) -> Iterator[str]:
    """What is wrong with the channel, its items aside."""
    yield from xml.counted(channel, _CHANNEL)
    if not any(link.get("rel") == "self" for link in channel.iterfind(_SELF)):
        yield "channel has no link to itself"
    for child in channel.iterchildren("*"):
        if child.tag != ENTRY:
            yield from xml.checked(child, _CHECKS)


def within(item: _Element) -> Iterator[str]:
    """What is wrong with an item."""
    yield from xml.counted(item, _ITEM)
    if item.find("title") is None and item.find("description") is None:
        yield "item has neither a title nor a description"
    guid = item.find("guid")
    if guid is not None and not values.is_iri(guid.text or ""):
        yield f"guid is no IRI: {guid.text!r}"
    elif guid is not None and guid.get("isPermaLink") != "false" and not values.is_address(guid.text or ""):
        yield f"guid claims to be an address: {guid.text!r}"
    yield from xml.checked(item, _CHECKS)


def _date(element: _Element) -> Iterator[str]:
    if not values.is_rfc_822(element.text or ""):
        yield f"{element.tag} is no RFC 822 date: {element.text!r}"


def _address(element: _Element) -> Iterator[str]:
    if not values.is_address(element.text or ""):
        yield f"{element.tag} is no absolute http(s) or mailto address: {element.text!r}"


def _html(element: _Element) -> Iterable[str]:
    return markup.content(element.text or "")


def _source(element: _Element) -> Iterator[str]:
    if not element.get("url"):
        yield "source has no url"


def _enclosure(enclosure: _Element) -> Iterator[str]:
    for name in ("url", "length", "type"):
        if not enclosure.get(name):
            yield f"enclosure has no {name}"
    if not enclosure.get("length", "0").isdecimal():
        yield f"the length of enclosure is no number: {enclosure.get('length')!r}"


_CHECKS: xml.Checks = {
    **dict.fromkeys(("pubDate", "lastBuildDate"), _date),
    **dict.fromkeys(("link", "comments", "docs"), _address),
    **dict.fromkeys(("description", _ENCODED), _html),
    "source": _source,
    "enclosure": _enclosure,
}
