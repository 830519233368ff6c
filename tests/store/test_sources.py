"""Who is polled, by whom, and when."""

from dataclasses import replace

from aggregator.model import Failure, Validators
from aggregator.store import Store
from tests.store.given import (
    DAY,
    HOUR,
    MINUTE,
    NAMESPACE,
    NOW,
    claimed,
    due_again,
    poll,
    recorded,
    source,
    tagged,
)


def test_the_first_namespace_stays_for_ever(empty: Store) -> None:
    assert empty.namespace("tag:a.example,2026:x") == "tag:a.example,2026:x"
    assert empty.namespace("tag:b.example,2027:x") == "tag:a.example,2026:x"


def test_a_new_source_is_due_at_once_at_its_configured_address(store: Store) -> None:
    memory = store.memory("north")
    assert memory is not None
    assert (memory.url, memory.next_poll) == ("https://north.example/feed", NOW)
    assert store.next_due() == NOW


def test_an_unknown_source_has_no_memory(store: Store) -> None:
    assert store.memory("nowhere") is None


def test_knowing_a_source_again_changes_nothing_of_it(store: Store) -> None:
    recorded(store, "north")
    before = store.memory("north")
    store.sync([source("north"), source("south"), source("east")], NOW + DAY)
    assert store.memory("north") == before


def test_a_source_that_is_no_longer_configured_is_kept_but_not_polled(store: Store) -> None:
    store.sync([source("south")], NOW)
    assert [claim.source for claim in store.claim(NOW, HOUR, 9)] == ["south"]
    assert store.claim(NOW, HOUR, 9, only=["north"]) == ()
    assert store.memory("north") is not None
    assert [id for id, _ in store.sources()] == ["south"]
    assert store.counts()["sources"] == 1


def test_sources_are_told_piece_by_piece(store: Store) -> None:
    assert [id for id, _ in store.sources(limit=2)] == ["east", "north"]
    assert [id for id, _ in store.sources("north", 2)] == ["south"]
    assert not store.sources("south", 2)


def test_a_source_that_comes_back_goes_on_where_it_was(store: Store) -> None:
    recorded(store, "north")
    before = store.memory("north")
    store.sync([source("south")], NOW)
    store.sync([source("south"), source("north")], NOW + MINUTE)
    assert store.memory("north") == before
    assert [claim.source for claim in store.claim(NOW + HOUR, HOUR, 9)] == ["south", "north"]


def test_a_source_with_a_new_address_forgets_its_validators_and_is_due_at_once(store: Store) -> None:
    claim = claimed(store, "north")
    known = replace(claim.memory, validators=Validators('"1"'), body_hash="x", gone=True, next_poll=None)
    assert store.record(replace(poll(claim), memory=known))
    store.sync([source("north", "https://new.example/feed")], NOW + DAY)
    memory = store.memory("north")
    assert memory is not None
    assert not memory.validators
    assert (memory.url, memory.body_hash, memory.gone) == ("https://new.example/feed", "", False)
    assert memory.next_poll == NOW + DAY


def test_a_poll_of_the_old_address_is_fenced_off_when_the_address_changes(store: Store) -> None:
    claim = claimed(store, "north")
    store.sync([source("north", "https://new.example/feed")], NOW)
    assert store.record(poll(claim, tagged("1"))) is None
    assert store.counts()["items"] == 0
    assert [one.source for one in store.claim(NOW, HOUR, 9)] == ["north"]


def test_the_longest_due_source_is_claimed_first(store: Store) -> None:
    recorded(store, "south", at=NOW + 2 * MINUTE)
    recorded(store, "north", at=NOW + MINUTE)
    recorded(store, "east", at=NOW + 3 * MINUTE)
    claims = store.claim(NOW + DAY, HOUR, 2)
    assert [claim.source for claim in claims] == ["north", "south"]


def test_what_is_not_due_is_not_claimed(store: Store) -> None:
    recorded(store, "north")
    assert [claim.source for claim in store.claim(NOW + HOUR - MINUTE, HOUR, 9)] == ["east", "south"]


