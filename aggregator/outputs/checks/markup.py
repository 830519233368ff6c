"""HTML as we write it: every < begins a tag in one plain shape, every element is closed, nothing acts.

What keeps to that shape means the same to every browser, whatever it makes of broken markup.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import unescape

from aggregator.outputs.checks import values
from aggregator.text.html.elements import ALLOWED, ATTRIBUTES, VOID

_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:=\"([^\"]*)\")?")
_TAG = re.compile(
    r"(<(?:(/?)([a-z][a-z0-9-]*)((?:\s+[^\s\"'<>/=]+(?:=\"[^\"]*\")?)*)\s*>|.{,20}))", re.DOTALL
)
_ADDRESSES = frozenset("action background cite data formaction href poster src".split())
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\", re.IGNORECASE)
_ACTIVE = frozenset("applet embed frame frameset iframe math object script style svg template".split())
_VOID = VOID | frozenset("base input link meta".split())

_SEEN = 512  # start tags that are remembered: those of one outlet, and of our own pages, are much the same

Judge = Callable[[str, str], tuple[str, ...]]
"""What is wrong with a start tag, by its name and attributes as they are written."""


@lru_cache(maxsize=8)  # a text stands in each format of its entry, one after another
def content(html: str) -> tuple[str, ...]:
    """What the HTML of an entry must not hold: anything but text, pictures and links to elsewhere."""
    if "<" not in html:
        return ()
    return tuple(dict.fromkeys(_judged(html, _in_content)))


def page(html: str) -> tuple[str, ...]:
    """What a page must not hold: elements that load or run anything of others."""
    return tuple(dict.fromkeys(_judged(html, _in_page)))


def _judged(html: str, judge: Judge) -> Iterator[str]:
    opened: list[str] = []
    for text, end, name, attributes in _TAG.findall(html):
        if end:
            if not opened or opened.pop() != name:
                yield f"</{name}> closes nothing"
                return
            continue
        yield from judge(name, attributes) if name else (f"a < begins no tag: {text!r}",)
        if name and name not in _VOID:
            opened.append(name)
    if opened:
        yield f"<{opened[-1]}> is not closed"


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(text)}


@lru_cache(maxsize=_SEEN)
def _in_content(name: str, attributes: str) -> tuple[str, ...]:
    return tuple(_content_faults(name, _attributes(attributes)))


@lru_cache(maxsize=_SEEN)
def _in_page(name: str, attributes: str) -> tuple[str, ...]:
    return tuple(_page_faults(name, _attributes(attributes)))


def _content_faults(name: str, attributes: dict[str, str]) -> Iterator[str]:
    if name not in ALLOWED:
        yield f"a forbidden element: <{name}>"
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(name, set()) | {"rel"}
    for attribute, value in attributes.items():
        if attribute not in allowed:
            yield f"a forbidden attribute: {attribute} of <{name}>"
        elif attribute in _ADDRESSES and not values.is_address(value):
            yield f"no absolute http(s) or mailto address: {value!r}"
    if name == "img" and {attributes.get("width"), attributes.get("height")} <= {"0", "1"}:
        yield f"a picture that nobody can see: {attributes.get('src', '')!r}"


def _page_faults(name: str, attributes: dict[str, str]) -> Iterator[str]:
    if name in _ACTIVE:
        yield f"a forbidden element: <{name}>"
    for attribute, value in attributes.items():
        if attribute.startswith("on") or attribute in ("style", "srcdoc", "srcset"):
            yield f"a forbidden attribute: {attribute} of <{name}>"
        elif attribute in _ADDRESSES and not _leads_somewhere(value):
            yield f"no relative, http(s) or mailto address: {value!r}"


def _leads_somewhere(value: str) -> bool:
    """Whether it leads within the site, to a web address, or opens such a one in a feed reader."""
    return not _SCHEME.match(value) or values.is_address(value.removeprefix("feed:"))
