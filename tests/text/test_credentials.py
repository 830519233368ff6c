"""Passwords and tokens: found wherever they can stand in the configuration, and taken out of texts."""

import base64
import time

import pytest

from aggregator.model import Config, Polling, Secret, Site, Source, Unset
from aggregator.text import credentials


def configured(**of_source: object) -> frozenset[str]:
    source = Source("a", **{"feed": "https://a.example/feed", **of_source})  # type: ignore[arg-type]
    return credentials.configured(Config(Site("W", "https://w.example/"), Polling(), (source,), {}, ()))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://me:hunter2@a.example/feed", "https://***@a.example/feed"),
        ("https://me@a.example/feed", "https://***@a.example/feed"),
        ("https://me:p@ss@a.example/", "https://***@a.example/"),
        ("at http://u:p@h:80/x and https://v:q@i/y", "at http://***@h:80/x and https://***@i/y"),
        ("https://a.example/feed?token=hunter2", "https://a.example/feed?token=***"),
        ("https://a.example/feed?a=1&api_key=hunter2&b=2", "https://a.example/feed?a=1&api_key=***&b=2"),
        (
            "https://a.example/feed?accessToken=x&apikey=y",
            "https://a.example/feed?accessToken=***&apikey=***",
        ),
        ("https://a.example/?a=1;SIG=hunter2#x", "https://a.example/?a=1;SIG=***#x"),
        ("POST /push/Zk3v9Qe1xT5uLw8YbN2c answered 500", "POST /push/*** answered 500"),
        ("https://medium.example/@me/feed", "https://medium.example/@me/feed"),
        (
            "https://a.example/?keywords=peace&monkey=1&sign=2",
            "https://a.example/?keywords=peace&monkey=1&sign=2",
        ),
        ("desk@example.org wrote: 1 = 1", "desk@example.org wrote: 1 = 1"),
    ],
)
def test_a_text_keeps_all_but_its_credentials(text: str, left: str) -> None:
    assert credentials.without_credentials(text) == left
    assert credentials.without_credentials(left) == left


@pytest.mark.parametrize(
    ("feed", "text"),
    [
        ("https://feeds.example/news", "https://feeds.example/news/1"),
        ("https://feeds.example/news", "https://feeds.example/newsletter"),
        ("https://feeds.example/feed.xml", "https://feeds.example/feed.xml.html"),
        ("https://feeds.example/", "https://feeds.example/letters"),
        ("https://feeds.example/c/peace-and-international-law/rss", "/c/peace-and-international-law/1"),
        ("https://feeds.example/covid19/2024/feed", "covid19 in 2024"),
        ("https://feeds.example/u/x7k2q/feed", "the word ax7k2qb"),
    ],
)
def test_an_article_below_a_private_feed_does_not_show_it(feed: str, text: str) -> None:
    assert credentials.reveals(text, credentials.private_words(feed)) == ""


@pytest.mark.parametrize(
    ("feed", "text"),
    [
        ("https://feeds.example/news", 'href="https://feeds.example/news"'),
        ("https://feeds.example/news", "see https://feeds.example/news/ and"),
        ("https://feeds.example/news", "https://feeds.example/news?page=2#x"),
        ("https://feeds.example/?feed=rss&u=bob", "https://feeds.example/?feed=rss&amp;u=bob"),
        ("https://feeds.example/r/abc123def456/x", "https://cdn.example/ABC123DEF456.jpg"),
        ("https://feeds.example/news", "It is read at https://feeds.example/news."),
        ("https://me:pw@feeds.example:8443/news", "http://feeds.example:8443/news"),
        ("https://feeds.example/news", "https%3A%2F%2Ffeeds.example%2Fnews"),
        ("https://feeds.example/news", "https%253A%252F%252ffeeds.example%252Fnews"),
        ("https://feeds.example/news", "https:\\/\\/feeds.example\\/news"),
        ("https://feeds.example/?feed=rss&u=bob", "https://feeds.example/?feed=rss&amp;amp;u=bob"),
        ("https://feeds.example/news", "https://FEEDS.example.:443/news"),
        ("https://feeds.example:443/news", "https://feeds.example/news"),
        ("https://zürich.example/news", "https://xn--zrich-kva.example/news"),
        ("https://xn--zrich-kva.example/news", "https://zürich.example/news"),
        ("https://feeds.example/%6eews", "https://feeds.example/news"),
        ("https://feeds.example/u/x7k2q/feed", "https://cdn.example/x7k2q/a.jpg"),
        ("https://feeds.example/u/x7k2q/feed", "https://cdn.example/&#120;7k2%71.jpg"),
    ],
)
def test_the_address_of_a_private_feed_is_known_in_every_spelling(feed: str, text: str) -> None:
    assert credentials.reveals(text, credentials.private_words(feed))


def test_of_the_address_of_a_private_feed_the_host_alone_is_shown() -> None:
    private = Source("a", "https://me:pw@feeds.example/rss/5f3a9c?x=1", private=True)
    assert credentials.shown(private.feed, private) == "https://feeds.example/***"
    assert credentials.shown("https://feeds.example/[", private).startswith("https://feeds.example")
    assert credentials.shown("", private) == ""


def test_secrets_stand_in_headers_and_addresses() -> None:
    basic = base64.b64encode(b"me:hunter2").decode()
    assert "s3cr3tt0ken" in configured(headers=(("X-Key", Secret("s3cr3tt0ken")),))
    assert "s3cr3tt0ken" in configured(headers=(("Authorization", "Bearer s3cr3tt0ken"),))
    assert "s3cr3tt0ken" in configured(headers=(("Cookie", "a=1; session=s3cr3tt0ken"),))
    assert {"hunter2", basic} <= configured(headers=(("Authorization", f"Basic {basic}"),))
    assert "hunter2" in configured(feed="https://me:hunter2@a.example/feed")
    assert {"p%40ss", "p@ss"} <= configured(feed="https://me:p%40ss@a.example/feed")
    assert "s3cr3tt0ken" in configured(feed="https://a.example/feed?user=me&token=s3cr3tt0ken")


def test_what_is_no_secret_is_left_alone() -> None:
    ordinary = (
        ("Accept", "application/rss+xml"),
        ("Accept-Language", "en-GB"),
        ("X-Key", Unset("MISSING_TOKEN")),
    )
    assert configured(headers=ordinary) == frozenset()
    assert configured(feed="https://me@a.example/feed?category=politics&key=1") == frozenset()
    assert "Bearer" not in configured(headers=(("Authorization", "Bearer s3cr3tt0ken"),))


def test_longer_secrets_go_first() -> None:
    assert credentials.without("a topsecret, a topsecretary", {"topsecret", "topsecretary"}) == "a ***, a ***"


def test_many_private_addresses_cost_a_document_one_pass() -> None:
    words = frozenset().union(
        *(credentials.private_words(f"https://h{n}.example/feed/t0ken{n:015}") for n in range(300))
    )
    text = "https://h1.example/letters/1 &amp; others %20 " * 20_000
    credentials.reveals("warm", words)
    started = time.perf_counter()
    assert credentials.reveals(text, words) == ""
    assert time.perf_counter() - started < 1.5  # some 30 s where every word is sought by itself
    assert credentials.reveals(f"{text}/t0ken{299:015}", words)
