"""Answers whose bytes stand ready, written past aiohttp's header work (decision 040)."""

import asyncio
from email.utils import formatdate

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter

from aggregator.model.seams import Clock
from aggregator.web.resource import Answer

_PART = 64 * 1024
PATIENCE = 30.0  # seconds a client may take for a part, so two kilobytes a second at least
_STATUS_LINES = {200: b"HTTP/1.1 200 OK\r\n", 304: b"HTTP/1.1 304 Not Modified\r\n"}


class DateLine:
    """The Date header, written out once a second (RFC 9110, 6.6.1)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._second = -1
        self._line = b""

    def now(self) -> bytes:
        """The header's line for this second."""
        second = int(self._clock().timestamp())
        if second != self._second:
            self._second = second
            self._line = f"Date: {formatdate(second, usegmt=True)}\r\n".encode("ascii")
        return self._line


class Prepared(web.StreamResponse):
    """Sends an `Answer` as it stands; only the date and the connection's fate are added.

    A client that does not take it in time loses its connection, and keeps a part in memory at most.
    """

    def __init__(self, answer: Answer, date: bytes, patience: float = PATIENCE) -> None:
        super().__init__(status=answer.status)
        self._answer = answer
        self._date = date
        self._patience = patience
        self._request: web.BaseRequest | None = None

    @property
    def keep_alive(self) -> bool | None:
        """Whether the connection serves the next request too."""
        return self._request is not None and self._request.keep_alive

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Take the request that is answered; nothing is sent yet."""
        self._request = request
        return request.writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Send everything; a HEAD gets the same head and no body (RFC 9110, 9.3.2)."""
        request = self._request
        if request is None or self._eof_sent:
            return
        body = b"" if request.method == "HEAD" else self._answer.body
        start = _STATUS_LINES[self._answer.status] + self._date + _connection(request) + self._answer.head
        await self._send(request, start + body[:_PART])
        for at in range(_PART, len(body), _PART):
            await self._send(request, body[at : at + _PART])
        self._eof_sent = True
        self._body_length = len(body)

    async def _send(self, request: web.BaseRequest, part: bytes) -> None:
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has gone")
        transport.write(part)
        if not request.protocol.writing_paused:
            return
        try:
            async with asyncio.timeout(self._patience):
                await request.writer.drain()
        except TimeoutError:
            transport.abort()
            raise ConnectionResetError("the client did not take the answer in time") from None


def _connection(request: web.BaseRequest) -> bytes:
    """What to say of the connection: nothing where the version's default holds (RFC 9112, 9.3)."""
    if request.version >= HttpVersion11:
        return b"" if request.keep_alive else b"Connection: close\r\n"
    return b"Connection: keep-alive\r\n" if request.keep_alive else b""
