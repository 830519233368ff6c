"""Which elements say something of the entry that they stand in."""

from itertools import permutations

import pytest

from aggregator.model import Item
from tests.parse.test_refinement import atom, refined, rss

SPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:dc='http://purl.org/dc/elements/1.1/'"
)


def items(*entries: str) -> list[Item]:
    """What becomes of the entries of an RSS document, each with a title and a link of its own."""
    told = (
        f"<item><title>Title {n}</title><link>/{n}</link><guid>g{n}</guid>{entry}</item>"
        for n, entry in enumerate(entries)
    )
    return list(refined(rss("".join(told)).replace("<rss ", f"<rss {SPACES} ", 1)).items)


DESCRIPTION = "<description>Why the race was short.</description>"
CONTENT = (
    "<content:encoded><![CDATA[<p>The race began at noon. It ended at one o’clock.</p>]]></content:encoded>"
)
CAPTIONS = (
    "<media:description>Boats.</media:description>",
    "<media:content url='/a.jpg'><media:description>Boats.</media:description></media:content>",
    "<media:group><media:content url='/a.jpg' medium='image'/><media:description>Boats, boats, boats at the "
    "start of the long race on the bay in the north, boats.</media:description></media:group>",
)


@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_outlets_own_summary_stays_in_any_order(order: tuple[int, ...], caption: str) -> None:
    parts = (DESCRIPTION, CONTENT, caption)
    (item,) = items("".join(parts[place] for place in order))
    assert item.summary == "Why the race was short."
    assert item.text == "The race began at noon. It ended at one o’clock."


def test_a_summary_for_podcasts_takes_the_place_of_no_description() -> None:
    podcast = "<itunes:summary>All about the race.</itunes:summary>"
    for parts in permutations((DESCRIPTION, CONTENT, podcast)):
        assert [item.summary for item in items("".join(parts))] == ["Why the race was short."]
    assert [item.summary for item in items(CONTENT + podcast)] == ["All about the race."]


def test_what_is_said_of_a_video_is_the_text_where_there_is_no_other() -> None:
    told = "<media:title>V</media:title><media:description>A &lt; b.</media:description>"
    video = f"<media:group>{told}</media:group>"
    (item,) = items(video)
    assert (item.title, item.text) == ("Title 0", "A < b.")
    (untitled,) = refined(rss(f"<item {SPACES}><guid>a</guid>{video}</item>")).items
    assert untitled.title == "V"


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<details><summary>More</summary><p>Water them.</p></details>", "More\n\nWater them."),
        ("<html><head/><body><p>Water them.</p></body></html>", "Water them."),
        ("<description>Water</description> <content>them.</content>", "Water them."),
        ("<section><source>Water</source> <image><url>them.</url></image></section>", "Water them."),
        ("<b>Water</b> <item><guid>x</guid></item><link>them.</link>", "Water xthem."),
        ("<div>Water</div><div>them.</div>", "Water\n\nthem."),
        ("<pubDate>Water</pubDate> <author><name>them.</name></author>", "Water them."),
    ],
)
def test_elements_inside_a_text_are_markup_of_it_and_end_nothing_outside(inner: str, words: str) -> None:
    first, second, third = items(
        f"<description><p>Beans.</p>{inner}</description><pubDate>Thu, 02 May 2024 10:00:00 GMT</pubDate>",
        "<description>Peas like shade. Water them less.</description>",
        "<description>Corn.</description>",
    )
    assert first.text == f"Beans.\n\n{words}"
    assert (first.title, first.published is not None, first.url) == (
        "Title 0",
        True,
        "https://outlet.example/0",
    )
    assert (second.title, second.text, second.summary) == (
        "Title 1",
        *["Peas like shade. Water them less."] * 2,
    )
    assert (third.title, third.text) == ("Title 2", "Corn.")


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("&lt;p&gt;One.&lt;/p&gt;<br/>&lt;p&gt;Two.&lt;/p&gt;", "<p>One.</p><br><p>Two.</p>"),
        ("<p>One.</p><![CDATA[<p>Two.</p>]]>", "<p>One.</p><p>Two.</p>"),
        ("<p>Write &lt;p&gt;One.&lt;/p&gt;</p>", "<p>Write &lt;p&gt;One.&lt;/p&gt;</p>"),
        ("<div><p>One.</p></div>", "<p>One.</p>"),
    ],
)
def test_markup_that_is_escaped_beside_elements_is_markup_and_inside_them_words(
    written: str, content: str
) -> None:
    assert [item.content for item in items(f"<description>{written}</description>")] == [content]


