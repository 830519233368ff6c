"""Markup from strangers: reduced to an allow-list, or turned into plain text.

`clean` repeats two passes until nothing changes any more: nh3 parses as browsers do and admits elements and
attributes; `rewriting` reads nh3's regular output and decides on addresses, pictures and embedded players.
"""

import re
import unicodedata
from html import escape, unescape

import nh3

from aggregator.parse import characters, embeds
from aggregator.parse.elements import ALLOWED, ATTRIBUTES, BLOCKS, CONTENT_DROPPED, PLAYERS, RENAMED, pieces
from aggregator.parse.nesting import bounded
from aggregator.parse.rewriting import rewritten

_ADMITTED = nh3.Cleaner(
    tags=ALLOWED | RENAMED.keys() | PLAYERS,
    clean_content_tags=CONTENT_DROPPED,
    attributes={
        **ATTRIBUTES,
        "a": ATTRIBUTES["a"] | {"rel"},
        "img": ATTRIBUTES["img"] | {"style", *embeds.LAZY, *embeds.SETS},
        **{name: set(embeds.PLAYER_ATTRIBUTES) for name in PLAYERS},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_PASSES = 8
_GROWTH = 8  # escaping makes five characters of one; more is a trick with elements that a parser reopens

# Elements whose content a parser takes for bare text become ordinary ones, so that nothing hides in them.
_RAW = re.compile(r"(?i)<(/?)(iframe|noscript|noembed|noframes|xmp|plaintext|listing)(?=[\s/>])")
_SELF_CLOSED = re.compile(
    r"(?i)<((x-iframe|script|style|title|textarea|select|object|video|audio|svg|math|a|b|i|em|strong|span|div|p)"
    r"(?:\s[^<>]*(?:[\s\"']|\s[a-zA-Z-]+))?)/>"
)


def clean(markup: str, base: str = "") -> str:
    """`markup` reduced to the allow-list, as an HTML fragment free of what XML 1.0 forbids.

    Addresses are resolved against `base` and http(s) or mailto; embedded players become links, beacons go.
    Cleaning the result again changes nothing.
    """
    before = _ordinary(characters.legal(markup))
    current = rewritten(_admitted(before), base)
    for _ in range(_PASSES):
        if len(current) > _GROWTH * len(before) + 10_000:
            break
        before, admitted = current, _admitted(current)
        if admitted == before:
            return current
        current = rewritten(admitted, base)
    # What parses differently each time, or multiplies, is a trick: its text is enough.
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in to_text(current).split("\n\n") if part)


def _admitted(markup: str) -> str:
    return characters.legal(_ADMITTED.clean(bounded(markup))).replace("&nbsp;", "\xa0")


def _ordinary(markup: str) -> str:
    """Markup in which a parser of HTML loses nothing that its author closed the way of XML."""
    if "<" not in markup:
        return markup
    markup = _RAW.sub(r"<\1x-\2", markup).replace("</br>", "")
    return _SELF_CLOSED.sub(r"<\1></\2>", markup)


# ── text ────────────────────────────────────────────────────────────────────────────────────────

_LINES = frozenset("br li tr summary dt dd".split())
_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = BLOCKS - _LINES - _CELLS
_PLAYER_LINK = re.compile(r"<p><a href=\"https?://(?:www\.)?([^\"/:?#]+)[^\"]*\" rel=\"[^\"]*\">\1</a></p>")
_PARAGRAPH, _LINE = "\x1d", "\x1e"  # XML forbids both, so that no text contains them
_WHITE = re.compile(r"[^\S\x1d\x1e]+")
_BREAKS = re.compile(r" ?[\x1d\x1e][ \x1d\x1e]*")


def to_text(cleaned: str) -> str:
    """The text of markup that `clean` returned: paragraphs parted by an empty line, lines by a line break.

    Captions of pictures follow at the end, so that no text begins with one. Ruby annotations, and players
    without a title, are left out.
    """
    body: list[str] = []
    captions: list[str] = []
    muted, into = 0, body
    for words, slash, name, _ in pieces(_PLAYER_LINK.sub("", cleaned)):
        if not muted:
            into.append(words)
        if name in ("rt", "rp"):
            muted += -1 if slash else 1
        if name == "figcaption":
            into = body if slash else captions
        into.append(_mark(name))
    return _laid_out(unescape("".join((*body, _PARAGRAPH, *captions))))


def _mark(name: str) -> str:
    if name in _PARAGRAPHS:
        return _PARAGRAPH
    return _LINE if name in _LINES else " " if name in _CELLS else ""


def _laid_out(marked: str) -> str:
    marked = _WHITE.sub(" ", characters.visible(marked))
    broken = _BREAKS.sub(lambda match: "\n\n" if _PARAGRAPH in match[0] else "\n", marked)
    return unicodedata.normalize("NFC", broken.strip())


_MARKUP = re.compile(
    r"(?i)</[a-z]|<[a-z][^<>=]*=|<(?:script|style|iframe|object|embed|svg|math|img|br|hr|p|form|input)\b"
)


def plain(value: str, is_html: bool) -> str:
    """A title or name on one line: no markup, no entities (not even doubly escaped), no odd characters."""
    value = characters.legal(value)
    for _ in range(4):
        if is_html and ("<" in value or "&" in value):
            value = to_text(clean(value))
        before, value = value, characters.unescaped(value)
        is_html = _MARKUP.search(value) is not None
        if value == before and not is_html:
            break
    else:
        value = value.replace("<", " ")  # so often escaped that somebody means harm
    return characters.one_line(value)
