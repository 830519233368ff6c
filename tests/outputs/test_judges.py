"""The judges themselves: what they are for is found, so that their silence means something."""

import pytest

from tests import printing
from tests.judges import atom_faults, fragment_faults, html_faults, json_faults, opml_faults, rss_faults
from tests.outputs.samples import CONFIG, FEED

ATOM, RSS, JSON, HTML, _ = (document.body for document in printing.render(FEED, CONFIG))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"https://headlines.example.com/4", b"/4"),
        (b"https://headlines.example.com/4", b"https://user:pass@headlines.example.com/4"),
        (b"urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", b"tag:wire.example.org,2026:feeds/items/4"),
        (b"2026-11-21T14:20:00+00:00</updated>", b"yesterday</updated>"),
        (b"<name>Desk</name>", b""),
        (b"&lt;p&gt;Listen.", b"&lt;script&gt;Listen."),
        (b"</feed>", b""),
    ],
)
def test_a_broken_atom_document_is_found(good: bytes, bad: bytes) -> None:
    assert good in ATOM
    assert atom_faults(ATOM.replace(good, bad)) != []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"https://headlines.example.com/4</link>", b"/4</link>"),
        (b'isPermaLink="false"', b'isPermaLink="true"'),
        (b"Sat, 21 Nov 2026 14:05:00 GMT</pubDate>", b"2026-11-21</pubDate>"),
        (b' length="12345"', b""),
        (b"&lt;p&gt;Listen.", b"&lt;p onclick='x'&gt;Listen."),
        (b"urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", b"tag:wire.example.org,2026:feeds/items/4"),
    ],
)
def test_a_broken_rss_document_is_found(good: bytes, bad: bytes) -> None:
    assert good in RSS
    assert rss_faults(RSS.replace(good, bad)) != []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'"content_text": "Treaty signed at dawn"', b'"content_text": ""'),
        (b'"https://headlines.example.com/4"', b'"/4"'),
        (b'"date_published": "2026-11-21T14:05:00+00:00"', b'"date_published": "2026-11-21 14:05"'),
        (b"<p>Listen.", b"<iframe></iframe>"),
        (b'"items"', b'"entries"'),
        (b"{", b""),
    ],
)
def test_a_broken_json_document_is_found(good: bytes, bad: bytes) -> None:
    assert good in JSON
    assert json_faults(JSON.replace(good, bad)) != []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'href="style.css"', b'href="https://cdn.example/style.css"'),
        (b'rel="external noopener"', b""),
        (b"<h1>", b"<h1></h1><h1>"),
        (b"<main ", b"<script></script><main "),
        (b"<main ", b'<img src="https://t.example/pixel.gif" onload="x"><main '),
        (b' lang="en" dir="ltr">\n<head>', b">\n<head>"),
        (b'href="https://headlines.example.com/4"', b'href="javascript:alert(1)"'),
    ],
)
def test_a_broken_page_is_found(good: bytes, bad: bytes) -> None:
    assert good in HTML
    assert html_faults(HTML.replace(good, bad)) != []


@pytest.mark.parametrize(
    "html", ["<svg/>", "<a href='/x'>x</a>", "<img src='data:x'>", "<p style='x'>", "\x00"]
)
def test_unsafe_html_in_a_feed_is_found(html: str) -> None:
    assert fragment_faults(html) != []


def test_an_outline_without_address_is_found() -> None:
    assert opml_faults(b"<opml version='2.0'><head/><body><outline text='x' type='rss'/></body></opml>") != []
