"""The connections of clients: bounded in number; where all are taken, an idle one gives way."""

import asyncio
from collections import Counter
from collections.abc import Callable

from aiohttp import web

Make = Callable[[], "Conversation"]
_BODY = b"The server has as many connections as it can hold. Please try again in half a minute.\n"
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nServer: aggregator\r\nRetry-After: 30\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
) % (len(_BODY), _BODY)
_LINGER = 2.0  # seconds that a client has to read why it is turned away
_LINGERING = 32  # clients at a time that are told; others are just closed


class Conversation(web.RequestHandler):
    """A connection to a client that knows whose it is, and since when nothing is being answered on it."""

    __slots__ = ("_leave", "answering", "client", "quiet_since")

    def watch(self, leave: Callable[["Conversation"], None]) -> None:
        """Call `leave` when the connection ends."""
        self._leave = leave
        self.client, self.answering, self.quiet_since = "", 0, asyncio.get_running_loop().time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self.client = str(peer[0]) if isinstance(peer, tuple) else str(peer)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Called by the loop."""
        self._leave(self)
        super().connection_lost(exc)

    def begin(self) -> None:
        """A request is being answered."""
        self.answering += 1

    def end(self) -> None:
        """It was."""
        self.answering -= 1
        self.quiet_since = asyncio.get_running_loop().time()


class Connections:
    """At most so many conversations at a time.

    One more takes the place of the one that is idle for longest, of the client that has most of them; where
    all are at work, it is turned away with a 503.
    """

    def __init__(self, make: Make, most: int) -> None:
        self._make, self._most = make, most
        self._open: dict[Conversation, None] = {}
        self._refusals: set[Refusal] = set()

    def accept(self) -> asyncio.Protocol:
        """The protocol of a new connection."""
        if len(self._open) >= self._most and not self._make_room():
            return Refusal(self._refusals)
        conversation = self._make()
        conversation.watch(self._left)
        self._open[conversation] = None
        return conversation

    def _left(self, conversation: Conversation) -> None:
        self._open.pop(conversation, None)

    def _make_room(self) -> bool:
        idle = [one for one in self._open if not one.answering and one.client]
        if not idle:
            return False
        of_client = Counter(one.client for one in self._open)
        gives_way = min(idle, key=lambda one: (-of_client[one.client], one.quiet_since))
        self._left(gives_way)
        gives_way.force_close()
        if gives_way.transport is not None:
            gives_way.transport.abort()
        return True


class Refusal(asyncio.Protocol):
    """Turns a client away when there are too many already: it says why, and waits until that is read."""

    def __init__(self, lingering: "set[Refusal]") -> None:
        self._lingering = lingering
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(_BUSY)
        if len(self._lingering) >= _LINGERING:
            transport.close()
            return
        self._lingering.add(self)
        self._transport = transport
        if transport.can_write_eof():
            transport.write_eof()
        asyncio.get_running_loop().call_later(_LINGER, transport.abort)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Called by the loop."""
        self._lingering.discard(self)
