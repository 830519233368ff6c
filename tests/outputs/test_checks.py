"""What the gate finds in documents as we write them, with one thing wrong."""

import json

import pytest

from aggregator import outputs
from aggregator.model import Document
from aggregator.outputs import validity
from aggregator.outputs.formats import readers
from tests import printing
from tests.outputs.samples import CONFIG, FEED

DOCUMENTS = {document.path: document for document in printing.render(FEED, CONFIG)}
IDS = [entry.id for entry in FEED.entries]
PODCAST, PRIVATE = "urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", "tag:wire.example.org,2026:feeds/items/3"
HEADLINE = "tag:wire.example.org,2026:feeds/items/4"


def faults(path: str, good: str = "", bad: str = "", ids: list[str] | None = IDS) -> list[tuple[str, str]]:
    """What is found in the sample's document with `good` replaced: entry and sentence."""
    body = DOCUMENTS[path].body.decode()
    assert good in body
    document = Document(path, body.replace(good, bad).encode())
    found = validity.examine(document, readers(), None if path.endswith(".html") else ids)
    assert {fault.path for fault in found} <= {path}
    return [(fault.entry, fault.sentence) for fault in found]


@pytest.mark.parametrize(
    "document", [*DOCUMENTS.values(), *outputs.front(CONFIG, [FEED])], ids=lambda one: one.path
)
def test_nothing_is_wrong_with_what_we_publish(document: Document) -> None:
    assert validity.examine(document, readers()) == ()


def test_documents_of_a_kind_without_rules_pass() -> None:
    assert validity.examine(Document("style.css", b"\xff{"), readers()) == ()


@pytest.mark.parametrize(
    ("good", "bad", "entry", "sentence"),
    [
        ("</feed>", "", "", "it is not well-formed XML"),
        ("<?xml version='1.0' encoding='UTF-8'?>", "<!DOCTYPE feed>", "", "it has a document type"),
        (' xmlns="http://www.w3.org/2005/Atom"', "", "", "its root is feed, not an Atom feed"),
        ('rel="self" type="application', 'rel="me" type="application', "", "feed has no link to itself"),
        ("<title>Diplomacy</title>", "<title> </title>", "", "feed has an empty title"),
        (f"<id>{HEADLINE}</id>", f"<id>{PRIVATE}</id>", "", f"two entries have the id {PRIVATE!r}"),
        (
            f"<id>{HEADLINE}</id>",
            "<id>urn:x:y</id>",
            "",
            f"the id 'urn:x:y' is where {HEADLINE!r} should be",
        ),
        (f"<id>{HEADLINE}</id>", "", "", "entry has 0 id elements"),
        ("<title>Treaty signed at dawn</title>", "", HEADLINE, "entry has 0 title elements"),
        ("2026-11-20T12:05:00+00:00", "2026-11-20 12:05", PRIVATE, "published is no RFC 3339 date"),
        ("2026-11-20T12:05:00+00:00", "2026-11-31T12:05:00+00:00", PRIVATE, "published is no RFC 3339 date"),
        ("https://headlines.example.com/4", "/4", HEADLINE, "the href of link is no absolute"),
        (
            "https://headlines.example.com/4",
            "javascript:alert(1)",
            HEADLINE,
            "the href of link is no absolute",
        ),
        (
            "https://headlines.example.com/4",
            "https://me:key@a.example/",
            HEADLINE,
            "the href of link is no abs",
        ),
        ("&lt;p&gt;Listen.", "&lt;script&gt;Listen.", PODCAST, "a forbidden element: <script>"),
        ("&lt;p&gt;Listen.&lt;/p&gt;", "&lt;p&gt;Listen.", PODCAST, "<p> is not closed"),
        (
            "&lt;p&gt;Listen.",
            '&lt;p onclick="x"&gt;Listen.',
            PODCAST,
            "a forbidden attribute: onclick of <p>",
        ),
        ("&lt;p&gt;Listen.", "&lt;p x='y'&gt;Listen.", PODCAST, "a < begins no tag"),
        ("<name>Desk</name>", "<name/>", PRIVATE, "author has an empty name"),
        ('scheme="tag:wire', 'scheme="wire', HEADLINE, "the scheme of category is no IRI"),
        (
            '<content type="html">',
            '<content type="image/png">',
            PODCAST,
            "content is of the type 'image/png'",
        ),
    ],
)
def test_what_is_wrong_with_an_atom_document_is_told_with_its_entry(
    good: str, bad: str, entry: str, sentence: str
) -> None:
    assert [
        one for one in faults("diplomacy.atom", good, bad) if one[0] == entry and one[1].startswith(sentence)
    ]


@pytest.mark.parametrize(
    ("good", "bad", "entry", "sentence"),
    [
        ("</channel>", "", "", "it is not well-formed XML"),
        ('version="2.0"', 'version="0.91"', "", "it is no RSS 2.0"),
        (
            "Sat, 21 Nov 2026 14:05:00 GMT</last",
            "Sun, 21 Nov 2026 14:05:00 GMT</last",
            "",
            "lastBuildDate is no RFC",
        ),
        ("Fri, 20 Nov 2026 12:05:00 GMT", "2026-11-20", PRIVATE, "pubDate is no RFC 822 date"),
        ("<title>Treaty signed at dawn</title>", "", HEADLINE, "item has neither a title nor a description"),
        ("<link>https://headlines.example.com/4", "<link>/4", HEADLINE, "link is no absolute"),
        (' length="12345"', ' length="?"', PODCAST, "the length of enclosure is no number"),
        (' length="12345"', "", PODCAST, "enclosure has no length"),
        ('isPermaLink="false"', 'isPermaLink="true"', PODCAST, "guid claims to be an address"),
        (f">{HEADLINE}</guid>", ">4</guid>", "4", "guid is no IRI"),
        ("&lt;p&gt;Listen.", "&lt;svg&gt;Listen.", PODCAST, "a forbidden element: <svg>"),
    ],
)
def test_what_is_wrong_with_an_rss_document_is_told_with_its_entry(
    good: str, bad: str, entry: str, sentence: str
) -> None:
    assert [
        one for one in faults("diplomacy.rss", good, bad) if one[0] == entry and one[1].startswith(sentence)
    ]


