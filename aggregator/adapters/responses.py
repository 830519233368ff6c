"""Connections of aiohttp's client that read answers as leniently as browsers do."""

import functools
import re
from typing import Any, Literal, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import BadHttpMessage, HttpProcessingError

from aggregator.adapters import heads

_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})")
_LINE = 16 * 1024  # bytes of a chunk's first line


class TlsAnswerError(BadHttpMessage):
    """A server that was asked in plain HTTP answered with a TLS alert."""


class FramingError(aiohttp.ClientPayloadError):
    """A body that is not framed as its head says; the message is the parser's reason."""


class LenientConnector(aiohttp.TCPConnector):
    """A connector whose connections read heads of up to `head` bytes, rewritten by `heads.rewritten`."""

    def __init__(self, *, head: int, **options: Any) -> None:
        super().__init__(**options)
        reader = functools.partial(AnswerReader, self._loop, head)
        self._factory = cast("functools.partial[ResponseHandler]", reader)


class AnswerReader(ResponseHandler):
    """Hands aiohttp's parser one answer to each request, its head rewritten, and nothing behind its end.

    Whatever follows a complete answer ends the connection, so it is never taken for the next one.
    """

    def __init__(self, loop: Any, most: int) -> None:
        super().__init__(loop)
        self._most = most  # bytes of a head, with those of interim answers (1xx) before it
        self._left = most
        self._head: bytearray | None = None  # what came of it; None while no head is awaited
        self._lines: _BareLines | None = None  # of a chunked body whose lines end in bare line feeds

    def set_response_params(self, **params: Any) -> None:
        """Await the answer to a request."""
        self._head, self._left, self._lines = bytearray(), self._most, None
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Take what the network brought."""
        if self._parser is None or self._upgraded:
            super().data_received(data)
        elif self._head is not None:
            end = 0 if self._head else heads.strict(data)
            if 0 < end <= self._left:
                self._take_strict_head(data, end)
            else:
                self._read_head(self._head, data)
        elif self._payload is None or self._payload.is_eof():
            if data:
                self._hang_up()
        else:
            self._read_body(data)

    def _take_strict_head(self, data: bytes, end: int) -> None:
        """The usual case: a whole head that needs no rewriting."""
        self._head = None
        if end == len(data):
            super().data_received(data)
            return
        super().data_received(data[:end])
        self.data_received(data[end:])

    def _read_head(self, head: bytearray, data: bytes) -> None:
        self._reschedule_timeout()
        begin = len(head) - 3
        head += data
        try:
            while (end := self._end_of_head(head, begin)) is not None:
                read, begin = heads.rewritten(bytes(head[:end])), 0
                del head[:end]
                self._left -= end
                super().data_received(read.data)
                if read.status == 101 or read.status >= 200:
                    return self._begin_body(read, bytes(head))
                self._reschedule_timeout()
        except heads.HeadError as error:
            kind = TlsAnswerError if isinstance(error, heads.TlsAnswerError) else BadHttpMessage
            self._head = None
            self.set_exception(kind(str(error)))
            self._hang_up()

    def _end_of_head(self, head: bytearray, begin: int) -> int | None:
        if head[:1].isspace():
            head[:], begin = head.lstrip(), 0
        heads.examine(bytes(head[:64]))
        end = heads.end(head, begin)
        if (end or len(head)) > self._left:
            raise heads.HeadError(f"its header is larger than {self._most // 1024} KB")
        return end

    def _begin_body(self, head: heads.ResponseHead, data: bytes) -> None:
        self._head = None
        self._lines = _BareLines() if head.bare_line_feeds and b"chunked" in head.data.lower() else None
        if not head.reusable:
            self.force_close()
        if data:
            self.data_received(data)

    def _read_body(self, data: bytes) -> None:
        super().data_received(self._lines.with_returns(data) if self._lines and data else data)
        error, payload = self.exception(), self._payload
        if not isinstance(error, HttpProcessingError) or payload is None or payload.is_eof():
            return
        payload.set_exception(FramingError(error.message), error)  # aiohttp tells who awaits a head alone

    def _hang_up(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.close()


class _BareLines:
    """A chunked body (RFC 9112, 7.1) whose lines end in bare line feeds, given carriage returns."""

    def __init__(self) -> None:
        self._line = b""
        self._left = 0  # bytes of the current chunk
        self._awaits: Literal["size", "end of chunk", "trailers"] = "size"

    def with_returns(self, data: bytes) -> bytes:
        """The next bytes of the body; what is no chunk is left to the parser to refuse."""
        pieces = []
        while data:
            if self._left:
                pieces.append(data[: self._left])
                data, self._left = data[self._left :], max(0, self._left - len(data))
                continue
            line, found, data = data.partition(b"\n")
            self._line += line
            if not found and len(self._line) <= _LINE:
                break
            pieces.append(self._line.rstrip(b"\r") + b"\r\n")
            self._begin(self._line)
            self._line = b""
        return b"".join(pieces)

    def _begin(self, line: bytes) -> None:
        if self._awaits == "size":
            size = _SIZE.match(line)
            self._left = int(size[1], 16) if size else 0
            self._awaits = "end of chunk" if self._left else "trailers"
        elif self._awaits == "end of chunk":
            self._awaits = "size"
