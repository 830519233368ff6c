"""What is mended in XML before it is parsed, so that one bad byte does not cost a well-formed parse."""

import re
from collections.abc import Mapping
from html.entities import name2codepoint

from aggregator.text import characters

_SUBSET = re.compile(r"<!doctype\b[^\[<>]*\[((?:[^\]]|\](?!\s*>))*+)\]\s*>", re.IGNORECASE)
_LOOK = 65_536  # characters in which the document type begins
_DECLARED = re.compile(
    r"<!--.*?-->|<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:\"([^\"]*)\"|'([^']*)')\s*>", re.DOTALL
)
_USED = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&([A-Za-z_][\w.-]*);", re.DOTALL)
_DEPTH = 8  # entities within entities
_GROWTH = 100_000  # characters that all of them may add to a document, or as many as it has


def expanded(xml: str) -> str:
    """The document with its own entities replaced by their values, and without its declarations.

    One that names an outside file, or would make the document grow without bound, stays as it is written.
    """
    found = _SUBSET.search(xml, 0, _LOOK) if "<!ENTITY" in xml[:_LOOK] else None
    if found is None:
        return xml
    before, after = xml[: found.start(1) - 1], xml[found.end(1) + 1 :]
    return before + _Expansion(_declared(found[1]), max(_GROWTH, len(xml))).of(after)


def _declared(subset: str) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for name, double, single in _DECLARED.findall(subset):
        if name:
            values.setdefault(name, double or single)  # the first declaration counts (4.2)
    return values


class _Expansion:
    def __init__(self, declared: Mapping[str, str], room: int) -> None:
        self._declared = declared
        self._room = room

    def of(self, text: str, depth: int = 0) -> str:
        return _USED.sub(lambda match: self._value(match, depth), text)

    def _value(self, match: re.Match[str], depth: int) -> str:
        value = self._declared.get(match[1] or "")
        if value is None or depth == _DEPTH or len(value) > self._room:
            return match[0]
        self._room -= len(value)
        return self.of(value, depth + 1) if "&" in value else value


_REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]{1,12}|[0-9]{1,12});")
_CDATA = re.compile(r"(<!\[CDATA\[[^]]*+(?:](?!]>)[^]]*+)*+(?:]]>|\Z))")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#[xX][0-9a-fA-F]+);)(?:([A-Za-z_][\w.-]*);)?")
_START = re.compile(r"<\?xml\b|<!DOCTYPE|<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_PARTS = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])",
    re.DOTALL | re.IGNORECASE,
)
_JUNK_AT_MOST = 65_536
_TAIL = 2_000  # characters in which the end of a whole document is found

_ID = re.compile(r"</(?:[\w.-]+:)?(?:guid|id)\s*>|^<[^>]*\brdf:about\s*=[^>]*>", re.IGNORECASE)

TORN = "The document ends within an entry."
"""The note of a document that did not arrive whole."""


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """XML without forbidden characters, without junk before its start, with every ampersand escaped.

    Returns it with a note for each kind of fault found. What stands in CDATA sections is left as it is.
    """
    notes = []
    clean = _without_forbidden_references(characters.legal(text))
    if clean != text.replace("\r\n", "\n").replace("\r", "\n"):
        notes.append("Characters that XML forbids were taken out.")
    begun = _from_start(clean)
    if begun != clean.lstrip():
        notes.append("Something stood before the start of the XML.")
    if (last := _torn_at(begun)) is not None:
        notes.append(TORN)
        if not _ID.search(begun, last):  # half an entry without its id would be another item when whole
            begun = begun[:last]
    begun = expanded(begun)
    mended = with_references(begun)
    if mended != begun:
        notes.append("Ampersands or entities that XML does not know were mended.")
    return mended, tuple(notes)


def with_references(xml: str) -> str:
    """XML in which every ampersand outside of CDATA sections begins a reference that XML knows."""
    parts = _CDATA.split(xml)
    parts[::2] = [_AMPERSAND.sub(_escaped, part) for part in parts[::2]]
    return "".join(parts)


def _torn_at(text: str) -> int | None:
    """Where the entry begins that the end of the document tears apart, if it does."""
    if _END.search(text, max(0, len(text) - _TAIL)):
        return None
    opened: int | None = None
    for part in _PARTS.finditer(text):
        if part[1] is not None:
            opened = None if part[1] else part.start()
    return opened


def _without_forbidden_references(text: str) -> str:
    forbidden = {reference for reference in set(_REFERENCE.findall(text)) if not _is_allowed(reference)}
    return (
        _REFERENCE.sub(lambda match: "" if match[0] in forbidden else match[0], text) if forbidden else text
    )


def _is_allowed(reference: str) -> bool:
    digits = reference[2:-1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return code < 0x110000 and characters.legal(chr(code)) != ""


def start(text: str) -> int | None:
    """Where XML or the root of a feed begins within the first 64 thousand characters, or None."""
    match = _START.search(text, 0, _JUNK_AT_MOST)
    return match.start() if match else None


def _from_start(text: str) -> str:
    return text.lstrip()[start(text.lstrip()) :]


def _escaped(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    return chr(name2codepoint[name]) if name in name2codepoint else f"&amp;{name};"
