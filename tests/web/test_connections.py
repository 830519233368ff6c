"""Many connections, idle and busy: who is new is answered, and who floods gives way."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web as aiohttp_web

from aggregator import web
from aggregator.web import server
from tests.web.served import NOON

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
ASK = b"GET /withdrawn.json HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def open_site(root: Path, most: int, busy: asyncio.Event | None = None):  # type: ignore[no-untyped-def]
    application = web.app(root, clock=lambda: NOON)
    if busy is not None:
        application = aiohttp_web.Application()

        async def wait(request: aiohttp_web.Request) -> aiohttp_web.Response:
            await busy.wait()
            return aiohttp_web.Response(text="done")

        application.router.add_get("/{path:.*}", wait)
    async with web.serve(application, "127.0.0.1", 0, most=most) as port:
        yield port


async def connect(port: int, client: str = "127.0.0.1") -> Streams:
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(client, 0))


async def ask(streams: Streams) -> bytes:
    streams[1].write(ASK)
    return await asyncio.wait_for(streams[0].readuntil(b"\r\n\r\n"), 5)


async def close(*connections: Streams) -> None:
    for _, writer in connections:
        writer.close()


def run(use: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(use(), 20))


def test_a_new_client_takes_the_place_of_the_connection_that_is_idle_for_longest(root: Path) -> None:
    async def use() -> None:
        async with open_site(root, most=3) as port:
            first, second, third = [await connect(port) for _ in range(3)]
            for one in (first, second, third):
                assert (await ask(one)).startswith(b"HTTP/1.1 200")
            late = await connect(port)
            assert (await ask(late)).startswith(b"HTTP/1.1 200")
            rest = await asyncio.wait_for(first[0].read(), 5)
            assert b"HTTP/1.1" not in rest  # what was left of its first answer, and the end
            assert first[0].at_eof()
            assert (await ask(third)).endswith(b"\r\n\r\n")
            await close(first, second, third, late)

    run(use)


def test_of_a_client_that_floods_its_own_connections_give_way(root: Path) -> None:
    async def use() -> None:
        async with open_site(root, most=6) as port:
            other = await connect(port, "127.0.0.2")
            assert (await ask(other)).startswith(b"HTTP/1.1 200")
            flood = [await connect(port) for _ in range(40)]
            late = await connect(port, "127.0.0.3")
            assert (await ask(late)).startswith(b"HTTP/1.1 200")
            other[1].write(ASK)
            assert b"HTTP/1.1 200" in await asyncio.wait_for(other[0].readuntil(b"HTTP/1.1 200"), 5)
            await close(other, late, *flood)

    run(use)


def test_where_all_are_at_work_who_is_new_reads_why_it_is_turned_away(root: Path) -> None:
    async def use() -> None:
        busy = asyncio.Event()
        async with open_site(root, 2, busy) as port:
            working = [await connect(port) for _ in range(2)]
            for _, writer in working:
                writer.write(ASK)
            await asyncio.sleep(0.05)
            reader, writer = await connect(port)
            writer.write(ASK)
            answer = await asyncio.wait_for(reader.read(), 5)
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"Retry-After: 30" in answer
            assert b"try again" in answer
            busy.set()
            for one in working:
                assert b"200 OK" in await asyncio.wait_for(one[0].readuntil(b"200 OK"), 5)
            await close((reader, writer), *working)

    run(use)


def test_a_client_that_keeps_its_connections_at_work_leaves_a_quarter_to_others(root: Path) -> None:
    async def use() -> None:
        busy = asyncio.Event()
        async with open_site(root, 8, busy) as port:
            working = [await connect(port, "127.0.0.2") for _ in range(6)]
            for _, writer in working:
                writer.write(ASK)
            await asyncio.sleep(0.05)
            refused = await connect(port, "127.0.0.2")
            assert (await asyncio.wait_for(refused[0].read(), 5)).startswith(b"HTTP/1.1 503 ")
            other = await connect(port, "127.0.0.3")
            other[1].write(ASK)
            busy.set()
            for one in (other, *working):
                assert b"200 OK" in await asyncio.wait_for(one[0].readuntil(b"200 OK"), 5)
            await close(refused, other, *working)

    run(use)


@pytest.mark.parametrize(("files", "most"), [(10_512, 10_000), (1024, 512), (256, 128), (64, 32), (2, 1)])
def test_connections_leave_the_rest_of_the_program_its_files(files: int, most: int) -> None:
    assert server._fitting(10_000, files) == most
