"""Manners over time: restarts, sleep and slow servers, with the store on disk and a clock that is a value."""

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.adapters.disk import Folder
from aggregator.adapters.outage import Outages
from aggregator.adapters.precompressed import Precompressed
from aggregator.compiled import compile_config
from aggregator.model import Config, Failure, Request, Response, Source, SourceState
from aggregator.pipeline import Context, Pipeline
from aggregator.pipeline.polls import AT_ONCE
from aggregator.service import poller as poller_module
from aggregator.service.application import Application
from aggregator.service.poller import PollLoop
from aggregator.service.settings import Settings
from aggregator.store.sqlite import SqliteStore
from tests.pipeline.test_journey import CONFIG, START, World, rss

MINUTE = timedelta(minutes=1)
NAMESPACE = "tag:wire.example.org,2026-03-01:test"
PATIENCE = timedelta(seconds=5)


@dataclass
class Outside(World):
    """Servers that answer 226 to who has all but the newest item, and may be so slow that no poll ends."""

    slow: bool = False
    lies: bool = False  # whoever may be told 304 is told so
    offline: bool = False  # this machine reaches nobody
    news: dict[str, bytes] = field(default_factory=dict)  # what is new in a body, by address

    async def fetch(self, request: Request) -> Response | Failure:
        if self.offline:
            self.asked.append(request)
            host = request.url.split("/")[2]
            return Failure("network", "No name service.", None, (), 0, host, unreached=True, local=True)
        answer = await super().fetch(request)
        if self.lies and request.validators:
            return Response(request.url, 304, (), b"")
        if self.slow:
            await asyncio.Event().wait()
        if (
            isinstance(answer, Response)
            and answer.status == 200
            and request.delta
            and request.url in self.news
        ):
            return replace(answer, status=226, body=self.news[request.url])
        return answer


@contextmanager
def started(folder: Path, world: World, config: Config = CONFIG) -> Iterator[tuple[PollLoop, SqliteStore]]:
    """The poller over the store in `folder`, as a start of the program makes it."""
    with closing(SqliteStore.open(folder / "store.db")) as store, ThreadPoolExecutor(1) as thread:
        store.namespace(NAMESPACE)
        store.sync(config.sources, world.now)
        outages = Outages(world.fetch, lambda: world.now, _no_name)
        pipeline = Pipeline.of(
            Context(
                compiled=compile_config(config),
                store=store,
                thread=thread,
                observe=world.events.append,
                clock=lambda: world.now,
                namespace=NAMESPACE,
            ),
            fetch=outages.fetch,
            refine=world.refine,
            write=world.write,
            remove=world.remove,
            exists=world.files.__contains__,
            chance=lambda: 0.5,
        )
        settings = Settings(folder / "sources.yaml", folder / "store.db", folder / "feeds")
        precompressed = Precompressed(Folder(settings.feeds), print)
        yield PollLoop(Application(settings, pipeline, store, precompressed, outages=outages)), store


async def _no_name(name: str) -> list[object]:
    raise OSError


async def ticked(poller: PollLoop, patience: timedelta = PATIENCE) -> None:
    """One tick, and all that it began brought to its end."""
    await poller.tick()
    await poller.drain(patience)


def restarted(folder: Path, world: World, ticks: int = 1, patience: timedelta = PATIENCE) -> None:
    """A start, a few seconds, and a stop."""

    async def main() -> None:
        with started(folder, world) as (poller, _):
            for _ in range(ticks):
                await ticked(poller, patience)
                world.now += timedelta(seconds=1)

    asyncio.run(main())


@pytest.fixture
def world() -> Outside:
    return Outside({source.feed: rss("Peace talks", "A cake") for source in CONFIG.sources})


def asked(world: World) -> Counter[str]:
    return Counter(request.url for request in world.asked)


ONCE_EACH = Counter(source.feed for source in CONFIG.sources)


def test_a_first_start_polls_everything_at_once(world: Outside, tmp_path: Path) -> None:
    restarted(tmp_path, world)
    assert asked(world) == ONCE_EACH


def test_twenty_restarts_in_ten_minutes_make_no_extra_request(world: Outside, tmp_path: Path) -> None:
    for _ in range(20):
        restarted(tmp_path, world, ticks=2)
        world.now += MINUTE / 2
    assert asked(world) == ONCE_EACH


def test_a_poll_that_a_stop_cut_short_is_not_made_again_at_once(world: Outside, tmp_path: Path) -> None:
    world.slow = True
    for _ in range(9):
        restarted(tmp_path, world, patience=timedelta(0))
        world.now += MINUTE
    assert asked(world) == ONCE_EACH
    world.slow, world.now = False, world.now + 2 * MINUTE
    restarted(tmp_path, world)
    assert asked(world) == ONCE_EACH + ONCE_EACH


MANY = replace(CONFIG, sources=tuple(Source(f"s{n}", f"https://s{n}.example/feed") for n in range(40)))


