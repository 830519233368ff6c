"""Listens, bounds what clients can take, and closes in good order."""

import asyncio
import errno
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from aggregator.errors import AggregatorError, UsageError
from aggregator.files import allow_open
from aggregator.web import pages
from aggregator.web.connections import Connections, Conversation
from aggregator.web.documents import AT_HAND

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_log = logging.getLogger("aggregator.web")

DRAIN = 4.0  # seconds a request under way may still take when the program stops
IDLE = 75.0  # seconds a connection may be silent, or take to send a request; proxies close theirs after 60
UNSENT = 30.0  # seconds the network may refuse what we send before the connection is dropped
BACKLOG = 4096
MOST_CONNECTIONS = 10_000
_OTHER_FILES = 512  # of the rest of the program: its polls, children, database and documents


class PoliteConversation(Conversation):
    """A connection to a client; nonsense is answered with a page, and leaves no traceback in our log."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The page for a request that cannot be read, or that we failed to answer; closes the connection."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer is under way already")
        if 400 <= status < 500:
            answer = pages.error(400, "Your program sent something that is not HTTP, or far too long.")
        else:
            _log.error("%s %s could not be answered", request.method, request.path, exc_info=exc)
            answer = pages.error(500, "It is our fault, not yours. The operator has been told.")
        answer.force_close()
        return answer


@asynccontextmanager
async def serve(
    application: web.Application,
    host: str,
    port: int,
    *,
    drain: float = DRAIN,
    idle: float = IDLE,
    most: int = MOST_CONNECTIONS,
) -> AsyncIterator[int]:
    """Serve until the context ends; yields the port, which is chosen by the system where `port` is 0.

    On the way out no connection is taken any more, idle ones are closed, and requests under way have `drain`
    seconds. Raises AggregatorError where the address cannot be listened on.
    """
    most = _fitting(most, allow_open(most + _OTHER_FILES))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=drain)
    await runner.setup()
    try:
        listening = await _listen(_conversations(runner, idle, most), host, port)
        try:
            yield listening.sockets[0].getsockname()[1]
        finally:
            listening.close()
    finally:
        await runner.cleanup()


def _fitting(most: int, files: int) -> int:
    """How many connections leave the rest of the program the files that it needs: half of them, or enough."""
    return max(1, min(most, files - min(_OTHER_FILES, files // 2)))


def _conversations(runner: web.AppRunner, idle: float, most: int) -> Callable[[], asyncio.Protocol]:
    """What makes the protocol of each new connection."""
    server = runner.server
    assert server is not None
    server.request_handler = _watched(_at_hand_first(runner.app, server.request_handler))
    loop = asyncio.get_running_loop()

    def converse() -> Conversation:
        return PoliteConversation(
            server,
            loop=loop,
            keepalive_timeout=idle,
            lingering_time=2.0,
            auto_decompress=False,  # what is pushed is signed as it was sent
        )

    return Connections(converse, most).accept


def _watched(handle: Handler) -> Handler:
    """While a request is answered its connection is not idle."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        conversation = request.protocol
        if not isinstance(conversation, Conversation):
            return await handle(request)
        conversation.begin()
        try:
            return await handle(request)
        finally:
            conversation.end()

    return answer


def _at_hand_first(application: web.Application, handle: Handler) -> Handler:
    """What is at hand is answered before aiohttp looks for a route, which takes as long again."""
    at_hand = application.get(AT_HAND)
    if at_hand is None:
        return handle

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "OPTIONS" and request.rel_url.raw_path == "*":
            return pages.options("/")  # about the server as a whole (RFC 9110, 9.3.7)
        return at_hand(request) or await handle(request)

    return answer


async def _listen(protocol: Callable[[], asyncio.Protocol], host: str, port: int) -> asyncio.Server:
    if not 0 <= port <= 65535:  # uvloop would take 70000 for 4464
        raise UsageError(f"{port} is no port; choose one from 1 to 65535 with --port")
    try:
        server = await asyncio.get_running_loop().create_server(protocol, host, port, backlog=BACKLOG)
    except OSError as error:
        raise AggregatorError(_refusal(error, host, port)) from None
    for listening in server.sockets:
        _drop_dead_connections(listening)
    return server


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; choose another with --port"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} may not be used by this user; choose one above 1023 with --port"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; choose another with --host, 0.0.0.0 for all"
    reason = error.strerror or str(error)
    return f"cannot listen on {host} port {port} ({reason}); choose others with --host and --port"


def _drop_dead_connections(listening: socket.socket) -> None:
    """Where the system can, have it drop connections that take nothing; accepted ones inherit it."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None:
        listening.setsockopt(socket.IPPROTO_TCP, option, int(UNSENT * 1000))
