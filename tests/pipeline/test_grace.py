"""Feeds that are no longer configured, or have another name: what their addresses answer, and until when."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from aggregator.compiled import compile_config
from aggregator.model import Config, Hold, Rulings, Topic, Withdrawal
from aggregator.store.sqlite import SqliteStore
from tests.pipeline.test_journey import CONFIG, Journey, rss, weekly

HOUR = timedelta(hours=1)
DAILY, WEEKLY = "https://daily.example/feed", "https://weekly.example/feed.json"
PEACE, KOREA = CONFIG.topics
WITHOUT_PEACE = replace(CONFIG, topics=(KOREA,))
TALKS = replace(CONFIG, topics=(replace(PEACE, id="talks", was=("peace",)), KOREA))


class Wire(Journey):
    """The journey over a store in a file, which may be stopped and started."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._open()

    def _open(self) -> None:
        self.store = self.pipeline.context.store = SqliteStore.open(self.path)  # type: ignore[assignment]
        self.store.namespace(self.pipeline.context.namespace)
        self.store.sync(self.pipeline.context.compiled.config.sources, self.world.now)

    def restart(self) -> None:
        self.store.close()
        self._open()
        self.publish()

    def edit(self, config: Config, after: timedelta = HOUR) -> None:
        self.world.now += after
        self.store.sync(config.sources, self.world.now)
        self.pipeline.context.compiled = compile_config(config)
        self.publish()

    def wait(self, time: timedelta) -> None:
        self.world.now += time
        self.publish()

    def publish(self) -> None:
        async def once() -> None:
            await self.pipeline.publisher.catch_up()
            await self.pipeline.publisher.publish()

        asyncio.run(once())

    def of(self, feed: str) -> dict[str, bytes]:
        """The documents of a feed."""
        return {
            path: body for path, body in self.world.files.items() if path.startswith((f"{feed}.", f"{feed}/"))
        }

    def id(self, feed: str) -> str:
        return str(feedparser.parse(self.world.files[f"{feed}.atom"]).feed.id)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path / "store.db")
    made.world.bodies = {
        DAILY: rss("Peace talks resume", "North Korea fires", "Ceasefires hold"),
        WEEKLY: weekly(),
    }
    made.cycle()
    yield made
    made.store.close()
    made.thread.shutdown()


# ── gone ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("feed", "edited"),
    [
        ("peace", WITHOUT_PEACE),
        ("peace", replace(CONFIG, topics=())),
        ("sources/daily", replace(CONFIG, sources=CONFIG.sources[1:])),
    ],
)
def test_what_is_no_longer_configured_answers_with_its_last_documents_for_a_day(
    wire: Wire, feed: str, edited: Config
) -> None:
    last = wire.of(feed)
    assert last
    wire.edit(edited)
    assert wire.of(feed) == last
    wire.wait(timedelta(hours=23))
    wire.restart()
    assert wire.of(feed) == last
    assert wire.store.gone_feeds() == ()
    wire.wait(HOUR)
    assert wire.of(feed) == {}
    assert feed in wire.store.gone_feeds()


def test_what_is_back_in_time_was_never_away(wire: Wire) -> None:
    last = wire.of("peace")
    wire.edit(WITHOUT_PEACE)
    wire.edit(CONFIG, after=timedelta(hours=20))
    wire.wait(timedelta(hours=30))
    assert wire.of("peace") == last


def test_the_day_is_counted_from_the_last_time_it_was_taken_out(wire: Wire) -> None:
    wire.edit(WITHOUT_PEACE)
    wire.edit(CONFIG, after=timedelta(hours=20))
    wire.edit(WITHOUT_PEACE)
    wire.wait(timedelta(hours=20))
    assert wire.of("peace")
    wire.wait(timedelta(hours=4))
    assert wire.of("peace") == {}


def test_the_day_is_counted_over_a_time_in_which_the_program_stood_still(wire: Wire) -> None:
    wire.edit(WITHOUT_PEACE)
    wire.world.now += timedelta(days=3)
    wire.restart()
    assert wire.of("peace") == {}


def test_an_apply_leaves_the_last_documents_alone(wire: Wire) -> None:
    last = wire.of("peace")
    wire.edit(WITHOUT_PEACE)
    tagging = wire.pipeline.context.compiled.tagging
    stored = wire.store.stored(wire.store.tagged_otherwise(tagging.version))
    wire.store.retag([tagging.retag(one) for one in stored], wire.world.now)
    wire.wait(HOUR)
    assert wire.of("peace") == last
    assert wire.store.stale(wire.world.now) == ()


