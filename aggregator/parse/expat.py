"""The SAX driver that feedparser's strict parser reads with: expat, which calls back once for each text.

Python's own driver calls back for every line and reference, and takes the same names apart again and again.
"""

from functools import lru_cache
from typing import Any
from xml.sax import expatreader
from xml.sax.xmlreader import AttributesNSImpl

_BUFFER = 1 << 16  # characters at most in one call
_NO_ATTRIBUTES = AttributesNSImpl({}, {})


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
        if attrs:
            super().start_element_ns(name, attrs)
        else:
            self._cont_handler.startElementNS(_split(name), None, _NO_ATTRIBUTES)

    def end_element_ns(self, name: str) -> None:
        self._cont_handler.endElementNS(_split(name), None)


@lru_cache(1024)
def _split(name: str) -> tuple[str | None, str]:
    """Namespace and local name of what expat writes as "namespace name prefix", the first and last if any."""
    parts = name.split()
    return (None, name) if len(parts) == 1 else (parts[0], parts[1])
