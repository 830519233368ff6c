"""Content codings undone piece by piece, so that a small body can never become a large one unseen."""

import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import brotli
from backports import zstd

ACCEPTED = "gzip, br, zstd"
PIECE = 64 * 1024  # bytes
GZIP_FILE = b"\x1f\x8b\x08"
"""How a file in gzip begins (RFC 1952, 2.3.1)."""
_MEMBERS = 1000  # a stream of more members than this is an attack on our time
_EITHER = 32 + zlib.MAX_WBITS  # a header of gzip or of zlib
_WINDOW: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 23}  # 8 MiB (RFC 9659, 3)
_CODINGS = 3  # one upon another
_TEXT = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[<{\[]")
"""How feeds and pages begin, in any encoding of theirs."""
_PLAIN = frozenset({"", "identity", "none", "utf-8", "utf8", "7bit", "8bit", "binary"})  # said in error, too


class CodingError(Exception):
    """A body that is not what its Content-Encoding says, or is cut short; the message is half a sentence."""


class Decoder(Protocol):
    """Undoes one content coding."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes of the body stand for, each piece a few times `PIECE` at most; CodingError."""

    def finish(self) -> None:
        """CodingError if the body ended too early."""


def decoder(codings: Iterable[str], most: int = sys.maxsize) -> Decoder:
    """The decoder for the values of Content-Encoding (RFC 9110, 8.4), with Transfer-Encoding's behind them.

    What is said to be coded and is plain text is left as it is; CodingError for codings unknown to us, of a
    body that is no text, and where what lies between two codings exceeds `most` bytes.
    """
    named = [name for value in codings for name in (part.strip().lower() for part in value.split(","))]
    real = [name for name in named if name not in _PLAIN]
    if len(real) > _CODINGS:
        raise CodingError(f"is encoded {len(real)} times over")
    if not real:
        return _Plain()
    decoders = [_Claimed(name) for name in reversed(real)]
    return _Chain(decoders, most) if len(decoders) > 1 else decoders[0]


class _Chain:
    """Several codings one upon another, the outermost first."""

    def __init__(self, decoders: Sequence[Decoder], most: int) -> None:
        self._decoders, self._most = decoders, most
        self._between = [0] * len(decoders)  # bytes that came out of each

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield from self._through(0, data)

    def _through(self, place: int, data: bytes) -> Iterator[bytes]:
        for piece in self._decoders[place].feed(data):
            self._between[place] += len(piece)
            if place == len(self._decoders) - 1:
                yield piece
            elif self._between[place] > self._most:
                raise CodingError(f"exceeds {self._most // 1_048_576} MB before its last coding is undone")
            else:
                yield from self._through(place + 1, piece)

    def finish(self) -> None:
        for decoder in self._decoders:
            decoder.finish()


class _Claimed:
    """A coding that is believed unless its decoder refuses the body's beginning, and that is plain text."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._decoder = _DECODERS[name]() if name in _DECODERS else None
        self._held: bytes | None = b""  # what came before anything was decoded

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._held is None and self._decoder is not None:
            yield from self._decoder.feed(data)
            return
        beginning = (self._held or b"") + data
        self._held = beginning if len(beginning) <= PIECE else None
        is_begun = False
        try:
            for piece in self._believed().feed(data):
                is_begun = is_begun or bool(piece)
                yield piece
        except CodingError:
            self._decoder, self._held = None if is_begun else _undeclared(beginning), None
            if self._decoder is None:
                raise
            yield from self._decoder.feed(beginning)
        if is_begun:
            self._held = None

    def _believed(self) -> Decoder:
        if self._decoder is None:
            raise CodingError(f"is encoded as {self._name[:60]!r}, which we did not ask for")
        return self._decoder

    def finish(self) -> None:
        if self._decoder is not None:
            self._decoder.finish()


def _undeclared(beginning: bytes) -> Decoder | None:
    """The decoder for what is not coded as it is said to be, by how it begins; None where that is unclear."""
    if beginning.startswith(GZIP_FILE):
        return _DECODERS["gzip"]()
    return _Plain() if _TEXT.match(beginning) else None


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        pass


class _Deflated:
    """gzip (RFC 1952, with its members) and deflate (RFC 1950, or raw), told apart by how they begin."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stream = zlib.decompressobj(_EITHER)
        self._members = 0
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and not self._begun:
            self._begun = True
            if self._name == "deflate" and data[0] != 0x1F and data[0] & 0x0F != 8:
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        while data:
            if self._stream.eof and not self._next_member(data):
                return
            yield from self._member(data)
            data = self._stream.unused_data

    def _member(self, data: bytes) -> Iterator[bytes]:
        while True:
            try:
                piece = self._stream.decompress(data, PIECE)
            except zlib.error as error:
                raise CodingError(f"says it is {self._name} but is damaged") from error
            yield piece
            data = self._stream.unconsumed_tail
            if self._stream.eof or (not data and len(piece) < PIECE):
                return

    def _next_member(self, data: bytes) -> bool:
        """Whether another member follows; what else stands behind the last one is padding."""
        if self._name != "gzip" or data[0] != 0x1F:
            return False
        self._members += 1
        if self._members > _MEMBERS:
            raise CodingError(f"is {self._name} of more than {_MEMBERS} parts")
        self._stream = zlib.decompressobj(_EITHER)
        return True

    def finish(self) -> None:
        if self._begun and not self._stream.eof:
            raise CodingError(f"is cut short in the middle of its {self._name}")


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        while not self._stream.is_finished():
            try:
                piece = self._stream.process(data, output_buffer_limit=PIECE)
            except brotli.error as error:
                raise CodingError("says it is br but is damaged") from error
            yield piece
            data = b""
            if not piece and self._stream.can_accept_more_data():
                return

    def finish(self) -> None:
        if self._begun and not self._stream.is_finished():
            raise CodingError("is cut short in the middle of its br")


class _Zstandard:
    """RFC 8878, with its frames; windows up to 8 MiB (RFC 9659)."""

    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor(options=_WINDOW)
        self._frames = 0
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        while data:
            if self._stream.eof:
                self._next_frame()
            yield from self._frame(data)
            data = self._stream.unused_data

    def _frame(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.eof:
            try:
                piece = self._stream.decompress(data, PIECE)
            except zstd.ZstdError as error:
                raise CodingError("says it is zstd but is damaged") from error
            yield piece
            data = b""
            if self._stream.needs_input:
                return

    def _next_frame(self) -> None:
        self._frames += 1
        if self._frames > _MEMBERS:
            raise CodingError(f"is zstd of more than {_MEMBERS} parts")
        self._stream = zstd.ZstdDecompressor(options=_WINDOW)

    def finish(self) -> None:
        if self._begun and not self._stream.eof:
            raise CodingError("is cut short in the middle of its zstd")


_DECODERS: Mapping[str, Callable[[], Decoder]] = {
    "gzip": lambda: _Deflated("gzip"),
    "x-gzip": lambda: _Deflated("gzip"),
    "deflate": lambda: _Deflated("deflate"),
    "br": _Brotli,
    "zstd": _Zstandard,
}
