"""Plain text: its lines, its addresses, and what is plain at all."""

import json
from xml.sax.saxutils import escape

import pytest

from tests.parse.test_refinement import atom, refined, rss

LINES = "The ferry is back.\n\nOn board:\n- a ramp\n- a deck\n\nTickets cost the same."
PARAGRAPHS = "<p>The ferry is back.</p><p>On board:<br>- a ramp<br>- a deck</p><p>Tickets cost the same.</p>"
MEDIA = "xmlns:media='http://search.yahoo.com/mrss/'"


def content(description: str) -> str:
    (item,) = refined(
        rss(f"<item><guid>a</guid><description>{escape(description)}</description></item>")
    ).items
    return item.content


def of_json(**item: str) -> str:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a", **item}]}
    return refined(json.dumps(feed)).items[0].content


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\u2028"])
def test_lines_of_a_plain_text_stay_wherever_it_stands(breaks: str) -> None:
    lines = LINES.replace("\n", breaks) if breaks != "\u2028" else LINES.replace("\n- ", "\u2028- ")
    assert content(lines) == PARAGRAPHS
    assert of_json(content_text=lines) == PARAGRAPHS
    for type in ("type='text'", "type='text/plain'", "", "type='html'"):
        assert refined(atom(f"<content {type}>{lines}</content>")).items[0].content == PARAGRAPHS
        assert refined(atom(f"<summary {type}>{lines}</summary>")).items[0].content == PARAGRAPHS
    video = f"<media:group {MEDIA}><media:description>{lines}</media:description></media:group>"
    assert refined(atom(video)).items[0].content == PARAGRAPHS


def test_a_text_with_markup_inside_its_lines_alone_has_lines() -> None:
    assert content("A <b>ferry</b>.\n\nIt <a href='/x'>is\nback</a>.").count("<p>") == 2
    assert (
        content("One & two.\n- <i>three</i>\n- four") == "<p>One &amp; two.<br>- <i>three</i><br>- four</p>"
    )


WRAPPED = """The council met on Tuesday to speak about the old mill at the river and
its roof, which has leaked since the storm of last year, and it agreed to
have the beams looked at before the autumn rains set in again this year."""


@pytest.mark.parametrize(
    "whole",
    [
        WRAPPED,
        f"Agency - Short\n{WRAPPED[0].lower()}{WRAPPED[1:]}",
        "<p>One.\nTwo.\n\nThree.</p>",
        "One.<br>\nTwo.\n\nThree.",
        "<ul>\n<li>One</li>\n\n<li>Two</li>\n</ul>",
        "<pre>One\n\nTwo</pre>",
    ],
)
def test_a_line_feed_that_only_wraps_is_white_space(whole: str) -> None:
    made = content(whole)
    assert made.count("<br>") == whole.count("<br>")
    assert made.count("<p>") == whole.count("<p>")


def test_a_wrapped_paragraph_is_one_whatever_the_text_is_declared_as() -> None:
    line = " ".join(WRAPPED.split())
    assert of_json(content_text=f"{WRAPPED}\n\nEnd.") == f"<p>{line}</p><p>End.</p>"
    assert refined(atom(f"<summary>{WRAPPED}</summary>")).items[0].content == f"<p>{line}</p>"


@pytest.mark.parametrize(
    "lines",
    [
        "Subscribe to the channel for more videos about the harbour\nFollow us on the usual places",
        "The works on the east pier of the harbour begin in November.\nShips will use the west pier.",
        "First line of a verse\nsecond line of a verse\nthird line of a verse",
        "Doors open at seven on Tuesday at the town hall\n19:30 the first band\n20:30 the second band",
        f"{'A long paragraph that somebody typed into a form. ' * 4}\nand one more that follows",
    ],
)
def test_lines_that_were_meant_stay_lines(lines: str) -> None:
    assert content(lines).count("<br>") == of_json(content_text=lines).count("<br>") == lines.count("\n")


