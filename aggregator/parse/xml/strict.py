"""What `feedparser.parse` makes of XML, in half its time: its strict parser, spared what changes nothing.

What it is spared: every character looked up in a table, deep copies of what is flat, and callbacks.
"""

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.sax import SAXException, expatreader
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype
from feedparser.util import FeedParserDict

from aggregator.parse.xml import balance
from aggregator.parse.xml.structure import Structure
from aggregator.text.html import sniffer

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


_DECLARATION = re.compile(r"<\?xml[^>]*>")
_IANA = re.compile(r"^https?://www\.iana\.org/assignments/(?:link-)?relations?/(?:#)?")  # RFC 4287, 4.2.7.2
_TAGS = 1_000  # of one entry
_C1 = re.compile(r"[\x80-\x9f]")


def parse(xml: str) -> Mapping[str, Any]:
    """The `feed`, `entries` and `version` that feedparser finds, its sanitizing and resolving off.

    Beside each entry stands in `own` what is its own (`structure`).

    XML that is not well-formed is read with the end tags that are missing, or else by its loose parser;
    `bozo_exception` says what is wrong. Raises what feedparser raises.
    """
    parser, version, fault = _read(xml)
    return {
        "feed": parser.feeddata,
        "entries": parser.entries,
        "own": parser.own,
        "version": version or parser.version,
        "bozo_exception": fault,
    }


def _read(xml: str) -> tuple[Any, str | None, SAXException | None]:
    """The parser that has read the XML, the version that its document type names, and what is wrong."""
    version, data, entities = replace_doctype(_declared(xml).encode("utf-8", "replace"))
    if (fault := _fault(parser := _Parser(), data)) is None:
        return parser, version, None
    _, data, _ = replace_doctype(_declared(balance.balanced(xml)).encode("utf-8", "replace"))
    if _fault(parser := _Parser(), data) is None:
        return parser, version, fault
    parser = _LooseParser(baseuri="", encoding="utf-8", entities=entities)
    parser.feed(data.decode("utf-8"))
    return parser, version, fault


def _fault(parser: "_Parser", data: bytes) -> SAXException | None:
    try:
        _driver(parser).parse(_source(data))
    except SAXException as error:
        return error
    return None


def _declared(xml: str) -> str:
    """XML with the declaration of what it is handed over as, for whatever it declares."""
    found = _DECLARATION.match(xml)
    return "<?xml version='1.0' encoding='utf-8'?>" + (xml[found.end() :] if found else f"\n{xml}")


def _driver(parser: "_Parser") -> Driver:
    driver = Driver()
    driver.setContentHandler(parser)
    driver.setErrorHandler(parser)
    return driver


def _source(data: bytes) -> InputSource:
    source = InputSource()
    source.setByteStream(io.BytesIO(data))
    return source


class _Reading(Structure):
    """What both of feedparser's parsers do otherwise here."""

    sanitize_html = False
    resolve_relative_uris = False

    def _start_rss(self, attributes: dict[str, str]) -> None:
        super()._start_rss(attributes)  # type: ignore[misc]
        self.infeed = 1  # also where there is no channel

    def _add_tag(self, term: str, scheme: str, label: str) -> None:
        if len(self._get_context().get("tags", ())) < _TAGS:  # each is compared with all before it
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def _start_link(self, attributes: dict[str, str]) -> None:
        attributes["rel"] = _IANA.sub("", attributes.get("rel", "")) or "alternate"
        super()._start_link(attributes)  # type: ignore[misc]


class _LooseParser(_Reading, LooseFeedParser):  # type: ignore[misc]
    def decode_entities(self, element: str, data: str) -> str:
        return sniffer.unwrapped(super().decode_entities(element, data))


class _Parser(_Reading, StrictFeedParser):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(baseuri="", baselang=None, encoding="utf-8")
        self.contentparams = _Flat()

    def push_content(self, *given: Any) -> None:
        super().push_content(*given)
        self.contentparams = _Flat(self.contentparams)

    @staticmethod
    def decode_entities(element: str, data: str) -> str:
        """The last thing that feedparser asks its parser to do with a text before it repairs it."""
        return _Text(sniffer.unwrapped(data))


class _Flat(FeedParserDict):  # type: ignore[misc]
    """The type, language and base of the text being read: no key has another name, no value holds another."""

    get = dict.get
    __getitem__ = dict.__getitem__
    __setitem__ = dict.__setitem__

    def __deepcopy__(self, memo: object) -> FeedParserDict:
        return FeedParserDict(self)


class _Text(str):
    """A text under repair: read again as UTF-8 if it can be, with C1 controls taken for Windows-1252."""

    __slots__ = ()

    def encode(self, *how: str) -> bytes:
        return _Bytes(super().encode(*how))

    def translate(self, table: Any) -> str:
        """The plain text, with its C1 controls looked up in the table; nothing else is looked up."""
        return super().translate(table) if not self.isascii() and _C1.search(self) else str(self)


class _Bytes(bytes):
    """The bytes of a text, which become such a text again."""

    __slots__ = ()

    def decode(self, *how: str) -> str:
        return _Text(super().decode(*how))
