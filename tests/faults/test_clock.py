"""Clocks that are wrong for a while: nothing is lost, doubled, or waits for a time that never comes."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.adapters.disk import Folder
from aggregator.adapters.precompressed import Precompressed
from aggregator.adapters.sqlite import SqliteStore
from aggregator.service.house import House
from aggregator.service.poller import Poller
from aggregator.service.settings import Settings
from tests.faults.small_pass import CONFIG, NAMESPACE, SOURCES, Place, recorded

TRUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
YEARS = timedelta(days=5 * 365)
MINUTES = timedelta(minutes=15)


@pytest.mark.parametrize("step", [YEARS, -YEARS, timedelta(days=1), timedelta(seconds=-30)])
def test_items_read_under_a_wrong_clock_are_stored_and_published_once(
    tmp_path: Path, step: timedelta
) -> None:
    place = Place(tmp_path)
    place.run(clock=lambda: TRUE + step)
    for hours in (1, 2, 30):
        place.run(clock=lambda: TRUE + timedelta(hours=hours))  # noqa: B023 - called at once
    place.run(clock=lambda: TRUE + step)
    place.complete()


def test_after_a_clock_that_was_years_ahead_every_source_is_polled_soon_and_once(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert len(recorded(place.run(clock=lambda: TRUE + YEARS))) == SOURCES
    place.run(clock=lambda: TRUE)
    place.run(clock=lambda: TRUE + timedelta(minutes=10))
    assert len(place.asked) == 2 * SOURCES
    place.run(clock=lambda: TRUE + timedelta(minutes=11))
    assert len(place.asked) == 2 * SOURCES
    place.entries += 1
    place.run(clock=lambda: TRUE + timedelta(days=2))
    place.complete()


def test_a_lease_taken_under_a_wrong_clock_ends(tmp_path: Path) -> None:
    with closing(SqliteStore.open(tmp_path / "store.db")) as store:
        store.namespace(NAMESPACE)
        store.sync(CONFIG.sources, TRUE)
        assert len(store.claim(TRUE + YEARS, MINUTES, 100)) == SOURCES
    assert len(recorded(Place(tmp_path).run(clock=lambda: TRUE))) == SOURCES


def test_a_running_program_notices_that_its_clock_was_set_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place, clock = Place(tmp_path), [TRUE + YEARS]

    async def scenario(store: SqliteStore, thread: ThreadPoolExecutor) -> None:
        store.namespace(NAMESPACE)
        store.sync(CONFIG.sources, clock[0])
        pipeline = place.pipeline(store, thread, lambda: clock[0], lambda _: None)
        settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
        poller = Poller(House(settings, pipeline, store, Precompressed(Folder(tmp_path / "feeds"), print)))
        for moment in (TRUE + YEARS, TRUE, TRUE + timedelta(seconds=30)):
            clock[0] = moment
            for _ in range(10):
                await poller.tick()
                await asyncio.sleep(0.02)
        await poller.drain(timedelta(seconds=5))

    caplog.set_level(logging.INFO, "aggregator")
    with closing(SqliteStore.open(tmp_path / "store.db")) as store, ThreadPoolExecutor(1) as thread:
        asyncio.run(scenario(store, thread))
    assert len([one for one in caplog.records if "clock was set back" in one.getMessage()]) == 1
    assert len(place.asked) == 2 * SOURCES
    place.complete()
