"""Which feeds the web part calls gone."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.adapters.sqlite import SqliteStore
from aggregator.model import Config, Polling, Site, Source, Topic
from aggregator.service.ended import FRESH, Ended
from aggregator.service.settings import Settings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONFIG = Config(Site("Wire", "https://wire.example.org/"), Polling(), (), {}, ())


class World:
    """A clock and a configuration that change."""

    now = NOW
    config = CONFIG


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ended(tmp_path: Path, world: World) -> Ended:
    settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
    return Ended(settings, lambda: world.config, lambda: world.now)


def end(path: Path, *names: str) -> None:
    with closing(SqliteStore.open(path)) as store:
        store.mark(names, NOW)
        for one in store.stale(NOW):
            store.published(one, "as printed", NOW, None)
            store.forget_feed(one.feed)


def test_without_a_store_nothing_has_ended(ended: Ended) -> None:
    assert list(ended()) == []


def test_topics_and_sources_that_were_taken_out_have_ended(ended: Ended) -> None:
    end(ended.settings.database, "kim", "sources/north")
    assert list(ended()) == ["kim", "sources/north"]


def test_what_is_configured_again_has_not_ended(ended: Ended, world: World) -> None:
    end(ended.settings.database, "kim", "sources/north")
    world.config = replace(
        CONFIG, topics=(Topic("kim", "Kim"),), sources=(Source("north", "https://north.example/feed"),)
    )
    assert list(ended()) == []


def test_the_store_is_looked_into_once_in_a_while(ended: Ended, world: World) -> None:
    assert list(ended()) == []
    end(ended.settings.database, "kim")
    world.now += FRESH - timedelta(seconds=1)
    assert list(ended()) == []
    world.now += timedelta(seconds=1)
    assert list(ended()) == ["kim"]


def test_a_store_that_cannot_be_read_changes_nothing(ended: Ended, world: World) -> None:
    end(ended.settings.database, "kim")
    assert list(ended()) == ["kim"]
    for file in ended.settings.database.parent.glob("store.db*"):
        file.write_bytes(b"no database at all" * 100)
    world.now += FRESH
    assert list(ended()) == ["kim"]
