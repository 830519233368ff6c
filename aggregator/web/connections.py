"""The connections of clients: bounded in number; where all are taken, an idle one gives way."""

import asyncio
from collections import Counter
from collections.abc import Callable
from heapq import nsmallest

from aiohttp import web

Make = Callable[[], "Conversation"]
_BODY = b"The server has as many connections as it can hold. Please try again in half a minute.\n"
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nServer: aggregator\r\nRetry-After: 30\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
) % (len(_BODY), _BODY)
_LINGER = 2.0  # seconds that a client has to read why it is turned away
_AT_A_TIME = 64  # one in so many of a client's idle connections is closed where there is no room
_LINGERING = 32  # clients at a time that are told; others are just closed


class Conversation(web.RequestHandler):
    """A connection to a client that knows whose it is, and since when nothing is being answered on it."""

    __slots__ = ("_connections", "answering", "client", "quiet_since")

    def watch(self, connections: "Connections") -> None:
        """Report whose the connection is, and its end."""
        self._connections = connections
        self.client, self.answering, self.quiet_since = "", 0, asyncio.get_running_loop().time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        peer = transport.get_extra_info("peername")
        self.client = str(peer[0]) if isinstance(peer, tuple) else str(peer)
        refusal = self._connections.refusal(self)
        if refusal is None:
            super().connection_made(transport)
        else:
            assert isinstance(transport, asyncio.Transport)
            transport.set_protocol(refusal)
            refusal.connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Called by the loop."""
        self._connections.left(self)
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
    all are at work, it is turned away with a 503. No client has more than three quarters of them.
    """

    def __init__(self, make: Make, most: int) -> None:
        self._make, self._most = make, most
        self._most_of_client = most - most // 4
        self._open: dict[Conversation, None] = {}
        self._of_client: Counter[str] = Counter()
        self._refusals: set[TurnedAway] = set()

    def accept(self) -> asyncio.Protocol:
        """The protocol of a new connection."""
        if len(self._open) >= self._most and not self._make_room():
            return TurnedAway(self._refusals)
        conversation = self._make()
        conversation.watch(self)
        self._open[conversation] = None
        return conversation

    def refusal(self, conversation: Conversation) -> "TurnedAway | None":
        """Count a connection whose client is known by now; what answers instead where it has too many."""
        client = conversation.client
        if self._of_client[client] >= self._most_of_client and not self._make_room(client):
            self._open.pop(conversation, None)
            return TurnedAway(self._refusals)
        self._of_client[client] += 1
        return None

    def left(self, conversation: Conversation) -> None:
        """Forget a connection that has ended, or is about to."""
        known = self._open.pop(conversation, conversation) is None
        if known and conversation.client:
            self._of_client[conversation.client] -= 1
            if self._of_client[conversation.client] <= 0:
                del self._of_client[conversation.client]

    def _make_room(self, client: str = "") -> bool:
        """Close idle connections, of that client or of the one that has most; False where there are none.

        Several are closed at a time, so that a flood has not all of them looked at for each newcomer.
        """
        counted = self._of_client
        idle = [
            one
            for one in self._open
            if not one.answering and one.client and one.transport and client in ("", one.client)
        ]
        if not idle:
            return False
        first = min(idle, key=lambda one: (-counted[one.client], one.quiet_since))
        same = [one for one in idle if one.client == first.client]
        for one in nsmallest(max(1, len(same) // _AT_A_TIME), same, key=lambda one: one.quiet_since):
            self.left(one)
            one.force_close()
            if one.transport is not None:
                one.transport.abort()
        return True


class TurnedAway(asyncio.Protocol):
    """Turns a client away when there are too many already: it says why, and waits until that is read."""

    def __init__(self, lingering: "set[TurnedAway]") -> None:
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