@pytest.mark.parametrize(
    ("written", "address", "after"),
    [
        ("See https://a.example/b?c=1&d=2.", "https://a.example/b?c=1&amp;d=2", "."),
        ("See (https://a.example/b_(c)).", "https://a.example/b_(c)", ")."),
        ("See “https://a.example/b”!", "https://a.example/b", "”!"),
        ("See https://a.example/b, or not", "https://a.example/b", ", or not"),
        ("See <https://a.example/b> now", "https://a.example/b", "&gt; now"),
        ("続き https://a.example/b。次", "https://a.example/b", "。次"),
        ("See [it](https://a.example/b), now", "https://a.example/b", "), now"),
        ("See &laquo;https://a.example/b&raquo;", "https://a.example/b", "»"),
        ("„https://a.example/b“", "https://a.example/b", "“"),
        ("HTTP://a.example/B", "HTTP://a.example/B", ""),
    ],
)
def test_a_bare_address_is_a_link_without_the_punctuation_around_it(
    written: str, address: str, after: str
) -> None:
    made = content(written)
    assert made.count("<a ") == 1
    assert f">{address}</a>{after}" in made
    assert made == of_json(content_text=written).removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    "written",
    [
        "<a href='https://a.example/'>https://b.example/</a>",
        "<code>curl https://a.example/</code>",
        "<p>https://a.example/</p>",
        "me@www.example.org and x/www.example.org",
        "https:// and http://?",
        "Cut: https://a.example/very-lo… and https://a.example/very-lo...",
        "ftp://a.example/",
    ],
)
def test_no_link_is_made_in_links_code_and_html_or_of_half_an_address(written: str) -> None:
    assert content(written).count("<a ") == written.count("<a ")


def test_an_address_without_scheme_is_one_of_the_web() -> None:
    assert 'href="http://www.a.example/b"' in content("See www.a.example/b.")


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("<![CDATA[It rained.]]>", "It rained."),
        ("<![CDATA[<p>It <b>rained</b>.</p>]]>", "<p>It <b>rained</b>.</p>"),
        (" <![CDATA[<![CDATA[It rained.]]>]]>\n", "It rained."),
        ("<![CDATA[It ]]><![CDATA[rained.]]>", "It rained."),
        ("<p><![CDATA[It rained.]]></p>", "<p>It rained.</p>"),
        ("<p>An XML text has <![CDATA[ in it.</p>", "<p>An XML text has &lt;![CDATA[ in it.</p>"),
        ("&lt;![CDATA[&lt;p&gt;It rained.&lt;/p&gt;]]&gt;", "<p>It rained.</p>"),
    ],
)
def test_an_escaped_wrapper_is_taken_off(written: str, made: str) -> None:
    assert content(written) == made


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("<p>Old maps.</p><p>They are free.</p>", "<p>Old maps.</p><p>They are free.</p>"),
        ("<p>Old maps &amp; new.</p>", "<p>Old maps &amp; new.</p>"),
        ("<ul><li>One<li>Two</ul>", "<ul><li>One</li><li>Two</li></ul>"),
        ("Old maps.<br /><br />They are free.", "Old maps.<br><br>They are free."),
        ("Old <em>maps</em> are free.", "Old <em>maps</em> are free."),
    ],
)
def test_html_that_was_escaped_once_too_often_is_html(written: str, made: str) -> None:
    assert content(escape(written)) == made
    assert content(escape(escape(written))) == made


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Write it so:</p><pre>&lt;p&gt;Hello&lt;/p&gt;</pre>",
        "<p>Write <code>&lt;b&gt;x&lt;/b&gt;</code> now.</p>",
        "<p>In HTML, &amp;nbsp; is a space and &amp;amp; an ampersand.</p>",
        "<p>The entity &amp;#8217; is an apostrophe.</p>",
        "<p>Write &amp;lt; for &lt; and &amp;amp; for &amp;.</p>",
        "Write &lt;p&gt;Hello&lt;/p&gt; to begin a paragraph.",
        "The &lt;b&gt;x&lt;/b&gt; element is old.",
    ],
)
def test_a_text_that_speaks_of_markup_shows_it(shown: str) -> None:
    assert content(shown) == shown


def test_references_that_were_escaped_twice_are_what_they_meant() -> None:
    assert content("Tom &amp;amp; Anna&amp;#8217;s&amp;nbsp;boat") == "Tom &amp; Anna’s\xa0boat"


def test_a_plain_text_that_is_surely_html_is_html() -> None:
    assert of_json(content_text="<p>One.</p><p>Two.</p>") == "<p>One.</p><p>Two.</p>"
    assert of_json(content_text="See <a href='https://a.example/'>this</a>.").count("<a ") == 1
    for words in ("Use <p> now.", "Not <b>bold</b> at all.", "<p> and </p>: the paragraph."):
        assert of_json(content_text=words) == f"<p>{escape(words)}</p>"
    assert of_json(content_text="Use <b> and <i>.") == "<p>Use &lt;b&gt; and &lt;i&gt;.</p>"
