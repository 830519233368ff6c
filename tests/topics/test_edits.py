"""Edits, applies and undos in any order: an earlier file brings back the earlier tags."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds import selection
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
from aggregator.topics import advice, retagging
from aggregator.topics.evidence import read
from aggregator.topics.retagging import Plan
from aggregator.topics.tagging import Tagging, decisions, open_tagging
from tests.examples import examples
from tests.topics.test_retagging import DAY, HOUR, NOW, address, in_memory, members, on_disk

TITLES = (
    "War",
    "Peace now",
    "War and peace",
    "A cake",
    "Peace cake",
    "Talks",
    "War talks",
    "Cake war",
    "Rain",
)
SITE = Site("Wire", "https://wire.example.org/")
SOURCE = Source("north", "https://north.example/")
File = tuple[Topic, ...]


def config(topics: File, desk: tuple[Decision, ...] = ()) -> Config:
    return Config(SITE, Polling(), (SOURCE,), {}, topics, desk)


class Installation:
    """A store under a configuration, and what the program does with it; time goes on with each step."""

    def __init__(self, store: Store, file: File, desk: tuple[Decision, ...] = ()) -> None:
        self.store, self.desk, self.now = store, desk, NOW
        store.namespace("tag:wire.example.org,2026:test")
        store.sync([SOURCE], NOW)
        self.take(file)
        self.poll(TITLES)
        self.publish()

    def take(self, file: File) -> None:
        """Put a file in force as the running program does."""
        self.now += HOUR
        self.config = config(file, self.desk)
        self.tagging = open_tagging(self.config)
        definitions = selection.definitions(self.config)
        self.names = self.store.name_feeds(definitions, selection.earlier_names(self.config), self.now)
        self.store.decide(decisions(self.config), self.now)
        for earlier, name in self.names.redirects.items():
            while name in {topic.id for topic in file} and self.store.rename_topic(earlier, name, self.now):
                pass
        version = self.tagging.version
        self.retag(lambda source, rules: read(rules).leads_back(version(source)), Tagging.take_back)
        if self.names.to_fill:
            topics, unheard_of = self.names.to_fill, self.names.to_fill == self.names.unheard_of
            self.retag(
                lambda source, rules: not read(rules).is_current(version(source)),
                lambda tagging, one: tagging.fill(one, topics, unheard_of=unheard_of),
            )
            self.store.filled(topics)

    def retag(self, which: Callable[[str, str], bool], work: Callable[..., object]) -> None:
        stored = self.store.stored(self.store.standing(which))
        self.store.retag([work(self.tagging, one) for one in stored], self.now)  # type: ignore[misc]

    def poll(self, titles: tuple[str, ...], start: int = 0) -> None:
        (claim,) = self.store.claim(self.now, HOUR, 1, only=["north"])
        items = [
            Item("north", str(start + n), url=address(start + n), title=title, published=NOW - n * HOUR)
            for n, title in enumerate(titles)
        ]
        version = self.tagging.version("north")
        tagged = tuple(Tagged(one, self.tagging.tag(one), version) for one in items)
        memory = replace(claim.memory, good=self.now)
        self.store.record(PollResult(claim, self.now, memory, "new", tagged, backfill=True))

    def publish(self) -> None:
        for one in self.store.stale(self.now):
            if one.feed in {definition.name for definition in selection.definitions(self.config)}:
                self.store.published(one, "as printed", self.now, None)

    def apply(self) -> None:
        numbers = self.store.tagged_otherwise(self.tagging.version)
        self.store.retag(retagging.retag(self.tagging, self.store.stored(numbers)), self.now + DAY)

    def plan(self) -> Plan:
        numbers = self.store.tagged_otherwise(self.tagging.version)
        return retagging.Comparison(self.tagging, 100).plan(self.store.stored(numbers))

    def shown(self) -> dict[str, set[str]]:
        """What stands in each topic of the configuration."""
        return {topic.id: members(self.store, topic.id) for topic in self.config.topics}

    def items(self) -> tuple[Tagged, ...]:
        return tuple(tagged for entry in self.entries() for tagged in self.store.story_items(entry))

    def entries(self) -> Iterator[str]:
        chosen = self.store.entries(Selection(newest=1000, most=1000))
        return (entry.id for entry in chosen)

    def explained(self) -> set[tuple[str, str, bool]]:
        """What `explain` says an apply would add (True) or remove, by address and topic."""
        said = set()
        for entry in self.store.entries(Selection(newest=1000, most=1000)):
            for one in self.store.story_items(entry.id):
                found = advice.explain_stored(
                    self.tagging.rules, self.config.topics, one, SOURCE.topics, entry.tags
                )
                for topic in found.topics:
                    if "`aggregator apply` would" in topic.note:
                        said.add((one.item.url, topic.verdict.topic, "would add" in topic.note))
        return said

    def planned(self) -> set[tuple[str, str, bool]]:
        return {
            (move.url, topic, gains)
            for topic, moves in self.plan().topics.items()
            for gains, several in ((True, moves.gains), (False, moves.losses))
            for move in several
        }


def topic(id: str, match: str, *was: str) -> Topic:
    return Topic(id, id.title(), match=match, was=was)


BEFORE = (topic("war", "war"), topic("peace", "peace"))

# ── any order ───────────────────────────────────────────────────────────────────────────────────

ids = st.sampled_from(["a", "b", "c", "d"])
plain_queries = st.sampled_from(["war", "peace", "cake", "talks -cake", "war OR cake"])
queries = st.one_of(plain_queries, st.just("topic:a"))


@st.composite
def files(draw: st.DrawFn) -> File:
    """Any valid set of topics; earlier ids are any that no topic has, none twice."""
    chosen = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    others = [id for id in ("a", "b", "c", "d") if id not in chosen]
    owners = [draw(st.sampled_from(["", *chosen])) for _ in others]
    return tuple(
        Topic(
            id,
            id.title(),
            match=draw(queries if "a" in chosen and id != "a" else plain_queries),
            was=tuple(other for other, owner in zip(others, owners, strict=True) if owner == id),
        )
        for id in chosen
    )


steps = st.lists(
    st.one_of(
        files(),
        st.tuples(st.just("back"), st.integers(0, 5)),
        st.sampled_from(["apply", "publish", "poll"]),
    ),
    max_size=8,
)
desks = st.lists(
    st.builds(
        Decision, st.integers(0, 8).map(address), st.sampled_from(["a", "b"]), st.booleans(), st.just("so")
    ),
    max_size=2,
    unique_by=lambda one: (one.item, one.topic),
).map(tuple)


@pytest.mark.parametrize("opened", [in_memory, on_disk])
@examples(60)
@given(first=files(), steps=steps)
def test_whatever_is_edited_the_earlier_file_brings_back_the_earlier_tags(
    opened: Callable[[], AbstractContextManager[Store]], first: File, steps: list[object]
) -> None:
    with opened() as store:
        made, known = Installation(store, first), [first]
        before = made.shown()
        for step in steps:
            if step == "apply":
                made.apply()
            elif step == "publish":
                made.publish()
            elif step == "poll":
                made.poll(TITLES)
            elif isinstance(step, tuple) and step[:1] == ("back",):
                made.take(known[step[1] % len(known)])
            else:
                known.append(step)  # type: ignore[arg-type]
                made.take(step)  # type: ignore[arg-type]
            assert_judged_alike(made)
        made.take(first)
        assert_judged_alike(made)
        made.apply()
        assert made.shown() == before
        assert made.plan() == Plan()
        assert made.explained() == set()


def assert_judged_alike(made: Installation) -> None:
    """What counts as up to date is, and explain says of every item what plan says."""
    assert made.explained() == made.planned()
    for one in made.items():
        if made.tagging.is_current("north", one.rules):
            assert one.tags == made.tagging.tag(one.item)


@pytest.mark.parametrize("opened", [in_memory, on_disk])
@examples(40)
@given(desk=desks)
def test_a_renaming_and_its_undo_lose_nothing_that_the_desk_decided(
    opened: Callable[[], AbstractContextManager[Store]], desk: tuple[Decision, ...]
) -> None:
    with opened() as store:
        first = (topic("a", "war"), topic("b", "peace"))
        made = Installation(store, first, desk)
        before = made.shown()
        moved = tuple(replace(one, topic="new") if one.topic == "a" else one for one in desk)
        made.desk = moved
        made.take((topic("new", "war", "a"), first[1]))
        assert made.shown() == {"new": before["a"], "b": before["b"]}
        made.desk = desk
        made.take(first)
        assert made.shown() == before


# ── one after the other ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=[in_memory, on_disk])
def made(request: pytest.FixtureRequest) -> Iterator[Installation]:
    with request.param() as store:
        yield Installation(store, BEFORE)


WAR, PEACE = BEFORE
RENAMED = (topic("conflict", "war", "war"), PEACE)
IN_WAR = {address(n) for n in (0, 2, 6, 7)}
IN_PEACE = {address(n) for n in (1, 2, 4)}


def test_a_renaming_that_is_taken_back_is_as_if_it_never_was(made: Installation) -> None:
    made.take(RENAMED)
    assert made.shown() == {"conflict": IN_WAR, "peace": IN_PEACE}
    made.publish()
    made.take(BEFORE)
    assert made.shown() == {"war": IN_WAR, "peace": IN_PEACE}
    assert made.store.tagged_otherwise(made.tagging.version) == ()
    assert made.names.redirects == {"conflict": "war"}


def test_topics_in_another_order_beside_a_new_one_are_taken_back(made: Installation) -> None:
    made.take((topic("weather", "rain"), PEACE, WAR))
    made.take(BEFORE)
    assert_judged_alike(made)


def test_what_came_in_under_the_new_id_goes_back_with_the_rest(made: Installation) -> None:
    made.take(RENAMED)
    made.poll(("War again",), start=20)
    made.take(BEFORE)
    assert made.shown()["war"] == IN_WAR | {address(20)}


def test_a_chain_of_renamings_is_taken_back_step_by_step_or_at_once(made: Installation) -> None:
    made.take(RENAMED)
    made.publish()
    made.take((topic("clash", "war", "conflict"), PEACE))
    assert made.names.redirects == {"war": "clash", "conflict": "clash"}
    made.publish()
    made.take(RENAMED)
    assert made.shown()["conflict"] == IN_WAR
    made.take((topic("clash", "war", "conflict"), PEACE))
    made.take(BEFORE)
    assert made.shown()["war"] == IN_WAR
    assert made.store.tagged_otherwise(made.tagging.version) == ()


def test_two_topics_change_ids_over_a_third_one(made: Installation) -> None:
    made.take((topic("third", "war", "war"), PEACE))
    made.publish()
    made.take((topic("third", "war"), topic("war", "peace", "peace")))
    made.publish()
    made.take((topic("peace", "war", "third"), topic("war", "peace")))
    assert made.shown() == {"peace": IN_WAR, "war": IN_PEACE}
    assert made.names.identities == {"peace": "war", "war": "peace"}


def test_an_earlier_id_that_another_topic_takes_gets_an_id_of_its_own(made: Installation) -> None:
    made.take(RENAMED)
    made.publish()
    made.take((topic("conflict", "war"), topic("war", "cake"), PEACE))
    assert made.names.identities == {"conflict": "war", "war": "war;2"}
    assert "war" not in made.names.redirects
    assert made.shown()["conflict"] == IN_WAR


def test_a_topic_renamed_and_edited_at_once_keeps_its_items_until_an_apply(made: Installation) -> None:
    made.take((topic("conflict", "war -peace", "war"), PEACE))
    assert made.shown()["conflict"] == IN_WAR
    assert made.planned() == {(address(2), "conflict", False)}
    made.apply()
    made.take(BEFORE)
    assert made.shown()["war"] == IN_WAR - {address(2)}
    assert made.planned() == {(address(2), "war", True)}


def test_two_topics_that_become_one_come_apart_again_with_an_apply(made: Installation) -> None:
    made.take((topic("all-of-it", "war OR peace", "war", "peace"),))
    assert made.shown() == {"all-of-it": IN_WAR | IN_PEACE}
    made.take(BEFORE)
    made.apply()
    assert made.shown() == {"war": IN_WAR, "peace": IN_PEACE}


def test_a_topic_that_was_never_published_has_all_its_history_at_once(made: Installation) -> None:
    made.take((*BEFORE, topic("cake", "cake")))
    assert made.shown()["cake"] == {address(n) for n in (3, 4, 7)}
    assert made.store.tagged_otherwise(made.tagging.version) == ()
    made.take(BEFORE)
    assert made.store.tagged_otherwise(made.tagging.version) == ()
    assert {tag.topic for one in made.items() for tag in one.tags} == {"war", "peace"}


def test_a_new_topic_beside_an_edited_one_leaves_that_to_an_apply(made: Installation) -> None:
    made.take((topic("war", "talks"), PEACE, topic("cake", "cake")))
    assert made.shown() == {"war": IN_WAR, "peace": IN_PEACE, "cake": {address(n) for n in (3, 4, 7)}}
    assert {topic for _, topic, _ in made.planned()} == {"war"}
    made.take(BEFORE)
    assert made.shown() == {"war": IN_WAR, "peace": IN_PEACE}
    assert made.store.tagged_otherwise(made.tagging.version) == ()


def test_an_edit_before_the_first_publication_fills_anew(made: Installation) -> None:
    made.take((*BEFORE, topic("cake", "war cake")))
    made.take((*BEFORE, topic("cake", "cake -war")))
    assert made.shown()["cake"] == {address(3), address(4)}


def test_an_edit_after_the_first_publication_leaves_history_alone(made: Installation) -> None:
    made.take((*BEFORE, topic("cake", "war cake")))
    made.publish()
    made.take((*BEFORE, topic("cake", "cake")))
    assert made.shown()["cake"] == {address(7)}


def test_a_topic_that_was_published_and_comes_back_is_not_filled(made: Installation) -> None:
    made.take((PEACE,))
    made.apply()
    made.now += timedelta(days=2)
    made.store.forget_feed("war")
    made.take(BEFORE)
    assert made.shown()["war"] == set()
    assert len(made.planned()) == len(IN_WAR)
