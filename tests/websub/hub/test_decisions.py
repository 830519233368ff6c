import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import (
    Announced,
    Call,
    Config,
    Entry,
    Feed,
    Item,
    Polling,
    Site,
    Source,
    Topic,
    Withdrawn,
)
from aggregator.websub.hub import (
    BOUNDS,
    CALLS,
    GIVE_UP,
    LATELY,
    announcing,
    answers_challenge,
    bounds_for,
    call_url,
    documents,
    link,
    next_call,
    next_try,
    signature,
)
from aggregator.websub.hub.offers import offered

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
A_SECOND, A_MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TOPIC = "https://wire.example.org/all.atom"


def entry(id: str, changed: datetime = NOW, text: str = "") -> Entry:
    return Entry(id, Item("wire", id, content=text), NOW, NOW, NOW, NOW, changed=changed)


def feed(*entries: Entry, withdrawn: tuple[Withdrawn, ...] = ()) -> Feed:
    return Feed("all", "tag:all", "All", "", "all", NOW, entries, withdrawn=withdrawn)


def ids(feed: Feed) -> list[str]:
    return [entry.id for entry in feed.entries]


# ── what can be subscribed to ───────────────────────────────────────────────────────────────────


def test_every_published_feed_is_a_topic_in_each_of_its_formats() -> None:
    config = Config(
        site=Site("Wire", "https://wire.example.org/"),
        polling=Polling(),
        sources=(Source("nk-news", "https://nk.example/"),),
        lists={},
        topics=(Topic("korea", "Korea"),),
    )
    assert sorted(offered(config).paths) == [
        f"{name}.{ending}"
        for name in ("all", "korea", "sources/nk-news")
        for ending in ("atom", "json", "rss")
    ]


def test_a_link_header_names_hub_and_topic_in_ascii() -> None:
    said = link("https://bücher.example/hub", "https://bücher.example/ü.atom")
    site = "https://xn--bcher-kva.example/"
    assert said == f'<{site}hub>; rel="hub", <{site}%C3%BC.atom>; rel="self"'


def test_a_renamed_topic_is_still_found_by_its_earlier_address() -> None:
    config = Config(
        site=Site("Wire", "https://wire.example.org/"),
        polling=Polling(),
        sources=(),
        lists={},
        topics=(Topic("kim-jong-un", "Kim", was=("kim", "korea")), Topic("korea", "Korea")),
    )
    assert offered(config).path("https://wire.example.org/kim.rss") == "kim-jong-un.rss"
    assert offered(config).path("https://wire.example.org/korea.rss") == "korea.rss"
    assert offered(config).path("https://wire.example.org/kim.html") is None


# ── what callbacks are asked ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("callback", "kept"),
    [
        ("https://r.example/cb", ""),
        ("https://r.example/cb?", ""),
        ("https://r.example/cb?id=a%20b&id=c", "id=a%20b&id=c&"),
        ("https://r.example/cb?id=7&", "id=7&"),
        ("https://r.example/cb?bare", "bare&"),
    ],
)
def test_a_callback_keeps_its_own_query(callback: str, kept: str) -> None:
    call = Call(1, "subscribe", TOPIC, callback, timedelta(days=1))
    asked = urlsplit(call_url(call, "c0ffee"))
    assert asked.query.startswith(f"{kept}hub.mode=")
    assert asked.path == "/cb"
    ours = asked.query.removeprefix(kept)
    assert parse_qsl(ours) == [
        ("hub.mode", "subscribe"),
        ("hub.topic", TOPIC),
        ("hub.challenge", "c0ffee"),
        ("hub.lease_seconds", "86400"),
    ]


def test_a_denial_asks_nothing_and_gives_its_reason() -> None:
    call = Call(1, "denied", TOPIC, "https://r.example/", timedelta(0), "It has ended & is gone.")
    asked = dict(parse_qsl(urlsplit(call_url(call, "c0ffee")).query))
    assert asked == {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "It has ended & is gone."}


def test_only_the_very_challenge_with_a_2xx_is_a_yes() -> None:
    assert answers_challenge(200, b"c0ffee", "c0ffee")
    assert answers_challenge(299, b"c0ffee", "c0ffee")
    for status, body in [(404, b"c0ffee"), (302, b"c0ffee"), (200, b""), (200, b"c0ffee2"), (200, b"C0FFEE")]:
        assert not answers_challenge(status, body, "c0ffee")


# ── signatures ──────────────────────────────────────────────────────────────────────────────────


@given(st.binary(max_size=99), st.text(max_size=50))
def test_a_signature_is_the_hmac_of_the_body_under_the_secret(body: bytes, secret: str) -> None:
    key = secret.encode()
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    assert signature(body, secret, "https://r.example/", []) == f"sha256={expected}"


@pytest.mark.parametrize(
    ("callback", "method"),
    [
        ("https://old.example/cb", "sha1"),
        ("https://old.example/cb2", "sha256"),
        ("https://old.example/below/x", "sha1"),
        ("https://old.example/below", "sha256"),
        ("https://new.example/cb", "sha256"),
    ],
)
def test_sha_1_is_for_those_alone_whom_the_operator_lists(callback: str, method: str) -> None:
    listed = ["https://old.example/cb", "https://old.example/below/"]
    assert signature(b"x", "s", callback, listed).partition("=")[0] == method


# ── when to try again ───────────────────────────────────────────────────────────────────────────


@given(st.integers(1, 500), st.floats(0, 1))
def test_waits_double_up_to_an_hour_and_half_as_much_by_chance(tries: int, chance: float) -> None:
    at = next_try(NOW, tries, NOW, chance)
    assert at is not None
    assert 5 * A_SECOND <= at - NOW <= 90 * A_MINUTE
    if tries <= 8:
        assert at - NOW >= 5 * A_SECOND * 2 ** (tries - 1)


