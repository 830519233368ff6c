"""The SAX driver that feedparser's strict parser reads with: expat, which calls back once for each text.

Python's own driver calls back for every line and reference, and takes the same names apart again and again.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.sax import expatreader
from xml.sax.xmlreader import AttributesNSImpl

_BUFFER = 1 << 16  # characters at most in one call


class _Attributes(AttributesNSImpl):
    """The attributes of an element, also by their names with prefixes, in time linear in their number."""

    def __init__(self, given: Mapping[str, str]) -> None:
        named = [(*_attribute(name), value) for name, value in given.items()]
        super().__init__({pair: value for pair, _, value in named}, {pair: qname for pair, qname, _ in named})
        self._values = {qname: value for _, qname, value in named}

    def getValueByQName(self, name: str) -> str:  # noqa: N802
        return self._values[name]


_NO_ATTRIBUTES = _Attributes({})


class Driver(expatreader.ExpatParser):
    """Python's expat driver with namespaces, made to call back less."""

    _parser: Any  # pyexpat's, made anew by each reset
    _cont_handler: Any

    def __init__(self) -> None:
        super().__init__(namespaceHandling=1)

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True
        self._parser.buffer_size = _BUFFER

    def start_element_ns(self, name: str, attrs: Any) -> None:
        given = _Attributes(attrs) if attrs else _NO_ATTRIBUTES
        self._cont_handler.startElementNS(_split(name), None, given)

    def end_element_ns(self, name: str) -> None:
        self._cont_handler.endElementNS(_split(name), None)


@lru_cache(1024)
def _split(name: str) -> tuple[str | None, str]:
    """Namespace and local name of what expat writes as "namespace name prefix", the first and last if any."""
    parts = name.split()
    return (None, name) if len(parts) == 1 else (parts[0], parts[1])


@lru_cache(1024)
def _attribute(name: str) -> tuple[tuple[str | None, str], str]:
    """The same of an attribute, and its name with its prefix."""
    space, local = _split(name)
    prefix = name.split()[2:]
    return (space, local), f"{prefix[0]}:{local}" if prefix else local
