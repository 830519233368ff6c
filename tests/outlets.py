"""A partner's server on loopback, in a thread of its own: answers conditional requests and logs every one."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.loopback import on_loopback


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it, and its answer."""

    path: str
    headers: dict[str, str]
    status: int


@dataclass
class Outlets:
    """Bodies by path; change them between polls."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    origin: str = ""
    conditional: bool = True  # whether it answers 304

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"{self.origin}{path}"

    async def answer(self, request: web.Request) -> web.Response:
        """200 with an ETag, 304 to who has it already, 404 for what is not there."""
        body = self.bodies.get(request.path)
        response = self._response(request, body)
        self.log.append(Asked(request.path, dict(request.headers), response.status))
        return response

    def _response(self, request: web.Request, body: bytes | None) -> web.Response:
        if body is None:
            return web.Response(status=404)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.conditional and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        kind = "application/json" if body.lstrip()[:1] == b"{" else "application/xml"
        return web.Response(body=body, headers={"ETag": etag, "Content-Type": kind})


@contextmanager
def running(outlets: Outlets) -> Iterator[Outlets]:
    """The server for the time of the block, on a free port of 127.0.0.1."""
    application = web.Application()
    application.router.add_get("/{path:.*}", outlets.answer)
    with on_loopback(application) as origin:
        outlets.origin = origin
        yield outlets
