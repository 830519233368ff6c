"""Whatever subscribers and callbacks do in whatever order, both stores of the hub remember the same."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Announced, Call, Delivery, Ping, Subscribing
from aggregator.store import HubStore
from aggregator.store.sqlite import SqliteStore
from aggregator.websub.hub import Bounds
from tests.examples import examples
from tests.fakes.hub import MemoryHub
from tests.store.given import NOW

TOPICS = ("north.atom", "north.rss", "south.atom")
CALLBACKS = ("https://a.example/1", "https://a.example/2", "https://b.example/")
BOUNDS = Bounds(pending=4, pending_per_host=3, subscriptions=5, subscriptions_per_host=3)
AN_HOUR = timedelta(hours=1)

steps = st.lists(
    st.tuples(
        st.sampled_from(
            "ask leave verify drop again announce deliver fail end others rename expire told untold".split()
        ),
        st.sampled_from(TOPICS),
        st.sampled_from(CALLBACKS),
        st.integers(0, 3),
    ),
    max_size=40,
)


def calls(hub: HubStore, now: datetime) -> list[Call]:
    return sorted(hub.calls(now, 2), key=lambda call: (call.callback, call.address))


def deliveries(hub: HubStore, now: datetime) -> list[Delivery]:
    every = (*hub.deliveries(now, 2, 9, again=False), *hub.deliveries(now, 2, 9, again=True))
    return sorted(every, key=lambda delivery: (delivery.callback, delivery.topic))


def picture(hub: HubStore, now: datetime) -> tuple[object, ...]:
    """All that can be asked, numbers aside."""
    return (
        [replace(call, id=0) for call in calls(hub, now)],
        [replace(delivery, id=0, subscription=0) for delivery in deliveries(hub, now)],
        hub.wanted(TOPICS, now),
        hub.pings(now),
        hub.subscriptions(),
    )


def step(hub: HubStore, what: str, topic: str, callback: str, number: int, now: datetime) -> object:
    """One thing that happens; what the store answers to it."""
    match what:
        case "ask" | "leave":
            mode: Literal["subscribe", "unsubscribe"] = "subscribe" if what == "ask" else "unsubscribe"
            wish = Subscribing(
                mode,
                topic,
                f"https://site/{topic}",
                callback,
                (1 + number) * AN_HOUR,
                f"{number}",
                f"{number}",
            )
            return hub.ask(wish, now, BOUNDS)
        case "announce":
            bodies = [f"{now}{n}".encode() for n in range(number)]
            hub.announce("north", Announced(now), now, {topic: bodies}, [topic] * min(number, 1))
        case "others":
            return hub.end_others(TOPICS[: number + 1], now, "It has ended.")
        case "rename":
            hub.rename({topic: TOPICS[number % len(TOPICS)]})
        case "expire":
            return hub.expire(now)
        case "verify" | "drop" | "again":
            return [called(hub, what, call, now) for call in calls(hub, now)[: number + 1]]
        case "deliver" | "fail" | "end":
            for delivery in deliveries(hub, now)[: number + 1]:
                sent(hub, what, delivery, now, "It failed." if number else "")
        case _:
            for ping in hub.pings(now)[:1]:
                pinged(hub, what, ping, now)
    return None


def called(hub: HubStore, what: str, call: Call, now: datetime) -> bool:
    if what == "verify" and call.mode != "denied":
        return hub.verified(call, now, BOUNDS)
    if what == "again":
        hub.call_again(call, now + AN_HOUR)
    else:
        hub.drop(call)
    return False


def sent(hub: HubStore, what: str, delivery: Delivery, now: datetime, reason: str) -> None:
    if what == "deliver":
        hub.delivered(delivery, now)
    elif what == "fail":
        hub.deliver_again(delivery, now + AN_HOUR, now)
    else:
        hub.end(delivery, now, reason)


def pinged(hub: HubStore, what: str, ping: Ping, now: datetime) -> None:
    if what == "told":
        hub.pinged(ping)
    else:
        hub.ping_again(ping, now + AN_HOUR, now)


@examples(60)
@given(steps)
def test_both_stores_tell_the_same_story(story: list[tuple[str, str, str, int]]) -> None:
    with TemporaryDirectory() as folder:
        store = SqliteStore.open(Path(folder) / "store.db")
        memory, now = MemoryHub(), NOW
        for number, (what, topic, callback, chosen) in enumerate(story):
            now = NOW + number * timedelta(minutes=20)
            said = [step(hub, what, topic, callback, chosen, now) for hub in (store.hub, memory)]
            assert said[0] == said[1], what
            assert picture(store.hub, now) == picture(memory, now), what
        store.close()
