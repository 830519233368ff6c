"""How a subscription comes about, lasts and ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Subscription
from aggregator.websub import subscriber
from tests.websub.subscriber.given import DAY, HOUR, MINUTE, NOW, TOPIC, subscription

ASKED = subscriber.asked(subscription(), "subscribe", NOW)


def confirmed(lease: str = "864000", chance: float = 0.0) -> Subscription:
    state = subscriber.confirmed(ASKED, "subscribe", TOPIC, lease, now=NOW, chance=chance)
    assert state is not None
    return state


def test_only_what_is_pending_is_confirmed_for_the_exact_topic() -> None:
    for mode, topic in [("unsubscribe", TOPIC), ("subscribe", f"{TOPIC}/"), ("", TOPIC), ("denied", TOPIC)]:
        assert subscriber.confirmed(ASKED, mode, topic, "60", now=NOW, chance=0) is None
    assert subscriber.confirmed(subscription(), "subscribe", TOPIC, "60", now=NOW, chance=0) is None
    assert subscriber.confirmed(confirmed(), "subscribe", TOPIC, "60", now=NOW, chance=0) is None
    assert subscriber.confirmed(subscription(), "", TOPIC, "60", now=NOW, chance=0) is None


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_it_is_renewed_at_80_to_90_percent_of_the_lease(chance: float) -> None:
    state = confirmed("1000", chance)
    assert state.until == NOW + timedelta(seconds=1000)
    assert timedelta(seconds=800) <= state.next - NOW <= timedelta(seconds=900)


@pytest.mark.parametrize(
    ("lease", "span"),
    [
        ("", subscriber.LEASE),
        ("soon", subscriber.LEASE),
        ("-5", subscriber.LEASE),
        ("0", MINUTE),
        ("9" * 12, 366 * DAY),
        ("9" * 400, subscriber.LEASE),
        ("٣٠", subscriber.LEASE),
    ],
)
def test_a_lease_that_makes_no_sense_is_bounded(lease: str, span: timedelta) -> None:
    assert confirmed(lease).until == NOW + span


def test_a_renewal_keeps_what_is_known_and_a_refused_one_keeps_the_lease() -> None:
    state = replace(confirmed(), pushed=NOW, proven=3)
    later = NOW + 8 * DAY
    again = subscriber.confirmed(
        subscriber.asked(state, "subscribe", later), "subscribe", TOPIC, "864000", now=later, chance=0
    )
    assert again is not None
    assert (again.since, again.until, again.proven) == (NOW, later + 10 * DAY, 3)
    failed = subscriber.refused(
        subscriber.asked(state, "subscribe", later), "It is down.", now=later, chance=0
    )
    assert subscriber.lasts(failed, later)
    assert (failed.pending, failed.trouble, failed.next) == ("", "It is down.", later + HOUR)


def test_failures_wait_ever_longer_and_at_least_as_long_as_they_are_asked_to() -> None:
    state, waits = subscription(), []
    for _ in range(10):
        state = subscriber.refused(state, "no", now=NOW, chance=0)
        waits.append((state.next - NOW) / HOUR)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 168, 168]
    assert subscriber.refused(subscription(), "no", now=NOW, chance=0, wait=3 * DAY).next == NOW + 3 * DAY


def test_silence_for_an_hour_is_a_refusal() -> None:
    assert subscriber.overdue(ASKED, NOW + 59 * MINUTE, 0) == ASKED
    late = subscriber.overdue(ASKED, NOW + HOUR, 0)
    assert (late.pending, late.failures) == ("", 1)
    assert subscriber.overdue(confirmed(), NOW + 20 * DAY, 0) == confirmed()


def test_a_denial_ends_the_lease_at_any_time_and_its_reason_is_plain() -> None:
    state = subscriber.denied(
        confirmed(), TOPIC, "no\r\n\x1b[31m <b>spam</b> " + "x" * 999, now=NOW, chance=0
    )
    assert state is not None
    assert not subscriber.lasts(state, NOW)
    assert state.trouble.isprintable()
    assert len(state.trouble) < 400
    assert subscriber.denied(confirmed(), "https://else.example/", "", now=NOW, chance=0) is None


def test_neither_callback_nor_secret_is_ever_shown() -> None:
    assert "token" not in repr(subscription())
    assert "secret" not in repr(subscription())
