"""Lists of feeds: what is taken from them, and what they cannot do to us."""

from pathlib import Path

import pytest

from aggregator.config.opml import Outline, outlines
from aggregator.errors import InputError

NESTED = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>Mine</title></head><body>
<outline text="World">
  <!-- a comment -->
  <outline text="Daily" title="The Daily" type="rss" xmlUrl="https://daily.example/feed" htmlUrl="https://x"/>
  <outline text="Deeper"><outline text="Caf\xe9" XMLURL=" https://cafe.example/feed?a=1&amp;b=2 "/></outline>
</outline>
<outline type="rss" text="Old" url="https://old.example/rss"/>
<outline type="link" text="No feed" url="https://page.example/"/>
<outline type="include" text="Another list" url="https://list.example/x.opml"/>
</body></opml>"""


def test_feeds_are_found_in_folders_and_in_the_spellings_of_old_programs() -> None:
    assert outlines(NESTED, "list.opml") == (
        Outline("The Daily", "https://daily.example/feed"),
        Outline("Café", "https://cafe.example/feed?a=1&b=2"),
        Outline("Old", "https://old.example/rss"),
    )


def test_a_namespace_or_a_byte_order_mark_changes_nothing() -> None:
    body = b'\xef\xbb\xbf<o:OPML xmlns:o="urn:x" version="2.0"><o:body><o:outline xmlUrl="https://a.example/"/></o:body></o:OPML>'
    assert outlines(body, "list.opml") == (Outline("", "https://a.example/"),)


@pytest.mark.parametrize("body", [b"", b"  ", b"<opml><body>", b"no xml", b"\x00\x01", b"<opml" * 9])
def test_broken_xml_is_one_sentence(body: bytes) -> None:
    with pytest.raises(
        InputError, match=r"^list\.opml is no well-formed XML \(.*\); export the list again\.$"
    ):
        outlines(body, "list.opml")


def test_other_xml_is_one_sentence() -> None:
    with pytest.raises(InputError, match="is no OPML but <rss>"):
        outlines(b"<rss/>", "list.opml")


def test_nothing_that_a_list_names_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    body = f"""<!DOCTYPE opml [
    <!ENTITY x SYSTEM "file://{secret}"><!ENTITY % y SYSTEM "file://{secret}"> %y;]>
    <opml><body><outline text="a" xmlUrl="https://a.example/">&x;</outline></body></opml>"""
    assert outlines(body.encode(), "list.opml") == (Outline("a", "https://a.example/"),)


def test_a_list_that_grows_while_it_is_read_is_refused() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE opml [<!ENTITY a0 "lol">{entities}]><opml><outline text="&a11;" xmlUrl="http://a/"/></opml>'
    with pytest.raises(InputError, match="no well-formed XML"):
        outlines(body.encode(), "list.opml")


def test_outlines_nested_without_end_are_refused() -> None:
    with pytest.raises(InputError, match="no well-formed XML"):
        outlines(b"<opml>" + b"<outline>" * 100_000, "list.opml")
