"""Which hubs push a feed, by headers and by the feed itself."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Offer, Refined, Response, Source, SourceState
from aggregator.parse.hub_links import linked
from aggregator.parse.refinement import refine
from aggregator.websub import subscriber

URL = "https://outlet.example/feed"
HUB, OTHER = "https://hub.example/", "https://other.example/hub"
BOTH = Offer((HUB,), "https://outlet.example/feed?a=1&b=%7e")


def answer(*links: str, status: int = 200) -> Response:
    return Response(URL, status, tuple(("link", link) for link in links), b"")


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([f'<{HUB}>; rel="hub"', f"<{URL}>; rel=self"], Offer((HUB,), URL)),
        ([f'<{HUB}>; rel="hub", <{OTHER}>; rel=HUB, <{URL}>; rel="self"'], Offer((HUB, OTHER), URL)),
        ([f'<{HUB}>; title="a, <b>; rel=self"; rel="hub"'], Offer((HUB,), "")),
        ([f'<{HUB}>; rel="nofollow Hub"; rel="self"'], Offer((HUB,), "")),
        ([f'<{HUB}>; rel=hub; anchor="#else"', "<x>; rel=self"], Offer((), "https://outlet.example/x")),
        ([f"<{HUB}>;rel=hub", f"<{HUB}>;rel=hub"], Offer((HUB,), "")),
        (["<//hub.example/>; rel=hub"], Offer((HUB,), "")),
        (
            ["<https://OUTLET.example:443/%7Efeed?>; rel=self"],
            Offer((), "https://OUTLET.example:443/%7Efeed?"),
        ),
        (["<ftp://hub.example/>; rel=hub, <javascript:x>; rel=hub, <https:///x>; rel=hub"], Offer()),
        (["<https://[hub/>; rel=hub, <https://hub.example:99999/>; rel=hub"], Offer()),
        (["hub", "<", "<>;;;=", ""], Offer()),
        (
            [f"<https://h{n}.example/>; rel=hub" for n in range(9)],
            Offer(tuple(f"https://h{n}.example/" for n in range(5))),
        ),
    ],
)
def test_link_headers_name_hubs_and_the_topic(links: Sequence[str], expected: Offer) -> None:
    assert linked(answer(*links)) == expected


@given(st.lists(st.text(st.sampled_from('<>",;= \\relhubsf:/'), max_size=60), max_size=3))
def test_whatever_link_headers_hold_is_read(links: list[str]) -> None:
    linked(answer(*links))


@pytest.mark.parametrize(
    "header", ["<" * 16_000, '<a>;"' * 3_000, "<a>;" + ";rel" * 4_000, "<a>;x" + " " * 16_000]
)
def test_link_headers_are_read_in_no_time(header: str) -> None:
    began = time.process_time()
    linked(answer(header))
    assert time.process_time() - began < 0.5


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>urn:x</id>
<link rel="self" href="https://outlet.example/feed?a=1&amp;b=%7e"/><link rel="hub" href="https://hub.example/"/>
<updated>2026-01-01T00:00:00Z</updated><entry><id>urn:1</id><title>t</title>
<link rel="hub" href="https://evil.example/"/><updated>2026-01-01T00:00:00Z</updated></entry></feed>"""
RSS = b"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>
<atom:link rel="self" href="https://outlet.example/feed?a=1&amp;b=%7e"/>
<atom:link rel="hub" href="//hub.example/"/>
<item><title>t</title><guid>1</guid><atom:link rel="hub" href="https://evil.example/"/></item></channel></rss>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "t"}],
"feed_url": "https://outlet.example/feed?a=1&b=%7e", "hubs": [{"type": "rssCloud", "url": "https://cloud.example/"},
{"type": "WebSub", "url": "https://hub.example/"}, "https://evil.example/", {"type": "WebSub", "url": 7}]}"""


@pytest.mark.parametrize("body", [ATOM, RSS, JSON], ids=["atom", "rss", "json"])
def test_feeds_name_hubs_and_the_topic_and_entries_do_not(body: bytes) -> None:
    refined = refine(Source("s", URL), Response(URL, 200, (), body))
    assert isinstance(refined, Refined)
    assert refined.offer == BOTH


def test_headers_count_before_the_feed_each_for_what_it_says() -> None:
    named = SourceState(named=BOTH)
    assert subscriber.offer(named) == BOTH
    assert subscriber.offer(SourceState(named=BOTH, linked=Offer((OTHER,)))) == Offer((OTHER,), BOTH.topic)
    assert subscriber.offer(SourceState(named=BOTH, linked=Offer((), URL))) == Offer((HUB,), URL)


def test_a_hub_without_a_topic_or_a_topic_without_a_hub_offers_nothing() -> None:
    assert subscriber.offer(SourceState(named=Offer((HUB,)))) == Offer()
    assert subscriber.offer(SourceState(linked=Offer((), URL))) == Offer()


def test_a_304_without_link_headers_keeps_what_is_known_and_a_200_does_not() -> None:
    known = SourceState(linked=Offer((HUB,), URL))
    assert subscriber.noted(known, answer(status=304), None) == known
    assert subscriber.noted(known, answer(), None).linked == Offer()
    assert subscriber.noted(known, answer(f"<{OTHER}>; rel=hub", status=304), None).linked == Offer((OTHER,))
