"""The entries of RSS, RDF and Atom, found without parsing, in linear time whatever the document is."""

import codecs
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from html import unescape
from itertools import chain, pairwise

from aggregator.parse.fingerprints import steady
from aggregator.parse.parts import NEWEST, Parts, name, newest
from aggregator.text import dates
from aggregator.text.html import sniffer

_TAG = re.compile(rb"<!\[CDATA\[|<!--|<(/?)((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?=[\s/>])[^<>]*>")
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}  # within these nothing opens or closes
_VALUE = rb"(?=[\s/>])[^<>]*>\s*(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))"
_IDS = (
    re.compile(rb"<(?:\w+:)?guid" + _VALUE, re.DOTALL),
    re.compile(rb"<(?:\w+:)?id" + _VALUE, re.DOTALL),
    re.compile(rb"""^<[^<>]*?\brdf:about\s*=\s*["']([^<>"']+)"""),
)
_DATES = (
    re.compile(rb"<(?:\w+:)?(?:pubDate|published|issued|date|created)" + _VALUE, re.DOTALL),
    re.compile(rb"<(?:\w+:)?(?:updated|modified)" + _VALUE, re.DOTALL),
)
_TITLE = (re.compile(rb"<title" + _VALUE, re.DOTALL),)
_OTHERS = tuple(  # have an id and a title, too
    re.compile(rb"<((?:\w+:)?" + name + rb")(?=[\s>])[^<>]*(?<!/)>") for name in (b"source", b"image")
)


def take_apart(text: str) -> Parts | None:
    """The parts of a document; None where its entries cannot be told from what is around them for sure."""
    xml = text.encode("utf-8", "replace")
    spans = [] if b"<!ENTITY" in xml else _spans(xml)  # names may be spelt with a document's own entities
    if not spans:
        return None
    edges = [0, *chain.from_iterable(spans), len(xml)]
    pieces = [xml[start:end] for start, end in pairwise(edges)]
    between, entries = pieces[::2], pieces[1::2]
    left_out = max(0, len(entries) - NEWEST)
    if left_out:
        between, entries = _newest(between, entries)
    return Parts(
        entries=tuple(entries),
        names=tuple(name(_first(_IDS, entry), _first(_TITLE, entry)) for entry in entries),
        around=steady(b"".join(between)),
        written=partial(_written, between, entries),
        left_out=left_out,
    )


def _newest(between: Sequence[bytes], entries: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """The newest of many entries, and what stands between those."""
    chosen, around = list[bytes](), [[between[0]]]
    for entry, after, stays in zip(entries, between[1:], newest(map(_date, entries)), strict=True):
        if stays:
            chosen.append(entry)
            around.append([after])
        elif after.strip():
            around[-1].append(after)
    return [b"".join(pieces) for pieces in around], chosen


def _date(entry: bytes) -> datetime | None:
    """The date of publication that an entry states, else that of its last change."""
    return dates.moment(_first(_DATES, entry))


def _written(between: Sequence[bytes], entries: Sequence[bytes], kept: Sequence[bool]) -> bytes:
    """In UTF-8, with the mark that says so whatever the document declares."""
    pieces = (entry * stays + after for entry, stays, after in zip(entries, kept, between[1:], strict=True))
    return b"".join((codecs.BOM_UTF8, between[0], *pieces))


def _spans(xml: bytes) -> list[tuple[int, int]]:
    """Where the entries are; nowhere if any is nested, empty or cut off."""
    spans: list[tuple[int, int]] = []
    opened: re.Match[bytes] | None = None
    at = 0
    while tag := _TAG.search(xml, at):
        at = tag.end()
        if end := _ENDS.get(tag[0]):
            at = xml.find(end, at) + len(end)
            if at < tag.end():  # it has none
                return []
        elif tag[1]:
            if opened is None or opened[2] != tag[2]:
                return []
            spans.append((opened.start(), at))
            opened = None
        elif opened or tag[0].endswith(b"/>"):
            return []
        else:
            opened = tag
    return [] if opened else spans


def _first(patterns: Iterable[re.Pattern[bytes]], entry: bytes) -> str:
    """The first of these values in an entry, past what names a feed or a picture; "" if there is none."""
    found = _search(patterns, entry)
    if found is None:
        return ""
    before = entry[: found.start()]
    if b"source" in before or b"image" in before:
        found = _search(patterns, _own(entry)) or found
    value = unescape(unescape((found[found.lastindex or 1] or b"").decode("utf-8", "replace")))
    return sniffer.unwrapped(value) if "<" in value else value  # CDATA or not, it is the same


def _search(patterns: Iterable[re.Pattern[bytes]], entry: bytes) -> re.Match[bytes] | None:
    for pattern in patterns:
        if found := pattern.search(entry):
            return found
    return None


def _own(entry: bytes) -> bytes:
    for pattern in _OTHERS:
        if (start := pattern.search(entry)) and (end := entry.find(b"</" + start[1], start.end())) >= 0:
            entry = entry[: start.start()] + entry[end:]
    return entry
