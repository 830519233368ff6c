"""Markup from strangers: reduced to an allow-list, or turned into plain text.

`clean` repeats two passes until nothing changes any more: nh3 parses as browsers do and admits elements and
attributes; `rewriting` reads its regular output and decides on addresses, pictures and embedded players. Most
markup is such that nothing can change the second time (`steadiness`).
"""

import re
from html import escape, unescape

import nh3

from aggregator.text import characters
from aggregator.text.html import embeds, literals, sniffer
from aggregator.text.html.elements import (
    ALLOWED,
    ATTRIBUTES,
    BLOCKS,
    CONTENT_DROPPED,
    MATHS,
    PLAYERS,
    RENAMED,
)
from aggregator.text.html.nesting import bounded
from aggregator.text.html.rewriter import rewritten
from aggregator.text.normalforms import normalized

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

# Elements whose content a parser takes for bare text, and those of MathML, become ordinary ones, so that
# nothing hides or is lost in them.
_RAW = re.compile(
    rf"(?i)<(/?)(iframe|noscript|noembed|noframes|xmp|plaintext|listing|title|{'|'.join(sorted(MATHS))})(?=[\s/>])"
)
_HEAD = re.compile(r"(?i)<head(?=[\s>])")
_HEAD_END = re.compile(r"(?i)</head\s*>")
_SELF_CLOSED = re.compile(
    r"(?i)<(?=[^<>]*/>)((x-iframe|script|style|textarea|select|object|video|audio|svg|a|b|i|em|strong|span|div|p)"
    r"(?:\s[^<>]*(?:[\s\"']|\s[a-zA-Z-]+))?)/>"
)


def clean(markup: str, base: str = "") -> str:
    """`markup` reduced to the allow-list, as an HTML fragment free of what XML 1.0 forbids.

    Addresses are resolved against `base` and http(s) or mailto; embedded players become links, beacons go.
    Cleaning the result again changes nothing.
    """
    before = _ordinary(characters.legal(markup))
    current, steady = rewritten(_admitted(before), base)
    for _ in range(_PASSES):
        if len(current) > _GROWTH * len(before) + 10_000:
            break
        if steady or (admitted := _admitted(current)) == current:
            return current
        before, (current, steady) = current, rewritten(admitted, base)
    # What parses differently each time, or multiplies, is a trick: its text is enough.
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in to_text(current).split("\n\n") if part)


def _admitted(markup: str) -> str:
    admitted = _ADMITTED.clean(bounded(markup))
    if "&#" in markup:  # a reference can stand for what the markup itself does not hold
        admitted = characters.legal(admitted)
    return admitted.replace("&nbsp;", "\xa0")


def _ordinary(markup: str) -> str:
    """Markup in which a parser of HTML loses nothing that its author closed the way of XML."""
    if "<" not in markup:
        return markup
    markup = _RAW.sub(r"<\1x-\2", _without_head(markup)).replace("</br>", "")
    return _SELF_CLOSED.sub(r"<\1></\2>", markup)


def _without_head(markup: str) -> str:
    """A page without its head, a part of a page as it is."""
    start = _HEAD.search(markup)
    end = _HEAD_END.search(markup, start.end()) if start else None
    return markup[: start.start()] + markup[end.end() :] if start and end else markup


# ── text ────────────────────────────────────────────────────────────────────────────────────────

_PARAGRAPH, _LINE = "\x01", "\x02"  # XML forbids both, so that no text contains them
_LINES = frozenset("br li tr summary dt dd".split())
_CELLS = frozenset({"td", "th"})
_MARKS = {
    **dict.fromkeys(BLOCKS, _PARAGRAPH),
    **dict.fromkeys(_LINES, _LINE),
    **dict.fromkeys(_CELLS, " "),
}
_TAG = re.compile(r"</?([a-z][^ >]*)(?: [^>]*)?>")
_PLAYER_LINK = re.compile(r"<p><a href=\"https?://(?:www\.)?([^\"/:?#]+)[^\"]*\" rel=\"[^\"]*\">\1</a></p>")
_RUBY = re.compile(r"<(r[tp])(?: [^>]*)?>.*?</\1>", re.DOTALL)
_CAPTION = re.compile(r"<figcaption(?: [^>]*)?>(.*?)</figcaption>", re.DOTALL)


def to_text(cleaned: str) -> str:
    """The text of markup that `clean` returned: paragraphs parted by an empty line, lines by a line break.

    Captions of pictures follow at the end, so that no text begins with one. Ruby annotations, and players
    without a title, are left out.
    """
    told = _RUBY.sub("", _PLAYER_LINK.sub(" ", cleaned))
    told = _PARAGRAPH.join((_CAPTION.sub(_PARAGRAPH, told), *_CAPTION.findall(told)))
    parts = _TAG.split(told)  # text, name, text …
    parts[1::2] = [_MARKS.get(name, "") for name in parts[1::2]]
    paragraphs = map(_lines, characters.visible(unescape("".join(parts))).split(_PARAGRAPH))
    return normalized("NFC", "\n\n".join(filter(None, paragraphs)))


def _lines(marked: str) -> str:
    """A paragraph with its line breaks, every other kind of white space one space."""
    return "\n".join(filter(None, map(characters.spaced, marked.split(_LINE))))


_LEVELS = 4  # of escaping


def plain(value: str, is_html: bool) -> str:
    """A title or name on one line: no markup, no entities (not even doubly escaped), no odd characters.

    Tags that it names rather than uses stay; in a text that is declared plain, all those without attributes.
    """
    if "<" not in value and "&" not in value:
        return characters.one_line(value)
    value = sniffer.unwrapped(characters.legal(value))
    if not is_html and literals.are_harmless(value):
        return characters.one_line(characters.unescaped(value))
    for _ in range(_LEVELS):
        before, value = value, characters.unescaped(_unmarked(value) if "<" in value else value)
        if value == before:
            break
    else:
        value = value.replace("<", " ")  # so often escaped that somebody means harm
    return characters.one_line(value)


def _unmarked(value: str) -> str:
    marked = literals.escaped_in_line(value)
    return to_text(clean(marked)) if "<" in marked else marked
