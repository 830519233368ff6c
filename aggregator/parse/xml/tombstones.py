"""Which of its own entries an Atom feed takes back (RFC 6721); feedparser knows nothing of it."""

from lxml import etree

from aggregator.model import Deleted, Head
from aggregator.parse import identity
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
