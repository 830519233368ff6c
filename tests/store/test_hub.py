"""What the hub remembers: the same tests hold for every store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import Announced, Delivery, Subscribing
from aggregator.store import HubStore
from aggregator.store.sqlite import SqliteStore
from aggregator.websub.hub import BOUNDS, Bounds
from tests.fakes.hub import MemoryHub
from tests.store.given import NOW

A_SECOND, LEASE = timedelta(seconds=1), timedelta(days=10)
NOTHING = Announced(NOW)


@pytest.fixture(params=["sqlite", "memory"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HubStore]:
    if request.param == "memory":
        yield MemoryHub()
        return
    store = SqliteStore.open(tmp_path / "store.db")
    yield store.hub
    store.close()


def wish(callback: str = "https://reader.example/a", **other: Any) -> Subscribing:
    """A request to subscribe to north.atom."""
    wished = Subscribing(
        mode="subscribe",
        topic="north.atom",
        address="https://site.example/north.atom",
        callback=callback,
        lease=LEASE,
        asker="192.0.2.1",
    )
    return replace(wished, **other)


def subscribe(hub: HubStore, *wishes: Subscribing, at: datetime = NOW) -> None:
    for one in wishes:
        assert hub.ask(one, at, BOUNDS) is None
        (call,) = hub.calls(at, 9)
        assert hub.verified(call, at, BOUNDS)


def announce(hub: HubStore, *bodies: bytes, topic: str = "north.atom", at: datetime = NOW) -> None:
    hub.announce("north", NOTHING, at, {topic: bodies})


def due(hub: HubStore, at: datetime = NOW) -> tuple[Delivery, ...]:
    return *hub.deliveries(at, 9, 99, again=False), *hub.deliveries(at, 9, 99, again=True)


def bodies(hub: HubStore, at: datetime = NOW) -> list[bytes]:
    return [one.body for one in due(hub, at)]


def test_a_request_subscribes_nobody_before_it_is_verified(hub: HubStore) -> None:
    assert hub.ask(wish(secret="s"), NOW, BOUNDS) is None
    assert (hub.subscriptions(), hub.wanted(["north.atom"], NOW)) == (0, frozenset())
    (call,) = hub.calls(NOW, 9)
    assert (call.mode, call.address, call.lease) == ("subscribe", "https://site.example/north.atom", LEASE)
    assert hub.verified(call, NOW, BOUNDS)
    assert (hub.subscriptions(), hub.calls(NOW, 9)) == (1, ())
    assert hub.wanted(["north.atom", "south.atom"], NOW) == {"north.atom"}


def test_news_wait_for_each_subscriber_of_the_topic_in_order(hub: HubStore) -> None:
    subscribe(hub, wish(), wish("https://other.example/"), wish(topic="south.atom"))
    announce(hub, b"one", b"two")
    announce(hub, b"three")
    assert bodies(hub) == [b"one", b"one"]
    first, second = due(hub)
    assert (first.callback, second.callback) == ("https://reader.example/a", "https://other.example/")
    hub.delivered(first, NOW)
    assert {one.callback: one.body for one in due(hub)} == {first.callback: b"two", second.callback: b"one"}
    hub.delivered(due(hub)[0], NOW)
    hub.delivered(due(hub)[0], NOW)
    for _ in range(3):
        hub.delivered(due(hub)[0], NOW)
    assert due(hub) == ()


def test_what_failed_waits_with_all_behind_it_and_a_success_forgets_the_failures(hub: HubStore) -> None:
    subscribe(hub, wish())
    announce(hub, b"one", b"two")
    for tries in (1, 2):
        moment = NOW + tries * A_SECOND
        hub.deliver_again(due(hub, moment)[0], moment + A_SECOND, moment)
        assert due(hub, moment) == ()
        (again,) = due(hub, moment + A_SECOND)
        assert (again.body, again.tries, again.failing_since) == (b"one", tries, NOW + A_SECOND)
    announce(hub, b"three", at=NOW + 2 * A_SECOND)
    assert due(hub, NOW + 2 * A_SECOND) == ()
    hub.delivered(again, NOW + 3 * A_SECOND)
    (following,) = due(hub, NOW + 3 * A_SECOND)
    assert (following.body, following.tries, following.failing_since) == (b"two", 0, None)


def test_what_failed_does_not_stand_in_the_way_of_others(hub: HubStore) -> None:
    subscribe(hub, wish(), wish("https://other.example/"))
    announce(hub, b"one")
    first, second = due(hub)
    hub.deliver_again(first, NOW, NOW)
    assert [one.id for one in hub.deliveries(NOW, 9, 1, again=False)] == [second.id]
    assert [one.id for one in hub.deliveries(NOW, 9, 1, again=True)] == [first.id]


def test_a_delivery_that_is_reported_twice_takes_nothing_along(hub: HubStore) -> None:
    subscribe(hub, wish())
    announce(hub, b"one", b"two")
    (first,) = due(hub)
    hub.delivered(first, NOW)
    hub.delivered(first, NOW)
    assert bodies(hub) == [b"two"]


def test_renewing_replaces_secret_and_lease_at_once_and_keeps_what_waits(hub: HubStore) -> None:
    subscribe(hub, wish(secret="old", lease=timedelta(hours=1)))
    announce(hub, b"one")
    hub.deliver_again(due(hub)[0], NOW + timedelta(hours=9), NOW)
    assert hub.ask(wish(secret="new"), NOW, BOUNDS) is None
    assert hub.subscriptions() == 1
    (call,) = hub.calls(NOW, 9)
    assert hub.verified(call, NOW, BOUNDS)
    (delivery,) = due(hub)
    assert (delivery.secret, delivery.body, delivery.tries, hub.subscriptions()) == ("new", b"one", 0, 1)
    assert hub.expire(NOW + timedelta(hours=2)) == 0


def test_a_renewal_that_is_not_wanted_leaves_the_subscription_as_it_is(hub: HubStore) -> None:
    subscribe(hub, wish(secret="old"))
    hub.ask(wish(secret="new"), NOW, BOUNDS)
    hub.drop(hub.calls(NOW, 9)[0])
    announce(hub, b"one")
    assert [one.secret for one in due(hub)] == ["old"]
    assert hub.calls(NOW, 9) == ()


def test_a_later_request_takes_the_place_of_one_that_is_being_verified(hub: HubStore) -> None:
    hub.ask(wish(secret="first"), NOW, BOUNDS)
    (earlier,) = hub.calls(NOW, 9)
    hub.ask(wish(secret="second"), NOW, BOUNDS)
    assert not hub.verified(earlier, NOW, BOUNDS)
    hub.drop(earlier)
    hub.call_again(earlier, NOW + LEASE)
    (later,) = hub.calls(NOW, 9)
    assert hub.verified(later, NOW, BOUNDS)
    announce(hub, b"one")
    assert [one.secret for one in due(hub)] == ["second"]


def test_unsubscribing_is_verified_too_and_takes_what_waits_along(hub: HubStore) -> None:
    subscribe(hub, wish(), wish("https://other.example/"))
    announce(hub, b"one")
    hub.ask(wish(mode="unsubscribe"), NOW, BOUNDS)
    assert len(due(hub)) == 2
    (call,) = hub.calls(NOW, 9)
    assert (call.mode, hub.verified(call, NOW, BOUNDS), hub.subscriptions()) == ("unsubscribe", True, 1)
    assert [one.callback for one in due(hub)] == ["https://other.example/"]


def test_unsubscribing_what_is_not_subscribed_does_nothing(hub: HubStore) -> None:
    hub.ask(wish(mode="unsubscribe"), NOW, BOUNDS)
    assert hub.verified(hub.calls(NOW, 9)[0], NOW, BOUNDS)
    assert (hub.subscriptions(), hub.calls(NOW, 9)) == (0, ())


def test_a_call_that_failed_is_due_again_later(hub: HubStore) -> None:
    hub.ask(wish(), NOW, BOUNDS)
    hub.call_again(hub.calls(NOW, 9)[0], NOW + A_SECOND)
    assert hub.calls(NOW, 9) == ()
    assert [call.tries for call in hub.calls(NOW + A_SECOND, 9)] == [1]


def test_a_lease_ends_by_itself(hub: HubStore) -> None:
    subscribe(hub, wish(lease=timedelta(hours=1)), wish("https://other.example/"))
    later = NOW + timedelta(hours=1)
    announce(hub, b"one")
    assert [one.callback for one in due(hub, later)] == ["https://other.example/"]
    assert (hub.expire(later), hub.expire(later), hub.subscriptions()) == (1, 0, 1)


def test_an_end_with_a_reason_is_told_to_the_callback(hub: HubStore) -> None:
    subscribe(hub, wish(), wish("https://other.example/"))
    announce(hub, b"one")
    first, second = due(hub)
    hub.end(first, NOW)
    hub.end(second, NOW, "It failed for days.")
    (call,) = hub.calls(NOW, 9)
    assert (call.mode, call.callback, call.reason) == ("denied", second.callback, "It failed for days.")
    assert (hub.subscriptions(), due(hub)) == (0, ())
    hub.end(second, NOW, "Again.")
    hub.drop(call)
    assert hub.calls(NOW, 9) == ()


def test_an_end_leaves_a_request_that_waits_alone(hub: HubStore) -> None:
    subscribe(hub, wish())
    announce(hub, b"one")
    hub.ask(wish(), NOW, BOUNDS)
    hub.end(due(hub)[0], NOW, "It failed for days.")
    assert [call.mode for call in hub.calls(NOW, 9)] == ["subscribe"]


def test_topics_that_are_no_longer_published_end_with_a_reason(hub: HubStore) -> None:
    subscribe(hub, wish(), wish("https://other.example/", topic="gone.atom"))
    hub.ask(wish("https://late.example/", topic="gone.rss"), NOW, BOUNDS)
    assert hub.end_others(["north.atom", "north.rss"], NOW, "It has ended.") == 1
    told = {call.callback: (call.mode, call.reason) for call in hub.calls(NOW, 9)}
    denied = ("denied", "It has ended.")
    assert told == {"https://other.example/": denied, "https://late.example/": denied}
    assert (hub.subscriptions(), hub.end_others(["north.atom"], NOW, "Again.")) == (1, 0)


def test_what_is_about_a_renamed_topic_goes_with_it(hub: HubStore) -> None:
    subscribe(hub, wish(), wish("https://other.example/"), wish("https://other.example/", topic="korea.atom"))
    hub.ask(wish("https://late.example/"), NOW, BOUNDS)
    hub.rename({"north.atom": "korea.atom", "north.rss": "korea.rss"})
    announce(hub, b"one", topic="korea.atom")
    assert len(due(hub)) == 2
    (call,) = hub.calls(NOW, 9)
    assert hub.verified(call, NOW, BOUNDS)
    assert hub.wanted(["north.atom", "korea.atom"], NOW) == {"north.atom", "korea.atom"}
    assert hub.end_others(["korea.atom"], NOW, "It has ended.") == 1
    assert hub.subscriptions() == 3


def test_a_host_that_is_slow_leaves_room_for_others(hub: HubStore) -> None:
    wishes = [wish(f"https://slow.example/{n}") for n in range(5)] + [wish("https://quick.example/")]
    subscribe(hub, *wishes)
    announce(hub, b"one")
    due = hub.deliveries(NOW, 2, 99, again=False)
    assert [one.callback for one in due] == [
        "https://slow.example/0",
        "https://slow.example/1",
        "https://quick.example/",
    ]
    assert len(hub.deliveries(NOW, 9, 4, again=False)) == 4
    for one in wishes:
        hub.ask(one, NOW, BOUNDS)
    assert len(hub.calls(NOW, 2)) == 3


@pytest.mark.parametrize(
    ("bounds", "request_", "full"),
    [
        (Bounds(pending=1), wish("https://other.example/", asker="x"), "pending"),
        (Bounds(pending_per_host=1), wish("https://reader.example/b", asker="x"), "pending"),
        (Bounds(pending_per_asker=1), wish("https://other.example/"), "pending"),
        (Bounds(subscriptions=1), wish("https://other.example/", asker="x"), "subscriptions"),
        (Bounds(subscriptions_per_host=1), wish("https://reader.example/b", asker="x"), "subscriptions"),
        (Bounds(subscriptions_per_asker=1), wish("https://other.example/"), "subscriptions"),
        (Bounds(pending_per_host=1), wish("https://other.example/", asker="x"), None),
        (Bounds(subscriptions=1), wish(), None),
        (Bounds(subscriptions=1), wish("https://other.example/", mode="unsubscribe"), None),
    ],
)
def test_there_is_a_bound_for_each_host_each_asker_and_in_all(
    hub: HubStore, bounds: Bounds, request_: Subscribing, full: str | None
) -> None:
    subscribe(hub, wish())
    if full == "pending" or full is None:
        hub.ask(wish(topic="north.rss"), NOW, BOUNDS)
    if bounds.subscriptions == 1:
        bounds = replace(bounds, pending=9)
    assert hub.ask(request_, NOW, bounds) == full


def test_askers_take_turns_with_their_oldest_and_newest_and_what_failed_comes_last(hub: HubStore) -> None:
    for number in range(50):
        hub.ask(wish(f"https://silent{number}.example/", asker="192.0.2.66"), NOW, BOUNDS)
    hub.ask(wish("https://reader.example/", asker="192.0.2.1"), NOW, BOUNDS)
    hub.ask(wish("https://late.example/", asker="192.0.2.66"), NOW, BOUNDS)
    first = [one.callback for one in hub.calls(NOW, 4)[:3]]
    assert first == ["https://silent0.example/", "https://reader.example/", "https://late.example/"]
    for call in hub.calls(NOW, 4):
        if call.callback != "https://silent7.example/":
            hub.call_again(call, NOW)
    assert hub.calls(NOW, 4)[0].callback == "https://silent7.example/"


def test_of_one_host_too_the_newest_is_among_the_first(hub: HubStore) -> None:
    for number in range(50):
        hub.ask(wish(f"https://big.example/{number}"), NOW, BOUNDS)
    assert "https://big.example/49" in [one.callback for one in hub.calls(NOW, 4)]


def test_what_has_no_room_when_it_is_verified_is_denied(hub: HubStore) -> None:
    hub.ask(wish(), NOW, BOUNDS)
    hub.ask(wish("https://other.example/"), NOW, BOUNDS)
    first, second = hub.calls(NOW, 9)
    assert hub.verified(first, NOW, Bounds(subscriptions=1))
    assert not hub.verified(second, NOW, Bounds(subscriptions=1))
    (denial,) = hub.calls(NOW, 9)
    assert (denial.mode, denial.callback) == ("denied", "https://other.example/")


def test_how_far_a_feed_was_announced_is_remembered_with_its_news(hub: HubStore) -> None:
    assert hub.announced("north") is None
    announced = Announced(NOW, frozenset({("tag:ü", NOW - A_SECOND), ("b", NOW)}))
    hub.announce("north", announced, NOW, {})
    assert hub.announced("north") == announced
    assert hub.announced("south") is None


def test_news_are_stored_once_where_two_processes_found_them(hub: HubStore) -> None:
    subscribe(hub, wish())
    first, second = Announced(NOW), Announced(NOW + A_SECOND)
    assert hub.announce("north", first, NOW, {"north.atom": [b"one"]}, before=None)
    assert not hub.announce("north", second, NOW, {"north.atom": [b"one"]}, ["north.atom"], before=None)
    assert (hub.announced("north"), hub.pings(NOW)) == (first, ())
    (delivery,) = hub.deliveries(NOW, 9, 9, again=False)
    hub.delivered(delivery, NOW)
    assert hub.deliveries(NOW, 9, 9, again=False) == ()
    assert hub.announce("north", second, NOW, {"north.atom": [b"two"]}, before=first)
    assert [one.body for one in hub.deliveries(NOW, 9, 9, again=False)] == [b"two"]


def test_another_hub_is_told_of_what_came_while_it_was_being_told(hub: HubStore) -> None:
    hub.announce("north", NOTHING, NOW, {}, ["north.atom", "north.rss"])
    first, second = hub.pings(NOW)
    assert (first.topic, second.topic) == ("north.atom", "north.rss")
    hub.announce("north", NOTHING, NOW, {}, ["north.atom"])
    hub.pinged(first)
    hub.pinged(second)
    (again,) = hub.pings(NOW)
    assert again.topic == "north.atom"
    hub.ping_again(again, NOW + A_SECOND, NOW)
    assert hub.pings(NOW) == ()
    (late,) = hub.pings(NOW + A_SECOND)
    assert (late.tries, late.failing_since) == (1, NOW)
    hub.pinged(late)
    assert hub.pings(NOW + A_SECOND) == ()


def test_no_document_outlives_its_deliveries(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "store.db")
    subscribe(store.hub, wish(), wish("https://other.example/"))
    announce(store.hub, b"one")
    announce(store.hub, b"of nobody", topic="south.atom")
    first, second = due(store.hub)

    def left() -> int:
        with store.hub._db.reading() as db:
            return int(db.execute("SELECT count(*) FROM hub_documents").fetchone()[0])

    assert left() == 1
    store.hub.delivered(first, NOW)
    assert left() == 1
    store.hub.end(second, NOW)
    assert left() == 0
    store.close()
