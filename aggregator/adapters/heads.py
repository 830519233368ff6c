"""Status line and header fields of an answer, rewritten where browsers read what a strict parser refuses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = re.compile(rb"\n\r?\n")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STRICT = re.compile(
    rb"HTTP/1\.[01] [2-9]\d\d(?: [^\r\n\0]*)?\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n)*\r\n"
)
_FRAMING = re.compile(rb"(?im)^(content-length|transfer-encoding|sec-websocket-key1):[ \t]*([^\r\n]*)")
_STATUS = re.compile(rb"(?i)(?:ICY|HTTP(?:/(\d+)(?:\.(\d+))?)?)[ \t]+(\d{3})(?:[ \t]+(.*))?[ \t]*")
_BEGINNING = re.compile(rb"(?i)HTTP[/ \t]|ICY[ \t]")
_ALERT = re.compile(rb"\x15\x03[\x00-\x04]")
_SHOWN = 40  # bytes of what is refused
_BODILESS = frozenset({204, 304})
_NO_BODY = (b"204", b"304")
_DROPPED = frozenset({b"content-length", b"transfer-encoding", b"sec-websocket-key1"})
"""Fields that are written anew, and one that no client of today expects and its parser refuses."""


class HeadError(ValueError):
    """A head that says nothing certain; the message is the reason, without a full stop."""


class TlsAnswerError(HeadError):
    """What came is a TLS alert: the server expects https."""


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """A head as any parser reads it; whether its connection may serve another request, and how lines end."""

    data: bytes
    status: int
    reusable: bool = True
    bare_line_feeds: bool = False


def end(data: bytes | bytearray, begin: int = 0) -> int | None:
    """Where the head ends that `data` begins with; None if that is still to come."""
    found = _END.search(data, max(0, begin))
    return found.end() if found else None


def examine(beginning: bytes) -> None:
    """Raise HeadError as soon as it is certain that this is not how an answer begins."""
    if _ALERT.match(beginning):
        raise TlsAnswerError("it answered with a TLS alert")
    if len(beginning) >= 5 and not _BEGINNING.match(beginning):
        raise HeadError(f"its answer does not begin with a status line but with {_shown(beginning)}")


def strict(data: bytes) -> int:
    """Where a head ends that `data` begins with and that any parser reads alike; 0 where there is none."""
    found = _STRICT.match(data)
    if found is None:
        return 0
    framing = _FRAMING.findall(data, 0, found.end())
    if not framing or (len(framing) == 1 and data[9:12] not in _NO_BODY and _is_plain(*framing[0])):
        return found.end()
    return 0


def rewritten(head: bytes) -> ResponseHead:
    """A head, its end included, in the form that RFC 9112 asks of senders; HeadError where it is ambiguous.

    Read as sections 2 to 6 of the RFC advise recipients: folded and bare line ends, space around names,
    a length that is repeated, or overridden by a transfer coding.
    """
    if strict(head) == len(head):
        return ResponseHead(head, int(head[9:12]))
    lines = re.split(rb"\r?\n", head.rstrip(b"\r\n"))
    version, status, reason = _status_line(lines[0])
    fields = list(_fields(lines[1:]))
    kept = [(name, value) for name, value in fields if name.lower() not in _DROPPED and b"\0" not in value]
    framing, reusable = _framed(fields, bodiless=status in _BODILESS or status < 200)
    written = b"".join(b"%s: %s\r\n" % field for field in (*kept, *framing))
    bare = not head.endswith(b"\r\n")
    return ResponseHead(
        b"HTTP/%s %d %s\r\n%s\r\n" % (version, status, reason, written), status, reusable, bare
    )


def _is_plain(name: bytes, value: bytes) -> bool:
    name, value = name.lower(), value.strip()
    return _is_length(value) if name == b"content-length" else value.lower() == b"chunked"


def _status_line(line: bytes) -> tuple[bytes, int, bytes]:
    found = _STATUS.fullmatch(line.replace(b"\r", b" "))
    if found is None or int(found[3]) < 100:
        raise HeadError(f"its status line is {_shown(line)}")
    is_old = int(found[1] or 1) < 1 or (int(found[1] or 1) == 1 and int(found[2] or 0) == 0)
    reason = (found[4] or b"").replace(b"\0", b" ")
    return b"1.0" if is_old else b"1.1", int(found[3]), reason


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Names and values; folded lines joined, lines with a name that is none left out."""
    for line in _unfolded(lines):
        name, colon, value = line.partition(b":")
        if not colon:
            raise HeadError(f"a line of its header has no colon: {_shown(line)}")
        name = name.rstrip(b" \t")
        if _TOKEN.fullmatch(name):
            yield name, value.replace(b"\r", b" ").strip(b" \t")


def _unfolded(lines: list[bytes]) -> Iterator[bytes]:
    """Header lines with those joined to them that begin with a space (RFC 9112, 5.2)."""
    begun = next(
        (place for place, line in enumerate(lines) if not line.startswith((b" ", b"\t"))), len(lines)
    )
    pieces: list[bytes] = []
    for line in lines[begun:]:
        if pieces and not line.startswith((b" ", b"\t")):
            yield b" ".join(pieces)
            pieces.clear()
        pieces.append(line.strip(b" \t"))
    if pieces:
        yield b" ".join(pieces)


def _framed(
    fields: list[tuple[bytes, bytes]], *, bodiless: bool
) -> tuple[tuple[tuple[bytes, bytes], ...], bool]:
    """The fields that say where the body ends (RFC 9112, 6.3), and whether the connection is sure of it."""
    length = _length(_list(fields, b"content-length"))
    codings = [coding for coding in _list(fields, b"transfer-encoding") if coding.lower() != b"identity"]
    if bodiless:
        return (), not length and not codings
    if codings:
        others = [coding for coding in codings if coding.lower() != b"chunked"]
        chunked = [b"chunked"] if codings[-1].lower() == b"chunked" else []
        return ((b"Transfer-Encoding", b", ".join(others + chunked)),), bool(chunked) and length is None
    if length is not None:
        return ((b"Content-Length", b"%d" % length),), True
    return (), False


def _list(fields: list[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    values = b",".join(value for name, value in fields if name.lower() == wanted)
    return [part for part in (part.strip(b" \t") for part in values.split(b",")) if part]


def _length(said: list[bytes]) -> int | None:
    wrong = next((one for one in said if not _is_length(one)), None)
    if wrong is not None:
        raise HeadError(f"its Content-Length is {_shown(wrong)}")
    lengths = {int(one) for one in said}
    if len(lengths) > 1:
        both = " and ".join(str(one) for one in sorted(lengths)[:2])
        raise HeadError(f"it gives two lengths of its answer, {both}")
    return next(iter(lengths), None)


def _is_length(value: bytes) -> bool:
    return value.isdigit() and len(value) < 19


def _shown(data: bytes) -> str:
    return repr(data[:_SHOWN].decode("latin-1"))
