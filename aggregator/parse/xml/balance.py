"""XML whose elements do not all end, given the end tags that are missing.

An element that is not closed ends where the next element of its parent begins: what it says stays, and what
others say is theirs. Within a text it ends with the text. Attributes get the quotes that they lack.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.parse.xml import repair
from aggregator.text.html.elements import PHRASES, VOID

_TOKEN = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?[^<>]*\?>|<![A-Za-z][^>]*>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*+)(?=[\s/>])"
    r"(?P<given>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>|<|\]\]>",
    re.DOTALL,
)
_LONE = {"<": "&lt;", "]]>": "]]&gt;"}
_SOUND = re.compile(r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+)))?")
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
    is_complete: bool = False  # an empty element
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
    xml = _without_open_sections(xml)
    tags = _tags(xml)
    _match(tags)
    return _Writer(xml).written(tags)


def _without_open_sections(xml: str) -> str:
    """XML without the starts of comments and CDATA sections that do not end."""
    for start, end in (("<![CDATA[", "]]>"), ("<!--", "-->")):
        closed = xml.rfind(end) + 1
        if xml.find(start, closed) >= 0:
            xml = xml[:closed] + repair.with_references(xml[closed:].replace(start, ""))
    return xml


def _tags(xml: str) -> list[_Tag]:
    """All tags, and what would be one or end something, as one without a name."""
    found = []
    for token in _TOKEN.finditer(xml):
        if token["name"] is not None:
            found.append(_tag(token))
        elif token[0] in _LONE:
            found.append(_Tag(_LONE[token[0]], *token.span()))
        elif token[0].startswith("<!--"):  # parsers do not agree about where some of them end
            found.append(_Tag("", *token.span()))
    return found


def _tag(token: re.Match[str]) -> _Tag:
    name, given, is_end = token["name"], token["given"], bool(token["end"])
    if _SOUND.fullmatch(given):
        return _Tag(token[0], *token.span(), name, is_end, given.endswith("/"))
    values = {key: "".join(value) for key, *value in _ATTRIBUTE.findall(given)}
    is_complete = given.endswith("/") and not any(value.endswith("/") for value in list(values.values())[-1:])
    attributes = "".join(f" {key}={_quoted(value)}" for key, value in values.items())
    return _Tag(f"<{name}{attributes}{'/' * is_complete}>", *token.span(), name, is_end, is_complete)


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'


def _match(tags: Sequence[_Tag]) -> None:
    """Finds the start tag of each end tag: the nearest one of that name in the same entry.

    An entry within an entry is one only where as many end as begin; else the first has no end tag.
    """
    ends = sum(1 if tag.is_end else -1 for tag in tags if tag.local in _ENTRIES and not tag.is_complete)
    levels: list[tuple[_Tag | None, dict[str, list[_Tag]]]] = [(None, defaultdict(list))]
    for tag in tags:
        if tag.is_complete or not tag.name:
            continue
        name, (entry, opened) = tag.name.lower(), levels[-1]
        if tag.local in _ENTRIES and not tag.is_end:
            del levels[1 if ends else len(levels) :]
            levels.append((tag, defaultdict(list)))
        elif tag.local in _ENTRIES:
            if entry is not None and entry.name.lower() == name:
                _pair(entry, tag)
                levels.pop()
        elif not tag.is_end:
            opened[name].append(tag)
        else:
            if tag.local in _FEEDS and not opened[name]:  # the feed ends within an entry
                del levels[1:]
                opened = levels[0][1]
            if opened[name]:
                _pair(opened[name].pop(), tag)


def _pair(start: _Tag, end: _Tag) -> None:
    start.pair, end.pair = end, start


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
        if tag.pair is None and not tag.is_complete and self._texts and tag.name.lower() in VOID:
            self._out.append(f"{tag.written[:-1]}/>")
            return
        self._out.append(tag.written)
        if tag.is_complete:
            return
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
            is_link = tag.local == "link" and (tag.is_complete or tag.pair is not None)
            is_of_feed = tag.local in _OF_FEEDS or is_link
            if self._texts[0].local == "title":
                is_of_feed = tag.local not in PHRASES
            return self._texts[0].pair is None and is_of_feed
        if opened.local in _ENTRIES:
            return False
        if opened.local in _GROUPS:
            return tag.local in _OF_FEEDS - {"id", "content", "category"}
        media = opened.name.lower() == "media:content" and tag.name.lower().startswith("media:")
        return not (media and tag.local not in ("content", "group"))
