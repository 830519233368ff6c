"""Judges of published documents: each returns what is wrong, a sentence a fault, and [] for a good one.

The schemas in ../shared are used where they are there; the structural rules stand on their own feet.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import lxml.html
from lxml import etree

SCHEMAS = Path(__file__).parents[2] / "shared" / "schemas"

_A = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ABSOLUTE = re.compile(r"https?://[^\s/?#@\"<>\\]+(?:[/?#][^\s\"<>\\]*)?")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_XML_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN_ELEMENTS = frozenset(
    "script style svg math form input button textarea select iframe frame frameset object embed applet base "
    "link meta template noscript video audio source marquee blink canvas portal".split()
)
_OWN_ELEMENTS = frozenset("link meta base input".split())  # what our pages hold of these
_FETCHED = frozenset("src srcset poster background data action formaction ping lowsrc dynsrc".split())


def atom_faults(body: bytes) -> list[str]:
    """What RFC 4287 and DESIGN 2.5 would not accept of an Atom document."""
    root, faults = _xml(body)
    if root is None:
        return faults
    if root.tag != f"{_A}feed":
        return [f"the root is {root.tag}, not atom:feed"]
    if (rng := _relax_ng()) is not None and not rng.validate(root):
        faults += [f"RFC 4287 RNG: {error.message} (line {error.line})" for error in rng.error_log]
    entries = root.findall(f"{_A}entry")
    faults += _once("the feed", root, ("id", "title", "updated"))
    if not [link for link in root.findall(f"{_A}link") if link.get("rel") == "self"]:
        faults.append("the feed has no self link")
    faults += _repeated("atom:id", (entry.findtext(f"{_A}id", "") for entry in entries))
    for entry in entries:
        faults += _entry_faults(entry, f"entry {entry.findtext(f'{_A}id')}")
    faults += [
        f"atom:id {id.text!r} is no IRI" for id in root.iter(f"{_A}id") if not _IRI.fullmatch(id.text or "")
    ]
    links = [link.get("href", "") for link in root.iter(f"{_A}link")]
    faults += _relative(links + [uri.text or "" for uri in root.iter(f"{_A}uri")])
    persons = [person for name in ("author", "contributor") for person in root.iter(_A + name)]
    faults += ["a person without a name" for person in persons if not person.findtext(f"{_A}name")]
    for name in ("updated", "published"):
        faults += [
            f"{name} {date.text!r} is no RFC 3339 date"
            for date in root.iter(_A + name)
            if not _rfc3339(date.text)
        ]
    return faults


def _entry_faults(entry: etree._Element, where: str) -> Iterator[str]:
    yield from _once(where, entry, ("id", "title", "updated", "published", "source"))
    if not entry.findall(f"{_A}author"):
        yield f"{where}: no author, so that it seems to be ours"
    source = entry.find(f"{_A}source")
    if source is not None:
        yield from _once(f"{where}, atom:source", source, ("id", "title", "updated"))
    links = entry.findall(f"{_A}link")
    content = entry.find(f"{_A}content")
    if content is None and not [link for link in links if link.get("rel") == "alternate"]:
        yield f"{where}: neither content nor an alternate link (RFC 4287, 4.1.2)"
    yield from _repeated(f"{where}: link", (f"{link.get('rel')} {link.get('href')}" for link in links))
    if len([link for link in links if link.get("rel") == "alternate"]) > 1:
        yield f"{where}: several alternate links"
    for element in (content, entry.find(f"{_A}summary"), entry.find(f"{_A}title")):
        if element is not None and element.get("type") == "html":
            yield from (f"{where}: {fault}" for fault in fragment_faults(element.text or ""))


def rss_faults(body: bytes) -> list[str]:
    """What RSS 2.0, its Best Practices Profile and DESIGN 2.5 would not accept of an RSS document."""
    root, faults = _xml(body)
    if root is None:
        return faults
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        return ["the root is no rss 2.0 with a channel"]
    faults += [
        f"the channel has no {name}"
        for name in ("title", "link", "description")
        if not channel.findtext(name)
    ]
    self_links = [link for link in channel.findall(f"{_A}link") if link.get("rel") == "self"]
    faults += [] if len(self_links) == 1 else ["the channel needs one atom:link rel=self"]
    items = channel.findall("item")
    faults += _repeated("guid", (item.findtext("guid", "") for item in items))
    for item in items:
        faults += _item_faults(item, f"item {item.findtext('guid')}")
    elements = [element for element in root.iter(etree.Element) if isinstance(element.tag, str)]
    attributes = [
        element.get(name, "") for element in elements for name in ("url", "href") if name in element.attrib
    ]
    faults += _relative(
        attributes + [element.text or "" for element in elements if element.tag in ("link", "comments")]
    )
    dates = [element.text for element in elements if element.tag in ("pubDate", "lastBuildDate")]
    return faults + [f"{date!r} is no RFC 822 date" for date in dates if not _rfc822(date)]


def _item_faults(item: etree._Element, where: str) -> Iterator[str]:
    for name in ("title", "guid", "pubDate"):
        if len(item.findall(name)) != 1:
            yield f"{where}: {len(item.findall(name))} {name} instead of one"
    for name in ("link", "description", "source", "enclosure", _CONTENT):
        if len(item.findall(name)) > 1:
            yield f"{where}: more than one {name}"
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink") != "false":
        yield f"{where}: its guid claims to be an address"
    enclosure = item.find("enclosure")
    if enclosure is not None and set(enclosure.attrib) != {"url", "length", "type"}:
        yield f"{where}: an enclosure has {sorted(map(str, enclosure.attrib))}"
    for name in ("description", _CONTENT):
        yield from (f"{where}: {fault}" for fault in fragment_faults(item.findtext(name, "")))


def json_faults(body: bytes) -> list[str]:
    """What JSON Feed 1.1 and DESIGN 2.5 would not accept of a JSON document."""
    try:
        feed: dict[str, Any] = json.loads(body)
    except ValueError as error:
        return [f"no JSON: {error}"]
    faults = [
        f"no {name}"
        for name in ("version", "title", "items", "feed_url", "home_page_url")
        if name not in feed
    ]
    if (schema := SCHEMAS / "jsonfeed-1.1.schema.json").exists():
        validator = jsonschema.Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
        faults += [
            f"JSON Feed schema: {error.json_path}: {error.message}" for error in validator.iter_errors(feed)
        ]
    items = feed.get("items", [])
    faults += _repeated("id", (item.get("id", "") for item in items))
    for item in items:
        where = f"item {item.get('id')}"
        faults += [
            f"{where}: no {name}"
            for name in ("id", "title", "date_published", "_source")
            if not item.get(name)
        ]
        if not (item.get("content_html") or item.get("content_text")):
            faults.append(f"{where}: neither content_html nor content_text")
        for name in ("date_published", "date_modified"):
            faults += [] if _rfc3339(item.get(name)) else [f"{where}: {name} is no RFC 3339 date"]
        faults += [f"{where}: {fault}" for fault in fragment_faults(item.get("content_html", ""))]
    return faults + _relative(_addresses(feed)) + _controls(body.decode())


def _addresses(value: Any) -> Iterator[str]:
    """Every value of a member that JSON Feed, or our extension, defines as an address."""
    if isinstance(value, list):
        for member in value:
            yield from _addresses(member)
    if isinstance(value, dict):
        for name, member in value.items():
            if name in ("url", "feed_url", "home_page_url", "image", "feed", "external_url", "license"):
                yield str(member)
            yield from _addresses(member)


def html_faults(body: bytes) -> list[str]:
    """What makes one of our pages unsafe, dependent on others, or hard to use without eyes or a mouse."""
    text = body.decode()
    page = lxml.html.document_fromstring(text)
    faults = [] if text.startswith("<!doctype html>") else ["no doctype"]
    faults += [f"no {name}" for name in ("lang", "dir") if not page.get(name)]
    faults += [] if (page.findtext(".//title") or "").strip() else ["no title"]
    faults += [] if len(page.findall(".//h1")) == 1 else [f"{len(page.findall('.//h1'))} h1 instead of one"]
    faults += [] if len(page.findall(".//main")) == 1 else ["not one main"]
    faults += _repeated("element id", (element.get("id", "") for element in page.findall(".//*[@id]")))
    faults += _element_faults(page.iter(etree.Element), _OWN_ELEMENTS)
    faults += [
        f"a field to fill in: {one.get('name')}" for one in page.iter("input") if one.get("readonly") is None
    ]
    faults += [
        f"an address for relative links: {base.get('href')}" for base in page.findall(".//base[@href]")
    ]
    for element in page.iter("a", "link"):
        href = element.get("href", "")
        if element.tag == "link" and element.get("rel") == "stylesheet" and "//" in href:
            faults.append(f"a style sheet from elsewhere: {href}")
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", href):
            faults += _relative([href.removeprefix("feed:")])
            if element.tag == "a" and "noopener" not in element.get("rel", ""):
                faults.append(f"a link to elsewhere without rel=noopener: {href}")
    return faults + _controls(text)


def fragment_faults(html: str) -> list[str]:
    """What HTML inside a feed must not hold: active elements, handlers, relative or odd addresses."""
    faults = _controls(html)
    if not html.strip():
        return faults
    elements = [part for part in lxml.html.fragments_fromstring(html) if not isinstance(part, str)]
    inside = [element for part in elements for element in part.iter(etree.Element)]
    faults += _element_faults(inside, frozenset())
    addresses = [
        element.get(name, "")
        for element in inside
        for name in ("href", "src", "cite")
        if name in element.attrib
    ]
    return faults + _relative(addresses)


def opml_faults(body: bytes) -> list[str]:
    """What a feed reader could not import of an OPML 2.0 document."""
    root, faults = _xml(body)
    if root is None:
        return faults
    outlines = root.findall("body/outline")
    for outline in outlines:
        faults += [
            f"an outline without {name}" for name in ("type", "text", "xmlUrl") if not outline.get(name)
        ]
    addresses = [
        outline.get(name, "")
        for outline in outlines
        for name in ("xmlUrl", "htmlUrl")
        if name in outline.attrib
    ]
    return faults + _relative(addresses)


JUDGES: dict[str, Callable[[bytes], list[str]]] = {
    ".atom": atom_faults,
    ".rss": rss_faults,
    ".json": json_faults,
    ".html": html_faults,
    ".opml": opml_faults,
}
"""The judge of a document by the ending of its path."""


def _element_faults(elements: Iterable[etree._Element], admitted: frozenset[str]) -> list[str]:
    faults = []
    for element in elements:
        name = str(element.tag).lower()
        if name in _FORBIDDEN_ELEMENTS - admitted:
            faults.append(f"a forbidden element: {name}")
        for attribute in map(str, element.attrib):
            fetched = attribute in _FETCHED and (name, attribute) != ("img", "src")
            if attribute.lower().startswith("on") or attribute == "style" or fetched:
                faults.append(f"a forbidden attribute: {name} {attribute}")
    return faults


def _xml(body: bytes) -> tuple[etree._Element | None, list[str]]:
    try:
        return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True)), []
    except etree.XMLSyntaxError as error:
        return None, [f"no well-formed XML: {error}"]


@cache
def _relax_ng() -> etree.RelaxNG | None:
    path = SCHEMAS / "rfc4287.rng"
    return etree.RelaxNG(etree.parse(str(path))) if path.exists() else None


def _once(where: str, element: etree._Element, names: Iterable[str]) -> list[str]:
    counts = {name: len(element.findall(_A + name)) for name in names}
    faults = [f"{where}: {count} {name} instead of one" for name, count in counts.items() if count != 1]
    title = element.findtext(f"{_A}title")
    return faults + ([] if title and title.strip() else [f"{where}: an empty title"])


def _repeated(what: str, values: Iterable[str]) -> list[str]:
    return [f"{what} {value!r} stands {count} times" for value, count in Counter(values).items() if count > 1]


def _relative(addresses: Iterable[str]) -> list[str]:
    return [
        f"no absolute http(s) or mailto address without credentials: {url!r}"
        for url in addresses
        if not _ABSOLUTE.fullmatch(url) and not re.fullmatch(r"mailto:\S+", url)
    ]


def _controls(text: str) -> list[str]:
    found = sorted(set(_XML_FORBIDDEN.findall(text)))
    return [f"characters that XML forbids: {found}"] if found else []


def _rfc3339(text: str | None) -> bool:
    try:
        return datetime.fromisoformat(text or "").tzinfo is not None
    except ValueError:
        return False


def _rfc822(text: str | None) -> bool:
    try:
        return parsedate_to_datetime(text or "").tzinfo is not None
    except ValueError:
        return False
