"""Bytes to text: which encoding a feed is really in (RFC 7303, 3.2, and what servers make of it)."""

import codecs
import re
from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]+)")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# What browsers take these labels for (WHATWG Encoding, 4.2): supersets that the bytes are really in.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_DEFAULTS = ("iso8859-1", "ascii")  # what servers say when nobody told them
_SEVEN_BIT = re.compile(r"iso2022|hz|utf-7")


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a body and a note where the declared encoding was not the real one ("" if it was).

    A byte order mark decides; bytes that are valid UTF-8 are UTF-8 whatever is declared; then the charset of
    the Content-Type, unless it is a server's default and the document knows better, then the document's own
    declaration, then Windows-1252. Never fails: what cannot be decoded becomes U+FFFD.
    """
    for start, encoding in _MARKS + _UNMARKED:
        if body.startswith(start):
            mark = len(start) if (start, encoding) in _MARKS else 0
            return body[mark:].decode(encoding, "replace"), ""
    declared = list(_declared(body, content_type))
    if not any(_SEVEN_BIT.match(name) for name in declared):
        try:
            return body.decode("utf-8"), _note(declared[:1], "utf-8") if not body.isascii() else ""
        except UnicodeDecodeError:
            pass
    return _decode_other(body, declared)


def _decode_other(body: bytes, declared: list[str]) -> tuple[str, str]:
    for name in declared:
        try:
            return body.decode(_MEANT.get(name, name)), _note(declared[:1], name)
        except UnicodeDecodeError:
            continue
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if beyond_ascii >= 3 * broken:  # mostly sound: cut or mixed, not another one
        return text, "Bytes that are no UTF-8 were replaced."
    return body.decode("cp1252", "replace"), _note(declared[:1] or ["utf-8"], "cp1252")


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """The encodings that are claimed and known to us, the most credible first."""
    header = _CHARSET.search(content_type)
    document = _DECLARED.search(body, 0, 4096)
    claims = [
        _known(header[1]) if header else "",
        _known(document[1].decode("ascii", "ignore")) if document else "",
    ]
    if claims[0] in _DEFAULTS and claims[1]:
        claims.reverse()
    yield from dict.fromkeys(claim for claim in claims if claim)


def _known(label: str) -> str:
    """Python's name for a text encoding, or ""."""
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(codec, "_is_text_encoding", True)  # keeps "base64", "zip" and the like out
    is_no_charset = codec.name.startswith(("utf-16", "utf-32", "idna", "punycode", "raw-unicode", "unicode"))
    return codec.name if is_text and not is_no_charset else ""


def _note(declared: list[str], real: str) -> str:
    if not declared or declared[0] == real or _MEANT.get(declared[0]) == real:
        return ""
    return f"The feed is declared as {declared[0]} but was read as {real}."
