"""Answers requests for published documents."""

from collections.abc import Callable, Collection, Mapping

from aiohttp import web

from aggregator.adapters.codings import Coding
from aggregator.web import conditions, headers, pages, paths
from aggregator.web.encodings import acceptable
from aggregator.web.files import DocumentFiles
from aggregator.web.resource import Resource
from aggregator.web.responses import DateLine, Prepared

AtHand = Callable[[web.BaseRequest], web.StreamResponse | None]
AT_HAND: web.AppKey[AtHand] = web.AppKey("AT_HAND")


def never(name: str) -> bool:
    """No document is of a feed that has ended."""
    return False


class Documents:
    """GET and HEAD for every published path; a sentence for every other request."""

    def __init__(
        self,
        files: DocumentFiles,
        date: DateLine,
        redirects: Callable[[], Mapping[str, str]],
        gone: Callable[[], Collection[str]],
        is_over: Callable[[str], bool],
    ) -> None:
        self._files = files
        self._date = date
        self._redirects = redirects
        self._gone = gone
        self._is_over = is_over

    async def close(self, _: web.Application) -> None:
        """Let go of what serving took."""
        self._files.close()

    def at_hand(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """The answer to a usual question about a document in memory, at once; None for everything else."""
        if request.method != "GET" or request.headers.get("Sec-Fetch-Dest") == "document":
            return None
        name = request.rel_url.raw_path[1:]
        resource = self._files.at_hand(name)
        return None if resource is None or self._is_over(name) else self._ready(request, resource)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The document, a 304, a redirect, or a page that says what is wrong."""
        path = request.rel_url.path_safe
        if request.method == "OPTIONS":
            return pages.options(path)
        if request.method not in ("GET", "HEAD"):
            return pages.not_allowed(path)
        name = paths.name(path)
        if name is None:
            return pages.not_found(path)
        if self._is_over(name):
            return await self._missing(path, name)
        if headers.is_feed(name) and request.headers.get("Sec-Fetch-Dest") == "document":
            return await self._opened(request, path, name)
        if headers.is_served(name) and (resource := await self._files.find(name)):
            return await self._send(request, resource)
        return await self._missing(path, name)

    async def _opened(self, request: web.Request, path: str, feed: str) -> web.StreamResponse:
        """A person opened a feed in a browser: its page, or its source if they ask for it."""
        resource = await self._files.find(feed, shown=True)
        if resource is None:
            return await self._missing(path, feed)
        page = paths.page_of(feed)
        if "raw" in request.rel_url.query or not await self._files.find(page):
            return await self._send(request, resource)
        return pages.see_page(page.rpartition("/")[2])

    async def _send(self, request: web.Request, resource: Resource) -> web.StreamResponse:
        ready = self._ready(request, resource)
        if ready is not None:
            return ready
        codings = _codings(request, resource)
        if not codings:
            return pages.not_acceptable(request.rel_url.path_safe)
        return Prepared(await self._files.answer(resource, codings[0]), self._date.now())

    def _ready(self, request: web.BaseRequest, resource: Resource) -> web.StreamResponse | None:
        """The 304 or the document, if nothing must be made for it first."""
        if conditions.fails(request.headers, resource):
            return pages.precondition_failed(request.rel_url.path_safe)
        codings = _codings(request, resource)
        if not codings:
            return None
        held = conditions.held(request.headers, resource, codings)
        answer = resource.ready(codings[0]) if held is None else resource.not_modified(held)
        return None if answer is None else Prepared(answer, self._date.now())

    async def _missing(self, path: str, name: str) -> web.StreamResponse:
        if (target := paths.renamed(name, self._redirects())) is not None:
            return pages.moved(paths.relative(target, name), path)
        if paths.is_of(name, self._gone()):
            return pages.gone(path)
        if (to_come := paths.unsealed(name)) and await self._files.find(to_come[0]):
            return pages.meanwhile(paths.relative(to_come[1], name), path)
        for file, address in paths.elsewhere(path):
            if headers.is_served(file) and await self._files.find(file):
                return pages.moved(address, path)
        return pages.nothing_published() if path == "/" else pages.not_found(path)


def _codings(request: web.BaseRequest, resource: Resource) -> tuple[Coding, ...]:
    return resource.choose(acceptable(request.headers.get("Accept-Encoding")))
