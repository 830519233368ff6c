"""What our extension puts right in feedgen's elements, one by one."""

import locale
from dataclasses import replace

import pytest
from lxml import etree

from aggregator import __version__
from aggregator.model import Category, Config
from tests import printing
from tests.outputs.samples import (
    ARABIC,
    CONFIG,
    COPIES,
    FULL,
    NAMESPACE,
    PODCAST,
    PRIVATE,
    SUMMIT,
    TITLE_ONLY,
    entry,
    feed,
)

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "m": "http://search.yahoo.com/mrss/",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(*items: object, config: Config = CONFIG) -> etree._Element:
    return etree.fromstring(printing.render(feed(*items), config)[0].body)  # type: ignore[arg-type]


def rss(*items: object, config: Config = CONFIG) -> etree._Element:
    return etree.fromstring(printing.render(feed(*items), config)[1].body)  # type: ignore[arg-type]


def links(element: etree._Element) -> dict[str, dict[str, str]]:
    """The links of an element by relation."""
    return {
        str(link.get("rel")): {str(name): str(value) for name, value in link.attrib.items() if name != "rel"}
        for link in element.findall("a:link", NS)
    }


def test_an_entry_links_its_original_its_feed_its_licence_and_its_copies() -> None:
    found = links(atom(entry(FULL, copies=COPIES)).find("a:entry", NS))  # type: ignore[arg-type]
    assert found == {
        "alternate": {"href": FULL.url, "type": "text/html", "hreflang": "en-US"},
        "via": {"href": "https://dispatch.example.com/feed/", "title": "Peoples Dispatch"},
        "related": {"href": COPIES[0].url, "type": "text/html", "title": "The Gazette"},
        "replies": {"href": FULL.comments, "type": "text/html"},
        "license": {"href": "https://creativecommons.org/licenses/by-nc-sa/4.0/"},
    }


def test_copies_at_one_address_are_one_link_and_none_where_it_is_the_original() -> None:
    copies = (*COPIES, replace(COPIES[0], source="herald"), replace(COPIES[0], url=FULL.url))
    related = atom(entry(FULL, copies=copies)).findall("a:entry/a:link[@rel='related']", NS)
    assert [(link.get("href"), link.get("title")) for link in related] == [(COPIES[0].url, "The Gazette")]


def test_an_entry_carries_the_complete_source() -> None:
    source = atom(entry(FULL)).find("a:entry/a:source", NS)
    assert source is not None
    assert {str(child.tag).rpartition("}")[2] for child in source} == {
        *("id", "title", "subtitle", "updated", "author", "link", "rights")
    }
    assert source.findtext("a:id", namespaces=NS) == "https://dispatch.example.com/feed/"
    assert source.findtext("a:updated", namespaces=NS) == "2026-11-21T13:35:00+00:00"
    assert source.get(LANG) == "en-US"
    assert links(source) == {
        "self": {"href": "https://dispatch.example.com/feed/"},
        "alternate": {"href": "https://dispatch.example.com/", "type": "text/html"},
    }


def test_the_source_of_a_private_feed_has_an_id_of_ours_and_no_address() -> None:
    source = atom(entry(PRIVATE)).find("a:entry/a:source", NS)
    assert source is not None
    assert source.findtext("a:id", namespaces=NS) == f"{NAMESPACE}/sources/members"
    assert links(source) == {}


def test_enclosures_keep_type_length_and_title_in_atom() -> None:
    found = [
        dict(link.attrib)
        for link in atom(entry(PODCAST)).iterfind("a:entry/a:link", NS)
        if link.get("rel") == "enclosure"
    ]
    assert found == [
        {
            "rel": "enclosure",
            "href": "https://gazette.example.com/5.mp3",
            "type": "audio/mpeg",
            "length": "12345",
            "title": "Part one",
        },
        {"rel": "enclosure", "href": "https://gazette.example.com/5.ogg", "type": "audio/ogg"},
    ]


