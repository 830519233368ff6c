"""Where hubs that we subscribed to verify that, and push what is new (W3C WebSub, 5.3 and 7).

Each subscription has an address of its own below `/push/`, which nobody can guess.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from aiohttp import web

from aggregator.errors import AggregatorError
from aggregator.web import headers, pages

_log = logging.getLogger("aggregator.web")

PATH = "/push/{token:[A-Za-z0-9_-]{16,128}}"
MOST = 20 * 1024 * 1024  # bytes of a push, as sent and decoded
PATIENCE = 60.0  # seconds that a push may take to arrive
AT_ONCE = 4  # pushes in memory
MOST_WAITING = 64
_LONGEST_CHALLENGE = 4_000  # characters
_METHODS = "GET, POST, OPTIONS"

T = TypeVar("T")


class Receiver(Protocol):
    """Knows the subscriptions; called in threads, may raise AggregatorError."""

    def is_known(self, token: str) -> bool:
        """Whether there is a subscription with that callback."""

    def confirms(self, token: str, query: Mapping[str, str]) -> bool:
        """Whether we asked for what the hub verifies, or take note of what it tells."""

    def take(self, token: str, fields: Mapping[str, str], body: bytes) -> int:
        """Keep what was pushed, the body as it was sent, and say with which status to answer.

        `fields` are the headers, their names in lower case, those of the same name joined by commas.
        """


class _BusyError(Exception):
    """More pushes wait than may."""


class PushEndpoint:
    """Answers what hubs ask and push at `PATH`."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="web-push")

    async def close(self, _: web.Application) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The challenge of a verification, 404 where we did not ask for it; a bare status for a push."""
        if request.method == "OPTIONS":
            return pages.options(request.path, _METHODS)
        if request.method not in ("GET", "POST"):
            return pages.error(405, "Only a hub has business here.", request.path, Allow=_METHODS)
        try:
            verifying = request.method == "GET"
            return await (self._verified(request) if verifying else self._pushed(request))
        except _BusyError:
            return _status(503)
        except AggregatorError as error:
            _log.error("a hub could not be answered: %s", error)
            return _status(503)

    async def _verified(self, request: web.Request) -> web.StreamResponse:
        query, token = request.rel_url.query, request.match_info["token"]
        challenge = query.get("hub.challenge", "")
        fitting = len(challenge) <= _LONGEST_CHALLENGE and challenge.isprintable()
        if not fitting or not await self._in_thread(self._receiver.confirms, token, dict(query)):
            return pages.not_found(request.path)
        fields = {**headers.ALWAYS, "Cache-Control": headers.NOT_CACHED, "Content-Security-Policy": "sandbox"}
        return web.Response(text=challenge, content_type="text/plain", headers=fields)

    async def _pushed(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        if not await self._in_thread(self._receiver.is_known, token):
            return _status(410)  # the hub may forget about us (WebSub, 7)
        if self._waiting >= AT_ONCE + MOST_WAITING:
            raise _BusyError
        self._waiting += 1
        try:
            async with self._room:
                body = await _body(request)
                if isinstance(body, int):
                    return _status(body)
                fields = {name.lower(): ", ".join(request.headers.getall(name)) for name in request.headers}
                return _status(await self._in_thread(self._receiver.take, token, fields, body))
        finally:
            self._waiting -= 1

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


async def _body(request: web.Request) -> bytes | int:
    """The body as sent, or the status that says why it was not read."""
    if (request.content_length or 0) > MOST:
        return 413
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST:
                    return 413
    except TimeoutError:
        return 408
    return bytes(body)


def _status(status: int) -> web.Response:
    fields = {**headers.ALWAYS, "Cache-Control": headers.NOT_CACHED}
    if status == 503:
        fields["Retry-After"] = "60"
    answer = web.Response(status=status, headers=fields)
    if status in (408, 410, 413, 503):
        answer.force_close()  # what is left of the request is not read
    return answer
