"""XML whose elements do not all end, given the end tags that are missing.

An element that is not closed ends where the next element of its parent begins: what it says stays, and what
others say is theirs. Within a text it ends with the text.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.parse.elements import VOID

_TOKEN = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<![A-Za-z][^>]*>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*+)(?=[\s/>])"
    r"(?P<given>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>|<",
    re.DOTALL,
)
_ENTRIES = frozenset({"item", "entry"})
_FEEDS = frozenset({"rss", "feed", "rdf", "channel", "items"})
_GROUPS = frozenset({"image", "textinput", "author", "contributor", "source", "owner", "group"})
_TEXTS = frozenset("description summary content encoded abstract body subtitle tagline rights title".split())
_OF_FEEDS = frozenset(
    "pubdate guid id published updated modified issued created enclosure category comments creator encoded "
    "content description origlink commentrss group thumbnail keywords author duration explicit".split()
)
"""Names that HTML does not have."""


@dataclass(slots=True, eq=False)
class _Tag:
    written: str
    start: int
    stop: int
    name: str = ""
    is_end: bool = False
    pair: "_Tag | None" = None  # the start tag of an end tag, and the other way round
    is_open: bool = False

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2].lower()

    @property
    def is_text(self) -> bool:
        return self.local in _TEXTS and self.name.lower() != "media:content"


def balanced(xml: str) -> str:
    """The XML with an end tag for every start tag, and with no other."""
    tags = _tags(xml)
    _match(tags)
    return _Writer(xml).written(tags)


def _tags(xml: str) -> list[_Tag]:
    """The tags that are not complete in themselves, and every lone angle bracket, as one without a name."""
    found = []
    for token in _TOKEN.finditer(xml):
        if token["name"] is None:
            if token[0] == "<":
                found.append(_Tag("&lt;", *token.span()))
        elif not token["given"].endswith("/"):
            found.append(_Tag(token[0], *token.span(), token["name"], bool(token["end"])))
    return found


def _match(tags: Sequence[_Tag]) -> None:
    """Finds the start tag of each end tag: the nearest one of that name in the same entry."""
    outside: dict[str, list[_Tag]] = defaultdict(list)
    inside: dict[str, list[_Tag]] = {}
    entry: _Tag | None = None
    for tag in tags:
        name = tag.name.lower()
        if tag.local in _ENTRIES:
            if not tag.is_end:
                entry, inside = tag, defaultdict(list)
            elif entry is not None and entry.name.lower() == name:
                entry.pair, tag.pair, entry = tag, entry, None
            continue
        if tag.is_end and tag.local in _FEEDS and entry is not None and not inside[name]:
            entry = None  # the feed ends within it
        opened = (outside if entry is None else inside)[name]
        if not tag.is_end:
            opened.append(tag)
        elif opened:
            tag.pair = opened.pop()
            tag.pair.pair = tag


class _Writer:
    def __init__(self, xml: str) -> None:
        self._xml = xml
        self._out: list[str] = []
        self._opened: list[_Tag] = []
        self._texts: list[_Tag] = []  # those of them that are texts

    def written(self, tags: Sequence[_Tag]) -> str:
        at = 0
        for tag in tags:
            self._out.append(self._xml[at : tag.start])
            at = tag.stop
            if not tag.name:
                self._out.append(tag.written)
            elif tag.is_end:
                self._end(tag.pair)
            else:
                self._start(tag)
        self._out.append(self._xml[at:])
        while self._opened:
            self._close()
        return "".join(self._out)

    def _start(self, tag: _Tag) -> None:
        while self._opened and self._ends_before(self._opened[-1], tag):
            self._close()
        if tag.pair is None and self._texts and tag.name.lower() in VOID:
            self._out.append(f"{tag.written[:-1]}/>")
            return
        self._out.append(tag.written)
        self._opened.append(tag)
        tag.is_open = True
        if tag.is_text:
            self._texts.append(tag)

    def _end(self, start: _Tag | None) -> None:
        if start is not None and start.is_open:
            while start.is_open:
                self._close()

    def _close(self) -> None:
        tag = self._opened.pop()
        tag.is_open = False
        self._out.append(f"</{tag.name}>")
        if tag.is_text:
            self._texts.pop()

    def _ends_before(self, opened: _Tag, tag: _Tag) -> bool:
        """Whether an element without an end tag has ended where another one begins."""
        if opened.pair is not None or opened.local in _FEEDS:
            return False
        if tag.local in _ENTRIES:
            return True
        if self._texts:
            is_of_feed = tag.local in _OF_FEEDS or (tag.local == "link" and tag.pair is not None)
            return self._texts[0].pair is None and is_of_feed
        if opened.local in _ENTRIES:
            return False
        if opened.local in _GROUPS:
            return tag.local in _OF_FEEDS - {"id", "content", "category"}
        media = opened.name.lower() == "media:content" and tag.name.lower().startswith("media:")
        return not (media and tag.local not in ("content", "group"))
