"""Cutting known entries out of a document gives what the full parse gives, for all that is new in it."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.items.sameness import content_hash
from aggregator.model import Item, Refined, Response, Source
from aggregator.parse import known_entries
from aggregator.parse.parts import NEWEST
from aggregator.parse.refinement import refine
from tests.endtoend import corpus
from tests.endtoend.corpus import needs_corpus
from tests.examples import SHARE, some

SOURCE = Source("outlet", "https://outlet.example/feed")


def answer(body: bytes, kind: str = "application/rss+xml") -> Response:
    return Response(SOURCE.feed, 200, (("content-type", kind),), body)


def rss(*entries: str, head: str = "", built: str = "Mon, 02 Feb 2026 08:00:00 GMT") -> Response:
    body = (
        f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>The Outlet</title>{head}"
        f"<lastBuildDate>{built}</lastBuildDate>{''.join(entries)}</channel></rss>"
    )
    return answer(body.encode())


def feed_in_json(*items: object, **head: object) -> Response:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Outlet"} | head
    return answer(json.dumps(feed | {"items": items}).encode(), "application/feed+json")


def item(number: int, text: str = "A text.") -> dict[str, object]:
    return {"id": number, "url": f"https://outlet.example/{number}", "content_text": text}


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
    return known_entries.cut(response, reader, ()).marks


def left(response: Response, known: Collection[str]) -> Response:
    """What is left to parse."""
    return replace(response, body=known_entries.cut(response, "1", known).body)


def test_an_entry_that_is_known_is_cut_and_the_rest_is_read() -> None:
    before, now = rss(entry(1), entry(2)), rss(entry(3), entry(1), entry(2), built="later")
    cut = left(now, marks(before))
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
        rss("<item/>", entry(1)),
        rss(entry(1), "<![CDATA[ <item> "),
        feed_in_json(),
        feed_in_json("no object", item(1)),
        replace(feed_in_json(item(1)), body=feed_in_json(item(1)).body.replace(b'"A text."', b"1e999")),
        replace(feed_in_json(item(1)), body=feed_in_json(item(1)).body[:-2]),
    ],
    ids=range(9),
)
def test_what_cannot_be_cut_safely_is_left_whole(whole: Response) -> None:
    assert known_entries.cut(whole, "1", marks(rss(entry(1)))) == known_entries.Cut(whole.body)


NO_ID = "<item><title>{}</title><description>{}</description></item>"


@pytest.mark.parametrize(
    "alike",
    [
        (entry(1), entry(1, "The same id.")),
        (entry(1), entry(1).replace("guid>http:", "guid>https:")),
        ("<item><description>No id, no link.</description></item>", NO_ID.format("!", "No title.")),
        (NO_ID.format("Q&amp;A", 1), NO_ID.format("<![CDATA[Q & A]]>", 2), NO_ID.format("q: a", 3)),
        (NO_ID.format("Q&amp;amp;A", 1), NO_ID.format("<![CDATA[Q&amp;A]]>", 2)),
        (NO_ID.format("A <b>c</b>".replace("<", "&lt;"), 1), NO_ID.format("<![CDATA[A <b>c</b>]]>", 2)),
        (NO_ID.format("A", 1), NO_ID.format("&lt;![CDATA[A]]&gt;", 2)),
        (NO_ID.format("A", 1), "<item><image><title>B</title></image><title>A</title></item>"),
        (entry(1), "<item><source><id>x</id></source>" + entry(1, "The same id.").removeprefix("<item>")),
        (NO_ID.format("A", 1), NO_ID.format("A", "2</description><guid>None</guid><description>")),
    ],
    ids=range(10),
)
def test_entries_that_need_their_neighbours_are_cut_together_or_not_at_all(alike: tuple[str, ...]) -> None:
    before, now = rss(*alike[1:], entry(2)), rss(*alike, entry(2))
    assert known_entries.cut(now, "1", marks(now)).is_known
    assert [mark in marks(before) for mark in marks(now)] == [False] * len(alike) + [True]
    assert read(left(now, marks(before))) == {
        key: item for key, item in read(now).items() if item.title != "Title 2"
    }


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "utf-8", "koi8-r", "iso-2022-jp", "utf-7"])
def test_in_every_encoding_the_rest_is_read_as_in_the_whole(encoding: str) -> None:
    def answered(*numbers: int) -> Response:
        entries = (entry(number, "Мир" if number else "Мир – новость") for number in numbers)
        text = rss(*entries).body.decode().replace("UTF-8", encoding)
        return answer(text.encode(encoding, "xmlcharrefreplace"))

    before, now = answered(1, 2), answered(3, 1, 2)
    cut, whole = refine(SOURCE, left(now, marks(before))), refine(SOURCE, now)
    assert isinstance(cut, Refined)
    assert isinstance(whole, Refined)
    assert cut == replace(whole, items=whole.items[:1], entries=1)


def test_an_encoding_that_only_the_server_names_is_the_one_that_counts() -> None:
    body = (
        rss(entry(1, "Мир"), entry(2, "Мир")).body.decode().replace("encoding='UTF-8'", "").encode("koi8-r")
    )
    now = answer(body, "text/xml; charset=koi8-r")
    (kept,) = read(left(now, marks(now)[:1])).values()
    assert kept.text == "Мир"


def test_items_of_a_json_feed_are_cut_like_entries() -> None:
    before, now = (
        feed_in_json(item(1), item(2)),
        feed_in_json(item(3), item(1), item(2) | {"title": "Better"}),
    )
    assert read(left(now, marks(before))) == {key: one for key, one in read(now).items() if key != "1"}
    assert not set(marks(before)) & set(marks(feed_in_json(item(1), item(2), title="Another")))


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


def test_words_around_the_entries_that_run_together_are_a_change() -> None:
    apart, together = rss(entry(1), head="<c>New York</c>"), rss(entry(1), head="<c>NewYork</c>")
    assert not set(marks(apart)) & set(marks(together))


@pytest.mark.parametrize(
    "piece",
    ["<id>", "<item ", "<items>", "<date ", "<!--", "<![CDATA[", "<", "<!-- - ", "<item></item>", "&#1;"],
)
@pytest.mark.parametrize("frame", ["<rss>{}</rss>", "<rss><item>{}</item></rss>", "{{{}"])
def test_hostile_bodies_cost_no_more_than_their_size(piece: str, frame: str) -> None:
    """What grew with the square of the size would need hours."""
    body = frame.format(piece * 100_000).encode()
    assert len(marks(answer(body))) <= NEWEST


def dated(number: int, day: int) -> str:
    return entry(number).replace("<guid>", f"<pubDate>{day % 28 + 1} Feb 2026 08:00 GMT</pubDate><guid>")


def item_of(number: int, day: int) -> dict[str, object]:
    return item(number) | {"date_published": f"2026-02-{day % 28 + 1:02}T08:00:00Z"}


@pytest.mark.parametrize(
    "make",
    [
        lambda *n: rss(*(dated(*one) for one in n), built=""),
        lambda *n: feed_in_json(*(item_of(*one) for one in n)),
    ],
)
def test_of_a_flood_the_newest_entries_alone_are_parsed_and_remembered(
    make: Callable[..., Response],
) -> None:
    """28 days with 100 entries each: those of the last 20 days are read."""
    flood = [(number, number * 9) for number in range(2_800)]
    cut = known_entries.cut(make(*flood), "1", ())
    days = Counter(re.findall(rb"(\d\d?) Feb 2026|2026-02-(\d\d)T", cut.body))
    assert {int(one or other) for one, other in days} == set(range(9, 29))
    assert (sum(days.values()), len(cut.marks)) == (NEWEST, NEWEST)
    assert cut.notes == ("Of its 2,800 entries the newest 2,000 were read.",)
    assert known_entries.cut(make(*flood), "1", cut.marks).is_known
    more = known_entries.cut(make((9_999, 27), *flood), "1", cut.marks)
    assert (b"9999" in more.body, more.known) == (True, NEWEST - 1)


@given(st.lists(st.integers(0, 9), unique=True, min_size=1), st.sets(st.integers(0, 9)), st.text(max_size=20))
def test_whatever_was_known_the_new_is_read_as_in_the_whole(
    numbers: list[int], known: set[int], text: str
) -> None:
    clean = "".join(char for char in text if char.isprintable() and char not in "<>&")
    now = rss(*(entry(number, clean) for number in numbers))
    seen = {mark for mark, number in zip(marks(now), numbers, strict=True) if number in known}
    whole, cut = read(now), read(left(now, seen))
    fresh = {f"https://outlet.example/{number}" for number in numbers if number not in known}
    assert cut == {key: item for key, item in whole.items() if key in fresh}


@given(
    st.lists(st.sampled_from("aaabbc"), min_size=1, max_size=5),
    st.lists(st.sampled_from("aaabbc"), min_size=1, max_size=5),
    st.booleans(),
)
def test_whatever_shares_an_id_is_read_as_in_the_whole(
    before: list[str], now: list[str], has_id: bool
) -> None:
    """Entries that share ids, links and titles in every way: what is new in the whole is in the cut."""

    def document(letters: list[str]) -> Response:
        name = "<guid>{0}</guid>" if has_id else "<link>https://outlet.example/{0}</link>"
        places = enumerate(letters)
        return rss(
            *(f"<item>{name.format(one)}<title>{one}{place % 2}</title></item>" for place, one in places)
        )

    old, whole = read(document(before)), read(document(now))
    cut = read(left(document(now), marks(document(before))))
    assert cut.items() <= whole.items()
    assert whole.items() - cut.items() <= old.items()


@needs_corpus
def test_on_recorded_feeds_the_cut_equals_the_full_parse() -> None:
    chance, judged = random.Random(7), 0
    for path, body in some(corpus.bodies(corpus.FEEDS).items(), 2):
        now = answer(body, "")
        whole, all_marks = refine(SOURCE, now), marks(now)
        assert isinstance(whole, Refined), path
        if whole.fragile:
            continue
        fresh = {mark for mark in all_marks if chance.random() < 0.2}
        remembered = replace(left(now, set(all_marks) - fresh), edges=whole.edges)
        cut = refine(SOURCE, remembered)
        assert isinstance(cut, Refined), path
        assert cut.entries == sum(mark in fresh for mark in all_marks), path
        items = {item.key: item for item in whole.items}
        assert all(items[item.key] == item for item in cut.items), path
        judged += 1
    assert judged > 115 / SHARE


@needs_corpus
def test_from_day_to_day_nothing_is_missed_that_the_full_parse_finds() -> None:
    """Of the feeds taken on two days, what is new or changed in the whole is in the cut, and equal."""
    later = corpus.bodies(corpus.DAYS / "2")
    for path, body in some(corpus.bodies(corpus.DAYS / "1").items()):
        before = answer(body)
        first = refine(SOURCE, before)
        assert isinstance(first, Refined)
        now = replace(answer(later[path]), edges=first.edges)
        assert marks(now), path
        old, whole = hashes(first), contents(now)
        is_known = known_entries.cut(now, "1", marks(before)).is_known
        cut = {} if is_known else contents(left(now, marks(before)))
        assert cut.items() <= whole.items(), path
        assert whole.items() - cut.items() <= old.items(), path


def contents(response: Response) -> dict[str, str]:
    refined = refine(SOURCE, response)
    assert isinstance(refined, Refined)
    return hashes(refined)


def hashes(refined: Refined) -> dict[str, str]:
    return {item.key: content_hash(item) for item in refined.items}
