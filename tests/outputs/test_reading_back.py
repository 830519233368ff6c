"""What we publish reads back as what we published, whatever an outlet wrote."""

import io
import json
from calendar import timegm
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import Author, Category, Enclosure, Entry, Head, Item, Reason, Tag
from aggregator.outputs.presentation import present
from aggregator.outputs.views import EntryView
from aggregator.text.characters import one_line
from tests import printing
from tests.examples import examples
from tests.judges import JUDGES
from tests.outputs.samples import CONFIG, NAMESPACE, feed

MARKUP = st.sampled_from(
    [
        *(
            "<script>alert(1)</script>",
            "]]>",
            "<![CDATA[",
            "&lt;b&gt;",
            "&amp;amp;",
            "<b>bold</b>",
            "</title>",
            "</item>",
        ),
        *(
            "\x00",
            "\x0b",
            "\ufffe",
            "\uffff",
            "\ud800",
            "\u202e",
            "\u2028",
            "\x85",
            "\r\n",
            "‘’“”",
            "{{ 7*7 }}",
            "{% raw %}",
        ),
        *(
            '" onmouseover="x',
            "<!--",
            "-->",
            "<?php",
            "شمال",
            "北韓",
            "🕊️",
            "%00",
            "&#0;",
            "javascript:alert(1)",
            "a < b & c",
        ),
    ]
)
TEXT = st.lists(st.one_of(MARKUP, st.text(max_size=12)), max_size=5).map("".join)
URL = st.one_of(
    st.sampled_from(
        [
            *(
                "https://a.example/x?y=1&z=<2>",
                "http://ä.example/ü",
                "https://u:p@b.example/",
                "javascript:alert(1)",
            ),
            *(
                "//c.example",
                "/relative",
                "",
                "data:text/html,x",
                "https://d.example/%zz?[q]={1}",
                "http://[::1]/x",
            ),
        ]
    ),
    TEXT.map(lambda text: f"https://e.example/{text}"),
    TEXT,
)
LANGUAGE = st.sampled_from(["", "en", "en_us", "ar", "zh-Hant", "not a language", "xx\x00"])
DATE = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
HEAD = st.builds(
    Head,
    id=TEXT,
    title=TEXT,
    subtitle=TEXT,
    page=URL,
    feed=URL,
    language=LANGUAGE,
    rights=TEXT,
    updated=st.none() | DATE,
)
ITEM = st.builds(
    Item,
    source=st.sampled_from(["peoples-dispatch", "members", "headlines", "gazette", "gone"]),
    key=st.just("k"),
    url=URL,
    title=TEXT,
    summary=TEXT,
    content=TEXT,
    text=TEXT,
    authors=st.lists(st.builds(Author, TEXT, URL), max_size=3).map(tuple),
    categories=st.lists(st.builds(Category, TEXT, TEXT, TEXT), max_size=3).map(tuple),
    language=LANGUAGE,
    rights=TEXT,
    enclosures=st.lists(
        st.builds(Enclosure, URL, TEXT, st.none() | st.integers(0, 10**12), TEXT),
        max_size=2,
        unique_by=lambda one: one.url,
    ).map(tuple),
    comments=URL,
    head=HEAD,
)
TAG = st.builds(
    Tag,
    st.just("diplomacy"),
    st.just(1),
    st.lists(
        st.builds(
            Reason, st.just(1), st.just(1), st.sampled_from(["", "title"]), st.just(0), st.just(1), TEXT
        ),
        max_size=2,
    ).map(tuple),
)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Entry, ...]:
    items = draw(st.lists(st.tuples(ITEM, DATE, st.lists(TAG, max_size=1)), max_size=3))
    return tuple(
        Entry(f"{NAMESPACE}/items/{number}", item, date, date, date, date, tags=tuple(tags))
        for number, (item, date, tags) in enumerate(items)
    )


