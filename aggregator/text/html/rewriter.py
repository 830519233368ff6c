"""The second pass over markup from strangers: addresses, pictures, players and attribute values."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urlsplit

from aggregator.text import characters, urls
from aggregator.text.html import embeds
from aggregator.text.html.elements import ATTRIBUTES, INLINE, KEPT_EMPTY, PLAYERS, RENAMED, VOID, pieces
from aggregator.text.html.nesting import FORMATTING, LENGTH

REL = "nofollow noopener"
"""What every link says of itself."""

_ATTRIBUTE = re.compile(r" ([^\s=>]+)=\"([^\"]*)\"")
_NUMBER = re.compile(r"\s*(-?\d{1,6})\s*(?:px)?\s*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}")
_NUMBERS = frozenset({"width", "height", "span", "colspan", "rowspan", "start", "value"})
_WORDS = {
    "dir": {"ltr", "rtl", "auto"},
    "scope": {"row", "col", "rowgroup", "colgroup"},
    "type": {"1", "a", "A", "i", "I"},
}
_ALLOWED = {name: own | ATTRIBUTES["*"] for name, own in ATTRIBUTES.items()}
_MAY_BE_EMPTY = frozenset({"alt", "open", "reversed"})


def parsed(written: str) -> dict[str, str]:
    """The attributes of a tag as nh3 writes them, by name."""
    found = _ATTRIBUTE.findall(written)
    return {key: unescape(value) for key, value in found} if "&" in written else dict(found)


def permitted(name: str, given: dict[str, str], base: str) -> dict[str, str]:
    """The attributes that stay of an element's, in the order given, with their values made sound."""
    if name == "img":
        given = {"src": embeds.picture(given, base)} | {k: v for k, v in given.items() if k != "src"}
    allowed = _ALLOWED.get(name, ATTRIBUTES["*"])
    sound = {}
    for key, value in given.items():
        if key in allowed and ((value := _value(key, value, base)) or key in _MAY_BE_EMPTY):
            sound[key] = value
    if "href" in sound:
        sound["rel"] = REL
    return sound


def _value(key: str, value: str, base: str) -> str:
    """The sound form of an attribute's value; "" if there is none."""
    if key in ("href", "cite", "src"):
        return urls.absolute(value, base, mail=key == "href")
    if key in _NUMBERS:
        match = _NUMBER.fullmatch(value)
        return match[1] if match else ""
    if key in _WORDS:
        return value if value in _WORDS[key] else ""
    if key in ("lang", "hreflang"):
        return value if _LANGUAGE.fullmatch(value) else ""
    return "" if key in ("open", "reversed") else characters.one_line(value)


_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "ol p pre section ul".split()
)
_PHRASES = frozenset(
    "a abbr b br cite code del em i img ins kbd mark q s small span strong sub sup time u var wbr".split()
)
_PARENTS = {"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}}
_ENDED_BY_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6".split())
_DOMAIN = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]+/")  # of a kind that every parser of addresses accepts


@lru_cache(4096)
def of_path(path: str) -> bool:
    """Whether the last element of a path, names with spaces between, stays where it stands."""
    *around, name = path.split()
    if len(around) >= FORMATTING:
        return False
    if name in _PARENTS and not _PARENTS[name].intersection(around[-1:]):
        return False
    if name in _BLOCKS:
        return _ENDED_BY_BLOCKS.isdisjoint(around)
    return name in _PHRASES and (name != "a" or "a" not in around)


def of_attributes(kept: Mapping[str, str]) -> bool:
    """Whether a tag with these attributes, made sound already, stays as it is."""
    addresses = [kept[key] for key in ("href", "src", "cite") if key in kept]
    short = sum(map(len, kept.values())) < LENGTH // 8
    return short and all(_DOMAIN.match(one) and "xn--" not in one for one in addresses)


def rewritten(admitted: str, base: str) -> tuple[str, bool]:
    """What nh3 admitted, with addresses, pictures and values made sound; a second time changes nothing.

    With it stands whether nh3 is sure to read it back as it is written; where it is not, ask it.
    """
    rewriter = _Rewriter(base)
    for words, slash, name, given in pieces(admitted):
        if words:
            rewriter.text(words)
        if slash:
            rewriter.end()
        elif name:
            rewriter.start(name, parsed(given) if given else {})
    markup = "".join(rewriter.out)
    return markup, rewriter.steady and not markup.startswith("\ufeff")  # a parser swallows the mark


