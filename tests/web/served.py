"""A site served on loopback, and a client that sees its answers as they are on the wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from aggregator import web

NOON = datetime(2099, 1, 1, 12, tzinfo=UTC)
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What came back, undecoded."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes


@dataclass(frozen=True)
class Client:
    """Asks one site; paths go out exactly as they are written."""

    port: int
    session: aiohttp.ClientSession

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = URL(f"http://127.0.0.1:{self.port}{path}", encoded=True)
        async with self.session.request(method, url, headers=named, allow_redirects=False) as response:
            return Answer(response.status, response.headers, await response.read())

    async def send(self, request: bytes) -> bytes:
        """Everything that comes back for some bytes, until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer


def plain_session() -> aiohttp.ClientSession:
    """A session that neither asks for codings by itself nor decodes them."""
    return aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"])


@asynccontextmanager
async def serving(root: Path, limits: dict[str, Any] | None = None, **options: Any) -> AsyncIterator[Client]:
    """`options` go to `web.app`, `limits` to `web.serve`."""
    application = web.app(root, **{"clock": lambda: NOON, **options})
    async with (
        web.serve(application, "127.0.0.1", 0, **(limits or {})) as port,
        plain_session() as session,
    ):
        yield Client(port, session)


def with_site(root: Path, use: Callable[[Client], Awaitable[T]], **options: Any) -> T:
    """What `use` returns, given a client of the site."""

    async def run() -> T:
        async with serving(root, **options) as client:
            return await use(client)

    return asyncio.run(run())


def ask(root: Path, path: str, method: str = "GET", **headers: str) -> Answer:
    """One answer of a site of its own."""
    return with_site(root, lambda client: client.ask(path, method, **headers))
