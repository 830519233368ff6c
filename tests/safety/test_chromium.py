"""Hostile markup in every field, refined, rendered, and judged by headless Chromium in pages and readers."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from aggregator import outputs
from aggregator.model import (
    Config,
    Copy,
    Entry,
    Feed,
    Item,
    Polling,
    Reason,
    Refined,
    Response,
    Site,
    Source,
    Tag,
    Topic,
)
from aggregator.parse.refinement import refine
from tests import judges, printing
from tests.examples import some
from tests.safety import chromium, hostile_feeds, payloads
from tests.safety.chromium import Page

pytestmark = pytest.mark.skipif(not chromium.available(), reason="chromium is not installed")

SHARED = Path(__file__).parents[3] / "shared" / "sanitize" / "feeds.jsonl"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONFIG = Config(
    site=Site("Wire", "https://wire.test/"),
    polling=Polling(),
    sources=(
        Source("full", "https://outlet.test/1", republish="full", permission="granted", pictures=True),
        Source("plain", "https://outlet.test/2", republish="full", permission="granted"),
        Source("excerpt", "https://outlet.test/3", republish="excerpt"),
        Source("title", "https://outlet.test/4", republish="title"),
    ),
    lists={},
    topics=(Topic("world", "World", match="x"),),
)
ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def test_the_judge_sees_every_kind_of_harm_and_none_in_an_honest_page(tmp_path: Path) -> None:
    honest = '<p>Hello <a href="https://a.test/">a</a> <img src="https://a.test/x.png"></p>'
    pages = {str(n): Page(f"<body>{payload}", pictures=True) for n, payload in enumerate(payloads.LIVE)}
    pages["honest"] = Page(_parts([honest]), pictures=True)
    pages["early-end"] = Page(_parts([f"{honest}</section>and on", honest]), pictures=True)
    pages["running-title"] = Page("<body>", texts=("safe<!--", "<script>alert(1)</script>"))
    pages["stray-picture"] = Page(_parts([honest]))
    found = chromium.verdicts(pages, tmp_path)
    assert [payload for n, payload in enumerate(payloads.LIVE) if not found[str(n)]] == []
    assert found["honest"] == []
    assert found["early-end"] != []
    assert "script called alert" in str(found["running-title"])
    assert found["stray-picture"] != []


def test_no_payload_in_any_field_comes_alive_in_our_pages_or_in_a_reader(tmp_path: Path) -> None:
    bodies = [carry(payload) for payload in payloads.ALL for carry in hostile_feeds.FORMATS]
    found = chromium.verdicts(dict(_pages(bodies)), tmp_path)
    assert {page: faults for page, faults in found.items() if faults} == {}


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/sanitize, which is not part of the project")
def test_no_known_trick_comes_alive(tmp_path: Path) -> None:
    feeds = [
        json.loads(line)["feed"].encode() for line in some(SHARED.read_text(encoding="utf-8").splitlines())
    ]
    tricks = dict.fromkeys(value for feed in feeds for value in _said(feed) if set(value) & set("<&:"))
    found = chromium.verdicts(dict(_pages([*feeds, *map(hostile_feeds.rss, tricks)])), tmp_path)
    assert {page: faults for page, faults in found.items() if faults} == {}


def _said(body: bytes) -> Iterator[str]:
    """Every text of a feed, as it stands there."""
    parsed = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    waiting: list[object] = [parsed.feed, parsed.entries]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


# ── the pages ───────────────────────────────────────────────────────────────────────────────────


def _pages(bodies: Iterable[bytes]) -> Iterator[tuple[str, Page]]:
    """What the feeds become: our own pages, and every format as a careless reader shows it."""
    refined = [refine(CONFIG.sources[0], Response("https://outlet.test/", 200, (), body)) for body in bodies]
    items = [item for one in refined if isinstance(one, Refined) for item in one.items]
    assert items
    yield "content", Page(_parts(item.content for item in items), pictures=True)
    for id, read in SHOWN.items():
        source = CONFIG.source(id)
        feed = _feed(id, [_entry(n, replace(item, source=id)) for n, item in enumerate(items)])
        documents = {one.path.rpartition(".")[2]: one.body for one in printing.render(feed, CONFIG)}
        yield f"{id}-page", Page(documents["html"].decode())
        for suffix in read:
            assert judges.JUDGES[f".{suffix}"](documents[suffix]) == []
            yield f"{id}-{suffix}", _read(READERS[suffix](documents[suffix]), source.pictures)
    front = {document.path: document.body for document in outputs.front(CONFIG, [feed])}
    yield "index", Page(front["index.html"].decode())


SHOWN = {"full": ("rss", "atom", "json"), "plain": ("atom",), "excerpt": ("rss",), "title": ("json",)}
"""The sources by what they let us show, and the formats in which a reader shows that."""


def _entry(number: int, item: Item) -> Entry:
    words = tuple(Reason(1, 1, "title", 0, 1, text) for text in (item.title, item.summary) if text)
    copies = (Copy("title", item.title, item.url),)
    id = item.id or f"tag:wire.test,2026:{number}"
    return Entry(f"{id}#{number}", item, NOW, NOW, NOW, NOW, (Tag("world", 1, words),), copies)


def _feed(source: str, entries: list[Entry]) -> Feed:
    title = entries[0].item.head.title
    id = f"tag:wire.test,2026:feeds/sources/{source}"
    return Feed(f"sources/{source}", id, title, title, "source", NOW, tuple(entries))


def _parts(contents: Iterable[str]) -> str:
    """A page of one part for each content; what breaks out of its part is found by counting."""
    parts = [f"<section data-part={n}>{content}</section>" for n, content in enumerate(contents)]
    return f"<body><main data-parts={len(parts)}>{''.join(parts)}</main>"


Reading = tuple[list[str], list[str], list[str]]
"""What an item has as HTML, as text, and as addresses."""


def _from_rss(body: bytes) -> Iterator[Reading]:
    for item in etree.fromstring(body).iter("item"):
        html = [item.findtext(tag, "") for tag in ("description", CONTENT)]
        texts = [item.findtext(tag, "") for tag in ("title", CREATOR, "category", "source")]
        links = [item.findtext("link", ""), item.findtext("comments", "")]
        yield html, texts, links + [one.get("url", "") for one in item.iter("enclosure", "source")]


def _from_atom(body: bytes) -> Iterator[Reading]:
    for entry in etree.fromstring(body).iter(f"{ATOM}entry"):
        html = [one.text or "" for one in entry.iter(f"{ATOM}content") if one.get("type") == "html"]
        texts = [one.text or "" for one in entry.iter(f"{ATOM}title", f"{ATOM}name")]
        texts += [one.get("label", one.get("term", "")) for one in entry.iter(f"{ATOM}category")]
        links = [one.get("href", "") for one in entry.iter(f"{ATOM}link")]
        yield html, texts, links + [one.text or "" for one in entry.iter(f"{ATOM}uri")]


def _from_json(body: bytes) -> Iterator[Reading]:
    for item in json.loads(body)["items"]:
        authors, files = item.get("authors", []), item.get("attachments", [])
        texts = [item["title"], *(one.get("name", "") for one in authors), *item.get("tags", ())]
        links = [one["url"] for one in (item, *authors, *files) if "url" in one]
        yield [item.get("content_html", "")], texts, links


READERS = {"rss": _from_rss, "atom": _from_atom, "json": _from_json}


def _read(items: Iterable[Reading], pictures: bool) -> Page:
    """What a reader makes of them that takes titles and names for HTML, too, as many do."""
    read = list(items)
    links = ("".join(f'<a href="{escape(url)}">x</a>' for url in urls) for _, _, urls in read)
    shown = ("".join(html) + more for (html, _, _), more in zip(read, links, strict=True))
    return Page(_parts(shown), pictures, tuple(text for _, texts, _ in read for text in texts))
