"""Listening, hostile and slow clients, and the way out."""

import asyncio
import logging
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web as aiohttp_web

from aggregator import web
from aggregator.errors import AggregatorError, UsageError
from aggregator.web.resource import Answer
from aggregator.web.responses import Prepared
from tests.web.served import NOON, Client, serving, with_site


def listen(root: Path, host: str, port: int) -> None:
    async def briefly() -> None:
        async with web.serve(web.app(root, clock=lambda: NOON), host, port):
            pass

    asyncio.run(briefly())


def test_a_port_that_is_taken_is_said_in_a_sentence(root: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(AggregatorError, match=f"^port {port} is taken; choose another with --port$"):
            listen(root, "127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said_in_a_sentence(root: Path) -> None:
    with pytest.raises(AggregatorError, match=r"192\.0\.2\.1 is no address of this machine; .* --host"):
        listen(root, "192.0.2.1", 0)
    with pytest.raises(AggregatorError, match="no address of this machine"):
        listen(root, "no such host", 0)


def test_a_number_that_is_no_port_is_a_mistake_of_usage(root: Path) -> None:
    with pytest.raises(UsageError, match="70000 is no port"):
        listen(root, "127.0.0.1", 70000)


@pytest.mark.parametrize(
    "request_",
    [
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"G@T / HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_nonsense_gets_a_page_and_leaves_no_traceback(
    root: Path, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def nonsense(client: Client) -> tuple[bytes, int]:
        return await client.send(request_), (await client.ask("/")).status

    with caplog.at_level(logging.DEBUG):
        answer, after = with_site(root, nonsense)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert b"Server: aggregator\r\n" in answer
    assert b"aiohttp" not in answer
    assert after == 200
    assert not [record for record in caplog.records if record.exc_info]


def test_a_fault_of_ours_is_a_page_without_a_traceback(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def faulty() -> bytes:
        def broken(name: str) -> bool:
            raise RuntimeError("the secret reason")

        async with serving(root, noindex=broken) as client:
            return await client.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    answer = asyncio.run(faulty())
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in answer
    assert b"Server: aggregator\r\n" in answer
    assert "GET / could not be answered" in caplog.text


def test_any_host_header_will_do(root: Path) -> None:
    async def hosts(client: Client) -> set[bytes]:
        names = (b"example.org", b"[::1]:99", b"a b", b"")
        requests = (b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + name + b"\r\n\r\n" for name in names)
        return {(await client.send(request))[:15] for request in requests}

    assert with_site(root, hosts) == {b"HTTP/1.1 200 OK"}


def test_a_client_that_sends_its_request_too_slowly_is_dropped(root: Path) -> None:
    async def slow() -> bytes:
        async with serving(root, {"idle": 0.2}) as client:
            return await client.send(b"GET / HTTP/1.1\r\nHost: ")

    assert asyncio.run(slow()) == b""


def test_a_client_that_takes_nothing_is_dropped_and_costs_a_part_at_most() -> None:
    big = Answer(200, b"Content-Length: 50000000\r\n\r\n", b"x" * 50_000_000)
    seen: list[int] = []

    async def handler(request: aiohttp_web.BaseRequest) -> aiohttp_web.StreamResponse:
        assert request.transport is not None
        transport = request.transport
        asyncio.get_running_loop().call_later(0.1, lambda: seen.append(transport.get_write_buffer_size()))
        return Prepared(big, b"Date: now\r\n", patience=0.3)

    async def stalled() -> None:
        server = aiohttp_web.Server(handler)
        listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while not server.connections:
            await asyncio.sleep(0.01)
        while server.connections:
            await asyncio.sleep(0.05)
        writer.close()
        del reader
        listening.close()

    asyncio.run(asyncio.wait_for(stalled(), 10))
    assert 0 < seen[0] < 200_000


def test_hundreds_of_connections_at_once_are_served(root: Path) -> None:
    async def one(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /withdrawn.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        return answer

    async def many() -> set[bytes]:
        async with serving(root) as client:
            answers = await asyncio.gather(*(one(client.port) for _ in range(400)))
            return {answer[:15] for answer in answers}

    assert asyncio.run(many()) == {b"HTTP/1.1 200 OK"}


def test_a_request_under_way_is_finished_when_the_server_stops() -> None:
    async def stopped() -> bytes:
        began, go_on = asyncio.Event(), asyncio.Event()

        async def slow(request: aiohttp_web.Request) -> aiohttp_web.Response:
            began.set()
            await go_on.wait()
            return aiohttp_web.Response(text="finished")

        application = aiohttp_web.Application()
        application.router.add_get("/", slow)
        async with web.serve(application, "127.0.0.1", 0) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await began.wait()
            asyncio.get_running_loop().call_later(0.1, go_on.set)
        answer = await reader.read()
        writer.close()
        with pytest.raises(OSError, match=r"refused|Connect"):
            await asyncio.open_connection("127.0.0.1", port)
        return answer

    assert asyncio.run(stopped()).endswith(b"finished")


def test_the_way_out_is_bounded_and_idle_connections_do_not_hold_it_up() -> None:
    async def stuck(request: aiohttp_web.Request) -> aiohttp_web.Response:
        await asyncio.Event().wait()
        return aiohttp_web.Response()

    async def stopped() -> float:
        application = aiohttp_web.Application()
        application.router.add_get("/", stuck)
        async with web.serve(application, "127.0.0.1", 0, drain=0.2) as port:
            idle = await asyncio.open_connection("127.0.0.1", port)
            busy = await asyncio.open_connection("127.0.0.1", port)
            busy[1].write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(0.1)
            began = time.monotonic()
        took = time.monotonic() - began
        assert await idle[0].read() == b""
        for _, writer in (idle, busy):
            writer.close()
        return took

    assert asyncio.run(stopped()) < 2


def test_the_date_is_the_clocks(root: Path) -> None:
    async def date(client: Client) -> str:
        return (await client.ask("/")).headers["Date"]

    assert (
        with_site(root, date, clock=lambda: datetime(2030, 5, 6, tzinfo=UTC))
        == "Mon, 06 May 2030 00:00:00 GMT"
    )
