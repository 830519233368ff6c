"""Whom an item is credited to, and with which picture."""

import pytest

from aggregator.model import Item, Refined, Response, Source
from aggregator.parse import refinement

MEDIA = "xmlns:media='http://search.yahoo.com/mrss/'"
DC = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"


def read(channel: str, entry: str = "<title>A</title>") -> Item:
    items = f"<item><guid>a</guid>{entry}</item>"
    body = f"<rss version='2.0' {MEDIA} {DC}><channel>{channel}{items}</channel></rss>"
    found = refinement.refine(
        Source(id="gazette", feed="https://outlet.example/feed"),
        Response("https://outlet.example/feed", 200, (), body.encode()),
    )
    assert isinstance(found, Refined), found
    return found.items[0]


@pytest.mark.parametrize("staff", ["managingEditor", "webMaster"])
def test_the_staff_of_a_channel_wrote_none_of_its_items(staff: str) -> None:
    channel = f"<{staff}>apps@outlet.example (Apps Support)</{staff}>"
    assert read(channel).authors == read(channel).head.authors == ()


@pytest.mark.parametrize("named", ["dc:creator", "itunes:author"])
def test_an_author_of_the_channel_wrote_the_items_that_name_none(named: str) -> None:
    channel = f"<{named}>Ida Moor</{named}>"
    assert [one.name for one in read(channel).authors] == ["Ida Moor"]
    own = "<title>A</title><dc:creator>Tom Hill</dc:creator>"
    assert [one.name for one in read(channel, own).authors] == ["Tom Hill"]


def rendition(name: str, width: int, height: int, more: str = "") -> str:
    size = f"width='{width}' height='{height}'"
    return f"<media:content url='https://img.example/{name}' medium='image' {size} {more}/>"


@pytest.mark.parametrize(
    ("renditions", "shown"),
    [
        ([("a.jpg", 862, 1533), ("b.jpg", 862, 485), ("c.jpg", 862, 862)], "b.jpg"),
        ([("a.jpg", 300, 200), ("b.jpg", 1200, 800), ("c.jpg", 600, 400)], "b.jpg"),
        ([("a.jpg", 120, 80), ("b.jpg", 1200, 1800)], "b.jpg"),  # as wide as it has to be
        ([("a.jpg", 3000, 200), ("b.jpg", 1200, 800)], "b.jpg"),  # a banner is no picture
    ],
)
def test_of_a_group_the_wide_rendition_nearest_to_the_shape_of_a_page_is_shown(
    renditions: list[tuple[str, int, int]], shown: str
) -> None:
    group = f"<media:group>{''.join(rendition(*one) for one in renditions)}</media:group>"
    (picture,) = read("", f"<title>A</title>{group}").pictures
    assert picture.url == f"https://img.example/{shown}"


def test_the_default_of_a_group_is_shown_whatever_its_shape() -> None:
    group = rendition("wide.jpg", 1200, 800) + rendition("tall.jpg", 400, 900, "isDefault='true'")
    (picture,) = read("", f"<title>A</title><media:group>{group}</media:group>").pictures
    assert picture.url == "https://img.example/tall.jpg"


def test_pictures_side_by_side_are_several_each_once_whatever_its_sizes() -> None:
    entry = "".join(
        [
            rendition("a-300x200.jpg", 300, 200),
            rendition("a-1200x800.jpg", 1200, 800),
            rendition("b.jpg?w=600", 600, 400),
            rendition("b.jpg?w=900&amp;h=600", 900, 600),
            rendition("c.jpg?id=1", 500, 400),
            rendition("c.jpg?id=2", 500, 400),
            "<media:thumbnail url='https://img.example/t.jpg' width='100' height='100'/>",
        ]
    )
    shown = [one.url.rpartition("/")[2] for one in read("", f"<title>A</title>{entry}").pictures]
    assert shown == ["a-1200x800.jpg", "b.jpg?w=900&h=600", "c.jpg?id=1", "c.jpg?id=2"]


def test_a_thumbnail_is_shown_where_there_is_nothing_else() -> None:
    entry = "<title>A</title><media:thumbnail url='https://img.example/t.jpg' width='100' height='100'/>"
    assert [one.url for one in read("", entry).pictures] == ["https://img.example/t.jpg"]
