"""Plain text as HTML: its paragraphs and lines become elements, bare addresses become links."""

import re
from html import escape, unescape
from itertools import pairwise

from aggregator.text import urls
from aggregator.text.html.literals import TAG

_PARAGRAPHS = re.compile(r"\n(?:[^\S\n]*\n)+")
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_BREAKS = re.compile("\r\n?|[\u2028\u0085]")
_MARKS = re.compile(r"\s*(?:[-*•·‣▪►▶✔✅#→–—]\s|\(?\d{1,3}[.):]\s|\(?\d{1,2}:\d{2}|[a-z]\)\s)")
_ENDS = (".", "!", "?", ":", ";", "…", "。", "！", "？", "।", "؟", "”", '"', ")")
_NARROW, _WIDE = 40, 120  # characters between which the lines of a wrapped text are long

_ADDRESS = re.compile(
    r"(?<![\w/@=.&-])(?:https?://|www\.(?=[\w-]+\.\w))"
    r"(?:(?!&(?!amp;)#?\w+;)[^\s<>\"\x00-\x20\u060c\u061b\u061f\u3000-\u303f\uff00-\uff65…—“”„«»‹›])+",
    re.IGNORECASE,
)
_TAIL = ".,;:!?'’”»*_~|"
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_LONGEST = 2_000  # characters of an address
_OPAQUE = frozenset("a code pre samp kbd tt button select option textarea script style".split())


def to_html(text: str) -> str:
    """The HTML of a plain text."""
    paragraphs = _paragraphs(linked(escape(_with_line_feeds(text), quote=False)))
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def structured(markup: str) -> str:
    """HTML without elements that begin a line: its empty lines and lines become some, addresses links.

    Lines that only wrap a paragraph stay one, as HTML has it; a text of one line stays as it is.
    """
    markup = linked(_COMMENT.sub("", markup) if "<!--" in markup else markup)
    if "\n" not in markup and "\r" not in markup:
        return markup
    whole = TAG.sub(lambda tag: " ".join(tag[0].split()), _with_line_feeds(markup)).strip()
    if "\n" not in whole:
        return markup
    paragraphs = _paragraphs(whole)
    if len(paragraphs) == 1 and "<br>" not in paragraphs[0]:
        return paragraphs[0]
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def linked(markup: str) -> str:
    """HTML in which bare addresses are links, those aside that stand in links or code already."""
    if "://" not in markup and "www." not in markup.lower():
        return markup
    parts = TAG.split(markup)  # text, "/", name, attributes, text …
    tags = [tag[0] for tag in TAG.finditer(markup)]
    inside = 0
    out = []
    for number, text in enumerate(parts[::4]):
        out.append(text if inside else _ADDRESS.sub(_link, text))
        if number < len(tags):
            out.append(tags[number])
            if parts[4 * number + 2].lower() in _OPAQUE:
                inside = max(0, inside - 1) if parts[4 * number + 1] else inside + 1
    return "".join(out)


def _with_line_feeds(text: str) -> str:
    return _BREAKS.sub("\n", text).replace("\u2029", "\n\n")


def _paragraphs(markup: str) -> list[str]:
    return [_lines(part) for part in _PARAGRAPHS.split(markup) if part.strip()]


def _lines(paragraph: str) -> str:
    lines = [line.strip() for line in paragraph.strip().split("\n")]
    return (" " if _are_wrapped(lines) else "<br>").join(lines)


def _are_wrapped(lines: list[str]) -> bool:
    """Whether these are the lines of one paragraph, broken where the next word would have been too long."""
    if len(lines) < 2:
        return False
    shown = [unescape(TAG.sub("", line)) for line in lines]
    width = max(map(len, shown))
    if not _NARROW <= width <= _WIDE or any(_MARKS.match(line) for line in shown[1:]):
        return False
    if all(line.endswith(_ENDS) for line in shown[:-1]) or not any(map(_goes_on, shown[1:])):
        return False
    return all(_is_wrap(before, after, width) for before, after in pairwise(shown))


def _is_wrap(before: str, after: str, width: int) -> bool:
    """Whether a line break falls where a line of that width was full, or within a sentence."""
    if not after.strip():
        return False
    is_full = len(before) + 1 + len(after.split(maxsplit=1)[0]) > width
    return is_full or (_goes_on(after) and not before.endswith(_ENDS))


def _goes_on(line: str) -> bool:
    """Whether a line does not begin as a sentence does, as far as its script tells."""
    return line[:1].isalpha() and not line[0].isupper()


def _link(match: re.Match[str]) -> str:
    written = match[0]
    after = match.string[match.end() : match.end() + 1]
    if len(written) > _LONGEST:
        return written
    address = _without_tail(written)
    target = address if "://" in address else f"http://{address}"
    was_cut = written.endswith("...") or after == "…"
    if was_cut or not urls.absolute(unescape(target)):
        return written
    return f'<a href="{target}">{address}</a>{written[len(address) :]}'


def _without_tail(address: str) -> str:
    """An address without the punctuation of the sentence that it ends, and brackets around it."""
    while True:
        shorter = address.rstrip(_TAIL)
        if address[len(shorter) :].startswith(";") and shorter.endswith("&amp"):
            shorter = shorter.removesuffix("&amp")
        opener = _CLOSERS.get(shorter[-1:])
        if opener and shorter.count(opener) < shorter.count(shorter[-1]):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
