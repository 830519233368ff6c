"""Which of its own entries an outlet takes back (RFC 6721)."""

from datetime import UTC, datetime

import pytest

from aggregator.model import Deleted, Refined, Response, Source
from aggregator.parse import known_entries
from aggregator.parse.refinement import refine

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = """<entry><id>https://north.example/2</id><title>Talks</title>
<updated>2026-03-01T10:00:00Z</updated><content>Talks go on</content></entry>"""
FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
<id>https://north.example/feed</id><title>North</title><updated>2026-03-01T12:00:00Z</updated>
{}
</feed>"""


def response(inside: str, feed: str = FEED) -> Response:
    return Response("https://north.example/feed", 200, (), feed.replace("{}", inside).encode())


def refined(inside: str, feed: str = FEED) -> Refined:
    found = refine(Source("north", "https://north.example/feed"), response(inside, feed))
    assert isinstance(found, Refined)
    return found


def tombstone(
    ref: str = "https://north.example/1", when: str = "2026-03-01T12:00:00Z", inside: str = ""
) -> str:
    return f'<at:deleted-entry ref="{ref}" when="{when}">{inside}</at:deleted-entry>'


def test_a_tombstone_names_the_entry_as_the_entry_is_known() -> None:
    said = '<at:by><name>A. Desk</name></at:by><at:comment xml:lang="en">Removed</at:comment>'
    found = refined(tombstone(inside=said) + ENTRY)
    assert found.deleted == (Deleted("https://north.example/1", WHEN),)
    assert [item.key for item in found.items] == ["https://north.example/2"]
    assert found.items[0].authors == ()
    taken_back = refined(tombstone("http://north.example/2") + ENTRY)
    assert taken_back.deleted[0].key == taken_back.items[0].key


def test_of_several_tombstones_of_an_entry_the_latest_counts() -> None:
    found = refined(
        tombstone(when="2026-03-01T11:00:00Z") + tombstone() + tombstone(when="2026-02-01T12:00:00Z")
    )
    assert found.deleted == (Deleted("https://north.example/1", WHEN),)


@pytest.mark.parametrize(
    "inside",
    [
        tombstone(ref=""),
        tombstone(ref="guid"),
        tombstone(ref="https://north.example/feed"),
        tombstone(when="soon"),
        '<at:deleted-entry ref="https://north.example/1"/>',
        "<entry><id>x:1</id><title>About</title><content type='xhtml'>" + tombstone() + "</content></entry>",
        "<subtitle><![CDATA[" + tombstone() + "]]></subtitle>",
    ],
)
def test_what_names_no_entry_or_no_time_or_stands_elsewhere_takes_nothing_back(inside: str) -> None:
    assert refined(inside + ENTRY).deleted == ()


def test_only_an_atom_feed_takes_entries_back() -> None:
    rss = """<rss version="2.0" xmlns:at="http://purl.org/atompub/tombstones/1.0"><channel><title>North</title>
    {}<item><title>Talks</title><guid>1</guid></item></channel></rss>"""
    assert refined(tombstone(), rss).deleted == ()


def test_what_is_hostile_costs_no_more_than_its_size() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = FEED.replace("<feed", f'<!DOCTYPE feed [<!ENTITY a0 "lol">{entities}]>\n<feed')
    assert all(len(one.key) < 500 for one in refined(tombstone(ref="&a11;") + ENTRY, bomb).deleted)
    many = "".join(tombstone(f"https://north.example/{number}") for number in range(3_000))
    assert len(refined(many + ENTRY).deleted) == 1_000


def test_a_new_tombstone_keeps_known_entries_from_hiding_the_document() -> None:
    before, after = response(ENTRY), response(ENTRY + tombstone())
    old, new = (known_entries.cut(document, "reader", ()).marks for document in (before, after))
    assert known_entries.cut(before, "reader", old).is_known
    assert not known_entries.cut(after, "reader", old).is_known
    assert known_entries.cut(after, "reader", new).is_known
