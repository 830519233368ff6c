"""The second pass over markup from strangers: addresses, pictures, players and attribute values."""

import re
from html import escape, unescape
from urllib.parse import urlsplit

from aggregator.parse import characters, embeds, urls
from aggregator.parse.elements import ATTRIBUTES, INLINE, KEPT_EMPTY, PLAYERS, RENAMED, VOID, pieces


def rewritten(admitted: str, base: str) -> str:
    """What nh3 admitted, with addresses, pictures and values made sound; a second time changes nothing."""
    rewriter = _Rewriter(base)
    for words, slash, name, attributes in pieces(admitted):
        rewriter.text(words)
        if slash:
            rewriter.end()
        elif name:
            rewriter.start(name, _parsed(attributes) if attributes else {})
    return "".join(rewriter.out)


def _parsed(attributes: str) -> dict[str, str]:
    return {key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}


class _Rewriter:
    """Writes nh3's output anew, tag by tag, in linear time."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.out: list[str] = []
        self._open: list[tuple[str, int]] = []  # written name ("" if unwrapped), place in `out`
        self._players = 0  # how deep inside a player we are; its fallback is left out
        self._player = ("", "")  # address and title of the outermost
        self._ink = -1  # the last place in `out` that shows something
        self._picture = ""  # the one just before, which <noscript> often repeats

    def text(self, words: str) -> None:
        if not words or self._players:
            return
        if self.out and self.out[-1].startswith("<pre"):
            words = words.lstrip("\n")  # a parser swallows the first
        shows = words != "" and not words.isspace()
        if shows:
            self._picture = ""
        self._write(words, shows=shows)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in PLAYERS:
            self._note_player(attributes)
        if self._players or name in PLAYERS:
            self._players += name not in VOID
            if not self._players:
                self._link_player()
        else:
            self._start(RENAMED.get(name, name), attributes)

    def end(self) -> None:
        if self._players:
            self._players -= 1
            if not self._players:
                self._link_player()
            return
        name, place = self._open.pop()
        if not name:
            return
        if self._ink > place or name in KEPT_EMPTY:
            self._write(f"</{name}>", shows=False)
        else:
            dropped = self.out[place:]
            del self.out[place:]
            if name in INLINE and (kept := _break_in(dropped)):
                self._write(kept, shows=False)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kept = _attributes(name, attributes, self.base) if attributes else {}
        if name == "img" and not self._is_new_picture(kept):
            return
        if name == "a" and "href" not in kept:
            self._open.append(("", len(self.out)))
            return
        if name not in VOID:
            self._open.append((name, len(self.out)))
        written = "".join(f' {key}="{_escaped(value)}"' for key, value in kept.items())
        self._write(f"<{name}{written}>", shows=name in VOID and name not in ("br", "wbr"))

    def _is_new_picture(self, kept: dict[str, str]) -> bool:
        before, self._picture = self._picture, kept.get("src", "")
        return self._picture not in ("", before)

    def _note_player(self, attributes: dict[str, str]) -> None:
        address, title = self._player if self._players else ("", "")
        self._player = (
            address or embeds.player(attributes, self.base),
            title or characters.one_line(attributes.get("title", "")),
        )

    def _link_player(self) -> None:
        address, title = self._player
        if not address:
            return
        label = title or (urlsplit(address).hostname or "").removeprefix("www.")
        around = {name for name, _ in self._open}
        if "a" in around:
            self._write(escape(label, quote=False), shows=True)
            return
        link = f'<a href="{_escaped(address)}" rel="{_REL}">{escape(label, quote=False)}</a>'
        self._write(f" {link} " if around & _NO_PARAGRAPHS else f"<p>{link}</p>", shows=True)

    def _write(self, part: str, shows: bool) -> None:
        if shows:
            self._ink = len(self.out)
        self.out.append(part)


def _break_in(parts: list[str]) -> str:
    """What must stand in the place of an empty element, lest the words around it become one."""
    if "<br>" in parts:
        return "<br>"
    return " " if any(part.isspace() for part in parts) else ""


def _escaped(value: str) -> str:
    """An attribute's value spelt as nh3 spells it."""
    return escape(value, quote=False).replace('"', "&quot;")


_REL = "nofollow noopener"
_NO_PARAGRAPHS = INLINE | {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "summary"}
_ATTRIBUTE = re.compile(r" ([^\s=>]+)=\"([^\"]*)\"")
_NUMBER = re.compile(r"\s*(-?\d{1,6})\s*(?:px)?\s*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}")
_NUMBERS = frozenset({"width", "height", "span", "colspan", "rowspan", "start", "value"})
_WORDS = {
    "dir": {"ltr", "rtl", "auto"},
    "scope": {"row", "col", "rowgroup", "colgroup"},
    "type": {"1", "a", "A", "i", "I"},
}


def _attributes(name: str, given: dict[str, str], base: str) -> dict[str, str]:
    """The attributes that stay, in the order given, with their values made sound."""
    if name == "img":
        given = {"src": embeds.picture(given, base)} | {k: v for k, v in given.items() if k != "src"}
    allowed = ATTRIBUTES.get(name, set()) | ATTRIBUTES["*"]
    values = {key: _value(key, value, base) for key, value in given.items() if key in allowed}
    kept = {key: value for key, value in values.items() if value or key in ("alt", "open", "reversed")}
    return kept | {"rel": _REL} if "href" in kept else kept


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
