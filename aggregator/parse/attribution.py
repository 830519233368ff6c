"""Whose a text is and where it first stood, as lines at its ends say: an item's rights and its credit.

A line is believed where it says nothing else, and only among notices at either end of a text or as its last
sentences: what an article says of copyright is the article's.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from aggregator.text import sentences
from aggregator.text.boilerplate import notices, patterns, repetition
from aggregator.text.html import blocks

_LONGEST = 400  # characters of such a line
_SENTENCES = 3  # at the end of a text
_WORDS = re.compile(r"[\W_]+")
_CREATIVE_COMMONS = re.compile(r"(?i)creative commons|\bcc[ -](?:by|0)\b|\bcc0\b")
_NAME_OF_LICENSE = re.compile(
    r"\b(?:creative|commons|cc|cc0|by|nc|sa|nd|zero|attribution|non|commercial|noncommercial|share|alike|sharealike"
    r"|no|derivatives|derivs|noderivatives|noderivs|international|unported|generic|public|domain|universal|deed"
    r"|text|under|the|an?|sous|unter|bajo|de|la|licen[cs\u00e7]\w*|lizenz\w*|lisens\w*)\b|[\W\d_]+"
)
_OWN_SIGN = re.compile(r"(?i)©|\(c\) ?[12]\d{3}")


class Attribution(NamedTuple):
    """What is said at the ends of a text."""

    rights: str = ""
    credit: str = ""


def found(markup: str, summary: str, outlet: str, repeated: repetition.Repeated) -> Attribution:
    """What the ends of an item's text and summary say; a credit names another than the `outlet`."""
    lines = list(_around(markup, repeated))
    if summary:
        lines += _last_sentences(summary)
    licences = dict.fromkeys(line for line in lines if _is_licence(line, outlet, repeated))
    origins = (line for line in lines if _is_origin(line) and not _names(outlet, line))
    return Attribution(" ".join(islice(licences, 2)), next(origins, ""))


def _around(markup: str, repeated: repetition.Repeated) -> Iterator[str]:
    """The lines before and behind an article's own text, from its start to its end."""
    spans = blocks.spans(markup)
    behind: list[str] = []
    for span in reversed(spans):
        if line := blocks.line(markup, span):
            if not _frames(line, repeated):
                behind += reversed(_last_sentences(line))
                break
            behind.append(line)
    for span in spans:
        if line := blocks.line(markup, span):
            yield line
            if not _frames(line, repeated):
                break
    yield from reversed(behind)


def _frames(line: str, repeated: repetition.Repeated) -> bool:
    return notices.is_notice(line, repeated) or notices.is_attribution(line)


def _last_sentences(line: str) -> list[str]:
    """The last sentences of a text as far as each speaks of rights or origin, in order."""
    tail = line[-2 * _LONGEST :].rstrip()
    said: list[str] = []
    place = patterns.appeared(tail)
    if place:
        said, tail = [tail[place:]], tail[:place].rstrip()
    if not notices.speaks_of_rights(tail):
        return said
    while len(said) < _SENTENCES and tail:
        start = sentences.last_end(tail, len(tail))
        sentence = tail[start:].strip()
        if not (start or len(tail) < 2 * _LONGEST) or not notices.may_be_credit(sentence):
            break
        said.insert(0, sentence)
        tail = tail[:start].rstrip()
    return said


def _is_licence(text: str, outlet: str, repeated: repetition.Repeated) -> bool:
    if len(text) > _LONGEST:
        return False
    if patterns.LICENCE.match(text) or patterns.COPYRIGHT.fullmatch(text):
        return True
    if _OWN_SIGN.search(text) and (repeated.has(text) or (text.startswith("©") and _names(outlet, text))):
        return True
    if not _CREATIVE_COMMONS.search(text):
        return False
    return repeated.has(text) or not _NAME_OF_LICENSE.sub("", text.casefold())


def _is_origin(line: str) -> bool:
    return len(line) <= _LONGEST and (patterns.ORIGIN.match(line) or patterns.appeared(line) == 0)


def _names(outlet: str, line: str) -> bool:
    name = _WORDS.sub(" ", outlet.casefold()).strip()
    return bool(name) and name in _WORDS.sub(" ", line.casefold())
