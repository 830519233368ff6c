"""Content codings undone piece by piece, so that a small body can never become a large one unseen."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

import brotli
from backports import zstd

ACCEPTED = "gzip, br, zstd"
PIECE = 64 * 1024  # bytes
GZIP_FILE = b"\x1f\x8b\x08"
"""How a file in gzip begins (RFC 1952, 2.3.1)."""
_MEMBERS = 1000  # a stream of more members than this is an attack on our time
_WINDOW: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 23}  # 8 MiB (RFC 9659, 3)
_PLAIN = frozenset({"", "identity", "none", "utf-8", "utf8", "7bit", "8bit", "binary"})  # said in error, too


class CodingError(Exception):
    """A body that is not what its Content-Encoding says, or is cut short; the message is half a sentence."""


class Decoder(Protocol):
    """Undoes one content coding."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes of the body stand for, each piece a few times `PIECE` at most; CodingError."""

    def finish(self) -> None:
        """CodingError if the body ended too early."""


def decoder(codings: Iterable[str]) -> Decoder:
    """The decoder for the values of Content-Encoding (RFC 9110, 8.4); CodingError for unknown ones."""
    named = [name for value in codings for name in (part.strip().lower() for part in value.split(","))]
    real = [name for name in named if name not in _PLAIN]
    if not real:
        return _Plain()
    if len(real) > 1 or real[0] not in _DECODERS:
        raise CodingError(f"is encoded as {', '.join(real)[:60]!r}, which we did not ask for")
    return _DECODERS[real[0]]()


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        pass


class _Deflated:
    """gzip (RFC 1952, with its members) and deflate (RFC 1950, or raw as some servers send it)."""

    def __init__(self, name: str, wbits: int) -> None:
        self._name, self._wbits = name, wbits
        self._stream = zlib.decompressobj(wbits)
        self._members = 0
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and not self._begun:
            self._begun = True
            if self._name == "deflate" and data[0] & 0x0F != 8:
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
        self._stream = zlib.decompressobj(self._wbits)
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
    "gzip": lambda: _Deflated("gzip", 16 + zlib.MAX_WBITS),
    "x-gzip": lambda: _Deflated("gzip", 16 + zlib.MAX_WBITS),
    "deflate": lambda: _Deflated("deflate", zlib.MAX_WBITS),
    "br": _Brotli,
    "zstd": _Zstandard,
}
