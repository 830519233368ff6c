"""RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, and CDF, read by feedparser."""

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import errors
from xml.sax import SAXParseException

from feedparser.api import SUPPORTED_VERSIONS
from lxml import etree

from aggregator.model import Deleted, Head
from aggregator.parse import identity
from aggregator.parse.drafts import Parsed
from aggregator.parse.xml import heads, prolog, repair, strict
from aggregator.parse.xml.entries import EntryContext, draft
from aggregator.text import dates

MOST = 1_000
"""Tombstones of one document beyond which the rest is not read."""
_DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_SPACE = "purl.org/atompub/tombstones"


def deletions(xml: str, head: Head) -> tuple[Deleted, ...]:
    """What stands as `at:deleted-entry` in the feed itself, each entry once, with its latest time.

    One without a usable id or time is none.
    """
    if _SPACE not in xml:
        return ()
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, encoding="utf-8")
    try:
        root = etree.fromstring(xml.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    found: dict[str, Deleted] = {}
    for element in list(() if root is None else root.iterchildren(_DELETED))[:MOST]:
        key = identity.key_of_id(element.get("ref", ""), head)
        at = dates.moment(element.get("when", ""))
        if key and at and (key not in found or found[key].at < at):
            found[key] = Deleted(key, at)
    return tuple(found.values())


_FIRST_ENTRY = re.compile(r"(?i)<(?:item|entry)[\s>]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENDED_EARLY = frozenset(
    {
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        errors.XML_ERROR_UNCLOSED_TOKEN,
    }
)


def recognises(text: str) -> bool:
    """Whether this may be a feed in XML: it begins as XML, junk before it aside, and is no web page."""
    return not prolog.is_page(text) and (text.lstrip().startswith("<") or repair.start(text) is not None)


def read(text: str, url: str, base: str) -> Parsed | None:
    """The document read at `url`, its relative addresses starting from `base`.

    None where it is no feed. Raises what feedparser raises.
    """
    xml, notes = repair.mend(text)
    found = strict.parse(xml)
    if not found["version"] and not found["entries"]:
        return None
    head = heads.head(found["feed"], url, base)
    is_atom = str(found["version"]).startswith("atom")
    around = EntryContext(head, base if is_atom else head.page or base, is_atom)
    return Parsed(
        head=head,
        drafts=tuple(
            draft(entry, own, around) for entry, own in zip(found["entries"], found["own"], strict=True)
        ),
        pace=heads.pace(found["feed"], _outside(xml)),
        format=_format(str(found["version"]), xml),
        notes=(*notes, *_complaints(found)),
        unread=0 if found["entries"] else len(_FIRST_ENTRY.findall(_COMMENT.sub("", xml))),
        torn=repair.TORN in notes or _ended_early(found),
        fragile=found["bozo_exception"] is not None,
        deleted=deletions(xml, head) if is_atom else (),
        offer=heads.offer(found["feed"], url),
    )


def _outside(xml: str) -> str:
    """What stands before the first entry and after the last."""
    first = _FIRST_ENTRY.search(xml)
    if first is None:
        return xml
    last = max(xml.rfind("</item"), xml.rfind("</entry"))
    return xml[: first.start()] + xml[last if last > first.start() else len(xml) :]


def _format(version: str, xml: str) -> str:
    if version:
        return str(SUPPORTED_VERSIONS.get(version, version))
    return "CDF" if re.search(r"(?i)<channel[\s>]", xml[:4_000]) else "XML"


def _ended_early(found: Mapping[str, Any]) -> bool:
    """Whether the XML was well-formed as far as it came."""
    fault = found.get("bozo_exception")
    return isinstance(fault, SAXParseException) and fault.getMessage() in _ENDED_EARLY


def _complaints(found: Mapping[str, Any]) -> tuple[str, ...]:
    fault = found["bozo_exception"]
    if fault is None:
        return ()
    if isinstance(fault, SAXParseException):
        where = f"line {fault.getLineNumber()}: {fault.getMessage()}"
        return (f"The XML is not well-formed ({where}); entries after that may be incomplete.",)
    return (f"The feed is not quite sound: {fault}.",)
