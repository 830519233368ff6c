"""Clocks that are wrong for a while: nothing is lost, doubled, or waits for a time that never comes."""

import asyncio
import logging
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.adapters.disk import Folder
from aggregator.adapters.precompressed import Precompressed
from aggregator.model import Failure, Request, Response, SourceState
from aggregator.service.application import Application
from aggregator.service.poller import PollLoop
from aggregator.service.settings import Settings
from aggregator.store import serialization
from aggregator.store.sqlite import SqliteStore
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
        poller = PollLoop(
            Application(settings, pipeline, store, Precompressed(Folder(tmp_path / "feeds"), print))
        )
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


# ── what was stored meanwhile ───────────────────────────────────────────────────────────────────

YEAR = timedelta(days=365)
DAY = timedelta(days=1)


def dated(day: datetime) -> str:
    return f"<pubDate>{day:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"


class Outlets(Place):
    """Outlets that date their entries, some of which are corrected; two of them ask for patience (429)."""

    dates: tuple[datetime, ...] = ()
    text = "Text"
    busy = False

    async def fetch(self, request: Request) -> Response | Failure:
        answer = await super().fetch(request)
        assert isinstance(answer, Response)
        if self.busy and "outlet-1" in request.url:
            asked = (("retry-after", "7200"),)
            return Failure("http", "Less often.", 429, asked, 1, "outlet-1.test")
        body = answer.body.replace(b"Text", self.text.encode())
        for number, date in enumerate(self.dates):
            title = f"<item><title>Peace {number}".encode()
            body = body.replace(title, title.replace(b"<title>", f"{dated(date)}<title>".encode()))
        return replace(answer, body=body)


def in_the_future(root: Path, now: datetime) -> dict[str, datetime]:
    """The latest moment of each column that lies beyond `now`."""
    found = {}
    with closing(sqlite3.connect(root / "store.db")) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table.startswith("search"):
                continue
            for _, column, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                if kind != "INTEGER":
                    continue
                ((latest,),) = db.execute(f"SELECT max({column}) FROM {table}")
                if latest is not None and latest > serialization.stamp(now + MINUTES):
                    found[f"{table}.{column}"] = serialization.moment(latest)
        for (text,) in db.execute("SELECT memory FROM sources"):
            memory = serialization.decode(SourceState, text)
            times = ("polled", "good", "newest", "failing", "whole")
            found |= {name: at for name in times if (at := getattr(memory, name)) and at > now}
    return found


def published_after(root: Path, now: datetime) -> set[str]:
    """Dates in published documents that lie after that moment."""
    dates = set()
    for path in (root / "feeds").rglob("*"):
        if path.is_file():
            dates |= set(re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", path.read_text("utf-8", "replace")))
    return {date for date in dates if date > f"{now + MINUTES:%Y-%m-%dT%H:%M:%S}"}


@pytest.mark.parametrize(
    "dates",
    [(), tuple(TRUE - DAY * n for n in range(5)), (TRUE - DAY, TRUE - DAY, TRUE + 90 * DAY)],
    ids=["undated", "dated", "some in the future"],
)
@pytest.mark.parametrize("before", [False, True], ids=["first start", "known"])
def test_a_clock_that_was_a_year_ahead_leaves_nothing_in_the_future(
    tmp_path: Path, dates: tuple[datetime, ...], before: bool
) -> None:
    place = Outlets(tmp_path, entries=5)
    place.dates = dates
    if before:
        place.run(clock=lambda: TRUE - 9 * DAY)
    place.run(clock=lambda: TRUE + YEAR)
    place.text, place.busy = "Another text", True
    place.entries += 1
    place.run(clock=lambda: TRUE + YEAR + 2 * DAY)
    assert published_after(tmp_path, TRUE)
    place.busy = False
    place.run(clock=lambda: TRUE)
    assert published_after(tmp_path, TRUE) == set()
    left = in_the_future(tmp_path, TRUE)
    assert left.pop("polls.at") > TRUE
    bounds = {"sources.next_poll": 2 * DAY, "feeds.next_change": 31 * DAY, "blocks.until": DAY}
    assert {name: at for name, at in left.items() if at > TRUE + bounds.get(name, timedelta())} == {}
    place.entries += 1
    for hours in (1, 3, 30):
        place.run(clock=lambda: TRUE + timedelta(hours=hours))  # noqa: B023 - called at once
    place.complete()
    assert published_after(tmp_path, TRUE + timedelta(hours=30)) == set()


def test_what_came_under_a_right_clock_keeps_its_dates_when_the_clock_falls_behind(tmp_path: Path) -> None:
    place = Outlets(tmp_path)
    place.dates = tuple(TRUE - DAY * n for n in range(5))
    place.run(clock=lambda: TRUE)
    shown = (tmp_path / "feeds" / "peace.json").read_bytes()
    place.run(clock=lambda: TRUE - 5 * YEAR)
    place.run(clock=lambda: TRUE + DAY)
    assert (tmp_path / "feeds" / "peace.json").read_bytes() == shown
    place.complete()


def test_a_wait_that_a_server_asked_for_under_a_wrong_clock_is_kept_by_the_right_one(tmp_path: Path) -> None:
    place = Outlets(tmp_path)
    place.busy = True
    place.run(clock=lambda: TRUE + YEAR)
    place.asked.clear()
    place.busy = False
    for minutes in (0, 30, 90):
        place.run(clock=lambda: TRUE + timedelta(minutes=minutes))  # noqa: B023 - called at once
    assert "https://outlet-1.test/feed" not in place.asked
    place.run(clock=lambda: TRUE + timedelta(minutes=150))
    assert "https://outlet-1.test/feed" in place.asked