@examples(40, HealthCheck.too_slow, HealthCheck.data_too_large)
@given(entries())
def test_every_document_is_valid_and_says_what_was_to_be_shown(given_entries: tuple[Entry, ...]) -> None:
    shown = present(feed(*given_entries), CONFIG).entries
    documents = printing.render(feed(*given_entries), CONFIG)
    for document in documents:
        assert JUDGES["." + document.path.rpartition(".")[2]](document.body) == []
    atom, rss, feed_json = (document.body for document in documents[:3])
    assert read_xml(atom, "{*}entry", "{*}id", "{*}title") == [(one.id, one.title) for one in shown]
    assert read_xml(rss, "channel/item", "guid", "title") == [(one.id, one.title) for one in shown]
    reads_back_with_feedparser(atom, shown)
    items = json.loads(feed_json)["items"]
    assert [(one["id"], one["title"], one.get("url", "")) for one in items] == [
        (one.id, one.title, one.url) for one in shown
    ]
    assert [[author["name"] for author in one["authors"]] for one in items] == [
        [author.name for author in one.authors] for one in shown
    ]


def read_xml(body: bytes, entry: str, id: str, title: str) -> list[tuple[str, str]]:
    """Ids and titles as a strict XML parser reads them."""
    return [(one.findtext(id, ""), one.findtext(title, "")) for one in etree.fromstring(body).findall(entry)]


def reads_back_with_feedparser(atom: bytes, shown: tuple[EntryView, ...]) -> None:
    read = feedparser.parse(io.BytesIO(atom), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo
    assert [one.id for one in read.entries] == [one.id for one in shown]
    assert [one.link for one in read.entries] == [one.url or one.id for one in shown]  # feedparser's stand-in
    for one, ours in zip(read.entries, shown, strict=True):
        assert timegm(one.published_parsed) == int(ours.published.timestamp())
        assert [one_line(author.name) for author in one.authors] == [author.name for author in ours.authors]


def test_rss_dates_read_back_for_every_century() -> None:
    item = Item(source="headlines", key="1", url="https://headlines.example.com/1", title="T")
    for year in (1, 999, 1969, 2026, 9999):
        moment = datetime(year, 3, 4, 5, 6, 7, 899_000, tzinfo=UTC)
        body = printing.render(feed(Entry("urn:x:1", item, moment, moment, moment, moment)), CONFIG)[1].body
        assert f"{year:04} 05:06:07 GMT".encode() in body


def test_plain_text_survives_a_reader_that_takes_descriptions_for_html() -> None:
    item = Item(
        source="radio-sana",
        key="1",
        url="https://sana.example.com/1",
        title="AT&T: a < b",
        summary="If a < b & b < c, then <b>so</b>.",
    )
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    body = printing.render(feed(Entry("urn:x:1", item, moment, moment, moment, moment)), CONFIG)[1].body
    read = feedparser.parse(io.BytesIO(body)).entries[0]
    assert read.title == "AT&T: a < b"
    assert read.summary == "If a &lt; b &amp; b &lt; c, then &lt;b&gt;so&lt;/b&gt;."


def test_an_article_is_linked_and_not_its_enclosure() -> None:
    item = Item(
        source="gazette",
        key="1",
        url="https://gazette.example.com/1",
        title="T",
        enclosures=(
            Enclosure("https://gazette.example.com/1.jpg", "image/jpeg"),
            Enclosure("https://gazette.example.com/1.mp3"),
        ),
    )
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    shown = feed(Entry("urn:x:1", item, moment, moment, moment, moment))
    for body in (document.body for document in printing.render(shown, CONFIG)[:2]):
        read = feedparser.parse(io.BytesIO(body)).entries[0]
        assert read.link == "https://gazette.example.com/1"
        assert {one.href for one in read.enclosures} >= {"https://gazette.example.com/1.jpg"}


def test_items_stand_in_the_order_of_the_feed() -> None:
    item = Item(source="headlines", key="1", url="https://headlines.example.com/1", title="T")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    shown = feed(
        *(Entry(f"urn:x:{n}", replace(item, key=str(n)), moment, moment, moment, moment) for n in range(5))
    )
    for body in (document.body for document in printing.render(shown, CONFIG)[:2]):
        assert [one.id for one in feedparser.parse(io.BytesIO(body)).entries] == [
            f"urn:x:{n}" for n in range(5)
        ]
