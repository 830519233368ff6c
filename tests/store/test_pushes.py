"""What every store of subscriptions does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Claim, Notice, Offer, PollResult, Subscription
from aggregator.store import Pushes, Store
from aggregator.store.sqlite import SqlitePushes, SqliteStore
from tests.fakes.pushes import MemoryPushes
from tests.fakes.store import MemoryStore
from tests.store.given import NAMESPACE, NOW, source

HOUR = timedelta(hours=1)


def subscription(source: str, token: str, hours: float = 0) -> Subscription:
    hub, topic = "https://hub.example/", "https://outlet.example/feed"
    return Subscription(
        source, hub, topic, f"https://wire.example/push/{token}", "s3cret", NOW + hours * HOUR
    )


@pytest.fixture(params=["sqlite", "memory"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Pushes]]:
    """A store that knows the sources north and south, and its subscriptions."""
    store: Store
    pushes: Pushes
    if request.param == "sqlite":
        opened = SqliteStore.open(tmp_path / "store.db")
        store, pushes = opened, opened.pushes
    else:
        store = MemoryStore()
        pushes = MemoryPushes(store)
    store.namespace(NAMESPACE)
    store.sync([source("north"), source("south")], NOW)
    yield store, pushes
    store.close()


@pytest.fixture
def pushes(both: tuple[Store, Pushes]) -> Pushes:
    return both[1]


def test_a_subscription_is_found_by_its_token_and_by_its_source(pushes: Pushes) -> None:
    first, second = subscription("north", "one"), subscription("north", "two")
    for one in (first, second, subscription("south", "three")):
        pushes.add(one)
    assert pushes.subscription("one") == first
    assert pushes.subscription("four") is None
    assert pushes.subscription("\udcff") is None
    assert pushes.of("north") == (first, second)
    assert pushes.of("east") == ()


def test_a_change_is_decided_on_what_is_stored(pushes: Pushes) -> None:
    pushes.add(subscription("north", "one"))
    state = pushes.change("one", lambda known: replace(known, failures=known.failures + 1))
    assert state == replace(subscription("north", "one"), failures=1) == pushes.subscription("one")
    assert pushes.change("one", lambda known: None) is None
    assert pushes.subscription("one") == state
    assert pushes.change("two", lambda known: known) is None


def test_what_is_forgotten_is_nobodys(pushes: Pushes) -> None:
    pushes.add(subscription("north", "one"))
    pushes.forget("one")
    pushes.forget("one")
    assert (pushes.subscription("one"), pushes.of("north"), pushes.due(NOW)) == (None, (), ())


def test_sources_are_due_by_their_earliest_subscription(pushes: Pushes) -> None:
    for one in (subscription("north", "1", 2), subscription("south", "2", 1), subscription("north", "3", -1)):
        pushes.add(one)
    assert pushes.due(NOW - 2 * HOUR) == ()
    assert pushes.due(NOW) == ("north",)
    assert pushes.due(NOW + 2 * HOUR) == ("north", "south")
    pushes.change("3", lambda known: replace(known, next=NOW + 9 * HOUR))
    assert pushes.due(NOW + 2 * HOUR) == ("south", "north")


def test_sources_whose_feeds_name_a_hub_or_that_have_a_subscription_are_known(
    both: tuple[Store, Pushes],
) -> None:
    store, pushes = both
    assert pushes.offered() == ()
    (claim,) = store.claim(NOW, HOUR, 1, ["south"])
    memory = replace(claim.memory, named=Offer(("https://hub.example/",), "https://outlet.example/feed"))
    store.record(PollResult(Claim("south", claim.generation, claim.memory), NOW, memory, "unchanged"))
    assert pushes.offered() == ("south",)
    pushes.add(subscription("north", "one"))
    assert pushes.offered() == ("north", "south")


def test_what_is_pushed_waits_in_order_one_at_a_time_for_each_source(pushes: Pushes) -> None:
    said = [
        Notice("north", NOW, b"first\0\xff", "application/rss+xml"),
        Notice("south", NOW, b"", doubt="It is not to be trusted."),
        Notice("north", NOW + HOUR, b"second"),
    ]
    assert all(pushes.keep(one, 10_000) for one in said)
    waiting = pushes.notices(9)
    assert [replace(one, number=0) for one in waiting] == said[:2]
    assert [one.source for one in pushes.notices(1)] == ["north"]
    assert pushes.next_notice("south") == waiting[1]
    assert pushes.next_notice("east") is None
    pushes.done(waiting)
    (last,) = pushes.notices(9)
    assert last.body == b"second"
    pushes.done([last])
    assert pushes.notices(9) == ()


def test_what_waits_is_bounded_in_bytes(pushes: Pushes) -> None:
    assert pushes.keep(Notice("north", NOW, b"x" * 5_000), 5_000)
    assert not pushes.keep(Notice("south", NOW, b"x"), 5_000)
    pushes.done(pushes.notices(9))
    assert pushes.keep(Notice("south", NOW, b"x"), 5_000)


def test_a_source_under_anothers_lease_is_claimed_only_to_overtake_it(both: tuple[Store, Pushes]) -> None:
    store, _ = both
    store.claim(NOW, HOUR, 1, ["north"])
    assert store.claim(NOW, HOUR, 1, ["north"], overtake=False) == ()
    assert [claim.source for claim in store.claim(NOW, HOUR, 9, ["south"], overtake=False)] == ["south"]
    assert store.claim(NOW + HOUR, HOUR, 1, ["north"], overtake=False) != ()
    assert store.claim(NOW, HOUR, 1, ["north"]) != ()


def test_another_process_finds_them_in_the_same_file(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "store.db")
    store.sync([source("north")], NOW)
    other = SqlitePushes.open(tmp_path / "store.db")
    store.pushes.add(subscription("north", "one"))
    assert other.subscription("one") == subscription("north", "one")
    assert other.keep(Notice("north", NOW, b"body"), 9_999)
    assert store.pushes.notices(9)[0].body == b"body"
    other.close()
    store.close()
