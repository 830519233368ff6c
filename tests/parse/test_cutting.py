"""Cutting known entries out of a document gives what the full parse gives, for all that is new in it."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Item, Refined, Response, Source
from aggregator.parse import cutting
from aggregator.parse.refining import refine

FEEDS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
SOURCE = Source("outlet", "https://outlet.example/feed")


def answer(body: bytes, kind: str = "application/rss+xml") -> Response:
    return Response(SOURCE.feed, 200, (("content-type", kind),), body)


def rss(*entries: str, head: str = "", built: str = "Mon, 02 Feb 2026 08:00:00 GMT") -> Response:
    body = (
        f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>The Outlet</title>{head}"
        f"<lastBuildDate>{built}</lastBuildDate>{''.join(entries)}</channel></rss>"
    )
    return answer(body.encode())


def entry(number: int, text: str = "A text.") -> str:
    return (
        f"<item><title>Title {number}</title><link>https://outlet.example/{number}</link>"
        f"<guid>https://outlet.example/{number}</guid><description>{text}</description></item>"
    )


def read(response: Response) -> dict[str, Item]:
    refined = refine(SOURCE, response)
    assert isinstance(refined, Refined), refined
    return {item.key: item for item in refined.items}


def marks(response: Response, reader: str = "1") -> tuple[str, ...]:
    found = cutting.document(response, reader)
    return found.marks if found else ()


def test_an_entry_that_is_known_is_cut_and_the_rest_is_read() -> None:
    before, now = rss(entry(1), entry(2)), rss(entry(3), entry(1), entry(2), built="later")
    found = cutting.document(now, "1")
    assert found is not None
    cut = replace(now, body=found.without(marks(before)))
    assert b"Title 1" not in cut.body
    assert list(read(cut).values()) == [read(now)["https://outlet.example/3"]]


def test_a_corrected_entry_is_read_again() -> None:
    before, now = rss(entry(1), entry(2)), rss(entry(1, "A better text."), entry(2))
    assert [mark in marks(before) for mark in marks(now)] == [False, True]


def test_space_and_comments_around_the_entries_change_no_mark() -> None:
    spaced = rss("\n  ", entry(1), "\n\n", entry(2)).body + b"\n<!-- built in 0.3 seconds -->\n"
    assert marks(answer(spaced)) == marks(rss(entry(1), entry(2)))


@pytest.mark.parametrize(
    "changed",
    [
        rss(entry(1), head="<language>de</language>"),
        rss(entry(1), head="<copyright>Someone</copyright>"),
        replace(rss(entry(1)), url="https://elsewhere.example/feed"),
    ],
)
def test_what_entries_inherit_undoes_the_cut(changed: Response) -> None:
    assert not set(marks(rss(entry(1)))) & set(marks(changed))


def test_another_reader_undoes_the_cut() -> None:
    assert not set(marks(rss(entry(1)))) & set(marks(rss(entry(1)), "2"))


@pytest.mark.parametrize(
    "whole",
    [
        rss(),
        rss(entry(1)[:-7]),
        rss(f"<item>{entry(1)}</item>"),
        replace(rss(entry(1)), body=rss(entry(1)).body.replace(b"UTF-8", b"windows-1251")),
        answer(rss(entry(1)).body.decode().encode("utf-16")),
        answer(rss(entry(1)).body, "text/xml; charset=koi8-r"),
        answer(rss(entry(1, "caf\xe9")).body.decode().encode("latin-1")),
        answer(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'),
    ],
    ids=range(8),
)
def test_what_cannot_be_cut_safely_is_left_whole(whole: Response) -> None:
    assert cutting.document(whole, "1") is None


@pytest.mark.parametrize(
    "alike",
    [
        (entry(1), entry(1, "The same id.")),
        ("<item><description>No id, no link.</description></item>",),
        (entry(1).replace("https://outlet.example/1</guid>", "none</guid>"),),
    ],
    ids=range(3),
)
def test_entries_that_need_their_neighbours_are_never_cut_but_the_others_are(alike: tuple[str, ...]) -> None:
    whole = rss(*alike, entry(2))
    found = cutting.document(whole, "1")
    assert found is not None
    assert found.marks[:-1] == ("",) * len(alike)
    cut = replace(whole, body=found.without(found.marks))
    assert not found.is_known(found.marks)
    assert read(cut) == {key: item for key, item in read(whole).items() if item.title != "Title 2"}


def test_an_item_named_in_cdata_or_a_comment_is_no_entry() -> None:
    text = "<![CDATA[ <item> </item> ]]><!-- </item> -->"
    assert len(marks(rss(entry(1, text), entry(2)))) == 2


def test_a_list_of_items_in_rss_1_and_dates_around_them_change_no_mark() -> None:
    def rdf(*numbers: int) -> Response:
        listed = "".join(f"<rdf:li resource='https://outlet.example/{n}'/>" for n in numbers)
        entries = "".join(
            f"<item rdf:about='https://outlet.example/{n}'><title>{n}</title></item>" for n in numbers
        )
        return answer(
            b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
            b" xmlns='http://purl.org/rss/1.0/'><channel><title>x</title><items><rdf:Seq>"
            + listed.encode()
            + b"</rdf:Seq></items></channel>"
            + entries.encode()
            + b"</rdf:RDF>"
        )

    assert set(marks(rdf(1, 2))) < set(marks(rdf(3, 1, 2)))


@given(st.lists(st.integers(0, 9), unique=True, min_size=1), st.sets(st.integers(0, 9)), st.text(max_size=20))
def test_whatever_was_known_the_new_is_read_as_in_the_whole(
    numbers: list[int], known: set[int], text: str
) -> None:
    clean = "".join(char for char in text if char.isprintable() and char not in "<>&")
    now = rss(*(entry(number, clean) for number in numbers))
    found = cutting.document(now, "1")
    assert found is not None
    seen = {mark for mark, number in zip(found.marks, numbers, strict=True) if number in known}
    whole, cut = read(now), read(replace(now, body=found.without(seen)))
    fresh = {f"https://outlet.example/{number}" for number in numbers if number not in known}
    assert cut == {key: item for key, item in whole.items() if key in fresh}


@pytest.mark.skipif(not FEEDS.is_dir(), reason="the recorded feeds (../shared/corpus) are not here")
def test_on_recorded_feeds_the_cut_equals_the_full_parse() -> None:
    chance, judged = random.Random(7), 0
    for path in sorted(FEEDS.iterdir()):
        now = Response(SOURCE.feed, 200, (), path.read_bytes())
        found = cutting.document(now, "1")
        if found is None:
            continue
        fresh = {mark for mark in found.marks if chance.random() < 0.2}
        known = set(found.marks) - fresh
        whole, cut = read(now), read(replace(now, body=found.without(known)))
        assert len(cut) >= len(fresh - {""}), path.name
        assert all(whole[key] == item for key, item in cut.items()), path.name
        judged += 1
    assert judged > 90
