"""Characters that text may and may not hold."""

import re
from html import unescape

from aggregator.text.normalforms import normalized

_FORBIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_HIDDEN = r"\x7f\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\u202a-\u202e\ufeff\ufff9-\ufffc"
_UNSOUND = re.compile(f"[{_FORBIDDEN}]")
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_ISOLATES = re.compile(r"[\u2066-\u2069]")
_ODD = re.compile(rf"[\r{_FORBIDDEN}{_HIDDEN}\u2066-\u2069]")  # whatever `legal` and `visible` look for
_ENTITY = re.compile(r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def legal(value: str) -> str:
    """`value` without what XML 1.0 forbids (2.2) and with line feeds as line ends.

    C1 controls are what Windows-1252 means by those bytes: nobody writes the controls.
    """
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSOUND.sub(_meant, value)


def _meant(unsound: re.Match[str]) -> str:
    char = unsound[0]
    return bytes([ord(char)]).decode("cp1252", "ignore") if "\x80" <= char <= "\x9f" else ""


def visible(value: str) -> str:
    """`value` without characters that show nothing and those that reverse the order of what is shown.

    Marks that scripts need stay: joiners, directional marks, and directional isolates that are closed.
    """
    if value.isascii():
        return value.replace("\x7f", "")
    value = _INVISIBLE.sub("", value)
    marks = _ISOLATES.findall(value)
    if 2 * marks.count("\u2069") != len(marks):
        value = _ISOLATES.sub("", value)
    return value


def unescaped(value: str) -> str:
    """`value` with the character references in it resolved, however often they were escaped."""
    return legal(_ENTITY.sub(lambda match: unescape("&" + match[0].replace("amp;", "")[1:]), value))


def spaced(value: str) -> str:
    """`value` with one space for every stretch of white space, and none at its ends."""
    if value.isprintable() and "  " not in value:  # of all white space the space alone is printable
        return value.strip(" ")
    return " ".join(value.split())


def one_line(value: str) -> str:
    """`value` on one line: every kind of white space is one space, nothing invisible, NFC."""
    if value.isascii() and value.isprintable():
        return spaced(value)
    sound = visible(legal(value)) if _ODD.search(value) else value
    return normalized("NFC", spaced(sound))
