"""Authors: names without e-mail addresses, bylines and repetitions, one author each."""

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
    """The authors with plain names, each once; those of whom only an e-mail address is known are left out.

    The one name that is given may be those of several people.
    """
    named: dict[str, Author] = {}
    plain = [Author(name(author.name), author.url) for author in found]
    if len(plain) == 1 and len(names := several(plain[0].name)) > 1:
        plain = [Author(who) for who in names]
    for author in plain:
        who = author.name
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


# ── several people in one name ──────────────────────────────────────────────────────────────────

_AND = re.compile(r"\s+(?:and|und|et|y|e|en|og|och|ja|ve|dan|и|та|και)\s+|\s*&\s*")
_COMMA = re.compile(r"\s*[;,、，]\s*")
_SUFFIX = re.compile(r"(?i)(?:jr|sr|ph\.?d|m\.?d|m\.?p|ma|mba|esq|i{2,3}|iv|ret)\.?")
_PARTICLES = frozenset(
    "de da do dos das del della di du la le van von der den ter ten zu zur bin ibn al el ben af".split()
)
_GIVEN = re.compile(r"[^\W\d_][\w'’.-]*")
_CJK_NAME = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,5}")
_OFFICE = re.compile(  # a word of it shows that a name is no person's
    r"(?i)\b(?:of|for|the|ministry|department|office|agenc\w+|bureau|commission|committee|council|board|institut\w*|"
    r"universit\w*|college|school|cent(?:er|re)|association|federation|union|foundation|society|organi[sz]ation|"
    r"group|team|staff|desk|news\w*|press|media|radio|tv|television|times|post|journal|gazette|magazine|review|"
    r"editor\w*|writer\w*|reporter\w*|correspondent\w*|contributor\w*|affairs|services?|trade|international|"
    r"company|inc|ltd|llc|gmbh|limited|research|campaign|coalition|alliance|movement|party|project|network|"
    r"redaktion|redacci[oó]n|rédaction|ministerium|ministerio|ministère)\b"
)
_AGENCIES = frozenset(
    "reuters ap afp dpa efe ansa tass xinhua yonhap pti upi ips bloomberg newswire agencies".split()
)


def several(name: str) -> list[str]:
    """The people that a name joins by commas or an "and"; the name alone where that is not sure.

    `Smith, John`, `Marks and Spencer` and `Ministry of Food and Farming` are one each.
    """
    parts = _with_suffixes([part for part in _COMMA.split(name) if part])
    split = [one for part in parts for one in _AND.split(part) if one]
    if len(split) > len(parts) and all(_is_person(one) for part in parts for one in _joined(part)):
        parts = split
    people = sum(map(_is_person, parts))
    singles = [part for part in parts if not _is_person(part)]
    is_list = people > 1 or re.search(r"\w[,;]\w", name) or any(one.lower() in _AGENCIES for one in singles)
    sure = people and is_list and all(len(one.split()) == 1 and _GIVEN.fullmatch(one) for one in singles)
    return parts if sure and len(parts) > 1 else [name]


def _joined(part: str) -> list[str]:
    """What an "and" joins in a part; nothing where there is none."""
    ones = _AND.split(part)
    return ones if len(ones) > 1 else []


def _with_suffixes(parts: list[str]) -> list[str]:
    """The parts with `Jr.`, `PhD` and the like at the names that they belong to."""
    whole: list[str] = []
    for part in parts:
        if whole and _SUFFIX.fullmatch(part):
            whole[-1] += f", {part}"
        else:
            whole.append(part)
    return whole


def _is_person(name: str) -> bool:
    """Whether a text is surely the full name of one person: two to five words of names, no office."""
    words = name.partition(",")[0].split()
    if len(words) == 1 and _CJK_NAME.fullmatch(name):
        return True
    if not 2 <= len(words) <= 5 or _OFFICE.search(name):
        return False
    named = [word for word in words if word.lower() not in _PARTICLES]
    return len(named) >= 2 and all(_GIVEN.fullmatch(word) and _begins_a_name(word) for word in named)


def _begins_a_name(word: str) -> bool:
    return not word[0].islower() or word[1:2] in ("'", "’")