def test_rss_has_one_enclosure_and_the_others_in_media_rss() -> None:
    item = rss(entry(PODCAST)).find("channel/item")
    assert item is not None
    assert [dict(one.attrib) for one in item.findall("enclosure")] == [
        {"url": "https://gazette.example.com/5.mp3", "length": "12345", "type": "audio/mpeg"}
    ]
    media = [
        (one.get("url"), one.get("medium"), one.get("duration")) for one in item.findall("m:content", NS)
    ]
    assert media == [
        ("https://gazette.example.com/5.mp3", "audio", "1860"),
        ("https://gazette.example.com/5.ogg", "audio", None),
        ("https://gazette.example.com/p.jpg", "image", None),
    ]
    assert item.find("m:thumbnail", NS) is not None


def test_rss_says_who_wrote_it_where_it_came_from_and_under_what_rights() -> None:
    item = rss(entry(FULL)).find("channel/item")
    assert item is not None
    assert [one.text for one in item.findall("dc:creator", NS)] == ["Ana Lim, José Ñandú"]
    assert item.findtext("source") == "Peoples Dispatch"
    assert item.find("source").get("url") == "https://dispatch.example.com/feed/"  # type: ignore[union-attr]
    assert item.findtext("dc:rights", namespaces=NS) == "© 2026 Peoples Dispatch"
    assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]
    assert item.findtext("content:encoded", namespaces=NS, default="").startswith("<p dir")


def test_topics_come_before_the_outlets_own_categories() -> None:
    found = [dict(one.attrib) for one in atom(entry(FULL, tags=(SUMMIT,))).iterfind("a:entry/a:category", NS)]
    assert found == [
        {"term": "diplomacy", "scheme": f"{NAMESPACE}/topics", "label": "Diplomacy"},
        {"term": "world", "scheme": "https://dispatch.example.com/sections", "label": "World"},
        {"term": "Koreas"},
    ]


def test_a_category_scheme_that_is_no_iri_is_left_out() -> None:
    odd = replace(FULL, categories=(Category("a", "no scheme", "A"), Category("", "", "empty")))
    found = [dict(one.attrib) for one in atom(entry(odd)).iterfind("a:entry/a:category", NS)]
    assert found == [{"term": "a", "label": "A"}]


def test_an_entry_says_its_language() -> None:
    entries = atom(entry(FULL), entry(ARABIC), entry(PRIVATE)).findall("a:entry", NS)
    assert [one.get(LANG) for one in entries] == ["en-US", "ar", None]


def test_an_entry_without_link_has_a_content_instead() -> None:
    unlinked = replace(TITLE_ONLY, url="")
    content = atom(entry(unlinked)).find("a:entry/a:content", NS)
    assert content is not None
    assert content.text == "Treaty signed at dawn"


def test_both_formats_name_the_program_and_are_dated_by_the_feed() -> None:
    generator = atom().find("a:generator", NS)
    assert generator is not None
    assert (generator.text, generator.get("version")) == ("aggregator", __version__)
    assert atom().findtext("a:updated", namespaces=NS) == "2026-11-21T14:05:00+00:00"
    assert rss().findtext("channel/generator") == f"aggregator {__version__}"
    assert [one.text for one in rss().iter("lastBuildDate")] == ["Sat, 21 Nov 2026 14:05:00 GMT"]


def test_printing_leaves_the_locale_of_the_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    flips: list[object] = []
    monkeypatch.setattr(locale, "setlocale", lambda *given: flips.append(given))
    rss(entry(FULL))
    atom(entry(FULL))
    assert flips == []


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("World > Asia & Pacific", "World > Asia & Pacific"),
        ("<b>Bold</b>", "&lt;b&gt;Bold&lt;/b&gt;"),
        ("Fish &amp; chips", "Fish &amp;amp; chips"),
    ],
)
def test_a_channel_is_described_in_plain_text_unless_that_could_be_taken_for_html(
    said: str, written: str
) -> None:
    documents = printing.render(replace(feed(), description=said), CONFIG)
    rss = next(one.body for one in documents if one.path.endswith(".rss"))
    assert etree.fromstring(rss).findtext("channel/description") == written
