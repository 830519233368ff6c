"""What was stored before there was an index becomes searchable, by a search or while the program runs."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from aggregator.model.seams import Done
from aggregator.service import searches
from aggregator.service.application import Application
from aggregator.service.index import MEANWHILE, index_meanwhile
from aggregator.service.searches import search_once
from aggregator.service.settings import Settings
from aggregator.store.sqlite import SqliteStore
from tests.cli.newsdesk import NewsDesk, items

COUNT = MEANWHILE * 2 + 7


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation whose items an earlier version stored."""
    desk = NewsDesk(tmp_path)
    desk.write("topics:\n  world:\n    title: World\n    match: |\n      globe\n")
    desk.store(*items([f"Talks {n}" for n in range(COUNT)]))
    with closing(sqlite3.connect(desk.database)) as db:
        db.execute("INSERT INTO search (search) VALUES ('delete-all')")
        db.execute("DELETE FROM search_places")
        db.execute("DELETE FROM settings WHERE name LIKE 'search%'")
        db.commit()
    return Settings(desk.config, desk.database, tmp_path / "feeds")


def test_a_search_indexes_first_and_tells_how_far_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "BATCH", 40)
    told: list[int] = []

    @contextmanager
    def counting(total: int, what: str) -> Iterator[Done]:
        told.append(total)
        yield lambda more=1: told.append(more)

    found = search_once(settings, "talks", 1000, counting).found
    assert (len(found.entries), found.complete) == (COUNT, True)
    assert told == [67, 40, 27]


def test_a_running_program_indexes_meanwhile(settings: Settings) -> None:
    with closing(SqliteStore.open(settings.database)) as store:

        async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
            return work(*args)

        app = cast(
            Application,
            SimpleNamespace(
                store=store, pipeline=SimpleNamespace(context=SimpleNamespace(in_thread=in_thread))
            ),
        )
        asyncio.run(index_meanwhile(app))
        assert store.index(1) == 0
        with store._db.reading() as db:
            assert db.execute("SELECT count(*) FROM search_places").fetchone() == (COUNT,)
