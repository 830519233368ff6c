"""One polite request: conditional, bounded, guarded, counted; what servers do is an answer or a Failure."""

import asyncio
import io
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict

from aggregator import polling
from aggregator.adapters import decoders, faults, guard, redirects
from aggregator.adapters.hosts import BlockedError, Hosts
from aggregator.adapters.redirects import Hop
from aggregator.adapters.resolver import SystemNames
from aggregator.adapters.responses import LenientConnector
from aggregator.files import allow_open
from aggregator.model import Failure, Request, Response, Site
from aggregator.model.seams import Clock, Fetch

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/json;q=0.8, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
_OURS = frozenset(
    {
        "a-im",
        "accept-encoding",
        "connection",
        "content-length",
        "if-modified-since",
        "if-none-match",
        "transfer-encoding",
    }
)
_FILES_OF_PROGRAM = 40  # its database, its child processes, and what it writes
_FILES_OF_ONE = 4  # the connection, the look-up of its name, and connections that are kept
_FIELDS = 10_000  # header lines of one answer
_READABLE = frozenset({200, 201, 202, 203})
_RANGE = re.compile(r"bytes 0-(\d{1,18})/(\d{1,18})")
_TLS_WANTED = re.compile(
    rb"(?i)plain HTTP (?:request )?(?:was sent )?to (?:an )?(?:HTTPS|SSL)|HTTP request to an HTTPS server"
)
_CONDITIONAL = frozenset({"If-None-Match", "If-Modified-Since"})
_Headers = CIMultiDict[str]
_DELTA = "feed"  # the entries that are new since the ETag, as a feed of their own (RFC 3229)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one poll may take at most."""

    body: int = 20 * 1024 * 1024  # bytes, decoded
    total: timedelta = timedelta(seconds=60)  # of a whole poll, waiting for its turns aside
    connect: timedelta = timedelta(seconds=15)  # the look-up, the dial and TLS
    idle: timedelta = timedelta(seconds=20)  # between two bytes
    redirects: int = 5
    head: int = 256 * 1024  # bytes of an answer's header lines together
    at_once: int = 400  # requests to all hosts together
    keep: bool = True  # connections, for the next request to their host


class _DroppedError(aiohttp.ClientError):
    """The connection ended before the answer; not the exception that makes aiohttp ask a second time."""


def user_agent(site: Site, version: str) -> str:
    """How we introduce ourselves: the program, its version, and whom to write to (RFC 9110, 10.1.5)."""
    whom = re.sub(r"[^\x21-\x7e\x80-\uffff]|[()\\]", "", site.contact or site.url)
    return f"aggregator/{version} (+{whom})"