def test_a_claimed_source_is_not_claimed_again_before_its_lease_ends(store: Store) -> None:
    (first,) = store.claim(NOW, HOUR, 9, only=["north"])
    assert "north" not in {claim.source for claim in store.claim(NOW + HOUR - MINUTE, DAY, 9)}
    (second,) = store.claim(NOW + HOUR, HOUR, 9)
    assert (second.source, second.generation) == ("north", first.generation + 1)


def test_the_later_claim_fences_off_the_earlier_one(store: Store) -> None:
    late, current = claimed(store, "north"), claimed(store, "north")
    assert store.record(poll(late, tagged("late"))) is None
    assert store.counts()["items"] == 0
    assert store.polls("north", 9) == ()
    assert store.record(poll(current, tagged("1"))) is not None


def test_a_poll_recorded_after_its_lease_counts_while_nobody_else_took_over(store: Store) -> None:
    claim = claimed(store, "north")
    assert store.record(poll(claim, tagged("1"), at=NOW + DAY)) is not None


def test_a_claim_serves_for_one_poll_alone(store: Store) -> None:
    claim = claimed(store, "north")
    assert store.record(poll(claim, tagged("1"))) is not None
    assert store.record(poll(claim, tagged("2"))) is None


def test_a_named_source_is_claimed_though_it_is_neither_due_nor_free(store: Store) -> None:
    recorded(store, "north")
    claimed(store, "south")
    named = store.claim(NOW, HOUR, 9, only=["north", "south", "nowhere"])
    assert [claim.source for claim in named] == ["south", "north"]
    assert store.claim(NOW, HOUR, 9, only=[]) == ()


def test_a_released_source_can_be_claimed_at_once_but_not_by_its_old_claim(store: Store) -> None:
    claim = claimed(store, "north")
    store.release([claim])
    assert store.record(poll(claim, tagged("1"))) is None
    assert "north" in {one.source for one in store.claim(NOW, HOUR, 9)}


def test_releasing_a_claim_that_was_overtaken_leaves_the_new_lease_alone(store: Store) -> None:
    old = claimed(store, "north")
    claimed(store, "north")
    store.release([old])
    assert "north" not in {one.source for one in store.claim(NOW, HOUR, 9)}


def test_a_source_without_a_next_poll_is_claimed_by_name_alone(store: Store) -> None:
    claim = claimed(store, "north")
    store.record(replace(poll(claim), memory=replace(claim.memory, next_poll=None)))
    store.sync([source("north")], NOW)
    assert store.next_due() is None
    assert store.claim(NOW + 99 * DAY, HOUR, 9) == ()
    assert claimed(store, "north")


def test_the_next_due_source_is_the_earliest_free_one_or_the_first_lease_to_end(store: Store) -> None:
    recorded(store, "north", at=NOW + MINUTE)
    recorded(store, "south", at=NOW)
    assert store.next_due() == NOW
    claimed(store, "east")
    assert store.next_due() == due_again(store.memory("south")) == NOW + HOUR
    store.sync([source("east")], NOW)
    assert store.next_due() == NOW + HOUR


def test_nothing_is_due_in_an_empty_store(empty: Store) -> None:
    assert empty.next_due() is None
    assert empty.claim(NOW, HOUR, 9) == ()


def test_ten_thousand_sources_are_made_known_and_claimed_in_one_go(empty: Store) -> None:
    many = [source(f"s{n}") for n in range(10_000)]
    empty.sync(many, NOW)
    assert len(empty.claim(NOW, HOUR, 20_000, only=[one.id for one in many])) == 10_000
    empty.sync(many[:10], NOW)
    assert empty.counts()["sources"] == 10


# ── hosts that want no requests, polls that were missed ─────────────────────────────────────────

BUSY = Failure("http", "Later.", 429, (("retry-after", "86400"),), host="paper.example")
WORLD, SPORT = (source(id, f"https://paper.example/{id}") for id in ("world", "sport"))


