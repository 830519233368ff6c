"""Authors: names without e-mail addresses, bylines and repetitions."""

import re
from collections.abc import Iterable

from aggregator.model import Author
from aggregator.parse import html

MOST = 50
_LONGEST = 200
_MAIL = re.compile(r"(?i)(?:mailto:)?[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_EMPTY = re.compile(r"\(\s*\)|<\s*>|\[\s*\]|\"\s*\"")
_BYLINE = re.compile(
    r"(?i:(?:written |posted |reported )?by\s*:?|authors?\s*:|autore?s?\s*:|автор\s*:|text\s*:)\s+"
    r"|(?:Par|Por|Door|Von)\s+(?=\S+\s\S)"
)
_WRAPPED = re.compile(r"[(\[<\"](.*)[)\]>\"]")
_NOBODY = frozenset({"", "none", "null", "undefined", "unknown", "n/a", "-"})


def authors(found: Iterable[Author]) -> tuple[Author, ...]:
    """The authors with plain names, each once; those of whom only an e-mail address is known are left out."""
    named: dict[str, Author] = {}
    for author in found:
        who = name(author.name)
        if who.casefold() not in _NOBODY:
            known = named.setdefault(who.casefold(), Author(who, author.url))
            if author.url and not known.url:
                named[who.casefold()] = Author(known.name, author.url)
    return tuple(named.values())[:MOST]


def name(written: str) -> str:
    """A person's name out of what stands in an author field: `mail@host (By Jane Doe)` is `Jane Doe`."""
    plain = html.plain(written[: 4 * _LONGEST], is_html="<" in written or "&" in written) if written else ""
    plain = _EMPTY.sub("", _MAIL.sub("", plain)).strip(" ,;:-–—|\t")
    if wrapped := _WRAPPED.fullmatch(plain):
        plain = wrapped[1].strip()
    plain = _BYLINE.sub("", plain, count=1) if _BYLINE.match(plain) else plain
    return "" if plain.startswith(("http://", "https://")) else plain[:_LONGEST].strip()
