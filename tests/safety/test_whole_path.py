"""Many hostile servers among honest ones, on the whole way from socket to published file."""

import asyncio
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.adapters import http
from aggregator.adapters.disk import Folder
from aggregator.adapters.http import Limits
from aggregator.adapters.processes import Processes
from aggregator.compiled import compile_config
from aggregator.model import Config, Event, Polled, Polling, Published, Site, Source, Topic
from aggregator.pipeline import Context, Pipeline
from aggregator.store.sqlite import SqliteStore
from tests import judges
from tests.adapters.recorder import LOOPBACK, Recorder, reply
from tests.safety.attacks import SECRET, Attack, attacks

HONEST = 20
POLLING = Polling(at_once_per_host=100, pause_per_host=timedelta(0), allow_private=LOOPBACK)
LIMITS = Limits(total=timedelta(seconds=4), idle=timedelta(seconds=2))
MEMORY = 300 * 1024 * 1024
"""Bytes that all of them together may cost: four bodies at their limit of 20 MiB, and as much again."""


def _feed(name: str) -> bytes:
    return (
        f'<rss version="2.0"><channel><title>{name}</title><item><title>Peace in {name}</title>'
        f'<guid isPermaLink="false">{name}</guid><link>https://{name}.test/1</link></item></channel></rss>'
    ).encode()


def _config(names: list[str], server: Recorder) -> Config:
    return Config(
        site=Site("Wire", "https://wire.test/"),
        polling=POLLING,
        sources=tuple(
            Source(name, server.url(f"/{name}"), republish="full", polling=POLLING) for name in names
        ),
        lists={},
        topics=(Topic("peace", "Peace", match="peace"),),
    )


async def _pass(config: Config, folder: Path) -> list[Event]:
    events: list[Event] = []
    with closing(SqliteStore.open(folder / "store.db")) as store, ThreadPoolExecutor(1) as thread:
        store.namespace("tag:wire.test,2026:x")
        store.sync(config.sources, datetime.now(UTC))
        written = Folder(folder / "feeds")
        async with (
            http.open_fetch("test", limits=LIMITS) as fetch,
            Processes(workers=2, deadline=timedelta(seconds=3)) as refine,
        ):
            pipeline = Pipeline.of(
                Context(
                    compiled=compile_config(config),
                    store=store,
                    thread=thread,
                    observe=events.append,
                    clock=lambda: datetime.now(UTC),
                    namespace="tag:wire.test,2026:x",
                ),
                fetch=fetch,
                refine=refine,
                write=written.write,
                remove=written.remove,
                exists=written.exists,
                chance=random.random,
            )
            await pipeline.poller.poll(store.claim(datetime.now(UTC), timedelta(minutes=5), 1000))
            await pipeline.publisher.catch_up()
            await pipeline.publisher.publish()
    return events


def _peak() -> int:
    """The most memory that this process has had since `_forget_peak`, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _forget_peak() -> int:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pytest.skip("this system does not measure the memory of a process")
    return _peak()


def test_only_hostile_sources_fail_in_bounded_time_and_memory(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    honest = [f"honest-{n}" for n in range(HONEST)]
    server = Recorder({})

    async def scenario() -> tuple[dict[str, Attack], list[Event]]:
        async with server:
            hostile = attacks(server.url, str(secret))
            answers = {f"/{name}": attack.answer for name, attack in hostile.items()}
            server.answers = answers | {f"/{name}": reply(200, _feed(name)) for name in honest}
            names = [*list(hostile)[::2], *honest, *list(hostile)[1::2]]
            return hostile, await _pass(_config(names, server), tmp_path)

    before, began = _forget_peak(), time.monotonic()
    hostile, events = asyncio.run(scenario())
    assert time.monotonic() - began < 60  # a few seconds; more only where the machine is busy
    assert _peak() - before < MEMORY
    polls = {event.source.id: event.poll for event in events if isinstance(event, Polled)}
    failed = {name: poll.failure.kind for name, poll in polls.items() if poll.failure}
    told = {name: failed.get(name, "") for name in (*hostile, *honest)}
    assert {name: kind for name, kind in told.items() if name in honest and kind} == {}
    assert {name: told[name] for name, attack in hostile.items() if told[name] not in attack.kinds} == {}
    assert sorted(hit.path for hit in server.hits) == sorted(f"/{name}" for name in (*hostile, *honest))
    assert [one for poll in polls.values() if (one := poll.failure) and "\n" in one.sentence] == []
    _judge(tmp_path / "feeds", honest, [event for event in events if isinstance(event, Published)])


def _judge(feeds: Path, honest: list[str], published: list[Published]) -> None:
    """Everything was published, is sound and small, and gives nothing of this machine away."""
    assert [one for one in published if one.failure] == []
    titles = {item["title"] for item in json.loads((feeds / "peace.json").read_text())["items"]}
    assert titles == {f"Peace in {name}" for name in honest}
    for path in (path for path in feeds.rglob("*") if path.suffix in judges.JUDGES):
        body = path.read_bytes()
        assert judges.JUDGES[path.suffix](body) == [], path
        assert SECRET.encode() not in body
        assert body.count(b"lol") < 100
        assert len(body) < 3_000_000
