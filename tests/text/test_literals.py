"""Titles and texts that name elements, and those that use them."""

import json
from xml.sax.saxutils import escape

import pytest

from aggregator.parse import normalization
from aggregator.parse.drafts import Passage
from aggregator.text.html import sanitizer
from aggregator.text.html.elements import KNOWN
from tests.parse.test_refinement import atom, refined, rss

LITERAL = [
    "Use the <script> tag wisely",
    "<svg> icons done right",
    "Goodbye <iframe>, hello <fencedframe>",
    "Closing </kubernetes> for good",
    "#include </etc/x> and <stdio.h>",
    "a < b and c > d",
    "if x <y then",
    "Why List<String> is no List<Object>",
    "The <title> of a page",
    "A line ends in <br> or </p>",
    "Never <b> again",
    "How to write <!-- in C",
    "An accessible <form> guide & more",
    "Dear <name>, I <3 std::vector<int>",
    "Write to <jane@a.example> if (a<b && c>d)",
    "If x <y then z = 1",
]


@pytest.mark.parametrize("title", LITERAL)
def test_a_title_that_names_elements_keeps_its_words(title: str) -> None:
    once, twice = escape(title), escape(escape(title))
    titles = [f"<title>{once}</title>", f"<title>{twice}</title>", f"<title><![CDATA[{title}]]></title>"]
    for written in titles:
        assert [item.title for item in refined(rss(f"<item><guid>a</guid>{written}</item>")).items] == [title]
    for type in ("text", "html"):
        assert [item.title for item in refined(atom(f"<title type='{type}'>{once}</title>")).items] == [title]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a", "title": title}]}
    assert [item.title for item in refined(json.dumps(feed)).items] == [title]


def test_a_title_that_is_declared_plain_is_literal_unless_it_would_run() -> None:
    for title in ("A <b>bold</b> claim", "Tea <em>and</em> biscuits"):
        assert sanitizer.plain(title, is_html=False) == title
    for title in (
        "<script>alert(1)</script>News",
        "News<img src=x onerror=alert(1)>",
        "<a href='/x'>News</a>",
    ):
        assert sanitizer.plain(title, is_html=False) == "News"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("A <b>bold</b> claim &amp; more", "A bold claim & more"),
        ("See <a href='/x'>this note</a>", "See this note"),
        ("One<br>two<br/>three", "One two three"),
        ("A <img src='/x.png' alt='x'> picture", "A picture"),
        ("&lt;em&gt;Tea&lt;/em&gt; and <i>more</i>", "Tea and more"),
        ("<script> alert(1)//", ""),
        ("News <script src=//x.example/y", "News"),
        ("News<!-- hidden --> today", "News today"),
        ("&lt;![CDATA[Rain]]&gt;", "Rain"),
        ("<custom-tag>Rain</custom-tag>", "Rain"),
    ],
)
def test_markup_in_a_title_is_markup(title: str, words: str) -> None:
    assert sanitizer.plain(title, is_html=True) == words


def text(description: str) -> str:
    (item,) = refined(
        rss(f"<item><link>/a</link><description>{escape(description)}</description></item>")
    ).items
    return item.text


@pytest.mark.parametrize(
    "words",
    [
        "Use the <script> tag, or <style>, once.",
        "A List<String> is no List<Object>.",
        "We say </kubernetes> today.",
        "Put it into <div>, not into <span>.",
        "a < b and c > d",
        "The end is <y",
        "Dear <name>, I <3 std::vector<int>.",
        "Write to <jane@a.example> if (a<b && c>d).",
    ],
)
def test_a_text_that_names_elements_keeps_its_words(words: str) -> None:
    assert text(words) == words
    assert text(f"<p>{words}</p>") == words


@pytest.mark.parametrize(
    "opened",
    [
        "<b>",
        "<a href='/x'>",
        "<div class=x>",
        "<textarea>",
        "<textarea rows=3>",
        "<title>",
        "<noscript>",
        "<select name=x>",
        "<select><option>",
        "<template>",
        "<svg viewBox='0 0 1 1'>",
        "<math>",
        "<iframe src='https://x.example/'>",
        "<video src='/x.mp4'>",
        "<object data='/x'>",
        "<canvas>",
        "<xmp>",
        "<plaintext>",
        "<noembed>",
        "<script src='/x.js'>",
        "<script>var a = 1 < 2;",
        "<style>p { color: red }",
        "<!--",
        "<!-- more ",
        "<table><tr><td>",
        "<button>",
        "<map name=x>",
        "<head>",
    ],
)
def test_nothing_that_follows_an_unclosed_element_is_lost(opened: str) -> None:
    found = text(f"<p>Before it.</p>{opened}<p>After it.</p><p>At the end.</p>")
    assert "Before it." in found
    assert "After it." in found
    assert "At the end." in found
    assert "var a" not in found
    assert "color" not in found


@pytest.mark.parametrize(
    "form", ["<{}>", "<{} class='x'>", "<{} src='https://x.example/y' name=z>", "<{}/>", "<{} />", "</{}>"]
)
@pytest.mark.parametrize(
    "around",
    [
        "<p>Before it.</p>{}<p>After it.</p>",
        "<div><p>Before it.</p>{}</div><p>After it.</p>",
        "Before it. {} After it.",
        "<ul><li>Before it.{}<li>After it.</ul>",
        "<table><tr><td>Before it.{}</td></tr></table>After it.",
    ],
)
def test_no_element_at_all_takes_what_follows_with_it(around: str, form: str) -> None:
    for name in sorted(KNOWN | {"x-element", "o:p", "frame"}):
        found = sanitizer.to_text(
            normalization.cleaned(Passage(around.format(form.format(name)), is_html=True))
        )
        assert "Before it." in found, name
        assert "After it." in found, name


def test_an_unclosed_element_in_a_line_loses_no_words() -> None:
    assert text("Intro <b>bold rest") == "Intro bold rest"
    assert text("Intro <textarea>and rest") == "Intro and rest"
    assert text("Intro <!-- and rest") == "Intro and rest"
    assert text("Intro <script>alert(1);") == "Intro"
    assert text('<p>Intro <a href="/x>and rest</a></p><p>and more</p>') == "Intro and rest\n\nand more"


def test_what_is_closed_and_not_shown_stays_out() -> None:
    assert (
        text("<p>A</p><script>var a = 1;</script><style>p{}</style><svg><title>T</title></svg>B") == "A\n\nB"
    )
    assert text("<html><head><title>Page</title></head><body><p>A</p></body></html>") == "A"
    assert text("A<!-- <p>hidden</p> --> B") == "A B"


def test_the_letters_of_mathml_stay() -> None:
    math = (
        "<math xmlns='http://www.w3.org/1998/Math/MathML'><semantics><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow>"
        "<annotation encoding='application/x-tex'>x+1</annotation></semantics></math>"
    )
    assert text(f"<p>Take {math} apples.</p>") == "Take x+1 apples."
    inner = f"<div xmlns='http://www.w3.org/1999/xhtml'>Take {math} apples.</div>"
    (item,) = refined(atom(f"<content type='xhtml'>{inner}</content>")).items
    assert item.text == "Take x+1 apples."


@pytest.mark.parametrize(
    "piece", ["<script>", "<b>", "</b>", "<!--", "<![CDATA[", "<a ", "<x y=", "<ol> ", "<", "&lt;p&gt;"]
)
def test_hostile_texts_cost_no_more_than_their_size(piece: str) -> None:
    """What grew with the square of the size would need minutes."""
    hostile = piece * 20_000
    sanitizer.plain(hostile, is_html=True)
    text(hostile)
