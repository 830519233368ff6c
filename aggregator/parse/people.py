"""Authors: names without e-mail addresses, bylines and repetitions, one author each."""

import re
from collections.abc import Iterable

from aggregator.model import Author
from aggregator.parse import bylines
from aggregator.text.html import sanitizer

MOST = 50
_LONGEST = 200  # characters of a name
_LONGEST_LIST = 2_000
_MAIL = re.compile(r"(?i)(?:mailto:)?[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_EMPTY = re.compile(r"\(\s*\)|<\s*>|\[\s*\]|\"\s*\"")
_BYLINE = re.compile(
    r"(?i:(?:written |posted |reported )?by\s*:?|authors?\s*:|autore?s?\s*:|автор\s*:|text\s*:)\s+"
    r"|(?:Par|Por|Door|Von)\s+(?=\S+\s\S)"
)
_WRAPPED = re.compile(r"[(\[<\"](.*)[)\]>\"]")
_NOBODY = frozenset({"", "none", "null", "undefined", "unknown", "n/a", "-"})


def authors(found: Iterable[Author]) -> tuple[Author, ...]:
    """The authors with plain names, each once; those of whom only an e-mail address is known are left out.

    A name may be that of several people; an address given with it is then nobody's.
    """
    named: dict[str, Author] = {}
    for author in found:
        people = bylines.several(name(author.name, most=_LONGEST_LIST))
        for who in (one[:_LONGEST].strip() for one in people):
            if who.casefold() in _NOBODY:
                continue
            url = author.url if len(people) == 1 else ""
            known = named.setdefault(who.casefold(), Author(who, url))
            if url and not known.url:
                named[who.casefold()] = Author(known.name, url)
    return tuple(named.values())[:MOST]


def name(written: str, most: int = _LONGEST) -> str:
    """A person's name out of what stands in an author field: `mail@host (By Jane Doe)` is `Jane Doe`."""
    plain = sanitizer.plain(written[: 4 * most], is_html="<" in written or "&" in written) if written else ""
    plain = _EMPTY.sub("", _MAIL.sub("", plain)).strip(" ,;:-–—|\t")
    if wrapped := _WRAPPED.fullmatch(plain):
        plain = wrapped[1].strip()
    plain = _BYLINE.sub("", plain, count=1) if _BYLINE.match(plain) else plain
    return "" if plain.startswith(("http://", "https://")) else plain[:most].strip()