@pytest.mark.parametrize(
    "rulings",
    [
        Rulings(withdrawn=(Withdrawal("https://daily.example/Peace-talks-resume", "It was invented."),)),
        Rulings(held=(Hold("https://daily.example/Peace-talks-resume", "The lawyers read it."),)),
    ],
)
def test_what_is_withdrawn_or_held_leaves_also_the_last_documents(wire: Wire, rulings: Rulings) -> None:
    wire.edit(WITHOUT_PEACE)
    wire.edit(replace(WITHOUT_PEACE, rulings=rulings))
    assert b"Ceasefires hold" in wire.world.files["peace.atom"]
    assert b"Peace talks resume" not in b"".join(wire.of("peace").values())
    assert b"<title>Peace" in wire.world.files["peace.atom"]


# ── renamed ─────────────────────────────────────────────────────────────────────────────────────


def test_a_renamed_feed_keeps_its_id_and_its_entries(wire: Wire) -> None:
    before, id = wire.titles("peace.json"), wire.id("peace")
    wire.edit(TALKS)
    assert (wire.titles("talks.json"), wire.id("talks")) == (before, id)
    assert wire.of("peace") == {}
    wire.edit(replace(CONFIG, topics=(replace(PEACE, id="treaties", was=("talks",)), KOREA)))
    assert (wire.titles("treaties.json"), wire.id("treaties")) == (before, id)
    wire.restart()
    assert wire.id("treaties") == id


def test_a_renaming_that_is_taken_back_leaves_every_document_as_it_was(wire: Wire) -> None:
    last = wire.of("peace")
    wire.edit(TALKS)
    wire.edit(CONFIG)
    assert wire.of("talks") == {}
    assert wire.of("peace").keys() == last.keys()
    now, then = (json.loads(files["peace.json"]) for files in (wire.of("peace"), last))
    assert now == then
    assert wire.pipeline.context.names.redirects == {"talks": "peace"}


def test_the_old_documents_stay_until_the_new_ones_are_there(wire: Wire) -> None:
    last = wire.of("peace")
    wire.world.now += HOUR
    wire.pipeline.context.compiled = compile_config(TALKS)
    asyncio.run(wire.pipeline.publisher.catch_up())
    assert wire.of("peace") == last
    asyncio.run(wire.pipeline.publisher.publish())
    assert (wire.of("peace"), bool(wire.of("talks"))) == ({}, True)


def test_a_topic_that_takes_an_earlier_id_is_another_feed(wire: Wire) -> None:
    id = wire.id("peace")
    wire.edit(TALKS)
    cakes = Topic("peace", "Cakes", match="cake")
    wire.edit(replace(CONFIG, topics=(replace(PEACE, id="talks"), KOREA, cakes)))
    assert (wire.id("talks"), wire.id("peace")) == (id, f"{id};2")
    wire.restart()
    assert (wire.id("talks"), wire.id("peace")) == (id, f"{id};2")


def test_was_that_comes_late_finds_the_readers_still(wire: Wire) -> None:
    before, id = wire.titles("peace.json"), wire.id("peace")
    wire.edit(replace(CONFIG, topics=(replace(PEACE, id="talks"), KOREA)))
    assert wire.of("peace")
    wire.edit(TALKS)
    assert (wire.titles("talks.json"), wire.id("talks"), wire.of("peace")) == (before, id, {})


def test_a_topic_that_is_merged_into_an_older_one_leaves_that_its_id(wire: Wire) -> None:
    wire.edit(replace(CONFIG, topics=(*CONFIG.topics, Topic("cakes", "Cakes", match="cake"))))
    id = wire.id("peace")
    wire.edit(replace(CONFIG, topics=(replace(PEACE, was=("cakes",)), KOREA)))
    assert wire.id("peace") == id


def test_a_renamed_source_keeps_its_id_its_entries_and_its_dates(wire: Wire) -> None:
    before, id = json.loads(wire.world.files["sources/daily.json"]), wire.id("sources/daily")
    daily, weekly_ = CONFIG.sources
    renamed = replace(CONFIG, sources=(replace(daily, id="the-daily", was=("daily",)), weekly_))
    wire.edit(renamed)
    after = json.loads(wire.world.files["sources/the-daily.json"])
    assert wire.id("sources/the-daily") == id
    assert [(item["id"], item["date_published"]) for item in after["items"]] == [
        (item["id"], item["date_published"]) for item in before["items"]
    ]
    assert wire.of("sources/daily") == {}
    everything = wire.titles("all.json")
    wire.world.now += HOUR
    wire.cycle(("the-daily",))
    assert wire.titles("all.json") == everything
    assert json.loads(wire.world.files["sources/the-daily.json"]) == after
    wire.edit(CONFIG)
    assert json.loads(wire.world.files["sources/daily.json"]) == before
    assert wire.pipeline.context.names.redirects == {"sources/the-daily": "sources/daily"}