def test_a_subscriber_may_ask_for_more_time_up_to_a_day() -> None:
    assert next_try(NOW, 1, NOW, 0, 10 * A_MINUTE) == NOW + 10 * A_MINUTE
    assert next_try(NOW, 1, NOW, 0, timedelta(days=99)) == NOW + timedelta(days=1)
    assert next_try(NOW, 1, NOW, 0, A_SECOND) == NOW + 5 * A_SECOND


def test_days_of_failures_are_the_end() -> None:
    assert next_try(NOW, 99, NOW - GIVE_UP + A_SECOND, 0) is not None
    assert next_try(NOW, 99, NOW - GIVE_UP, 0) is None


def test_who_comes_by_a_proxy_that_names_nobody_shares_the_room_of_many() -> None:
    one, many = bounds_for("8.8.8.8"), bounds_for("10.0.0.1")
    assert one == bounds_for("2001:db8::/64") == BOUNDS
    assert one.pending_per_asker < many.pending_per_asker < many.pending
    assert many.pending_per_host < one.pending_per_host


def test_a_question_is_put_twice() -> None:
    assert [next_call(NOW, tries, 0) for tries in range(1, CALLS + 1)] == [NOW + 20 * A_SECOND, None]


# ── what is new ─────────────────────────────────────────────────────────────────────────────────


def test_the_first_look_at_a_feed_announces_nothing() -> None:
    news = announcing(feed(entry("a"), entry("b")), None, NOW)
    assert (news.any, ids(news.feed)) == (False, [])
    assert not announcing(feed(entry("a"), entry("b")), news.announced, NOW + A_SECOND).any


def test_what_came_or_changed_since_is_announced_once_in_the_order_of_the_feed() -> None:
    before = announcing(feed(entry("old", NOW - timedelta(days=1)), entry("a")), None, NOW).announced
    later = feed(
        entry("new", NOW + A_MINUTE), entry("old", NOW + A_MINUTE), entry("a"), entry("x", NOW + A_MINUTE)
    )
    news = announcing(later, before, NOW + A_MINUTE)
    assert ids(news.feed) == ["new", "old", "x"]
    assert not announcing(later, news.announced, NOW + 2 * A_MINUTE).any


def test_a_poll_that_was_stored_late_is_announced_though_a_later_one_was_before_it() -> None:
    before = announcing(feed(), None, NOW).announced
    news = announcing(feed(entry("quick", NOW + A_MINUTE)), before, NOW + A_MINUTE)
    late = feed(entry("quick", NOW + A_MINUTE), entry("slow", NOW + A_SECOND))
    assert ids(announcing(late, news.announced, NOW + 2 * A_MINUTE).feed) == ["slow"]


def test_history_that_comes_into_a_feed_is_not_news() -> None:
    before = announcing(feed(), None, NOW).announced
    retagged = feed(entry("then", NOW - timedelta(days=3)), entry("before", NOW - LATELY))
    assert not announcing(retagged, before, NOW + A_SECOND).any


def test_history_that_comes_into_a_quiet_feed_is_not_news_either() -> None:
    before = Announced(NOW - timedelta(days=5))
    retagged = feed(entry("then", NOW - timedelta(days=3)))
    assert ids(announcing(retagged, before, NOW).feed) == ["then"]
    assert not announcing(retagged, before, NOW, current=NOW - timedelta(days=1)).any


def test_a_clock_that_was_set_back_hides_nothing() -> None:
    before = Announced(NOW + timedelta(days=1))
    assert ids(announcing(feed(entry("a", NOW)), before, NOW).feed) == ["a"]


def test_what_was_withdrawn_is_news() -> None:
    gone = Withdrawn("a", NOW + A_SECOND, NOW, "desk")
    before = announcing(feed(entry("a")), None, NOW).announced
    news = announcing(feed(withdrawn=(gone,)), before, NOW + A_SECOND)
    assert (news.any, news.feed.withdrawn) == (True, (gone,))
    assert not announcing(feed(withdrawn=(gone,)), news.announced, NOW + A_MINUTE).any


# ── what is sent ────────────────────────────────────────────────────────────────────────────────


def plain(feed: Feed) -> bytes:
    lines = [f"{entry.id}:{entry.item.content}" for entry in feed.entries]
    lines += [f"-{gone.id}" for gone in feed.withdrawn]
    return "\n".join(lines).encode()


@given(st.lists(st.integers(0, 60), max_size=40))
def test_documents_hold_every_entry_once_oldest_first_within_their_bound(sizes: list[int]) -> None:
    entries = [entry(f"{number:02}", text="x" * size) for number, size in enumerate(sizes)]
    bodies = list(documents(feed(*entries), plain, most=64))
    assert all(len(body) <= 64 for body in bodies)
    seen = [line[:2] for body in reversed(bodies) for line in body.decode().splitlines()]
    assert seen == [one.id for one in entries]


def test_an_entry_too_large_by_itself_goes_without_its_text_or_not_at_all() -> None:
    assert list(documents(feed(entry("a", text="x" * 99)), plain, most=64)) == [b"a:"]
    assert list(documents(feed(entry("a" * 99)), plain, most=64)) == []


def test_the_last_document_tells_what_was_withdrawn() -> None:
    gone = (Withdrawn("g", NOW, NOW, "desk"),)
    whole = feed(entry("1", text="x" * 30), entry("2", text="x" * 30), withdrawn=gone)
    assert list(documents(whole, plain, most=40)) == [b"2:" + b"x" * 30, b"1:" + b"x" * 30 + b"\n-g"]
    assert list(documents(replace(whole, entries=()), plain, most=40)) == [b"-g"]
