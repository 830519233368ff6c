"""feedparser spared half of its work finds what it finds by itself."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.xml import strict

DOCUMENTS = [path for path in (Path(__file__).parent / "documents").iterdir() if path.suffix != ".json"]

USED = (
    "id guidislink link links title title_detail subtitle published published_parsed updated updated_parsed "
    "authors contributors tags source rights language image icon logo ttl feedburner_origlink comments"
).split()

RSS = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title>
<item><title>{0}</title><description>{0}</description><content:encoded>{0}</content:encoded>
<category>{0}</category></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><entry>
<title type="text">{0}</title>
<summary type="application/octet-stream">{0}</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p lang="de">{0}</p></div></content></entry></feed>"""


def by_feedparser(xml: str) -> Any:
    return feedparser.parse(
        BytesIO(xml.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def assert_same(xml: str) -> None:
    expected, found = by_feedparser(xml), strict.parse(xml)
    assert [found[key] for key in ("entries", "feed", "version")] == [
        expected[key] for key in ("entries", "feed", "version")
    ]
    assert str(found.get("bozo_exception")) == str(expected.get("bozo_exception"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_reads_the_same_but_for_texts_and_media(path: Path) -> None:
    """Those are taken from where they stand (test_structure)."""
    xml = re.sub(r"<(managingEditor|webMaster)>.*?</\1>", "", path.read_text("utf-8"))  # who are no authors
    expected, found = by_feedparser(xml), strict.parse(xml)
    assert found["version"] == expected["version"]
    assert len(found["entries"]) == len(expected["entries"]) == len(found["own"])
    pairs = [(found["feed"], expected["feed"]), *zip(found["entries"], expected["entries"], strict=True)]
    for ours, theirs in pairs:
        for key in USED:
            assert dict.get(ours, key) == dict.get(theirs, key), key


@pytest.mark.parametrize("template", [RSS, ATOM])
@pytest.mark.parametrize(
    "text",
    ["it\x92s \x80 5", "cafÃ©", "â\x80\x99s", "ÃÂ\x92", "Y2Fmw6k=", " <b>bold</b> &eacute; ", "日本\x85", ""],
)
def test_texts_are_repaired_the_same(template: str, text: str) -> None:
    assert_same(template.format(escape(text)))


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_characters="\r", exclude_categories=["Cs"])))
def test_any_text_reads_the_same(text: str) -> None:
    assert_same(RSS.format(escape(text)))


def test_broken_xml_is_read_loosely_and_its_fault_told() -> None:
    broken = (
        "<rss><channel><item><title>One</title></item><item><title>Two</b></title></item></channel></rss>"
    )
    found = strict.parse(broken)
    assert [entry["title"] for entry in found["entries"]] == ["One", "Two"]
    assert "mismatched tag" in str(found["bozo_exception"])
