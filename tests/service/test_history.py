"""Plan and apply as the commands call them: a configuration, a database and a folder on disk."""

import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator import config
from aggregator.adapters.item_workers import BATCH, worked
from aggregator.errors import AggregatorError, ConfigError, InputError
from aggregator.model import Item, PollResult, Stored, Tagged
from aggregator.model.seams import Done, Observe
from aggregator.service.passes import publish_once
from aggregator.service.plans import PlanReport, plan_history
from aggregator.service.retagging import ApplyReport, apply_to_history
from aggregator.service.settings import Settings
from aggregator.store import Store
from aggregator.store.sqlite import SqliteStore
from aggregator.topics.tagging import open_tagging
from tests.endtoend.program import Program

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCES = {"north": "https://north.example/feed"}
BEFORE = """
topics:
  peace: {title: Peace, match: peace}
  war: {title: War, match: war}
  cake: {title: Cake, match: cake}
"""
AFTER = BEFORE.replace("match: war", "match: war OR battle").replace("match: peace", "match: peace -cake")
TITLES = ("Peace at last", "War goes on", "A battle", "A cake for peace", "A cake")


class Counter:
    """What is said of how far the work has come."""

    def __init__(self) -> None:
        self.total = self.done = 0

    @contextmanager
    def __call__(self, total: int, what: str) -> Iterator[Done]:
        self.total = total

        def done(more: int = 1) -> None:
            self.done += more

        yield done


class Desk:
    """An installation with stored items; what an operator does there."""

    def __init__(self, folder: Path) -> None:
        self.program = Program(folder)
        self.settings = Settings(self.program.config, self.program.database, self.program.feeds)
        self.edit(BEFORE)

    def edit(self, topics: str) -> None:
        self.program.configure(SOURCES, topics)

    def decide(self, text: str) -> None:
        self.settings.desk.write_text(text, encoding="utf-8")

    @contextmanager
    def store(self) -> Iterator[SqliteStore]:
        store = SqliteStore.open(self.settings.database)
        yield store
        store.close()

    def fill(self, count: int = len(TITLES)) -> None:
        """Items an hour apart that the rules in force tag."""
        cfg = config.load(self.settings.config, {})
        tagging = open_tagging(cfg)
        with self.store() as store:
            store.namespace("tag:wire.example.org,2026:test")
            store.sync(cfg.sources, NOW)
            (claim,) = store.claim(NOW, HOUR, 1, only=["north"])
            items = [article(number) for number in range(count)]
            tagged = tuple(Tagged(one, tagging.tag(one), tagging.version("north")) for one in items)
            memory = replace(claim.memory, good=NOW, next_poll=None)
            store.record(PollResult(claim, NOW, memory, "new", tagged, backfill=True))

    def publish(self) -> None:
        asyncio.run(publish_once(self.settings, everything=False, watching=unwatched))

    def plan(self, file: Path | None = None, since: datetime | None = None) -> PlanReport:
        return plan_history(self.settings, file, since, 5, Counter())

    def apply(self) -> ApplyReport:
        return asyncio.run(apply_to_history(self.settings, None, Counter(), unwatched))


@contextmanager
def unwatched(total: int, what: str) -> Iterator[Observe]:
    yield lambda event: None