@pytest.mark.parametrize("stopped", [True, False], ids=["stopped", "asleep"])
def test_after_three_days_of_sleep_every_source_is_polled_once_and_not_all_at_once(
    stopped: bool, tmp_path: Path
) -> None:
    world = Outside({source.feed: rss("Peace talks") for source in MANY.sources})
    seconds: list[int] = []

    async def awake(poller: PollLoop, spent: Callable[[], bool]) -> None:
        while not spent():
            before = len(world.asked)
            await ticked(poller)
            seconds.append(len(world.asked) - before)
            world.now += timedelta(seconds=1)

    async def main() -> None:
        with started(tmp_path, world, MANY) as (poller, _):
            await ticked(poller)
            world.now += timedelta(days=3)
            world.asked.clear()
            until = world.now + 2 * MINUTE
            if not stopped:
                await awake(poller, lambda: world.now > until)
        if stopped:
            with started(tmp_path, world, MANY) as (poller, _):
                await awake(poller, lambda: world.now > until)

    asyncio.run(main())
    assert asked(world) == Counter(source.feed for source in MANY.sources)
    assert max(seconds) == 1
    assert sum(seconds[:80]) == 40


@pytest.mark.parametrize(("minutes", "step"), [(1, 1), (90, 5)])
@pytest.mark.parametrize("known", [False, True], ids=["first start", "later"])
def test_an_outage_of_our_own_network_counts_against_no_source(
    minutes: int, step: int, known: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world = Outside({source.feed: rss("Peace talks") for source in MANY.sources}, offline=not known)

    async def tick_until(poller: PollLoop, until: datetime, step: int = 1) -> None:
        while world.now < until:
            await ticked(poller)
            world.now += timedelta(seconds=step)

    async def main() -> dict[str, SourceState]:
        with started(tmp_path, world, MANY) as (poller, store):
            await ticked(poller)
            if known:
                world.offline, world.now = (
                    True,
                    max(memory.next_poll or START for _, memory in store.sources()),
                )
            world.asked.clear()
            await tick_until(poller, world.now + minutes * MINUTE, step)
            assert len(world.asked) <= 40 * known + 3 * minutes + 3
            assert {memory.failures for _, memory in store.sources()} == {0}
            world.offline = False
            await tick_until(poller, world.now + 2 * MINUTE)
            return dict(store.sources())

    began = START if not known else START + MINUTE
    memories = asyncio.run(main())
    assert all(memory.failures == 0 and memory.good and memory.good > began for memory in memories.values())
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert lines[0].startswith("no host can be reached")


def test_what_an_endless_304_hid_is_read_after_eight_days(world: Outside, tmp_path: Path) -> None:
    daily = CONFIG.sources[0].feed

    async def main() -> tuple[list[int], tuple[str, ...]]:
        doubted = []
        with started(tmp_path, world) as (poller, store):
            await ticked(poller)
            world.lies, world.bodies[daily] = True, rss("Peace talks", "A cake", "A ceasefire")
            for hours in range(0, 20 * 24, 12):
                world.now, before = START + timedelta(hours=hours), len(world.asked)
                await ticked(poller)
                asked = [one for one in world.asked[before:] if one.url == daily]
                doubted += [hours // 24 for one in asked if not one.validators]
            notes = next(line.notes for line in store.polls("daily", 99) if line.status == 200)
        return doubted, notes

    doubted, notes = asyncio.run(main())
    assert doubted[0] in (8, 9)
    assert len(doubted) <= 2
    assert "304 for 8 days" in notes[0]
    assert "A ceasefire" in [one["title"] for one in json.loads(world.files["all.json"])["items"]]


def test_polls_of_slow_servers_make_room_for_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller_module, "SLOW", timedelta(0))
    sources = tuple(Source(f"s{n}", f"https://s{n}.example/feed") for n in range(AT_ONCE + 9))
    world = Outside({source.feed: rss("Peace talks") for source in sources}, slow=True)

    async def main() -> None:
        with started(tmp_path, world, replace(CONFIG, sources=sources)) as (poller, _):
            async with asyncio.timeout(30):
                while len(world.asked) < len(sources):
                    await poller.tick()
                    await asyncio.sleep(0)
            await poller.drain(timedelta(0))

    asyncio.run(main())
    assert asked(world) == Counter(source.feed for source in sources)


def test_a_226_adds_its_entries_and_loses_none_of_the_others(world: Outside, tmp_path: Path) -> None:
    daily = CONFIG.sources[0].feed

    async def main() -> tuple[list[str], list[int | None]]:
        with started(tmp_path, world) as (poller, store):
            await ticked(poller)
            world.bodies[daily] = rss("Peace talks", "A cake", "A ceasefire")
            world.news[daily] = rss("A ceasefire")
            for pause in (timedelta(days=1), MINUTE) * 2:  # what was missed is made within the minute
                world.now += pause
                await ticked(poller)
            log = [line.status for line in store.polls("daily", 9)]
            assert store.memory("daily").window == 2  # type: ignore[union-attr]
        shown = json.loads(world.files["sources/daily.json"])["items"]
        return sorted(item["title"] for item in shown), log

    titles, statuses = asyncio.run(main())
    assert titles == ["A cake", "A ceasefire", "Peace talks"]
    assert statuses == [304, 226, 200]
    assert [request.delta for request in world.asked if request.url == daily] == [False, True, True]


ROOT = Path(__file__).parents[1]
MEASURED = (ROOT / "docs/polling-measured.md").read_text("utf-8")
CHECKS = re.findall(r"\| `(tests/\S+\.py)` `(test_\w+)` \|", MEASURED)


@pytest.mark.parametrize(("file", "name"), CHECKS, ids=[name for _, name in CHECKS])
def test_every_check_in_the_docs_is_a_test(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")
