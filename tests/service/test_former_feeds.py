"""Which feeds the web part calls gone."""

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.feeds.selection import GRACE, Definition
from aggregator.model import Config, Polling, Site, Source, Topic
from aggregator.service.former_feeds import FRESH, FormerFeeds
from aggregator.service.settings import Settings
from aggregator.store.sqlite import SqliteStore

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
def ended(tmp_path: Path, world: World) -> FormerFeeds:
    settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
    return FormerFeeds(settings, lambda: world.config, lambda: world.now)


def end(path: Path, *names: str) -> None:
    with closing(SqliteStore.open(path)) as store:
        store.mark(names, NOW)
        for one in store.stale(NOW):
            store.published(one, "as printed", NOW, None)
            store.forget_feed(one.feed)


def test_without_a_store_nothing_has_ended(ended: FormerFeeds) -> None:
    assert list(ended()) == []


def test_topics_and_sources_that_were_taken_out_have_ended(ended: FormerFeeds) -> None:
    end(ended.settings.database, "kim", "sources/north")
    assert list(ended()) == ["kim", "sources/north"]


def test_what_is_configured_again_has_not_ended(ended: FormerFeeds, world: World) -> None:
    end(ended.settings.database, "kim", "sources/north")
    world.config = replace(
        CONFIG, topics=(Topic("kim", "Kim"),), sources=(Source("north", "https://north.example/feed"),)
    )
    assert list(ended()) == []


def test_the_store_is_looked_into_once_in_a_while(ended: FormerFeeds, world: World) -> None:
    assert list(ended()) == []
    end(ended.settings.database, "kim")
    world.now += FRESH - timedelta(seconds=1)
    assert list(ended()) == []
    world.now += timedelta(seconds=1)
    assert list(ended()) == ["kim"]


def test_a_store_that_cannot_be_read_changes_nothing(ended: FormerFeeds, world: World) -> None:
    end(ended.settings.database, "kim")
    assert list(ended()) == ["kim"]
    for file in ended.settings.database.parent.glob("store.db*"):
        file.write_bytes(b"no database at all" * 100)
    world.now += FRESH
    assert list(ended()) == ["kim"]


# ── for a day after an edit ─────────────────────────────────────────────────────────────────────

KIM = replace(CONFIG, topics=(Topic("kim", "Kim"),))


def published(path: Path, *names: str) -> None:
    with closing(SqliteStore.open(path)) as store:
        store.mark(names, NOW)
        for one in store.stale(NOW):
            store.published(one, "as printed", NOW, None)


def take(ended: FormerFeeds, world: World, config: Config, *, record: bool = True) -> None:
    world.config = config
    asyncio.run(ended.take(record=record))


def test_what_an_edit_takes_out_is_over_a_day_later(ended: FormerFeeds, world: World) -> None:
    published(ended.settings.database, "kim", "sources/north", "all")
    take(ended, world, CONFIG)
    world.now += GRACE - FRESH
    assert (list(ended()), ended.is_over("kim.atom"), ended.is_over("sources/north/2.html")) == (
        [],
        False,
        False,
    )
    world.now += FRESH
    assert sorted(ended()) == ["kim", "sources/north"]
    assert ended.is_over("kim.atom")
    assert ended.is_over("kim/archive/000001.atom")
    assert ended.is_over("sources/north.html")
    assert not ended.is_over("kimchi.atom")
    assert not ended.is_over("all.atom")


def test_the_day_goes_on_over_a_restart_of_a_web_part_that_is_alone(ended: FormerFeeds, world: World) -> None:
    published(ended.settings.database, "kim", "all")
    take(ended, world, CONFIG)
    world.now += GRACE / 2
    again = FormerFeeds(ended.settings, lambda: world.config, lambda: world.now)
    asyncio.run(again.take(record=True))
    world.now += GRACE / 2
    assert again.is_over("kim.atom")


def test_what_is_configured_again_is_not_over(ended: FormerFeeds, world: World) -> None:
    published(ended.settings.database, "kim", "all")
    take(ended, world, CONFIG)
    world.now += GRACE
    take(ended, world, KIM)
    assert not ended.is_over("kim.atom")
    assert list(ended()) == []


def test_beside_a_poller_the_web_part_records_nothing(ended: FormerFeeds, world: World) -> None:
    published(ended.settings.database, "kim", "all")
    take(ended, world, CONFIG, record=False)
    with closing(SqliteStore.open(ended.settings.database)) as store:
        assert store.ended_feeds() == {}
    world.now += GRACE
    assert ended.is_over("kim.atom")


def test_renamings_lead_on_although_the_file_says_them_no_more(ended: FormerFeeds, world: World) -> None:
    published(ended.settings.database, "kim", "all")
    talks = Definition("talks", "Talks", "", "topic")
    with closing(SqliteStore.open(ended.settings.database)) as store:
        store.name_feeds([talks], {"kim": "talks"}, NOW)
    take(ended, world, replace(CONFIG, topics=(Topic("talks", "Talks"),)))
    assert ended.redirects() == {"kim": "talks"}
    world.now += 2 * GRACE
    assert list(ended()) == []


def test_a_renaming_leads_on_before_the_poller_took_it_over(ended: FormerFeeds, world: World) -> None:
    published(ended.settings.database, "kim", "all")
    take(ended, world, replace(CONFIG, topics=(Topic("talks", "Talks", was=("kim",)),)))
    assert ended.redirects() == {"kim": "talks"}
    world.now += GRACE
    assert not ended.is_over("kim.atom")
