"""Levelling: what counts as the same text, but for case."""

import re
from collections.abc import Callable

from aggregator.text.normalforms import continues, normalized

# Scripts written without spaces, and Hangul, whose particles are attached: words are found inside a run.
RUN_SCRIPTS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u19e0-\u19ff\u3005-\u3007\u3041-\u30ff\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7ff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
# Accents, vowel points and the like of scripts whose words are read without them. The vowel signs of Indic
# scripts and the marks of kana are letters in all but name, and stay.
_ACCENTS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u05f4\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1"
    "\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_DASHES = (
    r"\-"
    "\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0"
)
_QUOTES = '"“”„‟«»〝〞〟'
_CONTROLS = "\x00-\x1f\x7f-\x9f\u1680\u2028\u2029\ud800-\udfff"  # with the spaces that NFKD leaves alone
_APOSTROPHES = "`\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u055a\u05f3\ua78b\ua78c"
_LETTERS = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "Ł": "L",
    "Ø": "O",
    "Đ": "D",
    "Ð": "D",
    "Ħ": "H",
    "Ŧ": "T",
    "ẞ": "SS",
    "Æ": "AE",
    "Œ": "OE",
    "þ": "th",
    "Þ": "TH",
    "ŋ": "n",
    "Ŋ": "N",
}
_GERSHAYIM = re.compile(r'"(?<=[א-ת]")(?=[א-ת])')
_CLEANED = re.compile(
    f"[{_ACCENTS}{_INVISIBLE}{_QUOTES}{_CONTROLS}{_DASHES}{_APOSTROPHES}{''.join(_LETTERS)}]"
)
_ASCII_CLEANED = bytes.maketrans(bytes([*range(32), 127, *b'"-`']), b" " * 35 + b"'")
_SPACES = re.compile("  +")
# An apostrophe stays only between two letters, and a possessive 's goes with it.
_APOSTROPHE = re.compile(
    rf"'(?:(?<=[\w.]')[sS](?!\w)|(?!\w)|(?<!\w')|(?<=[{RUN_SCRIPTS}]')|(?=[{RUN_SCRIPTS}]))"
)
_WORD = rf"[^\W{RUN_SCRIPTS}]"
_LETTER = rf"[^\W\d_{RUN_SCRIPTS}]"
# The points of initials: U.S. and U.S are US, and so is U. S., but neither takes a neighbour in.
_INITIALS = re.compile(
    rf"\.(?<=(?<!{_WORD}){_LETTER}\.)(?:(?={_LETTER}(?!{_WORD}))"
    rf"|(?<=(?<!{_WORD}){_LETTER}\.{_LETTER}\.)(?!{_WORD})"
    rf"|(?<=(?<!{_WORD})(?<!\.){_LETTER}\.) (?={_LETTER}\.(?!{_WORD}))"
    rf"|(?<=(?<!{_WORD})(?<!\.){_LETTER}\. {_LETTER}\.)(?!{_WORD}))"
)


class _Cleaned(dict[str, str]):
    """What becomes of a character that folding does not keep."""

    def __missing__(self, character: str) -> str:
        if re.match(f"[{_ACCENTS}{_INVISIBLE}]", character):
            cleaned = ""
        elif re.match(f"[{_QUOTES}{_CONTROLS}{_DASHES}]", character):
            cleaned = " "
        else:
            cleaned = _LETTERS.get(character, "'")
        self[character] = cleaned
        return cleaned


_CLEAN = _Cleaned()


def _clean(match: re.Match[str]) -> str:
    return _CLEAN[match[0]]


class _Alone(dict[str, str | None]):
    """What becomes of a character, whatever stands beside it; None where its neighbours decide about that."""

    def __missing__(self, character: str) -> str | None:
        levelled = _level_together(character)
        bound = any(continues(one) or "א" <= one <= "ת" for one in levelled)
        self[character] = alone = None if bound else levelled
        return alone


_ALONE = _Alone()
_ASCII = bytes(range(128))
MOST_SIGNS = 100
"""Different ones that are replaced one by one, each in a pass through the text."""


def _level_apostrophe(match: re.Match[str]) -> str:
    return "" if len(match.group()) == 2 else " "


def _one_space(match: re.Match[str]) -> str:
    return " "


def _nothing(match: re.Match[str]) -> str:
    return ""


Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
MARKS_AND_LETTERS: tuple[Step, ...] = ((_GERSHAYIM, _nothing), (_CLEANED, _clean))
"""What levels the signs of a text that is decomposed (NFKD)."""
LAST: tuple[Step, ...] = (
    (_APOSTROPHE, _level_apostrophe),
    (_SPACES, _one_space),
    (re.compile("^ | $"), _nothing),
    (_INITIALS, _nothing),
)
"""What comes after `level_signs`, a step at a time."""


def level(text: str) -> str:
    """The text as it is compared, but with its case; docs/rules.md says what is levelled."""
    text = level_signs(text)
    if "'" in text:
        text = _APOSTROPHE.sub(_level_apostrophe, text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    text = text.strip(" ")
    return _INITIALS.sub("", text) if "." in text else text


def level_signs(text: str) -> str:
    """The first half of it: every character by itself or with those that it makes one with."""
    text = text if text.isascii() else _level_foreign(text)
    return text.encode("utf-8", "surrogatepass").translate(_ASCII_CLEANED).decode("utf-8", "surrogatepass")


def keeps_places(text: str) -> bool:
    """Whether `level_signs` puts exactly one character in the place of each."""
    return text.isascii() or all(len(_ALONE[sign] or "") == 1 for sign in set(foreign_signs(text)))


def _level_foreign(text: str) -> str:
    """Few signs in a text of ASCII are taken one by one, which is quick; other scripts as a whole."""
    foreign = foreign_signs(text)
    signs = set(foreign) if 2 * len(foreign) < len(text) else ()
    alone = [(sign, levelled) for sign in signs if (levelled := _ALONE[sign]) is not None]
    if not 0 < len(signs) == len(alone) < MOST_SIGNS:
        return _level_together(text)
    for sign, levelled in alone:
        if sign != levelled:
            text = text.replace(sign, levelled)
    return text


def foreign_signs(text: str) -> str:
    """The characters that are not in ASCII."""
    encoded = text.encode("utf-8", "surrogatepass")
    return encoded.translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _level_together(text: str) -> str:
    text = normalized("NFKD", text.replace("´", "'"))
    text = _GERSHAYIM.sub("", text) if '"' in text else text
    return normalized("NFC", _CLEANED.sub(_clean, text))