def test_elements_inside_xhtml_end_nothing_outside() -> None:
    inner = "<details><summary>S</summary>T</details><body>U</body><content>V</content><link>W</link>"
    text = f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{inner}<br/>X</div></content>"
    (item,) = refined(atom(f"{text}<title>The title</title><link href='/a'/>")).items
    assert item.text.replace("\n", "") == "STUVWX"
    assert (item.title, item.url) == ("The title", "https://outlet.example/a")


@pytest.mark.parametrize(
    "nested",
    [
        "<image><url>/b.jpg</url><title>Wrong</title><link>/wrong</link><pubDate>2001-01-01</pubDate></image>",
        "<gallery><photo><title>Wrong</title><description>Wrong</description></photo></gallery>",
        "<gallery><photo><guid>wrong</guid><dc:creator>Wrong</dc:creator></photo></gallery>",
        "<related><item><title>Wrong</title><description>Wrong</description></item></related>",
        "<source><title>Wrong</title><link>/wrong</link><author><name>Wrong</name></author></source>",
        "<related><source><title>Wrong</title><guid>wrong</guid></source><category>Wrong</category></related>",
        "<media:content url='/a.jpg'><title>Wrong</title><description>Wrong</description></media:content>",
        "<media:group><media:title>Wrong</media:title><media:text>Wrong</media:text></media:group>",
        "<textInput><title>Wrong</title><link>/wrong</link></textInput>",
        "<item><title>Wrong</title><guid>wrong</guid></item>",
        "<author><name>Ann</name><title>Wrong</title><link>/wrong</link></author>",
    ],
)
def test_only_the_direct_children_of_an_entry_are_its_own(nested: str) -> None:
    own = "<description>The text.</description><pubDate>Thu, 02 May 2024 10:00:00 GMT</pubDate>"
    for entry in (nested + own, own + nested):
        first, second = items(entry, own)
        assert (first.title, first.url, first.key) == ("Title 0", "https://outlet.example/0", "g0")
        assert first.text == first.summary == "The text."
        assert "Wrong" not in repr((first, second))
        assert first.published == second.published


def test_elements_of_a_channel_take_only_what_is_their_own() -> None:
    channel = (
        "<image><title>Logo</title><url>/logo.png</url><link>/logo</link></image><foo><title>Wrong</title>"
        "<link>/wrong</link></foo><textInput><title>Search</title><description>Wrong</description></textInput>"
    )
    head = refined(rss("<item><guid>a</guid></item>", channel)).head
    assert (head.title, head.page, head.subtitle) == ("T", "https://outlet.example/", "")
    assert head.icon == "https://outlet.example/logo.png"


def test_entries_that_stand_deeper_than_they_should_are_read() -> None:
    assert [item.title for item in refined(rss("<items><item><title>A</title></item></items>")).items] == [
        "A"
    ]


def test_atoms_source_gives_its_authors_and_nothing_else() -> None:
    source = "<source><id>s:s</id><title>S</title><link href='/s'/><author><name>Ann</name></author></source>"
    (item,) = refined(atom(f"{source}<title>T</title><link href='/t'/>")).items
    assert (item.title, item.url, item.key) == ("T", "https://outlet.example/t", "a:b")
    assert [author.name for author in item.authors] == ["Ann"]
