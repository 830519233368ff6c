"""Plan and apply on both stores: apply does exactly what plan said, and nothing is left to plan."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import (
    Config,
    Decision,
    Item,
    Polling,
    PollResult,
    Selection,
    Site,
    Source,
    Tagged,
    Topic,
)
from aggregator.store import Store
from aggregator.store.sqlite import SqliteStore
from aggregator.topics import retagging
from aggregator.topics.retagging import Plan
from aggregator.topics.tagging import Tagging, decisions, open_tagging
from tests.examples import examples
from tests.fakes.store import MemoryStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = ("war", "peace", "talks", "cake")


def config(
    topics: Mapping[str, str], desk: tuple[Decision, ...] = (), was: tuple[str, ...] = (), gives: str = ""
) -> Config:
    """Topics with their queries; the first of them was called `was`, source north gives `gives`."""
    made = tuple(Topic(id, id.title(), match=match) for id, match in topics.items())
    made = (replace(made[0], was=was), *made[1:])
    sources = (
        Source("north", "https://north.example/", topics=(gives,) if gives else ()),
        Source("south", "https://south.example/"),
    )
    return Config(Site("Wire", "https://wire.example.org/"), Polling(), sources, {}, made, desk)


def address(number: int) -> str:
    return f"https://outlet.example/{number}"


def filled(store: Store, cfg: Config, titles: list[str]) -> None:
    """Store items an hour apart, the odd ones from south, under a configuration."""
    store.namespace("tag:wire.example.org,2026:test")
    store.sync(cfg.sources, NOW)
    store.decide(decisions(cfg), NOW)
    tagging = open_tagging(cfg)
    for source, start in (("north", 0), ("south", 1)):
        (claim,) = store.claim(NOW, HOUR, 1, only=[source])
        items = [
            Item(source, str(number), url=address(number), title=title, published=NOW - number * HOUR)
            for number, title in enumerate(titles)
            if number % 2 == start
        ]
        tagged = tuple(Tagged(item, tagging.tag(item), tagging.version(source)) for item in items)
        store.record(PollResult(claim, NOW, replace(claim.memory, good=NOW), "new", tagged, backfill=True))


def planned(store: Store, tagging: Tagging, most: int = 5, since: datetime | None = None) -> Plan:
    numbers = store.tagged_otherwise(tagging.version, since)
    plan = retagging.Comparison(tagging, most).plan(store.stored(numbers))
    retagging.explain_losses(plan, tagging, store.stored(retagging.lost_items(plan)))
    return plan


def applied(store: Store, tagging: Tagging) -> frozenset[str]:
    numbers = store.tagged_otherwise(tagging.version)
    return store.retag(retagging.retag(tagging, store.stored(numbers)), NOW + DAY)


def members(store: Store, topic: str) -> set[str]:
    return {entry.item.url for entry in store.entries(Selection(topic=topic, newest=1000, most=1000))}


@contextmanager
def on_disk() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore.open(Path(folder) / "store.db")
        yield store
        store.close()


@contextmanager
def in_memory() -> Iterator[Store]:
    yield MemoryStore()


titles = st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), max_size=8)
queries = st.sampled_from(["war", "peace", "talks -cake", "war OR cake", "topic:b cake", "title:peace"])
desks = st.lists(
    st.builds(
        Decision,
        st.integers(0, 7).map(address),
        st.sampled_from(["a", "b"]),
        st.booleans(),
        st.just("because"),
    ),
    unique_by=lambda one: (one.item, one.topic),
    max_size=3,
).map(tuple)


@pytest.mark.parametrize("opened", [in_memory, on_disk])
@examples(40)
@given(
    titles=titles,
    before=queries,
    after=queries,
    other=st.sampled_from(["war", "talks"]),
    desk=desks,
    was=st.sampled_from([(), ("old",)]),
    gives=st.sampled_from(["", "b"]),
)
def test_apply_does_exactly_what_plan_said_and_leaves_nothing_to_plan(
    opened: Callable[[], AbstractContextManager[Store]],
    titles: list[str],
    before: str,
    after: str,
    other: str,
    desk: tuple[Decision, ...],
    was: tuple[str, ...],
    gives: str,
) -> None:
    with opened() as store:
        first = was[0] if was else "a"
        filled(store, config({first: before, "b": "cake"}), titles)
        edited = config({"a": after, "b": other}, desk, was, gives)
        store.decide(decisions(edited), NOW)
        held = {"a": members(store, "a") | members(store, first), "b": members(store, "b")}
        removed = {one.item for one in desk if one.topic == "a" and not one.belongs}
        held["a"] -= removed
        tagging = open_tagging(edited)
        plan = planned(store, tagging, most=len(titles))
        applied(store, tagging)
        for topic, had in held.items():
            has, moves = members(store, topic), plan.topics.get(topic, retagging.Moves())
            assert (len(has - had), len(had - has)) == (moves.gained, moves.lost)
            assert {move.url for move in moves.gains} == has - had
            assert {move.url for move in moves.losses} == had - has
        assert members(store, "old") == set()
        assert planned(store, tagging) == Plan()
        for one in desk:
            stands = one.item in {entry.item.url for entry in store.entries(Selection(newest=100))}
            assert (one.item in members(store, one.topic)) == (one.belongs and stands)


@pytest.fixture(params=[in_memory, on_disk])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with request.param() as opened:
        yield opened


def test_a_plan_names_the_newest_titles_with_the_words_and_what_no_longer_holds(store: Store) -> None:
    filled(store, config({"a": "peace"}), ["Peace now", "War and peace", "War", "A cake", "No war"])
    plan = planned(store, open_tagging(config({"a": "war"})), most=1)
    assert (plan.items, plan.changed) == (5, 3)
    moves = plan.topics["a"]
    assert (moves.gained, moves.lost) == (2, 1)
    (gain,), (loss,) = moves.gains, moves.losses
    assert (gain.title, gain.source, gain.words) == ("War", "north", ("“War”",))
    assert (loss.title, loss.words, loss.missing) == ("Peace now", ("“Peace”",), ("Line 1: no “war”.",))


def test_a_topic_that_is_gone_loses_all_its_items(store: Store) -> None:
    filled(store, config({"a": "peace", "b": "war"}), ["Peace", "War"])
    tagging = open_tagging(config({"a": "peace"}))
    (loss,) = planned(store, tagging).topics["b"].losses
    assert loss.missing == ("The configuration has no such topic any more.",)
    assert applied(store, tagging) == {"all", "sources/south", "b"}
    assert members(store, "b") == set()


def test_a_renamed_topic_is_no_change(store: Store) -> None:
    filled(store, config({"old": "peace"}), ["Peace", "War"])
    plan = planned(store, open_tagging(config({"a": "peace"}, was=("old",))))
    assert (plan.items, plan.changed, plan.topics) == (2, 0, {})


def test_only_what_was_published_since_is_compared(store: Store) -> None:
    filled(store, config({"a": "peace"}), ["Peace 1", "Peace 2", "Peace 3"])
    plan = planned(store, open_tagging(config({"a": "war"})), since=NOW - HOUR)
    assert (plan.items, plan.topics["a"].lost) == (2, 2)


def test_plans_that_two_make_by_turns_for_parts_of_history_add_up() -> None:
    memory = MemoryStore()
    filled(memory, config({"a": "peace"}), [f"Peace {number}" for number in range(7)])
    tagging = open_tagging(config({"a": "war"}))
    stored = memory.stored(memory.tagged_otherwise(tagging.version))
    whole, parts = retagging.Comparison(tagging, 3).plan(stored), Plan()
    comparisons = retagging.Comparison(tagging, 3), retagging.Comparison(tagging, 3)
    for start in range(7):
        parts.add(comparisons[start % 2].plan(stored[start : start + 1]), 3)
    assert parts == whole
    assert [move.title for move in parts.topics["a"].losses] == ["Peace 0", "Peace 1", "Peace 2"]
