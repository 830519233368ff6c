"""Documents put together of a frame and of entries, each of which was examined by itself.

Decision 104 says why what they make together need not be read again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml.etree import _Comment, _Element

from aggregator.outputs.atom import check as atom
from aggregator.outputs.checks import xml
from aggregator.outputs.json import check as jsonfeed
from aggregator.outputs.rss import check as rss

Scope = tuple[tuple[str | None, str], ...]
"""The namespaces that are bound where entries stand, by prefix; none in JSON."""


class Frame(NamedTuple):
    """What stands before the entries of a document, between two of them, and behind."""

    head: bytes
    between: bytes
    tail: bytes

    def around(self, entries: Iterable[bytes]) -> bytes:
        """The document with those entries."""
        return self.head + self.between.join(entries) + self.tail


@dataclass(frozen=True, slots=True)
class Passed:
    """An entry in which nothing is wrong; it may stand in each frame that binds those namespaces."""

    id: str
    body: bytes
    scope: Scope


Read = Callable[[bytes, bool], tuple[tuple[str, ...] | None, Iterable[tuple[str, str]]]]
"""Reads a document, and its entries too if asked to: their ids (None where it has none), and its faults.

A fault is a pair of an entry's id, "" for the document itself, and what is wrong there.
"""


class FormatRules(NamedTuple):
    """How a frame, an entry and a whole document of one format are read; each raises Unreadable."""

    frame: Callable[[Frame], tuple[Scope, Iterable[str]]]  # what it binds, and what is wrong with it
    entry: Callable[[bytes, Scope], tuple[tuple[str, ...], Iterable[str]]]  # ids, and what is wrong
    document: Read


class _Xml(NamedTuple):
    """What is asked of the elements of a format."""

    entry: str  # its name
    place: Callable[[_Element], _Element]  # where entries stand
    id_of: Callable[[_Element], str]
    around: Callable[[_Element], Iterable[str]]
    within: Callable[[_Element], Iterable[str]]
    document: Read

    @property
    def rules(self) -> FormatRules:
        return FormatRules(self._read_frame, self._read_entry, self.document)

    def _read_frame(self, frame: Frame) -> tuple[Scope, Iterable[str]]:
        """Read with comments for entries: they are found where entries stand, or the frame is none."""
        root = xml.root(frame.around([b"<!---->"] * 2))
        place = self.place(root)
        last = list(place)[-2:]
        if not all(isinstance(child, _Comment) for child in last) or len(last) < 2 or _texts(last):
            raise xml.UnreadableError("its frame has no place for entries")
        if place.find(self.entry) is not None:
            raise xml.UnreadableError("its frame holds an entry")
        if root.getroottree().docinfo.encoding not in (None, "UTF-8"):
            raise xml.UnreadableError("it is no UTF-8")
        return tuple(sorted(place.nsmap.items(), key=str)), self.around(place)

    def _read_entry(self, body: bytes, scope: Scope) -> tuple[tuple[str, ...], Iterable[str]]:
        """Read in a root of nothing else: what it opens it closes, and it closes nothing else."""
        root = xml.root(_opening(scope) + body + b"</entries>")
        found = root.findall(self.entry)
        faults = [sentence for entry in found for sentence in self.within(entry)]
        if len(root) > len(found) or (root.text or "").strip() or _texts(root):
            faults.append("there is something beside the entry")
        return tuple(map(self.id_of, found)), faults


def _texts(elements: Iterable[_Element]) -> str:
    """What stands behind each of them."""
    return "".join(element.tail or "" for element in elements).strip()


@lru_cache(maxsize=8)
def _opening(scope: Scope) -> bytes:
    names = ((f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in scope)
    return f"<entries{''.join(f' {name}={quoteattr(uri)}' for name, uri in names)}>".encode()


def _json_frame(frame: Frame) -> tuple[Scope, Iterable[str]]:
    """Read with empty objects for items."""
    items, faults = jsonfeed.around(frame.around([b"{}"] * 2))
    if items != [{}, {}]:
        raise xml.UnreadableError("its frame has no place for entries")
    return (), faults


def _json_entry(body: bytes, scope: Scope) -> tuple[tuple[str, ...], Iterable[str]]:
    """Read as a text of its own: one value, that may stand in any list."""
    item = jsonfeed.value(body)
    if not isinstance(item, dict):
        raise xml.UnreadableError("it is no object")
    return (jsonfeed.id_of(item),), jsonfeed.within(item)


ATOM = _Xml(atom.ENTRY, atom.place, atom.id_of, atom.around, atom.within, atom.read).rules
RSS = _Xml(rss.ENTRY, rss.place, rss.id_of, rss.around, rss.within, rss.read).rules
JSON_FEED = FormatRules(_json_frame, _json_entry, jsonfeed.read)
