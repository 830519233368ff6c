"""Markup from strangers: what stays, what goes, what becomes of the rest."""

import json
import re
import time
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.html import sanitizer
from tests.examples import examples
from tests.text.markup import assert_harmless, markups

BASE = "https://news.example/2026/story"
SHARED = Path(__file__).parents[3] / "shared"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One <b>two</b><script>alert(1)</script></p>", "<p>One <b>two</b></p>"),
        ("a<style>p{}</style><svg><text>x</text></svg><math><mi>y</math>b", "ayb"),
        ('<p onclick=x style="color:red" class=c id=i lang=de>x</p>', '<p lang="de">x</p>'),
        ("<a href='javascript:alert(1)'>text</a>", "text"),
        ("<a name=top>text</a>", "text"),
        ('<img src=/a.png alt="&lt;x>">', '<img src="https://news.example/a.png" alt="&lt;x&gt;">'),
        ("<img src=data:image/png;base64,AAAA>", ""),
        ("<form><p>Name <input><button>Send</button></form>", "<div><p>Name <span>Send</span></p></div>"),
        ("<center>a</center><font color=red>b</font>", "<div>a</div>b"),
        ("x<br></br>y", "x<br>y"),
        ("<script src=x />after", "after"),
        ("<p>&nbsp;</p><p> </p>text<p></p>", "text"),
        ("one<b> </b>two", "one two"),
        ("<pre>\n\n\ncode</pre>", "<pre>code</pre>"),
        ("<p>a</p><pre>&#13;</pre>", "<p>a</p>"),
        ("<textarea><b>x</textarea><select><option>a</select>y", "y"),
        ("&#x92; &#1;|&lt;b&gt;|\x0b", "’ |&lt;b&gt;|"),
        (
            '<td onclick=x>a</td><table><td colspan="2">b',
            'a<table><tbody><tr><td colspan="2">b</td></tr></tbody></table>',
        ),
    ],
)
def test_markup_is_reduced_to_the_allow_list(markup: str, expected: str) -> None:
    assert sanitizer.clean(markup, BASE) == expected


def test_addresses_become_absolute_and_links_vouch_for_nothing() -> None:
    cleaned = sanitizer.clean(
        '<a href="../other?a=1&amp;b=2">x</a> <blockquote cite="/q">y</blockquote>', BASE
    )
    assert '<a href="https://news.example/other?a=1&amp;b=2" rel="nofollow noopener">x</a>' in cleaned
    assert 'cite="https://news.example/q"' in cleaned


@pytest.mark.parametrize(
    "pixel",
    [
        "<img src=https://x.example/p.gif width=1 height=1>",
        "<img src=https://x.example/p.gif width=0>",
        '<img src=https://x.example/p.gif style="display:none">',
        "<img src=https://pixel.wp.com/b.gif?v=1>",
        "<img src=http://feeds.feedburner.com/~r/site/~4/abc>",
        "<img src=https://counter.theconversation.com/content/1/count.gif>",
        "<a href=https://ads.example/><img src=https://ad.doubleclick.net/x></a>",
        "<iframe src=https://www.googletagmanager.com/ns.html width=300></iframe>",
    ],
)
def test_beacons_go_with_the_links_around_them(pixel: str) -> None:
    assert sanitizer.clean(f"<p>text{pixel}</p>", BASE) == "<p>text</p>"


@pytest.mark.parametrize(
    "image",
    [
        '<img src="data:image/gif;base64,R0" data-src="/real.jpg">',
        '<img src="data:," data-lazy-src="/real.jpg"><noscript><img src="/real.jpg"></noscript>',
        '<img src="data:,"><noscript><img src="/real.jpg"></noscript>',
        '<img srcset="/small.jpg 300w, /real.jpg 1024w, /middle.jpg 600w">',
        '<picture><source srcset="/x.webp"><img src="/real.jpg"></picture>',
    ],
)
def test_the_real_address_of_a_picture_that_loads_late_is_found(image: str) -> None:
    assert sanitizer.clean(image, BASE) == '<img src="https://news.example/real.jpg">'


@pytest.mark.parametrize(
    ("player", "address", "label"),
    [
        (
            "<iframe src='https://www.youtube.com/embed/abcdefghijk?x'></iframe>",
            "https://www.youtube.com/watch?v=abcdefghijk",
            "youtube.com",
        ),
        (
            "<iframe title='The film' src='//player.vimeo.com/video/12'><p>fallback</p></iframe>",
            "https://vimeo.com/12",
            "The film",
        ),
        (
            "<video poster=p.png><source src=/a.mp4><source src=/b.webm>No video</video>",
            "https://news.example/a.mp4",
            "news.example",
        ),
        ("<audio src=/a.mp3 controls/>", "https://news.example/a.mp3", "news.example"),
        ("<object data=/a.swf><embed src=/b.swf></object>", "https://news.example/a.swf", "news.example"),
    ],
)
def test_an_embedded_player_becomes_a_link(player: str, address: str, label: str) -> None:
    expected = f'<p>a</p><p><a href="{address}" rel="nofollow noopener">{label}</a></p><p>b</p>'
    assert sanitizer.clean(f"<p>a</p>{player}<p>b</p>", BASE) == expected


