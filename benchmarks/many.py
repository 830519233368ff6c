"""Many sources: 10,000 host names polled for the first time, and 100,000 of them scheduled.

Memory is the most that a process of its own ever held; the bound for the first is 500 MB. What the store does
in each tick is compared with a store of a tenth of the sources.
"""

import asyncio
import multiprocessing
import resource
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import IPv4Address
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import uvloop

from aggregator import config
from aggregator.model import Event, Polled, Source
from aggregator.pipeline.polls import PIECE
from aggregator.service.application import open_application
from aggregator.service.poller import PollLoop
from aggregator.service.settings import Settings
from aggregator.store.sqlite import SqliteStore
from benchmarks.dripping import FEED

COLD, SCHEDULED = 10_000, 100_000
NOW = datetime(2026, 3, 1, tzinfo=UTC)
LEASE = timedelta(minutes=10)
AT_ONCE = 256
PATIENCE = 600  # seconds for a first pass


def main() -> None:
    """Print memory and ratios."""
    _in_process(cold_start)
    few, many = _in_process(schedule, SCHEDULED // 10), _in_process(schedule, SCHEDULED)
    for what, seconds in many.items():
        print(f"  {what:34} ×{seconds / few[what]:6.2f}   ({seconds * 1000:.1f} ms)")


def _in_process(work: Callable[..., dict[str, float]], *args: int) -> dict[str, float]:
    """What the work returns in a process of its own; prints the most memory that it held."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_answered, args=(there, work, *args))
    process.start()
    found: dict[str, float] = here.recv()
    process.join()
    return found


def _answered(pipe: Connection, work: Callable[..., dict[str, float]], *args: int) -> None:
    found = work(*args)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {work.__name__} {' '.join(map(str, args))}: {most:.0f} MB at most", flush=True)
    pipe.send(found)


# ── 10,000 hosts for the first time ─────────────────────────────────────────────────────────────


def cold_start() -> dict[str, float]:
    """Poll every host once as the poller does; print how the next polls are spread."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(asyncio.wait_for(_polled(Path(folder), here.recv()), PATIENCE))
    finally:
        server.terminate()
        server.join()
    return {}


async def _polled(folder: Path, port: int) -> None:
    settings = Settings(folder / "sources.yaml", folder / "a.db", folder / "feeds")
    hosts = (IPv4Address("127.1.0.0") + number for number in range(COLD))
    feeds = (f"  s{number}: http://{host}:{port}/feed" for number, host in enumerate(hosts))
    settings.config.write_text(
        "\n".join(
            (
                "site: {title: T, url: https://wire.example.org/}",
                "polling: {allow-private: [127.0.0.0/8]}",
                "sources:",
                *feeds,
            )
        ),
        encoding="utf-8",
    )
    next_polls: list[datetime] = []

    def observe(event: Event) -> None:
        if isinstance(event, Polled) and event.poll.memory.next_poll:
            next_polls.append(event.poll.memory.next_poll)

    async with open_application(settings, config.load(settings.config, {}), observe) as app:
        poller = PollLoop(app)
        while len(next_polls) < COLD:
            await poller.tick()
            await asyncio.sleep(0.2)
        await poller.drain(timedelta(0))
    first, last = min(next_polls), max(next_polls)
    minutes = Counter((moment - first) // timedelta(minutes=1) for moment in next_polls)
    print(
        f"  {COLD:,} next polls within {(last - first) / timedelta(minutes=1):.0f} minutes,"
        f" the busiest of them has ×{max(minutes.values()) / (COLD / len(minutes)):.1f} of the mean"
    )


def _serve(pipe: Connection) -> None:
    asyncio.run(_hosts(pipe))


async def _hosts(pipe: Connection) -> None:
    server = await asyncio.start_server(_answer, "0.0.0.0", 0, backlog=4096)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/rss+xml\r\n\r\n" + FEED)
    await writer.drain()
    writer.close()


# ── 100,000 scheduled ───────────────────────────────────────────────────────────────────────────


def schedule(count: int) -> dict[str, float]:
    """Seconds of what the store does with that many sources, by its name."""
    sources = [Source(f"s{number}", f"https://s{number}.example/feed") for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore.open(Path(folder) / "a.db")
        store.namespace("tag:wire.example.org,2026:aggregator")
        found = {
            "sync, all of them new": _seconds(partial(store.sync, sources, NOW)),
            "sync, nothing new": _seconds(partial(store.sync, sources, NOW)),
            f"claim {AT_ONCE}": _seconds(partial(store.claim, NOW, LEASE, AT_ONCE)),
            "next_due": _seconds(store.next_due),
            "put_off": _seconds(partial(store.put_off, NOW + timedelta(days=3))),
            "retune, the longest of its pieces": _longest_piece(store),
        }
        store.close()
    return found


def _longest_piece(store: SqliteStore) -> float:
    """Seconds that retuning holds the store at most, which it reads in pieces."""
    after, longest = "", 0.0
    while True:
        began = perf_counter()
        known = store.sources(after, PIECE)
        longest = max(longest, perf_counter() - began)
        if not known:
            return longest
        after, _ = known[-1]


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