@asynccontextmanager
async def open_fetch(
    user_agent: str,
    *,
    limits: Limits | None = None,
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
    clock: Clock = lambda: datetime.now(UTC),
) -> AsyncIterator[Fetch]:
    """A `Fetch` over connections of its own, for as long as the block lasts.

    It waits for its turn at the host, so callers need not; it never raises for what servers and networks do.
    `resolver` and `tls` stand in for the system's name service and trusted issuers.
    """
    limits = limits or Limits()
    wanted = _FILES_OF_PROGRAM + 2 * limits.at_once * _FILES_OF_ONE
    allowed = allow_open(wanted)
    limits = fitting(limits, allowed if allowed >= wanted else allowed // 2)  # others need files, too
    fetcher = _Fetcher(user_agent, limits, resolver or SystemNames(), tls, clock)
    try:
        yield fetcher.fetch
    finally:
        await fetcher.close()


def fitting(limits: Limits, files: int) -> Limits:
    """The limits of a process that may have so many files open: better slow than without any left."""
    most = max(1, (files - _FILES_OF_PROGRAM) // _FILES_OF_ONE)
    return replace(limits, at_once=min(limits.at_once, most), keep=limits.keep and most > limits.at_once)


def open_session(
    allowed: Sequence[guard.Network],
    limits: Limits,
    resolver: AbstractResolver,
    tls: ssl.SSLContext | None = None,
) -> aiohttp.ClientSession:
    """A session that dials public addresses and those `allowed`, keeps no cookies, and asks once."""
    connector = LenientConnector(
        head=limits.head,
        resolver=resolver,
        socket_factory=guard.guarded_sockets(allowed),
        ssl=tls or True,
        limit=0,  # bounded per host and in all by us, so that waiting is never taken for a slow server
        force_close=not limits.keep,
        keepalive_timeout=4
        if limits.keep
        else None,  # servers keep connections for 5 s or more; a stale one would cost a poll
        ttl_dns_cache=60,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(
            total=None, connect=limits.connect.total_seconds(), sock_read=limits.idle.total_seconds()
        ),
        max_headers=_FIELDS,
        max_field_size=limits.head,
        max_line_size=limits.head,
        middlewares=(_once,),
    )


class _Fetcher:
    def __init__(
        self,
        user_agent: str,
        limits: Limits,
        resolver: AbstractResolver,
        tls: ssl.SSLContext | None,
        clock: Clock,
    ) -> None:
        self._user_agent, self._limits, self._resolver = user_agent, limits, resolver
        self._tls, self._clock = tls, clock
        self._hosts = Hosts(clock)
        self._room = asyncio.Semaphore(limits.at_once)
        # A session per allow-list: a connection to a private address is never lent to who may not dial it.
        self._sessions: dict[tuple[str, ...], aiohttp.ClientSession] = {}

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()

    async def fetch(self, request: Request) -> Response | Failure:
        try:
            hop = redirects.first(request)
        except redirects.AddressError as error:
            return faults.failure(error, "", 0)
        asked, left = 0, self._limits.total.total_seconds()
        while True:
            try:
                async with (
                    self._hosts.turn(hop.host, request.at_once_per_host, request.pause_per_host),
                    self._room,
                ):
                    began = _now()
                    answer = await self._ask(hop, request, asked, left)
                    left -= _now() - began
                    self._heed(answer)
            except BlockedError as blocked:
                return faults.blocked(hop.host, blocked.remaining, asked)
            if not isinstance(answer, Hop):
                return answer
            hop, asked = answer, asked + 1

    def _heed(self, answer: Response | Failure | Hop) -> None:
        """After a 429 nothing else goes to that host for as long as it asks."""
        blocked = None if isinstance(answer, Hop) else polling.blocked_host(answer, now=self._clock())
        if blocked is not None:
            host, until = blocked
            self._hosts.block(host, until - self._clock())

    async def _ask(self, hop: Hop, request: Request, asked: int, left: float) -> Response | Failure | Hop:
        """One request: an answer, a failure, or the next hop."""
        try:
            headers = self._headers(hop, request)
            async with (
                asyncio.timeout(max(left, 0)),
                self._session(request.allow_private).request(
                    "POST" if request.form else "GET",
                    hop.url,
                    data=urlencode(request.form) if request.form else None,
                    headers=headers,
                    allow_redirects=False,
                ) as answer,
            ):
                if request.form:
                    return self._posted(hop, answer, asked + 1)
                return await self._answered(hop, request, headers, answer, asked + 1)
        except Exception as error:
            return faults.failure(error, hop.host, asked + faults.was_asked(error))

    async def _answered(
        self, hop: Hop, request: Request, sent: _Headers, answer: aiohttp.ClientResponse, asked: int
    ) -> Response | Failure | Hop:
        status, headers = answer.status, _headers(answer)
        if status in redirects.REDIRECTS:
            answer.close()
            return redirects.follow(hop, status, answer.headers.get("Location"), self._limits.redirects)
        if status == 304 and not _CONDITIONAL.isdisjoint(sent):
            body = b""
        elif status in _READABLE or _is_delta(sent, answer) or _is_whole(answer):
            body = await _read(answer, self._limits.body)
            if not body and status != 200:
                return faults.status(hop.host, status, headers, asked)
        else:
            wants_tls = hop.url.scheme == "http" and status == 400 and await _asks_for_tls(answer)
            answer.close()
            return (
                faults.tls_wanted(hop.host, asked)
                if wants_tls
                else faults.status(hop.host, status, headers, asked)
            )
        return Response(str(hop.url), status, headers, body, redirects.moved_to(hop, request), asked)

    def _posted(self, hop: Hop, answer: aiohttp.ClientResponse, asked: int) -> Response | Failure | Hop:
        """What became of a form; the body of the answer is not read."""
        status, headers = answer.status, _headers(answer)
        answer.close()
        if status in redirects.SAME_METHOD:
            return redirects.follow(hop, status, answer.headers.get("Location"), self._limits.redirects)
        if not 200 <= status < 300:
            return faults.refused(hop.host, status, headers, asked)
        return Response(str(hop.url), status, headers, b"", requests=asked)

    def _headers(self, hop: Hop, request: Request) -> _Headers:
        headers = CIMultiDict({"Accept": _ACCEPT, "User-Agent": self._user_agent})
        if request.form:
            headers.update({"Accept": "*/*", "Content-Type": "application/x-www-form-urlencoded"})
        headers.update((name, value) for name, value in hop.headers if name.lower() not in _OURS)
        headers["Accept-Encoding"] = decoders.ACCEPTED
        headers.update(hop.validators(request.validators))
        if request.delta and "If-None-Match" in headers:
            headers["A-IM"] = _DELTA
        return headers

    def _session(self, allow_private: tuple[str, ...]) -> aiohttp.ClientSession:
        session = self._sessions.get(allow_private)
        if session is None:
            session = self._sessions[allow_private] = open_session(
                guard.networks(allow_private), self._limits, self._resolver, self._tls
            )
        return session


def _is_delta(sent: _Headers, answer: aiohttp.ClientResponse) -> bool:
    """Whether this is a 226 (RFC 3229, 10.4.1) that was asked for, in the only form that was."""
    forms = ",".join(answer.headers.getall("IM", ())).lower().replace(" ", "")
    return answer.status == 226 and "A-IM" in sent and forms == _DELTA


def _is_whole(answer: aiohttp.ClientResponse) -> bool:
    """Whether this is a 206 that nobody asked for, but that holds all there is (RFC 9110, 14.4)."""
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
    return answer.status == 206 and found is not None and int(found[1]) + 1 == int(found[2])


async def _asks_for_tls(answer: aiohttp.ClientResponse) -> bool:
    """Whether a 400 says that its port speaks TLS, as nginx, Apache and Go do."""
    return _TLS_WANTED.search(await answer.content.read(4096)) is not None


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking again by itself when a connection is dropped."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _DroppedError(str(error)) from error


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """The decoded body; TooLargeError beyond the limit, coded or decoded, CodingError where it is damaged."""
    if (answer.content_length or 0) > limit:
        raise faults.TooLargeError(limit)
    decoder = decoders.decoder(_codings(answer), limit)
    body, received = io.BytesIO(), 0
    async for chunk in answer.content.iter_any():
        received += len(chunk)
        for piece in decoder.feed(chunk):
            body.write(piece)
            if max(received, body.tell()) > limit:
                raise faults.TooLargeError(limit)
    decoder.finish()
    return _unpacked(body.getvalue(), limit)


def _codings(answer: aiohttp.ClientResponse) -> list[str]:
    """What the body is coded with, in order; the transfer's codings (RFC 9112, 7) are the outermost."""
    transfer = ",".join(answer.headers.getall("Transfer-Encoding", ())).split(",")
    others = [coding for coding in transfer if coding.strip().lower() not in ("", "chunked")]
    return [*answer.headers.getall("Content-Encoding", ()), *others]


def _unpacked(body: bytes, limit: int) -> bytes:
    """What a file in gzip holds, which no header announced; the body itself where it is none or damaged."""
    if not body.startswith(decoders.GZIP_FILE):
        return body
    decoder, unpacked = decoders.decoder(["gzip"]), io.BytesIO()
    try:
        for piece in decoder.feed(body):
            unpacked.write(piece)
            if unpacked.tell() > limit:
                raise faults.TooLargeError(limit)
        decoder.finish()
    except decoders.CodingError:
        return body
    return unpacked.getvalue()


def _headers(answer: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in answer.headers.items())


def _now() -> float:
    return asyncio.get_running_loop().time()
