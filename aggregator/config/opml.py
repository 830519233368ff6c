"""Lists of feeds as feed readers export them (OPML 1.0, 1.1 and 2.0)."""

from dataclasses import dataclass

from lxml import etree

from aggregator.errors import InputError

LARGEST = 20 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of a list: its title, which may be empty, and its address as written."""

    title: str
    feed: str


def outlines(body: bytes, name: str) -> tuple[Outline, ...]:
    """The feeds of a list, folders and all, in its order; InputError where it is none.

    Nothing that the list names is opened: entities, DTDs and included lists are left alone.
    """
    if len(body) > LARGEST:
        raise InputError(f"{name} is larger than {LARGEST // 1_048_576} MB; that is no list of feeds.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except etree.XMLSyntaxError as error:
        what = f"{error.msg} in line {error.position[0]}" if error.msg else "it is empty"
        raise InputError(f"{name} is no well-formed XML ({what}); export the list again.") from None
    if _local(root) != "opml":
        raise InputError(f"{name} is no OPML but <{_local(root)}>; export the list of feeds as OPML.")
    found = (_outline(element) for element in root.iter() if _local(element) == "outline")
    return tuple(one for one in found if one.feed)


def _outline(element: etree._Element) -> Outline:
    """Attributes in any case; some programs write `url` with `type="rss"` instead of `xmlUrl`."""
    said = {str(name).lower(): " ".join(str(value).split()) for name, value in element.attrib.items()}
    is_feed = said.get("type", "").lower() in ("rss", "atom")
    feed = said.get("xmlurl") or (said.get("url", "") if is_feed else "")
    return Outline(said.get("title") or said.get("text", ""), feed)


def _local(element: etree._Element) -> str:
    """The element's name without its namespace, in lower case; "" for comments and the like."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