@pytest.mark.parametrize(
    ("good", "bad", "entry", "sentence"),
    [
        ('"items": [', '"items": {', "", "it is no JSON"),
        ('"items"', '"entries"', "", "it is no JSON Feed"),
        ('"feed_url": ', '"feed": ', "", "it has no feed_url"),
        (
            '"content_text": "Treaty signed at dawn"',
            '"content_text": ""',
            HEADLINE,
            "an item has neither content",
        ),
        ('"date_published": "2026-11-20T', '"date_published": "20. ', PRIVATE, "date_published cannot be"),
        ('"url": "https://headlines.example.com/4"', '"url": "4"', HEADLINE, "url cannot be '4'"),
        (
            '"title": "Treaty signed at dawn"',
            '"title": "Treaty \\u0000"',
            HEADLINE,
            "title holds a forbidden char",
        ),
        ('"title": "Treaty signed at dawn"', '"title": ["Treaty"]', HEADLINE, "title cannot be ['Treaty']"),
        ('"size_in_bytes": 12345', '"size_in_bytes": "12345"', PODCAST, "size_in_bytes cannot be '12345'"),
        ("<p>Listen.", '<p style=\\"x\\">Listen.', PODCAST, "a forbidden attribute: style of <p>"),
        (f'"id": "{HEADLINE}"', '"id": 4', "4", "the id of an item is no IRI: 4"),
    ],
)
def test_what_is_wrong_with_a_json_feed_is_told_with_its_item(
    good: str, bad: str, entry: str, sentence: str
) -> None:
    assert [
        one for one in faults("diplomacy.json", good, bad) if one[0] == entry and one[1].startswith(sentence)
    ]


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ("<!doctype html>", "", "it does not begin with a document type"),
        ("</main>", "", "</body> closes nothing"),
        ("<main ", "<script></script><main ", "a forbidden element: <script>"),
        ("<main ", "<main onload ", "a forbidden attribute: onload of <main>"),
        ("Treaty signed", "Treaty \x00 signed", "it holds a forbidden character: \\x00"),
        (
            'href="https://headlines.example.com/4"',
            'href="java&#115;cript:x"',
            "no relative, http(s) or mailto",
        ),
        (
            'href="https://headlines.example.com/4"',
            'href="//headlines.example.com/4"',
            "no relative, http(s)",
        ),
        ("Treaty signed", "Treaty < signed", "a < begins no tag: '< signed at dawn"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(good: str, bad: str, sentence: str) -> None:
    assert [one for one in faults("diplomacy.html", good, bad) if one[1].startswith(sentence)]


def test_a_site_map_that_is_cut_off_is_told() -> None:
    (fault,) = validity.examine(Document("sitemap.xml", b"<urlset><url>"), readers())
    assert fault.sentence.startswith("it is not well-formed XML")


@pytest.mark.parametrize(
    "gone", ['ref="urn:x:1"', 'ref="1" when="2026-03-01T00:00:00Z"', 'when="today" ref="urn:x:1"']
)
def test_a_tombstone_names_an_entry_and_a_moment(gone: str) -> None:
    tombstone = f'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" {gone}/>'
    (found,) = faults("diplomacy.atom", "<generator", f"{tombstone}<generator")
    assert found[1].startswith("the ")


def test_an_outline_without_address_is_told() -> None:
    body = b"<opml version='2.0'><head/><body><outline text='x' type='rss'/></body></opml>"
    assert [one.sentence for one in validity.examine(Document("topics.opml", body), readers())] == [
        "an outline has no xmlUrl"
    ]


@pytest.mark.parametrize("path", ["diplomacy.atom", "diplomacy.rss", "diplomacy.json"])
def test_entries_that_are_missing_are_missed(path: str) -> None:
    assert faults(path, ids=[*IDS, "urn:x:1"]) == [("", "it has 5 entries instead of 6")]


def test_entries_that_were_examined_before_are_only_listed() -> None:
    body = DOCUMENTS["diplomacy.json"].body.replace(
        b'"url": "https://headlines.example.com/4"', b'"url": "4"'
    )
    document = Document("diplomacy.json", body)
    assert validity.examine(document, readers(), IDS, entries=False) == ()
    assert validity.examine(document, readers(), IDS) != ()
    page = DOCUMENTS["diplomacy.html"].body.replace(b"Treaty signed at dawn", b"<script>")
    assert validity.examine(Document("diplomacy.html", page), readers(), entries=False) == ()
    assert validity.examine(Document("diplomacy.html", page), readers()) != ()
    frame = page.replace(b"<main", b"<script></script><main")
    assert validity.examine(Document("diplomacy.html", frame), readers(), entries=False) != ()


def test_a_document_of_any_other_shape_is_told_apart_from_json_feed() -> None:
    values: list[object] = [None, [], {"items": [1]}, "x"]
    for value in values:
        assert validity.examine(Document("all.json", json.dumps(value).encode()), readers()) != ()