class _Rewriter:
    """Writes nh3's output anew, tag by tag, in linear time."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.out: list[str] = []
        self.steady = True  # whether a parser surely leaves everything where it stands
        self._open: list[tuple[str, int]] = []  # written name ("" if unwrapped), place in `out`
        self._path = ""  # the written names of what is open, a space before each
        self._players = 0  # how deep inside a player we are; its fallback is left out
        self._player = ("", "")  # address and title of the outermost
        self._ink = -1  # the last place in `out` that shows something
        self._picture = ""  # the one just before, which <noscript> often repeats

    def text(self, words: str) -> None:
        if self._players:
            return
        if self.out and self.out[-1].startswith("<pre"):
            self.steady = self.steady and not words.startswith("\n")  # a parser swallows the first
            words = words.lstrip("\n")
        if words and not words.isspace():
            self._picture = ""
            self._ink = len(self.out)
        self.out.append(words)

    def start(self, name: str, given: dict[str, str]) -> None:
        if self._players or name in PLAYERS:
            self._start_player(name, given)
            return
        name = RENAMED.get(name, name)
        kept = permitted(name, given, self.base) if given else given
        if name == "img" and not self._is_new_picture(kept):
            return
        if name == "a" and "href" not in kept:
            self._open.append(("", len(self.out)))
            return
        path = self._note_steadiness(name, kept)
        if name not in VOID:
            self._open.append((name, len(self.out)))
            self._path = path
        elif name not in ("br", "wbr"):
            self._ink = len(self.out)
        written = "".join([f' {key}="{_escaped(value)}"' for key, value in kept.items()])
        self.out.append(f"<{name}{written}>")

    def end(self) -> None:
        if self._players:
            self._players -= 1
            if not self._players:
                self._link_player()
            return
        name, place = self._open.pop()
        if not name:
            return
        self._path = self._path[: -len(name) - 1]
        if self._ink > place or name in KEPT_EMPTY:
            self.out.append(f"</{name}>")
        else:
            dropped = self.out[place:]
            del self.out[place:]
            if name in INLINE and (words := _break_in(dropped)):
                self.out.append(words)

    def _is_new_picture(self, kept: dict[str, str]) -> bool:
        address = kept.get("src", "")
        if not address:
            return False
        before, self._picture = self._picture, address
        return address != before

    def _start_player(self, name: str, given: dict[str, str]) -> None:
        """What stands inside a player is left out; it becomes a link at its end."""
        if name in PLAYERS:
            self._note_player(given)
        self._players += name not in VOID
        if not self._players:
            self._link_player()

    def _note_player(self, given: dict[str, str]) -> None:
        address, title = self._player if self._players else ("", "")
        self._player = (
            address or embeds.player(given, self.base),
            title or characters.one_line(given.get("title", "")),
        )

    def _link_player(self) -> None:
        address, title = self._player
        if not address:
            return
        label = escape(title or (urlsplit(address).hostname or "").removeprefix("www."), quote=False)
        around = {name for name, _ in self._open}
        link = f'<a href="{_escaped(address)}" rel="{REL}">{label}</a>'
        self._ink = len(self.out)
        if "a" in around:
            self.out.append(label)
        elif around & _NO_PARAGRAPHS:
            self._note_steadiness("a", {"href": address})
            self.out.append(f" {link} ")
        else:
            self._note_steadiness("p", {"href": address})
            self.out.append(f"<p>{link}</p>")

    def _note_steadiness(self, name: str, kept: dict[str, str]) -> str:
        """The path of an element that begins here, "" as soon as one may be moved by a parser."""
        path = f"{self._path} {name}" if self.steady else ""
        self.steady = self.steady and of_path(path) and (not kept or of_attributes(kept))
        return path


def _break_in(parts: list[str]) -> str:
    """What must stand in the place of an empty element, lest the words around it become one."""
    if "<br>" in parts:
        return "<br>"
    return " " if any(part.isspace() for part in parts) else ""


def _escaped(value: str) -> str:
    """An attribute's value spelt as nh3 spells it."""
    return escape(value, quote=False).replace('"', "&quot;")


_NO_PARAGRAPHS = INLINE | {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "summary"}
