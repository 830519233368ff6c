"""What cannot be published for now is told once and done later; what cannot be stored stops the pass."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters.disk import Folder
from aggregator.adapters.log import unpublished
from aggregator.adapters.precompressed import Precompressed
from aggregator.errors import AggregatorError
from aggregator.model import Event, Failure, PollResult, Published, Refined, Response, Source
from aggregator.service.application import Application
from aggregator.service.poller import PollLoop
from aggregator.service.settings import Settings
from aggregator.store import Recorded
from aggregator.store.sqlite import SqliteStore
from tests.faults.small_pass import CONFIG, NAMESPACE, Place, later, now, recorded


def test_feeds_that_fail_for_one_cause_are_one_sentence() -> None:
    full = "the disk is full; free some space."
    events = [Published(name, (), f"Cannot write feeds/{name}.atom: {full}") for name in ("all", "a", "b")]
    events += [Published("c", ("c.atom",)), Published("d", (), "Cannot write feeds/d.atom: move it away.")]
    assert list(unpublished(events).values()) == [
        f"all and 2 other feeds were not published: Cannot write feeds/all.atom: {full}",
        "d was not published: Cannot write feeds/d.atom: move it away.",
    ]


def test_a_running_program_says_once_that_it_cannot_publish_and_catches_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aggregator")
    place, obstacle, passed = Place(tmp_path), tmp_path / "feeds" / "sources", [timedelta(0)]
    obstacle.parent.mkdir()
    obstacle.write_text("a file where a folder belongs")

    async def scenario(store: SqliteStore, thread: ThreadPoolExecutor) -> None:
        store.namespace(NAMESPACE)
        store.sync(CONFIG.sources, now())
        pipeline = place.pipeline(store, thread, lambda: now() + passed[0], lambda _: None)
        settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
        poller = PollLoop(
            Application(settings, pipeline, store, Precompressed(Folder(tmp_path / "feeds"), print))
        )
        for _ in range(60):
            await poller.tick()
            await asyncio.sleep(0.01)
        obstacle.unlink()
        passed[0] = timedelta(minutes=2)
        await poller.drain(timedelta(seconds=5))

    with closing(SqliteStore.open(tmp_path / "store.db")) as store, ThreadPoolExecutor(1) as thread:
        asyncio.run(scenario(store, thread))
    lines = [record.getMessage() for record in caplog.records]
    assert len([line for line in lines if "not published" in line]) == 1
    assert lines[-1] == "everything is published again"
    place.complete()


def _failing_once(
    store: SqliteStore, full: asyncio.Event
) -> Callable[[Sequence[PollResult]], tuple[Recorded, ...]]:
    """`store.record_all`, until the disk is full."""
    record_all = store.record_all

    def attempt(polls: Sequence[PollResult]) -> tuple[Recorded, ...]:
        if full.is_set():
            raise AggregatorError("The database cannot grow because the disk is full; make room on the disk.")
        return record_all(polls)

    return attempt


def test_a_pass_that_cannot_store_stops_and_records_no_failures_of_its_own_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, events, full, stopped = Place(tmp_path), list[Event](), asyncio.Event(), asyncio.Event()

    def observe(event: Event) -> None:
        events.append(event)
        full.set()

    async def refine(source: Source, response: Response) -> Refined | Failure:
        if source.id != CONFIG.sources[0].id:
            await full.wait()
        if source.id == CONFIG.sources[-1].id:
            try:
                await stopped.wait()
            finally:
                stopped.set()
        return await Place.refine(place, source, response)

    with closing(SqliteStore.open(tmp_path / "store.db")) as store, ThreadPoolExecutor(1) as thread:
        store.namespace(NAMESPACE)
        store.sync(CONFIG.sources, now())
        monkeypatch.setattr(store, "record_all", _failing_once(store, full))
        pipeline = place.pipeline(store, thread, now, observe)
        pipeline.poller.refine = refine
        claims = store.claim(now(), timedelta(minutes=10), 100)

        async def scenario() -> None:
            with pytest.raises(AggregatorError, match="disk is full"):
                await pipeline.poller.poll(claims)
            assert stopped.is_set()

        asyncio.run(scenario())
        assert recorded(events) == [CONFIG.sources[0].id]
        assert len(events) == 1
        assert [id for id, memory in store.sources() if memory.failures] == []
    place.run(clock=later)
    place.complete()
