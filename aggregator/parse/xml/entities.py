"""Entities that a document declares for itself in its document type (XML 1.0, 4.2 and 4.4)."""

import re
from collections.abc import Mapping

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
