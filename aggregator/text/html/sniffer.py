"""What a text really is, whatever its feed declares: plain, HTML, or HTML that was escaped once too often."""

import re
from html import unescape

from aggregator.text import characters
from aggregator.text.html.elements import KNOWN, NO_END, PHRASES
from aggregator.text.html.literals import TAG

_Tag = tuple[bool, str, str]  # whether it is an end tag, name, attributes

_WRAPPER = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)
_SECTION = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_SECTIONS = 100  # of one text; more are no mistake
_TIMES = 3  # that a text is escaped too often at most
_ADDRESS = re.compile(r"(?i)\b(?:href|src)\s*=\s*[\"']?(?:https?:|/)")
_CODE = re.compile(r"(?i)<(?:code|pre|samp|kbd)\b")
_SPEAKS_OF_IT = re.compile(
    r"&amp;(?:lt|gt|#60|#62);|\b(?:X?HTML|XML|SGML)\b"
    r"|(?i:\bentit(?:y|ies)\b|\bcharacter references?\b|\bescap(?:e|es|ed|ing)\b)"
)
_SPEAKS_OF_TAGS = re.compile(r"(?i)\b(?:tags?|elements?|attributes?|mark-?up)\b")
_TWICE_ESCAPED = re.compile(
    r"&(?:amp|#38|#x26);(?:amp;)*((?:amp|nbsp|quot|apos|hellip|[lr][sd]quo|[mn]dash|#[0-9]{2,5}|#x[0-9a-fA-F]{2,4});)"
)
_ESCAPED_TAG = re.compile(r"&(?:amp;)*(?:lt|#60|#[xX]3[cC]);/?[a-zA-Z]")
_NAME = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")


def unwrapped(value: str) -> str:
    """A text without the escaped CDATA section around all of it, or around its parts."""
    for _ in range(_TIMES):
        if "![CDATA[" not in value:
            break
        if value.lstrip().startswith("&lt;![CDATA["):
            value = unescape(value)
        if not (wrapped := _WRAPPER.fullmatch(value)):
            break
        value = _SECTION.sub(r"\1", value) if "]]>" in wrapped[1] else wrapped[1]
    return value


def without_sections(markup: str) -> str:
    """HTML in which escaped CDATA sections are what they hold, or words where it speaks of such things."""
    if "<![CDATA[" not in markup:
        return markup
    if _CODE.search(markup) or _SPEAKS_OF_IT.search(markup) or markup.count("<![CDATA[") > _SECTIONS:
        return markup.replace("<![CDATA[", "&lt;![CDATA[")
    return _SECTION.sub(r"\1", markup).replace("<![CDATA[", "")


def plain(value: str) -> str:
    """A plain text with the references in it resolved, unless it speaks of them."""
    return value if "&" not in value or _SPEAKS_OF_IT.search(value) else characters.unescaped(value)


def as_meant(value: str) -> str:
    """HTML without what was escaped once too often: all of its markup, or single references.

    Markup in an article that shows code, and references in one that speaks of them, are what is shown.
    """
    if "&" not in value:
        return value
    has_tags, has_references = _ESCAPED_TAG.search(value), _TWICE_ESCAPED.search(value)
    if not (has_tags or has_references) or _CODE.search(value):
        return value
    if has_tags and not TAG.search(value):
        inner = value
        for _ in range(_TIMES):
            inner = unescape(inner)
            if is_whole_html(inner) or _is_formatted(inner):
                return inner
    if not has_references or _SPEAKS_OF_IT.search(value):
        return value
    return _TWICE_ESCAPED.sub(r"&\1", value)


def is_whole_html(value: str) -> bool:
    """Whether a text consists of HTML: its elements are known, they end, and they are no mere mention."""
    tags = _known_tags(value)
    blocks = sum(is_end for is_end, name, _ in tags if name not in PHRASES)
    breaks = sum(name == "br" and given.strip() == "/" for _, name, given in tags)
    if not tags or not value.lstrip().startswith("<"):
        return blocks >= 2 or breaks >= 2 or (not blocks and _has_links(value, tags))
    if not value.rstrip().endswith(">") and tags[0][1] not in ("img", "a", "br"):
        return blocks >= 2
    return blocks > 0 or _has_links(value, tags) or tags[0][1] == "br"


def _is_formatted(value: str) -> bool:
    """Whether a text has HTML that ends within its lines, and does not speak of it."""
    tags = _known_tags(value)
    ends = [name in PHRASES for is_end, name, _ in tags if is_end]
    return bool(ends) and all(ends) and not (_SPEAKS_OF_IT.search(value) or _SPEAKS_OF_TAGS.search(value))


def _has_links(value: str, tags: list[_Tag]) -> bool:
    is_example = _SPEAKS_OF_IT.search(value) or _SPEAKS_OF_TAGS.search(value)
    return any(_ADDRESS.search(given) for _, _, given in tags) and not is_example


def _known_tags(value: str) -> list[_Tag]:
    """The tags of a text, none where one of them is unknown or has no end."""
    tags = [(bool(end), name.lower(), given) for end, name, given in TAG.findall(value)]
    return tags if all(name in KNOWN for _, name, _ in tags) and _is_balanced(tags) else []


def _is_balanced(tags: list[_Tag]) -> bool:
    opened: list[str] = []
    for end, name, given in tags:
        if name in NO_END or given.endswith("/"):
            continue
        if not end:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened


def has_blocks(markup: str) -> bool:
    """Whether HTML has elements beside those within a line, so that its line feeds are white space."""
    names = {name.lower() for name in _NAME.findall(markup)}
    return not (names & KNOWN) <= PHRASES