def article(number: int) -> Item:
    title = TITLES[number % len(TITLES)]
    return Item(
        "north",
        str(number),
        url=f"https://north.example/{number}",
        title=f"{title} {number}",
        published=NOW - number * HOUR,
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.fill()
    return made


def moves(report: PlanReport) -> dict[str, tuple[int, int]]:
    return {topic: (one.gained, one.lost) for topic, one in report.plan.topics.items()}


def test_a_plan_changes_nothing_and_apply_does_what_it_said(desk: Desk) -> None:
    desk.publish()
    desk.edit(AFTER)
    before = desk.program.stamps()
    assert moves(desk.plan()) == {"war": (1, 0), "peace": (0, 1)}
    assert desk.program.stamps() == before
    report = desk.apply()
    assert (report.items, report.changed) == (5, 2)
    assert (desk.plan().plan.items, desk.apply().items) == (0, 0)


def test_only_documents_that_show_a_change_are_written(desk: Desk) -> None:
    desk.publish()
    desk.edit(AFTER)
    desk.publish()
    before = desk.program.documents()
    desk.apply()
    after = desk.program.documents()
    changed = {path.partition(".")[0] for path, body in after.items() if before.get(path) != body}
    changed = {path.removesuffix("/embed") for path in changed} - {"sitemap"}  # it may tell another second
    assert changed == {"all", "peace", "war", "cake", "sources/north", "index"}
    assert b"A battle" in after["war.atom"]
    assert b"A cake for peace" not in after["peace.html"]


def test_rules_that_only_moved_to_other_lines_rewrite_nothing(desk: Desk) -> None:
    desk.publish()
    desk.edit(BEFORE.replace("{title: War, match: war}", '{title: War, match: "battleship\\nwar"}'))
    desk.publish()
    before = desk.program.documents()
    assert (desk.apply().items, desk.plan().plan.items) == (5, 0)
    assert desk.program.documents() == before


def test_another_file_is_tried_out_with_the_decisions_in_force(desk: Desk, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(desk.settings.config.read_text().replace(BEFORE, AFTER), encoding="utf-8")
    assert moves(desk.plan()) == {}
    assert moves(desk.plan(draft)) == {"war": (1, 0), "peace": (0, 1)}
    desk.decide("add: [{item: https://north.example/3, topics: [peace], reason: it is for peace}]")
    desk.publish()
    assert moves(desk.plan(draft)) == {"war": (1, 0)}


def test_decisions_outlive_retagging(desk: Desk) -> None:
    desk.decide(
        "add: [{item: https://north.example/4, topics: [peace], reason: a peace cake}]\n"
        "remove: [{item: https://north.example/2, topics: [war], reason: a battle of wits}]"
    )
    desk.edit(AFTER)
    desk.apply()
    documents = desk.program.documents()
    assert b"A cake 4" in documents["peace.atom"]
    assert b"by hand: a peace cake" in documents["peace.html"]
    assert b"A battle" not in documents["war.atom"]
    desk.decide("")
    desk.publish()
    documents = desk.program.documents()
    assert b"A cake 4" not in documents["peace.atom"]
    assert b"A battle" in documents["war.atom"]


def test_a_renamed_topic_shows_its_history_without_an_apply(desk: Desk) -> None:
    desk.publish()
    desk.edit(BEFORE.replace("war: {", "conflict: {was: [war], "))
    assert moves(desk.plan()) == {}
    desk.publish()
    assert b"War goes on" in desk.program.documents()["conflict.atom"]
    assert desk.plan().plan.changed == 0


def test_only_what_was_published_since_is_planned(desk: Desk) -> None:
    desk.edit(AFTER)
    assert moves(desk.plan(since=NOW - 2 * HOUR)) == {"war": (1, 0)}


def test_an_invalid_file_and_a_missing_store_are_said_in_sentences(desk: Desk, tmp_path: Path) -> None:
    desk.edit(AFTER.replace("title", "titel"))
    with pytest.raises(ConfigError, match="titel"):
        desk.plan()
    with pytest.raises(ConfigError, match="titel"):
        desk.apply()
    nowhere = Settings(desk.settings.config, tmp_path / "none.db", tmp_path)
    desk.edit(AFTER)
    with pytest.raises(InputError, match="there is no store"):
        plan_history(nowhere, None, None, 5, Counter())


# ── many ────────────────────────────────────────────────────────────────────────────────────────


def numbers_of(stored: Sequence[Stored]) -> list[int]:
    return [one.number for one in stored]


def die(stored: Sequence[Stored]) -> None:
    signal.raise_signal(signal.SIGKILL)


def test_many_items_are_worked_on_by_processes_in_their_order(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fill(5 * BATCH)
    with desk.store() as store:
        numbers = store.tagged_otherwise(lambda source: "")
    batches = list(worked(desk.settings.database, numbers_of, numbers, workers=2))
    assert [number for batch in batches for number in batch] == list(numbers)
    with pytest.raises(AggregatorError, match="run the command again"):
        list(worked(desk.settings.database, die, numbers, workers=1))


def is_as_tagged_afresh(store: Store, desk: Desk) -> bool:
    tagging = open_tagging(config.load(desk.settings.config, {}))
    tagged = [one for _, one in store.iter_items(limit=10_000)]
    return all((one.tags, one.rules) == (tagging.tag(one.item), tagging.version("north")) for one in tagged)


def killed_half_way(desk: Desk) -> int:
    """Start an apply and kill it when some of its batches are stored; how many items it left."""
    tagging = open_tagging(config.load(desk.settings.config, {}))
    process = desk.program.start("apply")
    with desk.store() as store:
        while process.poll() is None and len(store.tagged_otherwise(tagging.version)) > 4 * BATCH:
            time.sleep(0.005)
        process.kill()
        process.wait()
        return len(store.tagged_otherwise(tagging.version))


def test_a_killed_apply_goes_on_where_it_stopped(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fill(6 * BATCH)
    desk.edit(AFTER)
    left = killed_half_way(desk)
    assert left % BATCH == 0
    assert 0 < left < 6 * BATCH
    assert desk.plan().plan.items == left
    assert desk.program.facts("apply")["items"] == left
    with desk.store() as store:
        assert store.counts() == {"sources": 1, "items": 6 * BATCH, "stories": 6 * BATCH}
        assert is_as_tagged_afresh(store, desk)
    assert b"A battle" in desk.program.documents()["war.atom"]
