"""What the operator reads about a subscription."""

from dataclasses import replace

import pytest

from aggregator.model import Subscription
from aggregator.websub import subscriber
from tests.websub.subscriber.given import DAY, HOUR, NOW, subscription

LASTING = replace(subscription(), since=NOW - DAY, until=NOW + DAY, next=NOW + HOUR, pushed=NOW - HOUR)
TROUBLE = "hub.example refused the request (403 Forbidden)."


@pytest.mark.parametrize(
    ("known", "state", "words"),
    [
        (LASTING, "works", "until 2026-03-03 12:00 UTC; the last push came at 2026-03-02 11:00 UTC."),
        (replace(LASTING, pushed=None), "works", "no push has come yet."),
        (subscriber.unsigned(LASTING, NOW), "works", "as its signature is missing or wrong."),
        (
            subscriber.missed(LASTING, NOW, 0),
            "doubted",
            "A poll at 2026-03-02 12:00 UTC found what its hub had not",
        ),
        (
            subscriber.asked(subscription(), "subscribe", NOW),
            "asked",
            "and has not confirmed that yet.",
        ),
        (subscriber.asked(LASTING, "unsubscribe", NOW), "left", "was asked to end its pushes (WebSub)."),
        (
            subscriber.refused(subscription(), TROUBLE, now=NOW, chance=0),
            "refused",
            f"2026-03-02 13:00 UTC. {TROUBLE}",
        ),
    ],
)
def test_each_state_is_a_sentence(known: Subscription, state: str, words: str) -> None:
    told = subscriber.fares([known], NOW)
    assert told is not None
    assert told.state == state
    assert words in told.sentence
    assert told.sentence.startswith(
        ("Its hub hub.example ", "No push (WebSub) from this outlet; its hub hub.example ")
    )
    assert "token" not in told.sentence
    assert "secret" not in told.sentence


def test_the_hub_that_works_is_the_one_to_tell_of() -> None:
    failed = subscriber.refused(subscription("https://other.example/"), TROUBLE, now=NOW, chance=0)
    told = subscriber.fares([failed, LASTING], NOW)
    assert told is not None
    assert told.subscription == LASTING
    assert subscriber.fares([], NOW) is None
