"""Bytes to elements, and what is asked of every element of every XML format."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from lxml import etree

from aggregator.outputs.checks import values

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_ADDRESSES = frozenset(("href", "url", "src"))

Bounds = Mapping[str, tuple[int, int]]
"""How often a child has to stand at least and may stand at most."""

Checks = Mapping[str, Callable[[etree._Element], Iterable[str]]]
"""What is wrong with an element of that name."""


class UnreadableError(Exception):
    """A document that cannot be read back; its text is the sentence."""


def root(body: bytes) -> etree._Element:
    """The root of an XML document without a DTD; raises Unreadable."""
    try:
        found = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"it is not well-formed XML: {error.msg}") from None
    if found.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("it has a document type")
    return found


def read(body: bytes, entries: bool) -> tuple[None, tuple[tuple[str, str], ...]]:
    """An XML document of no other rules: that it can be read is all that is asked of it."""
    root(body)
    return None, ()


def counted(element: etree._Element, bounds: Bounds) -> Iterator[str]:
    """What of its children is missing, empty where it is needed, or there too often."""
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if child.tag in bounds:
            found.setdefault(child.tag, []).append(child)
    for name, (least, most) in bounds.items():
        children = found.get(name, [])
        if not least <= len(children) <= most:
            yield f"{local(element)} has {len(children)} {local_name(name)} elements"
        elif least and not (children[0].text or "").strip():
            yield f"{local(element)} has an empty {local_name(name)}"


def checked(element: etree._Element, checks: Checks) -> Iterator[str]:
    """What is wrong in an element and all that is in it: by the name of each, and with every address."""
    for one in element.iter(etree.Element):
        check = checks.get(one.tag)
        if check is not None:
            yield from check(one)
        for name, value in one.items():
            if name in _ADDRESSES and not values.is_address(str(value)):
                yield f"the {name} of {local(one)} is no absolute http(s) or mailto address: {value!r}"


def local(element: etree._Element) -> str:
    """The name of an element as people say it."""
    return local_name(str(element.tag))


def local_name(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]
