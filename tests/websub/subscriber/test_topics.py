"""A hub that spells the topic in its own way still verifies it."""

import pytest

from aggregator.websub.subscriber.lifecycle import same_topic

TOPIC = "https://news.example/caf%c3%a9/feed?tag=middle%20east&page=a%2fb"


@pytest.mark.parametrize(
    "spelt",
    [
        TOPIC,
        "https://news.example/caf%C3%A9/feed?tag=middle%20east&page=a%2Fb",
        "https://news.example/café/feed?tag=middle+east&page=a/b",
        "https://NEWS.example:443/caf%C3%A9/feed?tag=middle%20east&page=a%2Fb",
        "https://news.example/caf%C3%A9/feed?tag%3Dmiddle%2520east%26page%3Da%252Fb",
        "https%3A%2F%2Fnews.example%2Fcaf%C3%A9%2Ffeed%3Ftag=middle%20east&page=a%2Fb",
    ],
)
def test_other_spellings_of_an_address_are_the_same_topic(spelt: str) -> None:
    assert same_topic(TOPIC, spelt)
    assert same_topic(spelt, TOPIC)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "http://[",
        "http://news.example/caf%C3%A9/feed?tag=middle%20east&page=a%2Fb",
        "https://news.example/caf%C3%A9/Feed?tag=middle%20east&page=a%2Fb",
        "https://news.example:8443/caf%C3%A9/feed?tag=middle%20east&page=a%2Fb",
        "https://news.example/caf%C3%A9/feed?tag=middle%20east",
        "https://other.example/caf%C3%A9/feed?tag=middle%20east&page=a%2Fb",
    ],
)
def test_another_address_is_another_topic(other: str) -> None:
    assert not same_topic(TOPIC, other)


def test_hosts_are_the_same_in_both_of_their_spellings() -> None:
    assert same_topic("https://bücher.example", "https://xn--bcher-kva.example/")
