"""Searches over HTTP: feeds and a page of what a query finds, bounded in what they may cost."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from yarl import URL

from aggregator.adapters.codings import Coding
from aggregator.errors import AggregatorError
from aggregator.model.seams import Clock
from aggregator.outputs import FORMATS
from aggregator.web import conditions, headers, pages
from aggregator.web.encodings import acceptable
from aggregator.web.flights import Flights
from aggregator.web.resource import Resource, content_digest
from aggregator.web.responses import DateLine, Prepared

_log = logging.getLogger("aggregator.web")

LONGEST = 2000  # characters of a query
AT_ONCE = 2  # searches
MOST_WAITING = 16
KEPT, FRESH = 64, timedelta(minutes=1)
PATH = f"/search{{suffix:(?:{'|'.join(re.escape(one.suffix) for one in FORMATS)}|\\.html)}}"
_COMPLETE = "Search-Complete"
_TEXT, _PAGE = "text/plain", "text/html"


@dataclass(frozen=True, slots=True)
class Result:
    """A search as a document; where the query is wrong, what is said about it."""

    body: bytes
    wrong: bool = False
    complete: bool = True


Search = Callable[[str, str], Result]
"""Given a query and the ending of a format: what to answer; called in threads, may raise AggregatorError."""


class _BusyError(Exception):
    """More searches wait than may."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is answered alike, and kept."""

    query: str
    suffix: str
    shown: bool  # with the media type that a browser shows (headers.media_type)

    @property
    def name(self) -> str:
        return f"search{self.suffix}"


@dataclass(frozen=True, slots=True)
class _Kept:
    resource: Resource
    until: datetime


class Searches:
    """Answers what is asked at `PATH`; the same question is searched once, and again after a minute."""

    def __init__(self, search: Search, clock: Clock) -> None:
        self._search = search
        self._clock = clock
        self._date = DateLine(clock)
        self._kept: OrderedDict[_Asked, _Kept] = OrderedDict()
        self._under_way: Flights[Resource | Result] = Flights()
        self._waiting = 0
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="web-search")

    async def close(self, _: web.Application) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The document, a 304, the page instead of a feed that a browser opens, or what is wrong."""
        if request.method == "OPTIONS":
            return pages.options(request.path)
        if request.method not in ("GET", "HEAD"):
            return pages.not_allowed(request.path)
        asked = _asked(request)
        if asked.shown and "raw" not in request.rel_url.query:
            return pages.see_page(str(URL.build(path="search.html", query={"q": asked.query})))
        if len(asked.query) > LONGEST:
            return _refused(asked, f"The query is longer than {LONGEST} characters.".encode(), _TEXT)
        try:
            return await self._found(request, asked)
        except _BusyError:
            return pages.busy(request.path)
        except AggregatorError as error:
            _log.error("%s could not be searched for: %s", request.path_qs, error)
            return pages.unavailable(request.path)

    async def _found(self, request: web.Request, asked: _Asked) -> web.StreamResponse:
        resource = self._at_hand(asked) or await self._under_way.join(asked, lambda: self._look(asked))
        if isinstance(resource, Result):
            return _refused(asked, resource.body, _PAGE if asked.suffix == ".html" else _TEXT)
        codings = resource.choose(acceptable(request.headers.get("Accept-Encoding")))
        if not codings:
            return pages.not_acceptable(request.path)
        held = conditions.held(request.headers, resource, codings)
        if held is not None:
            return Prepared(resource.not_modified(held), self._date.now())
        return await self._send(resource, codings[0])

    async def _send(self, resource: Resource, coding: Coding) -> web.StreamResponse:
        answer = resource.ready(coding)
        if answer is None:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, resource.encode, coding)
            resource.keep(coding, answer)
        return Prepared(answer, self._date.now())

    def _at_hand(self, asked: _Asked) -> Resource | None:
        kept = self._kept.get(asked)
        return kept.resource if kept is not None and self._clock() < kept.until else None

    async def _look(self, asked: _Asked) -> Resource | Result:
        if self._waiting >= AT_ONCE + MOST_WAITING:
            raise _BusyError
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            result = await loop.run_in_executor(self._threads, self._search, asked.query, asked.suffix)
        finally:
            self._waiting -= 1
        return result if result.wrong else self._keep(asked, result)

    def _keep(self, asked: _Asked, result: Result) -> Resource:
        """The result as it is sent; its date stays while its bytes do."""
        now, before = self._clock(), self._kept.pop(asked, None)
        digest = content_digest(result.body)
        same = before is not None and before.resource.digest == digest
        resource = Resource(
            name=asked.name,
            shown=asked.shown,
            stamp=(),
            body=result.body,
            digest=digest,
            modified=before.resource.modified if before and same else int(now.timestamp()),
            describing=headers.describing(asked.name, result.body, noindex=True, shown=asked.shown)
            | {_COMPLETE: "yes" if result.complete else "no"},
            caching=headers.caching(asked.name),
        )
        self._kept[asked] = _Kept(resource, now + FRESH)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return resource


def _asked(request: web.Request) -> _Asked:
    suffix = request.match_info["suffix"]
    opened = suffix != ".html" and request.headers.get("Sec-Fetch-Dest") == "document"
    return _Asked(request.rel_url.query.get("q", "").strip(), suffix, opened)


def _refused(asked: _Asked, body: bytes, kind: str) -> web.Response:
    """400 with what is wrong with the query."""
    sharing = headers.SHARING if headers.is_shared(asked.name) else {}
    return web.Response(
        status=400,
        body=body,
        content_type=kind,
        charset="utf-8",
        headers={
            **headers.ALWAYS,
            **headers.PAGE_SECURITY,
            **sharing,
            "Cache-Control": headers.NOT_CACHED,
            "X-Robots-Tag": "noindex",
        },
    )
