"""Authors: names without e-mail addresses, bylines and repetitions, one author each."""

import re
from collections.abc import Iterable

from aggregator.model import Author
from aggregator.text.html import sanitizer

_SUFFIX = re.compile(
    r",\s*(?=(?:jr|sr|ph\.?\s?d|m\.?d|m\.?p|m\.?a|mba|esq|i{2,3}|iv|ret|obe|mbe)\b)", re.IGNORECASE
)
_SURNAME_FIRST = re.compile(r"[^,;]{2,40},(?: ?-?[A-Z]\.){1,4}(?:, |$)")  # `Berg, A. M., `, as journals do
_SURNAMES_FIRST = re.compile(rf"(?:{_SURNAME_FIRST.pattern}){{2,}}")
_KEPT = "\x00"  # in place of a comma that belongs to a name

_AND = (
    "and|And|AND|und|UND|et|ET|og|OG|och|OCH|en|EN|ja|JA|ve|VE|oraz|ORAZ|dan|DAN|ed|és|și|şi|și|та|και|и|И|і|й|"
    "y|e|i|a|و|और"
)
_LIST = re.compile(rf"\s*[,、，،]\s*(?:(?:{_AND}|&)\s+)?|\s+(?:{_AND}|[|/])\s+|\s*&\s*")
_COMMA = re.compile(r"[,、，،]")
_UNSPACED = re.compile(r"[^\W_],[^\W\d_]")  # as programs join names
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,5}(?:·[\uac00-\ud7a3]{2,5})+")

_PARTICLES = frozenset(
    "de da do dos das del della di du la le van von der den ter ten zu zur bin ibn al el ben af".split()
)
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_SINGLE = re.compile(r"\w[\w'’.-]*")
_CJK_NAME = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,5}")

_AGENCIES = frozenset(
    "reuters ap afp dpa efe ansa tass xinhua yonhap pti upi ips ani ians kna epd apa sda ritzau bloomberg "
    "kyodo newswire globenewswire".split()
) | {"associated press", "the associated press", "agence france-presse", "press association"}
_SOME_AGENCIES = frozenset("agencies agencias agenturen agences agenzie".split())
_PRESS = re.compile(
    r"(?i)\b(?:news\w*|press|presse|prensa|wire|media|radio|tv|television|times|post|journal|gazette|herald|"
    r"tribune|chronicle|telegraph|magazine|review|broadcasting|agency|agencia|agence|agentur|agenzia)\b"
)
_NO_PERSON = re.compile(  # words of offices, companies and their staff
    r"(?i)\b(?:of|for|the|in|at|from|by|with|to|others?|family|friends|sons|partners|brothers|"
    r"ministry|minister\w*|department|office|officer|bureau|commission|committee|council|board|institut\w*|"
    r"universit\w*|college|school|cent(?:er|re)|association|federation|union|foundation|society|organi[sz]ation|"
    r"group|team|staff|desk|editor\w*|writer\w*|reporter\w*|correspondent\w*|contributor\w*|columnist\w*|"
    r"producer\w*|photographer\w*|photos?|text|words|director|professor|affairs|services?|trade|industry|"
    r"international|national|global|federal|public|social|foreign|emergency|preparedness|safety|security|"
    r"defen[cs]e|health|human|education|culture|arts|science|technology|environment|climate|energy|economy|"
    r"finance|food|farming|agriculture|transport\w*|housing|planning|development|labou?r|workers|action|watch|"
    r"company|corporation|corp|inc|ltd|llc|plc|gmbh|limited|brands|bank|research|campaign|coalition|alliance|"
    r"movement|party|project|network|redak\w*|redac\w*|rédaction|bundes\w+|ministerium|ministerio|ministère|"
    r"landwirtschaft|agricultura|logement|equipo|équipe|редакция|министерство)\b"
)


def several(name: str) -> list[str]:
    """The people that a name joins by commas, semicolons or an "and"; the name alone where that is not sure.

    `Smith, John`, `Marks and Spencer` and `Ministry of Food and Farming` are one each.
    """
    if _SURNAMES_FIRST.fullmatch(name):
        return [found[0].strip(", ") for found in _SURNAME_FIRST.finditer(name)]
    kept = _SUFFIX.sub(_KEPT, name)
    pieces = [piece.strip() for piece in kept.split(";") if piece.strip()]
    parts = pieces if len(pieces) > 1 else _listed(kept)
    sure = _are_pieces(pieces) if len(pieces) > 1 else _are_people(parts, kept)
    return [part.replace(_KEPT, ", ") for part in parts] if sure else [name]


def _listed(name: str) -> list[str]:
    if _HANGUL.fullmatch(name):
        return name.split("·")
    return [part.strip() for part in _LIST.split(name) if part.strip()]


def _are_pieces(pieces: list[str]) -> bool:
    """Whether semicolons part people: nothing else has them, and surnames may stand first."""
    return all(map(_is_whole, pieces)) and any(map(_is_full, pieces))


def _is_whole(piece: str) -> bool:
    return _is_full(piece) or _is_press(piece) or _SINGLE.fullmatch(piece) is not None


def _is_full(piece: str) -> bool:
    surname, comma, given = (part.strip() for part in piece.partition(","))
    return _is_person(f"{given} {surname}" if comma else piece)


def _are_people(parts: list[str], name: str) -> bool:
    """Whether the parts of a list are people, with the agency or paper that they write for among them."""
    others = [part for part in parts if not _is_person(part)]
    if len(parts) > 1 and all(part.lower() in _AGENCIES for part in others):
        return True
    if len(parts) < 2 or len(others) == len(parts):
        return False
    only_commas = len(parts) == len(_COMMA.split(name))
    unspaced = _UNSPACED.search(name) is not None
    return only_commas and all(
        _is_press(part) or (unspaced and _SINGLE.fullmatch(part) is not None) for part in others
    )


def _is_press(name: str) -> bool:
    """Whether a name is surely that of an agency or a paper."""
    if name.lower() in _AGENCIES | _SOME_AGENCIES:
        return True
    several_words = " " in name and all(map(_begins_a_name, name.split()))
    return several_words and _PRESS.search(name) is not None and not _NO_PERSON.search(name)


def _is_person(name: str) -> bool:
    """Whether a text is surely the full name of one person: two to five words of names, no office."""
    words = name.partition(_KEPT)[0].split()
    if len(words) == 1 and _CJK_NAME.fullmatch(name):
        return True
    if not 2 <= len(words) <= 5 or _NO_PERSON.search(name) or _PRESS.search(name):
        return False
    named = [word for at, word in enumerate(words) if (word if at else word.lower()) not in _PARTICLES]
    return len(named) >= 2 and all(_WORD.fullmatch(word) and _begins_a_name(word) for word in named)


def _begins_a_name(word: str) -> bool:
    return not word[0].islower() or word[1:2] in ("'", "’")


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
        people = several(name(author.name, most=_LONGEST_LIST))
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
