"""Bytes to text: which encoding a feed is really in (RFC 7303, 3.2, and what servers make of it).

Labels mean what they mean to browsers (WHATWG Encoding, 4.2); those that only Python knows are read too.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import webencodings

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
_CHARSET = re.compile(r"(?:^|;)\s*charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# Where Python's codec knows fewer characters than browsers do.
_WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "x-user-defined": "cp1252"}
_WIDEST = {"euc_jp": "euc_jisx0213", "iso2022_jp": "iso2022_jp_3"}
_DEFAULTS = frozenset({"windows-1252", "iso8859-1", "ascii"})  # what servers say when nobody told them
_SEVEN_BIT = re.compile(r"iso2022|hz|utf-7")
_LABEL = 40  # characters of one that is quoted


@dataclass(frozen=True, slots=True)
class _Claim:
    """An encoding that somebody names: as named, and Python's codec for it, "" where there is none."""

    name: str
    codec: str


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a body and a note where the declared encoding was unknown or not the real one.

    A byte order mark decides; bytes that are valid UTF-8 are UTF-8 whatever is declared; then the charset of
    the Content-Type, unless it is a server's default and the document knows better, then the document's own
    declaration, then Windows-1252. Never fails: what cannot be decoded becomes U+FFFD.
    """
    for start, encoding in _MARKS + _UNMARKED:
        if body.startswith(start):
            mark = len(start) if (start, encoding) in _MARKS else 0
            return body[mark:].decode(encoding, "replace"), ""
    claims = list(_claims(body, content_type))
    text, real = _decoded(body, [claim for claim in claims if claim.codec])
    return text, " ".join(_notes(body, text, claims, real))


def _decoded(body: bytes, claims: list[_Claim]) -> tuple[str, str]:
    """The text, and the name of the encoding that it was in."""
    if not any(_SEVEN_BIT.match(claim.codec) for claim in claims):
        try:
            return body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    for claim in claims:
        for codec in filter(None, (claim.codec, _WIDEST.get(claim.codec))):
            try:
                return body.decode(codec), claim.name
            except UnicodeDecodeError:
                continue
    return _with_replacements(body, claims)


def _with_replacements(body: bytes, claims: list[_Claim]) -> tuple[str, str]:
    """The text in the first encoding in which it is mostly sound: cut or mixed, rather than another one."""
    for claim in (_Claim("utf-8", "utf-8"), *claims):
        text = body.decode(claim.codec, "replace")
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        if beyond_ascii >= 3 * text.count("\ufffd"):
            return text, claim.name
    return body.decode("cp1252", "replace"), "windows-1252"


def _notes(body: bytes, text: str, claims: list[_Claim], real: str) -> Iterator[str]:
    """What was not as it was declared."""
    unknown = [f"“{claim.name[:_LABEL]}”" for claim in claims if not claim.codec]
    if unknown:
        yield f"The declared encoding {' and '.join(unknown)} is unknown; the feed was read as {real}."
    elif claims and claims[0].name != real and not body.isascii():
        yield f"The feed is declared as {claims[0].name} but was read as {real}."
    elif not claims and real != "utf-8":
        yield f"The feed declares no encoding and is not UTF-8; it was read as {real}."
    if "\ufffd" in text and b"\xef\xbf\xbd" not in body:
        yield f"Bytes that are not {real} were replaced."


def _claims(body: bytes, content_type: str) -> Iterator[_Claim]:
    """The encodings that are claimed, the most credible first; not those that only a mark can tell."""
    header, document = _CHARSET.search(content_type), _DECLARED.search(body, 0, 4096)
    labels = [header[1]] if header else []
    if document:
        labels.append(document[1].decode("ascii", "ignore"))
    claims = [_claim(label) for label in labels]
    if claims and claims[-1].codec and claims[0].name in _DEFAULTS:
        claims.reverse()
    return (claim for claim in dict.fromkeys(claims) if not claim.codec.startswith(("utf-16", "utf-32")))


def _claim(label: str) -> _Claim:
    encoding = webencodings.lookup(label.encode("ascii", "ignore").decode())
    if encoding is not None and encoding.name != "replacement":
        return _Claim(encoding.name, _WIDER.get(encoding.name, encoding.codec_info.name))
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):
        standard = label.lower().removeprefix("x-")
        return _Claim(label, _claim(standard).codec if len(standard) < len(label) else "")
    is_text = getattr(codec, "_is_text_encoding", True)  # keeps "base64", "zip" and the like out
    is_no_charset = codec.name.startswith(("idna", "punycode", "raw-unicode", "unicode"))
    return _Claim(label, codec.name if is_text and not is_no_charset else "")
