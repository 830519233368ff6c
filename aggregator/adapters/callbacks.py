"""Requests to addresses that strangers name: guarded, short, not redirected, and hardly read."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from aggregator import polling
from aggregator.adapters import faults, guard, http
from aggregator.adapters.resolver import SystemNames
from aggregator.model import Answered, Failure
from aggregator.model.seams import Clock

MOST_READ = 1024  # bytes of an answer
_REST = 1.0  # seconds for the rest of an answer whose status is all that counts
LIMITS = http.Limits(total=timedelta(seconds=10), connect=timedelta(seconds=5), idle=timedelta(seconds=10))


@asynccontextmanager
async def open_callbacks(
    user_agent: str,
    *,
    limits: http.Limits = LIMITS,
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
    clock: Clock = lambda: datetime.now(UTC),
) -> AsyncIterator["HttpCallbacks"]:
    """Connections of their own, for as long as the block lasts; how many at once is up to the caller.

    `resolver` and `tls` stand in for the system's name service and trusted issuers.
    """
    callbacks = HttpCallbacks(user_agent, limits, resolver or SystemNames(), tls, clock)
    try:
        yield callbacks
    finally:
        await callbacks.close()


class HttpCallbacks:
    """`store.Callbacks` over HTTP; nothing that servers and networks do is raised."""

    def __init__(
        self,
        user_agent: str,
        limits: http.Limits,
        resolver: AbstractResolver,
        tls: ssl.SSLContext | None,
        clock: Clock,
    ) -> None:
        self._user_agent, self._limits = user_agent, limits
        self._resolver, self._tls, self._clock = resolver, tls, clock
        # A session per allow-list: a connection to a private address is never lent to who may not dial it.
        self._sessions: dict[tuple[str, ...], aiohttp.ClientSession] = {}

    async def close(self) -> None:
        """Close what is open."""
        for session in self._sessions.values():
            await session.close()

    async def get(self, url: str, allow_private: tuple[str, ...]) -> Answered:
        """Ask; `url` goes out exactly as it is written."""
        return await self._send("GET", url, allow_private, {}, None)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], allow_private: tuple[str, ...]
    ) -> Answered:
        """Hand over a body."""
        return await self._send("POST", url, allow_private, headers, body)

    async def _send(
        self,
        method: str,
        url: str,
        allow_private: tuple[str, ...],
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Answered:
        ours = {"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        host = url
        try:
            target = URL(url, encoded=True)
            host = target.host or url
            async with (
                asyncio.timeout(self._limits.total.total_seconds()),
                self._session(allow_private).request(
                    method, target, headers={**ours, **headers}, data=body, allow_redirects=False
                ) as answer,
            ):
                return await self._answered(host, answer, taken=method == "POST")
        except Exception as error:
            return Answered(0, sentence=_sentence(faults.failure(error, host, 0)))

    async def _answered(self, host: str, answer: aiohttp.ClientResponse, *, taken: bool) -> Answered:
        """What was said; where something was handed over, the status alone decides."""
        body, wait = b"", None
        try:
            async with asyncio.timeout(_REST if taken else None):
                body = await _beginning(answer)
        except (TimeoutError, aiohttp.ClientError):
            if not taken:
                raise
            answer.close()
        if "Retry-After" in answer.headers:
            said = tuple((name.lower(), value) for name, value in answer.headers.items())
            wait = polling.retry_after(Failure("http", "", answer.status, said), self._clock())
        sentence = "" if 200 <= answer.status < 300 else f"{host} answered {answer.status}."
        return Answered(answer.status, body, wait, sentence)

    def _session(self, allow_private: tuple[str, ...]) -> aiohttp.ClientSession:
        session = self._sessions.get(allow_private)
        if session is None:
            session = self._sessions[allow_private] = http.open_session(
                guard.networks(allow_private), self._limits, self._resolver, self._tls
            )
        return session


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    """Up to `MOST_READ` bytes of a body and one more; the rest of a longer one goes with its connection."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MOST_READ:
            answer.close()
            break
    return bytes(body[: MOST_READ + 1])


def _sentence(failure: Failure) -> str:
    if failure.kind == "address":
        return f"{failure.host} is no public address; if it is meant, name its network in hub.allow-private."
    return failure.sentence
