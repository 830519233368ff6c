"""The pages: what a reader without script, a screen reader, and a phone in the dark find there."""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest

from aggregator import outputs
from aggregator.model import Document, Feed, Head, Item, Topic
from tests import printing
from tests.judges import html_faults
from tests.outputs.samples import ARABIC, CONFIG, COPIES, FEED, FULL, KOREA, SUMMIT, entry, feed

FEEDS = (
    *(feed(name=name) for name in ("all", "north-korea", "peace-negotiations")),
    FEED,
    *(feed(name=f"sources/{source.id}") for source in CONFIG.sources),
)


def page(shown: Feed, config: object = CONFIG) -> str:
    document = next(one for one in printing.render(shown, config) if one.path.endswith(".html"))  # type: ignore[arg-type]
    return document.body.decode()


def front() -> dict[str, Document]:
    return {document.path: document for document in outputs.front(CONFIG, [FEED, feed(name="north-korea")])}


def test_every_relative_link_leads_to_a_document_that_is_published() -> None:
    documents = [*front().values(), *(one for shown in FEEDS for one in printing.render(shown, CONFIG))]
    paths = {document.path for document in documents} | {"search.html"}  # which the web part answers
    for document in documents:
        if PurePosixPath(document.path).suffix != ".html":
            continue
        for element in lxml.html.document_fromstring(document.body.decode()).iter("a", "link"):
            href = element.get("href", "")
            if not urlsplit(href).scheme and not href.startswith("#"):
                assert urljoin(document.path, href).partition("#")[0] in paths, (document.path, href)


def test_a_page_offers_every_format_of_its_feed() -> None:
    parsed = lxml.html.document_fromstring(page(feed(name="sources/gazette")))
    offered = {(link.get("type"), link.get("href")) for link in parsed.iterfind(".//link[@rel='alternate']")}
    assert offered == {
        (format.media_type, f"../sources/gazette{format.suffix}") for format in outputs.FORMATS
    }
    linked = {link.get("href") for link in parsed.iterfind(".//ul[@class='formats']//a")}
    assert linked == {f"../sources/gazette{format.suffix}" for format in outputs.FORMATS}


def test_an_article_shows_headline_outlet_author_date_and_excerpt() -> None:
    parsed = lxml.html.document_fromstring(page(feed(entry(FULL, tags=(SUMMIT,)))))
    text = "".join(str(part) for part in parsed.itertext())
    for words in (
        "Pyongyang & Seoul agree on a summit: “2 < 3”, say envoys",
        "Peoples Dispatch",
        "By Ana Lim and José Ñandú",
        "21 November 2026, 15:05 CET",
        "They want a summit before spring.",
    ):
        assert words in text


def test_dates_are_those_of_the_site_with_their_year() -> None:
    config = replace(CONFIG, site=replace(CONFIG.site, timezone="Asia/Seoul"))
    html = page(feed(entry(FULL)), config)
    assert ' datetime="2026-11-21T14:05:00+00:00">21 November 2026, 23:05 KST</time>' in html


def test_text_from_right_to_left_says_so() -> None:
    html = page(feed(entry(ARABIC)))
    assert '<h2 itemprop="headline" lang="ar" dir="rtl">' in html
    assert '<p class="excerpt" itemprop="description" lang="ar" dir="rtl">' in html


def test_a_text_of_unknown_language_takes_its_direction_from_its_letters() -> None:
    assert '<h2 itemprop="headline" dir="auto">' in page(feed(entry(replace(ARABIC, language=""))))


def test_copies_topics_and_the_words_that_earned_them_are_named() -> None:
    html = page(feed(entry(FULL, tags=(SUMMIT, KOREA), copies=COPIES)))
    assert re.search(
        r"Also at\s+<a href=\"https://gazette.example.com/koreas\" [^>]*><bdi>The Gazette</bdi>", html
    )
    assert '<li><a href="north-korea.html"><bdi>North Korea</bdi></a></li>' in html
    text = " ".join(lxml.html.document_fromstring(html).findtext(".//article//summary", "").split())
    assert text == "Why it is here"
    assert "“summit”" in html


def test_an_empty_feed_says_that_it_waits() -> None:
    assert "Nothing here yet" in page(feed(name="north-korea"))
    assert "Nothing here yet" in front()["index.html"].body.decode()


def test_the_index_shows_the_newest_five_of_each_topic_and_every_outlet() -> None:
    many = feed(
        *(entry(replace(FULL, key=str(n), id=f"urn:x:{n}", title=f"Headline {n}"), hours=n) for n in range(8))
    )
    index = next(one for one in outputs.front(CONFIG, [many]) if one.path == "index.html").body.decode()
    assert [f"Headline {n}" in index for n in range(8)] == [True] * 5 + [False] * 3
    for source in CONFIG.sources:
        assert f'href="sources/{source.id}.html"' in index


def test_an_outlet_without_a_configured_title_goes_by_its_own() -> None:
    documents = {one.path: one.body for one in outputs.front(CONFIG, [FEED])}
    assert "راديو سنا" in documents["index.html"].decode()
    assert 'text="راديو سنا"' in documents["sources.opml"].decode()
    assert "<bdi>راديو سنا</bdi></h1>" in page(
        replace(feed(entry(ARABIC)), name="sources/radio-sana", kind="source", title="radio-sana")
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}{% raw %}",
        "javascript:alert(1)",
        "\x00\u202e",
    ],
)
def test_nothing_an_outlet_or_an_operator_writes_becomes_markup(hostile: str) -> None:
    item = Item(
        source="headlines",
        key="1",
        url=hostile,
        title=hostile,
        summary=hostile,
        language=hostile,
        head=Head(title=hostile),
    )
    config = replace(
        CONFIG,
        site=replace(CONFIG.site, title=f"Wire {hostile}"),
        topics=(Topic("diplomacy", hostile, hostile), *CONFIG.topics[1:]),
    )
    shown = replace(feed(entry(item, tags=(SUMMIT,))), title=f"D {hostile}", description=hostile)
    html = page(shown, config)
    assert html_faults(html.encode()) == []
    assert "49" not in html
    for document in outputs.front(config, [shown]):
        assert document.path != "index.html" or html_faults(document.body) == []


def test_many_topics_do_not_fill_every_page() -> None:
    config = replace(CONFIG, topics=tuple(Topic(f"t{n}", f"Topic {n}") for n in range(300)))
    html = page(feed(entry(FULL)), config)
    assert len(re.findall(r'href="t\d', html)) == 12
    assert "index.html#topics" in html


def test_the_style_sheet_knows_the_dark_and_fetches_nothing() -> None:
    css = front()["style.css"].body.decode()
    assert "prefers-color-scheme: dark" in css
    assert "url(" not in css
    assert "@import" not in css


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of a #rrggbb colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_colour_has_the_contrast_that_wcag_aa_asks_for() -> None:
    css = front()["style.css"].body.decode()
    themes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part)) for part in css.split("@media", 2)[:2]]
    assert len(themes) == 2
    for theme in themes:
        for text in ("ink", "quiet", "accent"):
            for ground in ("paper", "wash"):
                dark, light = sorted((luminance(theme[text]), luminance(theme[ground])))
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
