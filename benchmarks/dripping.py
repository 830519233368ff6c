"""How long 1,800 healthy hosts take while 200 others drip: their answers never end, nor do they fall silent.

The poller as it runs, on a server that plays every host at an address of its own (127.x.y.z). A first start
is the worst case: everything is due at once. Beside it the same without the 200.
"""

import asyncio
import multiprocessing
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from ipaddress import IPv4Address
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import uvloop

from aggregator import config
from aggregator.model import Event, Polled
from aggregator.service.application import open_application
from aggregator.service.poller import PollLoop
from aggregator.service.settings import Settings

HEALTHY, DRIPPING = 1800, 200
LATENCY = 0.1  # seconds until a healthy host answers
PATIENCE = 90  # seconds for a pass
FEED = (
    b'<rss version="2.0"><channel><title>T</title><item><title>One</title><guid isPermaLink="false">1</guid>'
    b"</item></channel></rss>"
)
_DRIPS = IPv4Address("127.2.0.0")  # hosts from here on


def main() -> None:
    """Print the ratios."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        port: int = here.recv()
        alone, among = _pass(port, 0), _pass(port, DRIPPING)
    finally:
        server.terminate()
        server.join()
    print(
        f"{HEALTHY:,} healthy hosts alone: polled after {alone[-1]:.1f} s, half after {median(alone):.1f} s"
    )
    print(
        f"among {DRIPPING} that drip: {among[-1] / alone[-1]:.2f} × for all of them,"
        f" {median(among) / median(alone):.2f} × for half"
    )


def _pass(port: int, dripping: int) -> list[float]:
    """When each healthy host was polled, in seconds from the start, in order."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder, "sources.yaml"), Path(folder, "a.db"), Path(folder, "feeds"))
        settings.config.write_text(_configuration(port, dripping), encoding="utf-8")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(asyncio.wait_for(_polled(settings), PATIENCE))


async def _polled(settings: Settings) -> list[float]:
    cfg, times, began = config.load(settings.config, {}), list[float](), 0.0

    def observe(event: Event) -> None:
        if isinstance(event, Polled) and event.poll.failure is None:
            times.append(time.perf_counter() - began)

    async with open_application(settings, cfg, observe) as app:
        poller, began = PollLoop(app), time.perf_counter()
        while len(times) < HEALTHY:
            await poller.tick()
            await asyncio.sleep(1)
        await poller.drain(timedelta(0))
    return sorted(times)


def _configuration(port: int, dripping: int) -> str:
    healthy = [IPv4Address("127.1.0.0") + number for number in range(HEALTHY)]
    slow = [_DRIPS + number for number in range(dripping)]
    names = {f"{n % 9}-{host}".replace(".", "-"): host for n, host in enumerate((*slow, *healthy))}
    return "\n".join(
        [
            "site: {title: T, url: https://wire.example.org/}",
            "polling: {allow-private: [127.0.0.0/8]}",
            "sources:",
            *(f"  {id}: http://{host}:{port}/feed" for id, host in names.items()),
        ]
    )


# ── the hosts ───────────────────────────────────────────────────────────────────────────────────


def _serve(pipe: Connection) -> None:
    asyncio.run(_hosts(pipe))


async def _hosts(pipe: Connection) -> None:
    server = await asyncio.start_server(_answer, "0.0.0.0", 0, backlog=4096)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One answer a connection, by the address that was dialled; others than this machine get none."""
    with suppress(OSError, asyncio.IncompleteReadError):
        host = IPv4Address(writer.get_extra_info("sockname")[0])
        if host.is_loopback:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/rss+xml\r\n\r\n")
            while host >= _DRIPS:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(1)
            await asyncio.sleep(LATENCY)
            writer.write(FEED)
            await writer.drain()
    writer.close()
