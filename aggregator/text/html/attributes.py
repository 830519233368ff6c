"""The attributes of an element of an article: which stay, and their values made sound."""

import re
from html import unescape

from aggregator.text import characters, urls
from aggregator.text.html import embeds
from aggregator.text.html.elements import ATTRIBUTES

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
