"""Several polls recorded together."""

from dataclasses import replace
from typing import cast

from aggregator.model import Change, Failure, PollResult, Selection
from aggregator.store import Store
from tests.store.given import HOUR, MINUTE, NOW, claimed, due_again, poll, source, tagged


def first(store: Store, name: str) -> PollResult:
    return poll(claimed(store, name), tagged(f"of {name}", source=name))


def unstorable(given: PollResult) -> PollResult:
    return replace(given, memory=replace(given.memory, url=cast("str", None)))


def titles(store: Store) -> list[str]:
    return sorted(entry.item.title for entry in store.entries(Selection()))


def test_each_poll_changes_what_it_would_by_itself_in_their_order(store: Store) -> None:
    given = [first(store, "north"), first(store, "south"), poll(claimed(store, "east"))]
    assert store.record_all(given) == (
        Change(new=1, feeds=frozenset({"all", "sources/north"})),
        Change(new=1, feeds=frozenset({"all", "sources/south"})),
        Change(),
    )
    assert titles(store) == ["Title of of north", "Title of of south"]
    assert [len(store.polls(name, 9)) for name in ("north", "south", "east")] == [1, 1, 1]


def test_nothing_to_record_changes_nothing(store: Store) -> None:
    assert store.record_all([]) == ()
    assert store.stale(NOW) == ()


def test_a_fenced_off_poll_is_none_and_the_others_are_stored(store: Store) -> None:
    late = first(store, "north")
    current = first(store, "north")
    lost, kept, again = store.record_all([late, current, replace(current, at=NOW + MINUTE)])
    assert (lost, again) == (None, None)
    assert isinstance(kept, Change)
    assert kept.new == 1
    assert len(store.polls("north", 9)) == 1


def test_a_poll_that_cannot_be_stored_takes_nothing_from_the_others(store: Store) -> None:
    given = [first(store, "north"), unstorable(first(store, "south")), first(store, "east")]
    before = store.memory("south")
    north, south, east = store.record_all(given)
    assert [isinstance(one, Change) and one.new for one in (north, east)] == [1, 1]
    assert isinstance(south, AttributeError)
    assert titles(store) == ["Title of of east", "Title of of north"]
    assert store.memory("south") == before
    assert store.polls("south", 9) == ()
    assert store.record(first(store, "south")) is not None


def test_a_429_among_them_holds_for_those_after_it(empty: Store) -> None:
    busy = Failure("http", "Too many.", 429, (("retry-after", "86400"),), 1, "same.example")
    empty.namespace("tag:wire.example.org,2026:x")
    empty.sync([source(name, f"https://same.example/{name}") for name in ("world", "sport")], NOW)
    given = [
        poll(claimed(empty, "world"), outcome="failed", failure=busy),
        poll(claimed(empty, "sport")),
    ]
    assert empty.record_all(given) == (Change(), Change())
    assert due_again(empty.memory("sport")) == NOW + 24 * HOUR
