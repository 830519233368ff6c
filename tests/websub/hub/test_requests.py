from datetime import timedelta

import pytest

from aggregator.model import Subscribing
from aggregator.websub.hub import LEASE, LONGEST_LEASE, SHORTEST_LEASE, Refusal, Topics, read_request

SITE = Topics("https://wire.example.org/", {"all.atom", "north-korea.atom", "sources/nk-news.json"})
FEED = "https://wire.example.org/north-korea.atom"
CALLBACK = "https://reader.example/cb?id=7"


def read(**fields: str) -> Subscribing | Refusal:
    asked = {"mode": "subscribe", "topic": FEED, "callback": CALLBACK} | fields
    return read_request([(f"hub.{name}", value) for name, value in asked.items()], "192.0.2.1", SITE)


def refusal(**fields: str) -> Refusal:
    found = read(**fields)
    assert isinstance(found, Refusal)
    return found


def test_a_whole_request_is_read() -> None:
    assert read(lease_seconds="86400", secret="ünmöglich", verify="async") == Subscribing(
        mode="subscribe",
        topic="north-korea.atom",
        address=FEED,
        callback=CALLBACK,
        lease=timedelta(days=1),
        secret="ünmöglich",
        asker="192.0.2.1",
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "HTTPS://WIRE.example.ORG/north-korea.atom",
        "https://wire.example.org:443/north-korea.atom",
        "https://wire.example.org/./x/../north-korea.atom",
        "https://wire.example.org/%6Eorth%2Dkorea.atom",
        "https://wire.example.org/north-korea.atom?",
    ],
)
def test_a_topic_is_known_however_it_is_spelt_and_asked_back_as_it_was_spelt(spelling: str) -> None:
    found = read(topic=spelling)
    assert isinstance(found, Subscribing)
    assert (found.topic, found.address) == ("north-korea.atom", spelling)


@pytest.mark.parametrize(
    "topic",
    [
        "https://wire.example.org/south-korea.atom",
        "https://wire.example.org/north-korea.html",
        "https://wire.example.org/north-korea.atom?raw",
        "https://wire.example.org/north-korea.atom#top",
        "https://wire.example.org/sources%2Fnk-news.json",
        "https://wire.example.org//north-korea.atom",
        "https://wire.example.org.evil.example/north-korea.atom",
        "https://wire.example.org@evil.example/north-korea.atom",
        "https://user:pw@wire.example.org/north-korea.atom",
        "https://wire.example.org:8443/north-korea.atom",
        "http://wire.example.org/north-korea.atom",
        "https://other.example/north-korea.atom",
        "north-korea.atom",
        "https://[::1/",
        "https://wire.example.org/" + "a/" * 5000,
    ],
)
def test_anything_else_is_no_topic(topic: str) -> None:
    assert refusal(topic=topic).status == 404


def test_a_site_below_a_path_has_its_topics_there() -> None:
    site = Topics("https://example.org/news/", {"all.atom"})
    assert site.path("https://example.org/news/all.atom") == "all.atom"
    assert site.path("https://example.org/all.atom") is None
    assert site.path("https://example.org/newsall.atom") is None
    assert site.address("all.atom") == "https://example.org/news/all.atom"


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("", LEASE),
        ("0", SHORTEST_LEASE),
        ("60", SHORTEST_LEASE),
        ("7200", timedelta(hours=2)),
        ("9" * 18, LONGEST_LEASE),
    ],
)
def test_a_lease_is_kept_within_bounds(seconds: str, lease: timedelta) -> None:
    found = read(lease_seconds=seconds)
    assert isinstance(found, Subscribing)
    assert found.lease == lease


def test_a_callback_of_letters_beyond_ascii_is_written_as_it_is_sent() -> None:
    found = read(callback="https://bücher.example/ü?q=ü")
    assert isinstance(found, Subscribing)
    assert found.callback == "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC"


@pytest.mark.parametrize(
    ("fields", "status", "word"),
    [
        ({"mode": ""}, 400, "hub.mode is missing"),
        ({"mode": "publish"}, 403, "Only the site itself publishes"),
        ({"mode": "denied"}, 400, "not 'denied'"),
        ({"mode": "<script>\x07" * 99}, 400, "\\x07"),
        ({"topic": ""}, 400, "hub.topic is missing"),
        ({"callback": ""}, 400, "hub.callback is missing"),
        ({"callback": "https://a.example/" + "a" * 2000}, 400, "longer than 2000"),
        ({"callback": "ftp://a.example/"}, 400, "http or https"),
        ({"callback": "/cb"}, 400, "http or https"),
        ({"callback": "https:///cb"}, 400, "http or https"),
        ({"callback": "https://a.example/#top"}, 400, "without a #"),
        ({"callback": "https://a.example/#"}, 400, "without a #"),
        ({"callback": "https://a.example:99999/"}, 400, "http or https"),
        ({"callback": "https://a.example/ b"}, 400, "http or https"),
        ({"callback": "https://a.example/\r\nHost: b"}, 400, "http or https"),
        ({"callback": "https://[::1/"}, 400, "http or https"),
        ({"lease_seconds": "-1"}, 400, "whole number"),
        ({"lease_seconds": "1e9"}, 400, "whole number"),
        ({"lease_seconds": "٣"}, 400, "whole number"),
        ({"lease_seconds": "9" * 5000}, 400, "whole number"),
        ({"secret": "a" * 200}, 400, "shorter than 200 bytes"),
        ({"secret": "ü" * 100}, 400, "shorter than 200 bytes"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(fields: dict[str, str], status: int, word: str) -> None:
    found = refusal(**fields)
    assert found.status == status
    assert word in found.sentence
    assert found.sentence.endswith(".")
    assert len(found.sentence) < 200
    assert found.sentence.isprintable()


def test_a_secret_of_199_bytes_is_taken() -> None:
    assert isinstance(read(secret="a" * 199), Subscribing)


def test_a_field_that_is_given_twice_is_refused() -> None:
    form = [("hub.mode", "subscribe"), ("hub.topic", FEED), ("hub.topic", FEED), ("hub.callback", CALLBACK)]
    found = read_request(form, "", SITE)
    assert isinstance(found, Refusal)
    assert "'hub.topic' is given twice" in found.sentence
