"""Whatever hubs do and feeds say, for however long: nothing gets stuck, and no hub is pestered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Offer, Subscription
from aggregator.websub import subscriber
from aggregator.websub.subscriber import Step
from tests.websub.subscriber.given import CALLBACKS, NOW

HUBS = tuple(f"https://hub{number}.example/" for number in range(3))
TOPICS = ("https://a.example/", "https://b.example/")
OFFERS = (Offer(), *(Offer(HUBS[:number], topic) for number in (1, 2, 3) for topic in TOPICS))
ANSWERS = ("verifies", "verifies late", "is silent", "refuses", "denies")


@dataclass
class World:
    """One source with its subscriptions, and hubs that answer as they are told."""

    now: datetime = NOW
    known: list[Subscription] = field(default_factory=list)
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def put(self, old: Subscription | None, state: Subscription | None) -> None:
        at = self.known.index(old) if old is not None else len(self.known)
        self.known[at : at + 1] = [] if state is None else [state]

    def attend(self, offer: Offer, answer: str) -> None:
        """What the program does about a source, as far as that is decided here."""
        for one in list(self.known):
            self.put(one, subscriber.overdue(one, self.now, 0.5))
        steps: Sequence[Step] = subscriber.plan(offer, CALLBACKS, self.known, self.now)
        for step in steps:
            self.take(step, offer, answer)

    def take(self, step: Step, offer: Offer, answer: str) -> None:
        one = step.subscription
        if step.verb == "forget":
            return self.put(one, None)
        if one is None:
            callback = f"{CALLBACKS}{len(self.asked)}"
            one = Subscription("s", step.hub, offer.topic, callback, "secret", self.now)
            self.known.append(one)
        self.asked.append((self.now, one.hub))
        state = subscriber.asked(one, "unsubscribe" if step.verb == "leave" else "subscribe", self.now)
        self.put(one, state)
        return self.answer(state, answer)

    def answer(self, one: Subscription, answer: str) -> None:
        if answer.startswith("verifies"):
            moment = self.now + timedelta(minutes=20 if answer.endswith("late") else 0)
            done = subscriber.confirmed(one, one.pending, one.topic, "86400", now=moment, chance=0.5)
            self.put(one, done)
        elif answer == "denies":
            self.put(one, subscriber.denied(one, one.topic, "", now=self.now, chance=0.5))
        elif answer == "refuses":
            unsubscribing = one.pending == "unsubscribe"
            self.put(one, None if unsubscribing else subscriber.refused(one, "No.", now=self.now, chance=0.5))


MOMENT = st.tuples(st.sampled_from(OFFERS), st.sampled_from(ANSWERS), st.integers(1, 40))
MOMENTS = st.lists(MOMENT, max_size=40)


@given(MOMENTS)
def test_what_is_due_is_always_dealt_with(moments: list[tuple[Offer, str, int]]) -> None:
    world = World()
    for offer, answer, hours in moments:
        world.attend(offer, answer)
        world.attend(offer, answer)
        assert [one for one in world.known if one.next <= world.now and one.hub not in offer.hubs] == []
        world.now += timedelta(hours=hours)


@given(MOMENTS)
def test_one_hub_at_a_time_is_subscribed_to(moments: list[tuple[Offer, str, int]]) -> None:
    world = World()
    for offer, answer, hours in moments:
        world.attend(offer, answer)
        held = [one for one in world.known if one.pending == "subscribe" or subscriber.lasts(one, world.now)]
        assert len([one for one in held if one.pending != "unsubscribe"]) <= 1
        world.now += timedelta(hours=hours)


@pytest.mark.parametrize("offer", OFFERS[1::2])
@pytest.mark.parametrize("answer", ANSWERS)
def test_no_hub_is_asked_often_and_ever_less_if_it_does_not_want(offer: Offer, answer: str) -> None:
    world = World()
    for _ in range(24 * 30):
        world.attend(offer, answer)
        world.now += timedelta(hours=1)
    most = 40 if answer.startswith("verifies") else 13  # in thirty days, at a lease of one
    for hub in offer.hubs:
        assert sum(asked == hub for _, asked in world.asked) <= most


@given(MOMENTS, st.sampled_from(OFFERS[1:]))
def test_once_a_hub_is_willing_it_is_subscribed_to_within_a_week_and_a_half(
    moments: list[tuple[Offer, str, int]], offer: Offer
) -> None:
    world = World()
    for other, answer, hours in moments:
        world.attend(other, answer)
        world.now += timedelta(hours=hours)
    for _ in range(24 * 8):
        world.attend(offer, "verifies")
        world.now += timedelta(hours=1)
    assert any(subscriber.works(one, world.now) for one in world.known)
