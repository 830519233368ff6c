"""Where the elements of a feed stand; feedparser asks for their names alone.

What an entry says of itself are its direct children (RSS 2.0; RFC 4287, 6.1), and those of a few elements
that are made of others, such as `author`. What stands inside a text is markup of that text. Media RSS is put
aside as it stands.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from aggregator.text import characters
from aggregator.text.html.elements import VOID

Attributes = list[tuple[str, str]]
XHTML = "application/xhtml+xml"


class Role(Enum):
    """What an open element is to the elements inside it."""

    FEED = auto()  # they are the feed's, or its entries
    ENTRY = auto()  # they are the entry's
    GROUP = auto()  # some of them belong to it
    TEXT = auto()  # they are markup
    MEDIA = auto()  # they are Media RSS
    OTHER = auto()  # they say nothing, but may hold entries
    NOTHING = auto()  # they say nothing


@dataclass(slots=True)
class OwnElements:
    """What an entry itself holds that feedparser mixes with what others hold."""

    texts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by element: value, type, base …
    media: etree._Element | None = None  # with all of its Media RSS inside


@dataclass(slots=True)
class _Open:
    tag: str
    name: str
    role: Role
    is_known: bool = True  # whether feedparser has been told of it


_PERSON = frozenset("name uri url homepage email itunes_name itunes_email".split())
_GROUPS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys("author contributor dc_author dc_creator dc_contributor itunes_author".split(), _PERSON),
    "itunes_owner": _PERSON,
    "itunes_category": frozenset({"itunes_category"}),
    "image": frozenset("url title link width height description".split()),
    "textinput": frozenset("title link description name".split()),
    "source": frozenset(
        "id title link updated modified published author contributor rights copyright subtitle tagline icon "
        "logo generator category".split()
    ),
}
_ENTRIES = frozenset({"item", "entry"})
_FEEDS = frozenset("rss rdf_rdf rdf feed channel".split())
_STAFF = frozenset({"managingeditor", "webmaster"})  # of the channel, who wrote none of its items (RSS 2.0)
_NOT_OF_ENTRIES = frozenset({"image", "textinput"})
_TAGS = frozenset({"media_keywords", "media_category"})  # which feedparser knows what to do with
_MEDIA_TEXTS = frozenset({"media_title", "media_description", "media_text"})
_MEDIA = "{http://search.yahoo.com/mrss/}"
_CASE = {"filesize": "fileSize", "isdefault": "isDefault"}  # parsers hand them on in lower case


class Structure:
    """Mixed into a parser of feedparser's: tells it only of what stands in its place."""

    decode_entities: Callable[[str, str], str]
    _get_context: Callable[[], Mapping[str, Any]]
    contentparams: dict[str, Any]
    elementstack: list[list[Any]]
    incontent: int
    namespacemap: Mapping[str, str]
    namespaces_in_use: Mapping[str, str]
    version: str

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.own: list[OwnElements] = []  # one for each of the entries
        self._opened: list[_Open] = []
        self._tags: Counter[str] = Counter()  # of what is open
        self._closing = ""  # the name of the element that ends
        self._is_escaped = False  # whether the text that is open was declared as such
        self._node: etree._Element | None = None  # the Media RSS that is open

    def unknown_starttag(self, tag: str, attributes: Attributes) -> None:
        """Called by the parser for every start tag."""
        around = self._opened[-1] if self._opened else _Open("", "", Role.FEED)
        if around.role is Role.TEXT:
            self._start_markup(tag, attributes)
            opened = _Open(tag, "", Role.TEXT)
        else:
            opened = self._start(tag, self._name(tag), around, attributes)
        self._opened.append(opened)
        self._tags[tag] += 1

    def unknown_endtag(self, tag: str) -> None:
        """Called by the parser for every end tag."""
        if not self._tags[tag]:
            return
        while self._opened[-1].tag != tag:  # it has no end tag
            self._end(self._opened.pop(), is_written=False)
        self._end(self._opened.pop(), is_written=True)

    def pop_content(self, tag: str) -> Any:
        """Called by feedparser at the end of a text."""
        if self.elementstack and self.version != "atom10":  # where it does so itself
            _unwrap(self.elementstack[-1][2], self.contentparams)
        detail = dict(self.contentparams)
        is_undeclared = detail.get("type") == "text/plain" and not self.version.startswith("atom")
        if is_undeclared or (self._is_escaped and detail.get("type") == XHTML):
            detail["type"] = "text/html"
        value = super().pop_content(tag)  # type: ignore[misc]
        if self._opened and self._opened[-1].role is Role.ENTRY:
            self.own[-1].texts.setdefault(self._closing, []).append(detail | {"value": value or ""})
        return value

    def _name(self, tag: str) -> str:
        """The name by which feedparser looks for a method."""
        prefix, colon, local = tag.rpartition(":")
        if not colon:
            return tag
        prefix = self.namespacemap.get(prefix, prefix)
        space = self.namespaces_in_use.get(prefix, "")
        if "/mrss" in space or "/media-rss" in space:
            prefix = "media"
        return f"{prefix}_{local}" if prefix else local

    def _start(self, tag: str, name: str, around: _Open, attributes: Attributes) -> _Open:
        role = around.role
        if name in _ENTRIES and role in (Role.FEED, Role.OTHER):
            self.own.append(OwnElements())
            return self._tell(tag, name, Role.ENTRY, attributes)
        if name in _FEEDS and role in (Role.FEED, Role.OTHER):
            return self._tell(tag, name, Role.FEED, attributes)
        if name.startswith("media_") and name not in _TAGS:
            if role in (Role.ENTRY, Role.MEDIA):
                return self._start_media(tag, name, attributes)
        elif self._belongs(name, around):
            inner = Role.GROUP if name in _GROUPS else Role.OTHER if role is Role.FEED else Role.NOTHING
            return self._tell(tag, name, inner if around.tag else Role.FEED, attributes)
        return self._pass_over(tag, Role.OTHER if role in (Role.FEED, Role.OTHER) else Role.NOTHING)

    def _belongs(self, name: str, around: _Open) -> bool:
        """Whether an element of that name says something of the one around it."""
        if name in _STAFF:
            return False
        if around.role is Role.GROUP:
            return name in _GROUPS[around.name]
        if around.role is Role.ENTRY:
            return name not in _NOT_OF_ENTRIES and name not in _ENTRIES
        return around.role is Role.FEED or (around.role is Role.MEDIA and name in _TAGS)

    def _tell(self, tag: str, name: str, role: Role, attributes: Attributes) -> _Open:
        before = self.incontent
        super().unknown_starttag(tag, attributes)  # type: ignore[misc]
        if self.incontent == before:
            return _Open(tag, name, role)
        self._is_escaped = not self.contentparams["type"].endswith("xml")
        return _Open(tag, name, Role.TEXT)

    def handle_data(self, text: str, escape: int = 1) -> None:
        """Called by the parser for words; those between the elements of an escaped text are HTML already."""
        between = self._is_escaped and bool(self._opened) and self._opened[-1].name != ""
        super().handle_data(text, 0 if between else escape)  # type: ignore[misc]

    def _pass_over(self, tag: str, role: Role) -> _Open:
        self.elementstack.append(["", 0, []])  # its words go here
        return _Open(tag, "", role, is_known=False)

    def _end(self, opened: _Open, *, is_written: bool) -> None:
        self._tags[opened.tag] -= 1
        if opened.role is Role.TEXT and not opened.name:
            if is_written:
                self._end_markup(opened.tag)
        elif opened.is_known:
            self._closing = opened.name
            super().unknown_endtag(opened.tag)  # type: ignore[misc]
            if opened.role is Role.TEXT:
                self.incontent = 0
        else:
            words = self.elementstack.pop()[2]
            if opened.name:
                self._end_media(words)

    # ── markup in texts ─────────────────────────────────────────────────────────────────────────

    def _start_markup(self, tag: str, attributes: Attributes) -> None:
        if not self.contentparams.get("type", "").endswith("xml"):
            self.contentparams["type"] = XHTML  # it was declared as escaped
        name = tag.rpartition(":")[2]
        written = "".join(
            f' {key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in attributes if ":" not in key
        )
        self._write(f"<{name}{written}{' /' if name in VOID else ''}>")

    def _end_markup(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name not in VOID:
            self._write(f"</{name}>")

    def _write(self, markup: str) -> None:
        if self.elementstack:
            self.elementstack[-1][2].append(markup)

    # ── Media RSS ───────────────────────────────────────────────────────────────────────────────

    def _start_media(self, tag: str, name: str, attributes: Attributes) -> _Open:
        own = self.own[-1]
        if own.media is None:
            own.media = etree.Element("item")
        given = {_CASE.get(key, key): value for key, value in attributes if ":" not in key}
        around = own.media if self._node is None else self._node
        try:
            self._node = etree.SubElement(around, f"{_MEDIA}{name[6:]}", given)
        except ValueError:  # a name or value that XML forbids
            return self._pass_over(tag, Role.NOTHING)
        self.contentparams["type"] = "text/plain"
        self.elementstack.append(["", 0, []])
        return _Open(tag, name, Role.TEXT if name in _MEDIA_TEXTS else Role.MEDIA, is_known=False)

    def _end_media(self, words: list[Any]) -> None:
        node = self._node
        if node is None:
            return
        written = "".join(one.decode() if isinstance(one, bytes) else one for one in words)
        node.text = characters.legal(str(self.decode_entities("media", written)))
        if self.contentparams.get("type") == XHTML:
            node.set("type", "html")
        self._node = node.getparent()
        if self._node is self.own[-1].media:
            self._node = None
        self.contentparams.clear()


def _unwrap(pieces: list[Any], params: Mapping[str, Any]) -> None:
    """Takes away the `div` around all of a text, which XHTML in a feed often has (RFC 4287, 3.1.1.3)."""
    if params.get("type") != XHTML:
        return
    inked = [place for place, piece in enumerate(pieces) if piece.strip()]
    if len(inked) < 2 or not pieces[inked[0]].startswith(("<div>", "<div ")) or pieces[inked[-1]] != "</div>":
        return
    depth = 0
    for place in inked[:-1]:
        if pieces[place].startswith("</"):
            depth -= 1
        elif pieces[place].startswith("<") and not pieces[place].endswith("/>"):
            depth += 1
        if depth == 0:
            return
    pieces[:] = pieces[inked[0] + 1 : inked[-1]]
