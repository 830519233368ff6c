"""Lines that a source repeats at the ends of its items: notices of the site, no text of the article.

A line is one where it opens or ends three or more items, in one document or remembered from earlier ones.
"""

import hashlib
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from aggregator.parse import sentences

_ENOUGH = 3  # items
_REMEMBERED = 96  # lines of a source
_FIRST, _LAST = 4, 6  # lines at the start and the end of an item that may be notices
_SHORTEST = 4  # letters: a shorter line is no notice
_SHORTEST_SENTENCE = 25  # letters: sentences that are no line of their own are taken for notices more slowly
_SHORTEST_WHOLE = 30  # letters: a shorter line that is all of a text stays
_NO_PART = "----"
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Lines:
    """The plain lines of an item's text, and its summary."""

    title: str
    text: Sequence[str]
    summary: str = ""
    key: str = ""  # of the item: a later version of it is no second item


def key(line: str) -> str:
    """Equal for lines of the same letters, whatever their numbers and punctuation; "" for one too short."""
    letters = _NO_LETTERS.sub("", line.casefold())
    return _digest(letters) if len(letters) >= _SHORTEST else ""


def learn(items: Iterable[Lines], remembered: str) -> tuple[frozenset[str], str]:
    """The keys of the lines that are repeated, and what is to be remembered of the source.

    That is one text, for it is read and written with each poll: `line.item.item line.item …`, the latest
    last, each line with the digests of up to three items that it opened or ended.
    """
    seen = {line: tuple(items) for line, *items in (edge.split(".") for edge in remembered.split())}
    for item in items:
        identity = _identity(item)
        for found in _keys(item):
            known = seen.pop(found, ())
            is_new = not any(_is_same(identity, other) for other in known)
            seen[found] = (*known, identity)[:_ENOUGH] if is_new else known
    repeated = frozenset(found for found, items in seen.items() if len(items) >= _ENOUGH)
    return repeated, _latest(seen)


def is_repeated(line: str, repeated: Container[str], *, alone: bool = False) -> bool:
    """Whether a line is one of those.

    One that is `alone` in its text has to be longer, and without numbers: a forecast differs in those alone.
    """
    has_number = any(map(str.isdigit, line))
    enough = not alone or (len(_NO_LETTERS.sub("", line)) >= _SHORTEST_WHOLE and not has_number)
    return enough and key(line) in repeated


def without(text: str, repeated: Container[str]) -> str:
    """A text of one line without the repeated sentences that open or end it."""
    while opening := next((end for end in reversed(_openings(text)) if key(text[:end]) in repeated), 0):
        text = text[opening:].lstrip()
    while ending := next((start for start in _endings(text) if key(text[start:]) in repeated), 0):
        text = text[:ending].rstrip()
    return text


def _keys(item: Lines) -> Iterable[str]:
    """The keys of what an item opens and ends with, each once."""
    text = [line for line in item.text if line]
    lines = text if len(text) <= _FIRST + _LAST else [*text[:_FIRST], *text[-_LAST:]]
    found = dict.fromkeys(map(key, lines))
    for one in dict.fromkeys((item.summary, text[0] if len(text) == 1 else "")):
        parts = (*(one[:end] for end in _openings(one)), *(one[start:] for start in _endings(one)))
        found |= dict.fromkeys(key(part) for part in parts if len(part) >= _SHORTEST_SENTENCE)
    found.pop("", None)
    return found


def _openings(text: str) -> list[int]:
    """Where the first two sentences of a text end, that is more than those."""
    return [end for end in islice(sentences.ends(text[:1_000]), 2) if end < len(text.rstrip())]


def _endings(text: str) -> list[int]:
    """Where the last two sentences of a text start, the longer ending first."""
    start = max(0, len(text) - 1_000)
    ends = [start + end for end in sentences.ends(text[start:])]
    starts = [end for end in ends if end < len(text.rstrip())][-2:]
    return [end + len(text[end:]) - len(text[end:].lstrip()) for end in starts]


def _latest(seen: Mapping[str, tuple[str, ...]]) -> str:
    """As many lines as are remembered: those that stood in several items before others, then the latest."""
    ranked = sorted(enumerate(seen.items()), key=lambda one: (len(one[1][1]) > 1, one[0]))
    return " ".join(".".join((line, *items)) for _, (line, items) in sorted(ranked[-_REMEMBERED:]))


def _identity(item: Lines) -> str:
    """Short digests of an item's key, title and text: of two versions of an item one of these is equal."""
    parts = (item.key, item.title, " ".join(item.text)[:4_000])
    return "".join(_digest(part.casefold())[:4] if part else _NO_PART for part in parts)


def _is_same(one: str, other: str) -> bool:
    parts = ((one[place : place + 4], other[place : place + 4]) for place in (0, 4, 8))
    return any(mine == theirs != _NO_PART for mine, theirs in parts)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
