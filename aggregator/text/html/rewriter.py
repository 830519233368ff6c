"""The second pass over markup from strangers: addresses, pictures, players and attribute values."""

from html import escape
from urllib.parse import urlsplit

from aggregator.text import characters
from aggregator.text.html import attributes, embeds, stability
from aggregator.text.html.elements import INLINE, KEPT_EMPTY, PLAYERS, RENAMED, VOID, pieces


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
            rewriter.start(name, attributes.parsed(given) if given else {})
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
        kept = attributes.permitted(name, given, self.base) if given else given
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
        link = f'<a href="{_escaped(address)}" rel="{attributes.REL}">{label}</a>'
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
        self.steady = self.steady and stability.of_path(path) and (not kept or stability.of_attributes(kept))
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
