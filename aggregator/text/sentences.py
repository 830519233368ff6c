"""Where sentences end, and where a text may be cut at all."""

import re
import unicodedata
from collections.abc import Iterator

_CLOSERS = "\"'”’»)\\]」』）】›"
_END = re.compile(
    rf"(?P<dense>[。！？｡︒]+[{_CLOSERS}]*)"
    rf"|(?P<mark>[.!?…؟۔।॥։።]+)(?:[\xa0\u202f ]?»|[{_CLOSERS}])*(?=\s|$)"
)
_TITLES = frozenset(
    "mr mrs ms mx dr prof rev fr sr jr st gen lt col maj capt cmdr sgt cpl pvt adm brig gov sen sens rep "
    "reps pres hon supt det insp messrs mme mlle m sra dra lic ing abg hr frau dott ssa sig no nos nr núm "
    "num art sec fig vol pp p op al ed eds trans ca cf vs v resp approx dept univ inc co corp ltd bros e.g "
    "i.e z.b d.h u.a bzw vgl etc jan feb mar apr jun jul aug sep sept oct nov dec mt ft ave blvd rd bldg "
    "tel ext est".split()
)
_ENDING_TITLES = frozenset("etc inc co corp ltd bros al jr sr no p.m a.m u.s u.k u.n e.u".split())
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_STARTERS = frozenset(
    "The A An It He She They We I You In On At But And This That These Those There His Her Its Their Our My "
    "When While As If For After Before Since However Meanwhile Yet So Many Some Most What Who Why How Now "
    "With By Then Later Also Both One No Not All Even Still Another".split()
)
_ORDINALS = tuple("de da nb nn no fi cs sk hu hr sl sr bs et lv is fo".split())  # "3. Februar"


def ends(text: str, language: str = "") -> Iterator[int]:
    """The places in `text` (offsets, ascending) right after a sentence and the quotes that close it."""
    for match in _END.finditer(text):
        if match["dense"] or _ends_sentence(text, match, language):
            yield match.end()


def last_end(text: str, before: int) -> int:
    """The last of these places before the offset `before`, or 0, whatever the language."""
    for match in reversed(list(_END.finditer(text))):
        if match.end() < before and (match["dense"] or _ends_sentence(text, match, "")):
            return match.end()
    return 0


def _ends_sentence(text: str, match: re.Match[str], language: str) -> bool:
    following = text[match.end() : match.end() + 40].lstrip(" \n\xa0\"'“‘«„‚(‹[¿¡—–-")
    if not following:
        return True
    if following[0].islower():
        return False
    if match["mark"] != ".":
        return True
    word = re.split(r"[\s(\[\"“‘«„/—–-]", text[max(0, match.start() - 24) : match.start()])[-1]
    return not _abbreviates(word, following, language)


def _abbreviates(word: str, following: str, language: str) -> bool:
    """Whether the full stop after `word` belongs to it rather than to the sentence."""
    next_word = re.split(r"\W", following, maxsplit=1)[0]
    if word.isdigit() and len(word) <= 2:
        return language.lower().startswith(_ORDINALS) and following[0].isalpha()
    if word.lower() in _ENDING_TITLES or (len(word) > 1 and _INITIALS.fullmatch(word) and "." in word):
        return next_word not in _STARTERS
    if word.lower() in _TITLES:
        return True
    return bool(_INITIALS.fullmatch(word)) and len(word) == 1 and word.isupper() and word != "I"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, ending with a whole word and "…"; never inside a grapheme."""
    if len(text) <= limit:
        return text
    room = text[:limit]
    space = max(room.rfind(" "), room.rfind("\n"))
    place = space if space >= limit // 2 else _grapheme_start(text, limit - 1)
    return text[:place].rstrip(' \n,;:—–-·/("“‘«¿¡') + "…"


def _grapheme_start(text: str, place: int) -> int:
    """The start of the grapheme that `place` stands in (UAX #29, as far as news needs it)."""
    while 0 < place < len(text) and _joined(text, place):
        place -= 1
    return place


def _joined(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if after in "\u200c\u200d" or before == "\u200d" or unicodedata.combining(before) == 9:
        return True
    if "\u1160" <= after <= "\u11ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    flags = re.search(r"[\U0001f1e6-\U0001f1ff]*$", text[:place])
    return "\U0001f1e6" <= after <= "\U0001f1ff" and flags is not None and len(flags[0]) % 2 == 1
