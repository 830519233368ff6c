"""The prolog of an XML document: what stands before its root, and what the root is (XML 1.0, 2.8)."""

import re

from aggregator.text.html.elements import KNOWN

_LOOK = 262_144  # characters in which the root is looked for
_MISC = re.compile(
    r"\s+|\ufeff"
    r"|<\?.*?\?>"
    r"|<!--.*?-->"
    r"|<!doctype\b(?P<type>[^\[<>]*)(?:\[(?:[^\]]|\](?!\s*>))*+\]\s*)?>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"<((?:[\w.-]+:)?[\w.-]{1,40})(?=[\s>/])")
_FEEDS = frozenset({"rss", "feed", "rdf", "channel"})
_PAGES = frozenset({"html", "head", "body"})
_HTML = _PAGES | frozenset("title meta link script style div p h1 h2 h3 br center pre b span".split())


def root(text: str) -> str:
    """The name of the root element as written; "" where the text does not begin as XML."""
    tag = _TAG.match(text, _start(text)[0])
    return tag[1] if tag else ""


def is_page(text: str) -> bool:
    """Whether the root is that of a web page; a document type makes one only where the root is no feed's."""
    start, is_html = _start(text)
    tag = _TAG.match(text, start)
    name = tag[1].lower() if tag else ""
    if name.rpartition(":")[2] in _FEEDS:
        return False
    return name in _PAGES or (is_html and (not name or name in KNOWN or "-" in name))


def is_html(text: str) -> bool:
    """Whether the text begins as HTML does, a page or a piece of one."""
    return is_page(text) or root(text).lower() in _HTML


def _start(text: str) -> tuple[int, bool]:
    """Where the root begins, and whether the document type before it is that of HTML."""
    place, is_html = 0, False
    while match := _MISC.match(text, place, _LOOK):
        place = match.end()
        is_html = is_html or (match["type"] or "").lower().split()[:1] == ["html"]
    return place, is_html
