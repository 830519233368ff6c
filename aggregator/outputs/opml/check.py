"""The rules of OPML 2.0 for lists of feeds."""

from collections.abc import Iterable, Iterator

from aggregator.outputs.checks import values, xml

_ADDRESSES = ("xmlUrl", "htmlUrl")


def read(body: bytes, entries: bool) -> tuple[None, Iterable[tuple[str, str]]]:
    """The faults of the list; it has no entries."""
    return None, [("", sentence) for sentence in _faults(body)]


def _faults(body: bytes) -> Iterator[str]:
    opml = xml.root(body)
    if opml.tag != "opml" or opml.get("version") != "2.0":
        raise xml.UnreadableError("it is no OPML 2.0")
    for outline in opml.iterfind("body/outline"):
        for name in ("type", "text", "xmlUrl"):
            if not outline.get(name):
                yield f"an outline has no {name}"
        for name in _ADDRESSES:
            url = outline.get(name)
            if url and not values.is_address(url):
                yield f"the {name} of an outline is no absolute http(s) address: {url!r}"