def test_a_429_holds_off_every_source_of_that_host_and_no_other(empty: Store) -> None:
    empty.namespace(NAMESPACE)
    empty.sync([WORLD, SPORT, source("north")], NOW)
    recorded(empty, "sport", tagged("1", source="sport"))
    assert empty.record(poll(claimed(empty, "world"), outcome="failed", failure=BUSY)) is not None
    for id in ("world", "sport"):
        memory = empty.memory(id)
        assert memory is not None
        assert (memory.not_before, memory.next_poll) == (NOW + DAY, NOW + DAY)
        assert "429" in memory.why
    assert [claim.source for claim in empty.claim(NOW + DAY - MINUTE, HOUR, 9)] == ["north"]
    assert {claim.source for claim in empty.claim(NOW + DAY, HOUR, 9)} == {"world", "sport"}


def test_a_source_that_is_added_while_its_host_wants_no_requests_waits_too(empty: Store) -> None:
    empty.namespace(NAMESPACE)
    empty.sync([WORLD], NOW)
    empty.record(poll(claimed(empty, "world"), outcome="failed", failure=BUSY))
    empty.sync([WORLD, SPORT], NOW + HOUR)
    assert due_again(empty.memory("sport")) == NOW + DAY
    empty.sync([WORLD, source("sport", "https://paper.example/games")], NOW + 2 * HOUR)
    assert due_again(empty.memory("sport")) == NOW + DAY
    empty.sync([WORLD, source("sport", "https://else.example/games")], NOW + 3 * HOUR)
    assert due_again(empty.memory("sport")) == NOW + 3 * HOUR
    empty.sync([WORLD, SPORT], NOW + 2 * DAY)
    assert due_again(empty.memory("sport")) == NOW + 2 * DAY


def test_a_poll_that_was_under_way_does_not_undo_the_wait_of_its_host(empty: Store) -> None:
    empty.namespace(NAMESPACE)
    empty.sync([WORLD, SPORT], NOW)
    under_way = claimed(empty, "sport")
    empty.record(poll(claimed(empty, "world"), outcome="failed", failure=BUSY))
    assert empty.record(poll(under_way, tagged("1", source="sport"))) is not None
    assert due_again(empty.memory("sport")) == NOW + DAY


def test_a_source_that_was_kept_away_by_its_hosts_429_does_not_prolong_it(empty: Store) -> None:
    empty.namespace(NAMESPACE)
    empty.sync([WORLD, SPORT], NOW)
    kept_away = replace(BUSY, requests=0)
    empty.record(poll(claimed(empty, "world"), outcome="failed", failure=kept_away))
    assert due_again(empty.memory("sport")) == NOW


def test_polls_that_were_missed_are_spread_one_each_the_longest_due_first(store: Store) -> None:
    recorded(store, "south")
    recorded(store, "north", at=NOW + MINUTE)
    after_three_days = NOW + 3 * DAY
    assert store.put_off(after_three_days) == 2
    assert [one.source for one in store.claim(after_three_days, HOUR, 9)] == ["east", "south"]
    (north,) = store.claim(after_three_days + MINUTE, HOUR, 9)
    assert (north.source, north.memory.why[:23]) == ("north", "It was due while the pr")
    assert store.claim(after_three_days + 10 * MINUTE, HOUR, 9) == ()


def test_what_is_due_by_the_minute_or_leased_was_not_missed(store: Store) -> None:
    recorded(store, "south")
    recorded(store, "north", at=NOW + MINUTE)
    claimed(store, "north", NOW + HOUR)
    before = store.memory("south"), store.memory("north")
    assert store.put_off(NOW + HOUR + MINUTE / 2) == 0
    assert (store.memory("south"), store.memory("north")) == before


def test_a_source_polled_in_the_future_is_polled_soon_once_the_clock_is_right_again(store: Store) -> None:
    years = 1500 * DAY
    recorded(store, "north", at=NOW + years)
    recorded(store, "south")
    south = store.memory("south")
    late = claimed(store, "east", NOW + years)
    store.sync([source("north"), source("south"), source("east")], NOW)
    due = {one.source: one for one in store.claim(NOW, HOUR, 9)}
    assert set(due) == {"north", "east"}
    assert due["north"].memory.why.startswith("The clock was set back")
    assert store.memory("south") == south
    assert store.record(poll(late, tagged("1", source="east"))) is None
