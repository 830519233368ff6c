"""What to do next about the subscriptions of a source."""

from dataclasses import replace

from aggregator.model import Offer, Subscription
from aggregator.websub import subscriber
from tests.websub.subscriber.given import CALLBACKS, DAY, HOUR, HUB, NOW, TOPIC, subscription

SECOND = "https://second.example/"
OFFER = Offer((HUB, SECOND), TOPIC)
LASTING = replace(subscription(), since=NOW, until=NOW + DAY, next=NOW + HOUR)
FAILED = subscriber.refused(subscription(), "no", now=NOW, chance=0)


def steps(
    *known: Subscription, offer: Offer = OFFER, hours: float = 0, base: str = CALLBACKS
) -> list[tuple[str, str]]:
    return [(step.verb, step.hub) for step in subscriber.plan(offer, base, known, NOW + hours * HOUR)]


def test_the_first_hub_is_asked_and_the_others_are_not() -> None:
    assert steps() == [("begin", HUB)]
    assert steps(subscriber.asked(subscription(), "subscribe", NOW)) == []
    assert steps(LASTING) == []


def test_the_next_hub_is_asked_where_the_first_refuses() -> None:
    assert steps(FAILED) == [("begin", SECOND)]
    other = replace(FAILED, hub=SECOND, callback=CALLBACKS + "other")
    assert steps(FAILED, other) == []
    assert steps(FAILED, other, hours=1) == [("ask", HUB)]


def test_what_failed_is_forgotten_once_another_is_subscribed_to() -> None:
    assert steps(FAILED, replace(LASTING, hub=SECOND)) == [("forget", HUB)]


def test_it_is_renewed_in_time_also_after_a_renewal_was_refused() -> None:
    assert steps(LASTING, hours=1) == [("ask", HUB)]
    failed = subscriber.refused(LASTING, "no", now=NOW + HOUR, chance=0)
    assert steps(failed, hours=1.5) == []
    assert steps(failed, hours=2) == [("ask", HUB)]


def test_it_is_left_where_the_feed_names_another_hub_or_topic_or_our_address_changed() -> None:
    assert steps(LASTING, offer=Offer()) == [("leave", HUB)]
    assert steps(LASTING, offer=Offer((SECOND,), TOPIC)) == [("leave", HUB), ("begin", SECOND)]
    assert steps(LASTING, offer=Offer((HUB,), f"{TOPIC}2")) == [("leave", HUB), ("begin", HUB)]
    assert steps(LASTING, base="https://moved.example/push/") == [("leave", HUB), ("begin", HUB)]


def test_what_is_left_is_forgotten_once_the_hub_verified_it_or_kept_silent() -> None:
    leaving = subscriber.asked(LASTING, "unsubscribe", NOW)
    assert steps(leaving, offer=Offer()) == []
    assert steps(leaving, offer=Offer(), hours=1) == [("forget", HUB)]
    left = subscriber.confirmed(leaving, "unsubscribe", TOPIC, "", now=NOW, chance=0)
    assert left is not None
    assert steps(left, offer=Offer()) == [("forget", HUB)]
    assert steps(FAILED, offer=Offer()) == [("forget", HUB)]