@examples(400)
@given(markups)
def test_whatever_comes_in_only_harmless_markup_goes_out_and_cleaning_it_again_changes_nothing(
    markup: str,
) -> None:
    cleaned = sanitizer.clean(markup, BASE)
    assert_harmless(cleaned)
    assert sanitizer.clean(cleaned, "https://elsewhere.example/") == cleaned
    assert not any(c in sanitizer.to_text(cleaned) for c in "\x01\x02")


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 30_000,
        "<b>" * 30_000,
        "<a " + " ".join(f"x{n}" for n in range(30_000)) + ">",
        "<!--" * 30_000,
        "<a b='" * 30_000,
        "<script>" * 20_000,
        "<table><tr><td>" * 30_000,
        "<iframe>" * 20_000,
        "<i><div></i>" * 30_000,
        "<svg><p>" * 30_000,
        "<select>" * 20_000,
        "&amp;" * 20_000,
        "<noscript " * 20_000,
        "<b/>" * 20_000,
        "<p>" + "".join(f"<b id={n}>" for n in range(3_000)) + "</p>" + "<p>x" * 3_000,
    ],
    ids=lambda bomb: bomb[:12],
)
def test_hostile_markup_costs_no_more_than_its_size(bomb: str) -> None:
    started = time.process_time()
    assert_harmless(cleaned := sanitizer.clean(bomb, BASE))
    sanitizer.to_text(cleaned)
    sanitizer.plain(bomb, is_html=True)
    assert time.process_time() - started < 15  # seconds; the quadratic way takes minutes


def test_the_text_in_markup_that_nests_too_deep_stays() -> None:
    assert (
        sanitizer.to_text(sanitizer.clean("<div>" * 5_000 + "deep" + "</div>" * 5_000 + "<p>after"))
        == "deep\n\nafter"
    )


def test_text_has_its_paragraphs_and_lines() -> None:
    markup = "<h2>Head</h2><p>One &amp; two<br>three</p><ul><li>a<li>b</ul><table><tr><td>1<td>2</table>"
    assert sanitizer.to_text(sanitizer.clean(markup)) == "Head\n\nOne & two\nthree\n\na\nb\n\n1 2"


def test_text_never_begins_with_a_caption() -> None:
    figure = "<figure><img src=https://x.example/a.jpg><figcaption>A hall.</figcaption></figure>"
    assert sanitizer.to_text(sanitizer.clean(f"{figure}<p>Talks began.")) == "Talks began.\n\nA hall."


def test_text_has_neither_ruby_annotations_nor_bare_players() -> None:
    ruby = "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>"
    assert sanitizer.to_text(sanitizer.clean(f"{ruby}<iframe src=https://v.example/1></iframe>")) == "漢字"


@pytest.mark.parametrize(
    ("value", "is_html", "expected"),
    [
        ("Fish &amp; chips", True, "Fish & chips"),
        ("AT&amp;amp;T&amp;#8217;s plan", True, "AT&T’s plan"),
        ("1 &lt; 2", True, "1 < 2"),
        ("1 < 2 & 3", False, "1 < 2 & 3"),
        ("Caf&eacute; <i>Noir</i>", True, "Café Noir"),
        ("Line<br>break", True, "Line break"),
        ("Using the <picture> element", False, "Using the <picture> element"),
        ("<b>bold</b> claim", True, "bold claim"),
        ("<b>bold</b> claim", False, "<b>bold</b> claim"),
        ("<img src=x onerror=alert(1)>Title", False, "Title"),
        ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Title", True, "Title"),
        ("a\u202egnp.exe\u202c\u200b\ufeff\u00adb\x07", False, "agnp.exeb"),
        (" many\u00a0\u3000\n\t spaces ", False, "many spaces"),
        ("e\u0301", False, "é"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            False,
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("", True, ""),
        ('<rt onclick="x()">', False, ""),
        ("Use the <rt> tag", False, "Use the <rt> tag"),
        ("Why <script width=1", False, "Why"),
        ("Why <p> <script width=1", False, "Why <p>"),
        ("Use <script", False, "Use <script"),
    ],
)
def test_plain_text_is_plain(value: str, is_html: bool, expected: str) -> None:
    assert sanitizer.plain(value, is_html) == expected


def assert_runs_nothing(title: str) -> None:
    """Even in a reader that takes titles for HTML: an element that is only named does nothing."""
    assert not re.search(
        r"(?i)<script.*</script|<script[^<]*(?:[{};=]|\w\()|<[a-z][^<>]*[\s/]on\w+\s*=", title
    )


@given(st.one_of(markups, st.text()), st.booleans())
@examples(300)
def test_plain_text_is_one_line_without_active_markup(value: str, is_html: bool) -> None:
    made = sanitizer.plain(value, is_html)
    assert made == " ".join(made.split())
    assert_runs_nothing(made)
    assert sanitizer.plain(made, is_html=False) == made


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/sanitize, which is not part of the project")
def test_no_known_trick_gets_through() -> None:
    for line in (SHARED / "sanitize" / "feeds.jsonl").read_text().splitlines():
        feed = json.loads(line)["feed"].encode()
        parsed = feedparser.parse(BytesIO(feed), sanitize_html=False, resolve_relative_uris=False)
        for value in [value for entry in (parsed.feed, *parsed.entries) for value in _strings(entry)]:
            assert_harmless(sanitizer.clean(value, BASE))
            assert_runs_nothing(sanitizer.plain(value, is_html=True))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    return [text for inner in value for text in _strings(inner)] if isinstance(value, list) else []
