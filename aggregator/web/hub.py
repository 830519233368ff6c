"""What subscribers ask at `/hub` (W3C WebSub), and what a person finds there."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Protocol
from urllib.parse import parse_qsl

from aiohttp import web

from aggregator.errors import AggregatorError
from aggregator.model.seams import Clock
from aggregator.web import headers, pages
from aggregator.websub.hub import Refusal

_log = logging.getLogger("aggregator.web")

PATH = "/hub"
MOST_BODY, MOST_FIELDS = 16 * 1024, 50  # bytes, and fields of a form
PATIENCE = 10.0  # seconds a request may take to arrive
MOST_WAITING = 64  # requests that are being remembered
PER_MINUTE = 600  # requests of one address
_METHODS = "GET, HEAD, POST, OPTIONS"
_FORM = "application/x-www-form-urlencoded"

_TOO_LARGE = Refusal(413, f"The request is larger than {MOST_BODY // 1024} KB.")
_TOO_SLOW = Refusal(408, "The request took too long to arrive.")
_NO_FORM = Refusal(415, f"Send a form: Content-Type {_FORM}.")
_UNREADABLE = Refusal(
    400, f"The form cannot be read; it is UTF-8, has up to {MOST_FIELDS} fields, and no more."
)
_TOO_MANY = Refusal(429, f"You ask more than {PER_MINUTE} times a minute; go on in a minute.")
_BUSY = Refusal(503, "The hub is busy; ask again in a minute.")


class Desk(Protocol):
    """Takes what subscribers ask for; called in threads, may raise AggregatorError."""

    def is_open(self) -> bool:
        """Whether there is a hub here at all."""

    def link(self, path: str) -> str:
        """The Link header of a published path, which names its hub, ours or another; "" for none."""

    def ask(self, form: Sequence[tuple[str, str]], asker: str) -> Refusal | None:
        """Remember a request until it is verified; why not, if it is refused."""


class HubEndpoint:
    """Answers what is asked at `PATH`."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._minute: datetime | None = None
        self._asked: Counter[str] = Counter()  # in this minute, by asker
        self._waiting = 0
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="web-hub")

    async def close(self, _: web.Application) -> None:
        """Let go of the thread."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """202 for a request that will be verified, or what is wrong with it; a page for a person."""
        if not self._desk.is_open():
            return pages.not_found(request.path)
        if request.method == "OPTIONS":
            return pages.options(request.path, _METHODS)
        if request.method in ("GET", "HEAD"):
            return pages.hub()
        if request.method != "POST":
            return pages.error(405, "The hub is asked with POST.", request.path, Allow=_METHODS)
        refusal = await self._post(request)
        return (
            _said(202, "Your callback will be asked whether it wants this.")
            if refusal is None
            else (_said(refusal.status, refusal.sentence))
        )

    async def _post(self, request: web.Request) -> Refusal | None:
        asker = asker_of(request)
        if self._is_too_often(asker):
            return _TOO_MANY
        form = await _form(request)
        if isinstance(form, Refusal):
            return form
        if self._waiting >= MOST_WAITING:
            return _BUSY
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._desk.ask, form, asker)
        except AggregatorError as error:
            _log.error("a request to the hub could not be remembered: %s", error)
            return _BUSY
        finally:
            self._waiting -= 1

    def _is_too_often(self, asker: str) -> bool:
        minute = self._clock().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._asked = minute, Counter()
        self._asked[asker] += 1
        return self._asked[asker] > PER_MINUTE


def asker_of(request: web.BaseRequest) -> str:
    """Who asks: an IP address, for IPv6 its /64; behind a proxy of this machine or house whom that names."""
    remote = request.remote or ""
    try:
        address = ip_address(remote)
        if address.is_private and (named := request.headers.getall("X-Forwarded-For", ())):
            address = ip_address(named[-1].rpartition(",")[2].strip())
    except ValueError:
        return remote
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or IPv6Network((address, 64), strict=False))
    return str(address)


async def _form(request: web.Request) -> list[tuple[str, str]] | Refusal:
    if request.content_type != _FORM:
        return _NO_FORM
    if (request.content_length or 0) > MOST_BODY:
        return _TOO_LARGE
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST_BODY:
                    return _TOO_LARGE
    except TimeoutError:
        return _TOO_SLOW
    try:
        text = body.decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        return _UNREADABLE


def _said(status: int, sentence: str) -> web.Response:
    fields = {**headers.ALWAYS, "Cache-Control": headers.NOT_CACHED}
    if status in (429, 503):
        fields["Retry-After"] = "60"
    answer = web.Response(status=status, text=f"{sentence}\n", headers=fields)
    if status in (408, 413, 415):
        answer.force_close()  # what is left of the request is not read
    return answer
