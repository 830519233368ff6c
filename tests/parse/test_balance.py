"""XML with elements that do not end: what they say stays, and what others say is theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import Item
from aggregator.parse.xml import balance
from tests.parse.test_refinement import atom, refined, rss

TITLE, LINK = "<title>A gate left open</title>", "<link>https://outlet.example/1</link>"
DATE = "<pubDate>Thu, 02 May 2024 10:00:00 GMT</pubDate>"
TEXT = "<description>The goats are out.</description>"
NEXT = "<item><title>Next</title><link>/2</link><description>The next.</description></item>"
SPACES = "xmlns:media='http://search.yahoo.com/mrss/' xmlns:dc='http://purl.org/dc/elements/1.1/'"


def two(*parts: str, end: str = "</item>") -> tuple[Item, Item]:
    first, second = refined(
        rss(f"<item>{''.join(parts)}{end}{NEXT}").replace("<rss", f"<rss {SPACES}", 1)
    ).items
    return first, second


def opened(part: str) -> str:
    return part[: part.rindex("</")]


@pytest.mark.parametrize(
    "parts",
    [
        (TITLE, opened(LINK), DATE, TEXT),
        (opened(TITLE), LINK, "\n", DATE, TEXT),
        (TITLE, LINK, opened(DATE), TEXT),
        (TITLE, LINK, DATE, opened(TEXT)),
        (TITLE, LINK, opened(TEXT), DATE),
        (TITLE, DATE, opened(TEXT), LINK),
        (TITLE, LINK, "<media:content url='/a.jpg' medium='image'>", DATE, TEXT),
        ("<media:content url='/a.jpg'><media:title>A</media:title>", TITLE, LINK, DATE, TEXT),
        (TITLE, LINK, DATE, TEXT, "<media:thumbnail url='/a.jpg'>"),
        (TITLE, "<category>News", LINK, "<dc:creator>Ann", DATE, TEXT),
        (TITLE, LINK, "<author><name>Ann", DATE, TEXT),
        (TITLE, LINK, DATE, "<description>The <b>goats<br> are <i>out</b></i>.</description>"),
        (TITLE, LINK, DATE, "<description>The goats are <a href=/x class=y>out</a>.</description>"),
        (TITLE, LINK, DATE, TEXT, "</nothing></b>"),
        (TITLE, LINK, DATE, "<description><![CDATA[The goats are out.</description>"),
        (TITLE, LINK, DATE, "<!-- a comment ", TEXT),
        (TITLE, LINK, DATE, TEXT, "<related><item><title>Wrong</title></item></related><x>"),
    ],
)
def test_an_element_without_end_takes_nothing_from_the_others(parts: tuple[str, ...]) -> None:
    first, second = two(*parts)
    assert (first.title, first.url) == ("A gate left open", "https://outlet.example/1")
    assert first.published is not None
    assert " ".join(first.text.split()) == "The goats are out."
    assert (second.title, second.url, second.text) == ("Next", "https://outlet.example/2", "The next.")


def test_an_entry_without_end_ends_where_the_next_begins() -> None:
    first, second = two(TITLE, LINK, DATE, TEXT, end="")
    assert (first.title, first.text, second.title) == ("A gate left open", "The goats are out.", "Next")


def test_an_atom_link_may_lack_its_end() -> None:
    links = "<link href='https://outlet.example/1'><updated>2024-05-02T10:00:00Z</updated>"
    (item,) = refined(atom(f"<title>T{links}<summary>S</summary>")).items
    assert (item.title, item.url, item.text) == ("T", "https://outlet.example/1", "S")


def test_a_bare_angle_bracket_in_a_text_is_a_character() -> None:
    assert two(TITLE, "<description>1 < 2 and a<b</description>")[0].text == "1 < 2 and a<b"


@given(
    st.lists(
        st.sampled_from(
            "<a> </a> <b/> <item> </item> <link> </link> <!-- --> <![CDATA[ ]]> x < <a=b> <c d=e>".split()
        )
    )
)
def test_what_is_balanced_is_well_formed(pieces: list[str]) -> None:
    etree.fromstring(balance.balanced(f"<rss>{''.join(pieces)}</rss>"))


@pytest.mark.parametrize(
    "piece", ["<a>", "</a>", "<item>", "<a ", "<!--", "<![CDATA[", "<", "<a b=c d>", "<title><link>"]
)
def test_hostile_xml_costs_no_more_than_its_size(piece: str) -> None:
    """What grew with the square of the size would need minutes."""
    balance.balanced(f"<rss>{piece * 50_000}")
