"""Documents with one fingerprint read alike, and what changes without meaning does not change it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Refined, Response, Source
from aggregator.parse.fingerprints import fingerprint
from aggregator.parse.refinement import refine
from tests.endtoend import corpus
from tests.examples import some

SOURCE = Source("outlet", "https://outlet.example/feed")
BUILT = "<lastBuildDate>Mon, 02 Feb 2026 08:00:00 GMT</lastBuildDate>"
ENTRY = "<item><guid>1</guid><title>Talks</title><pubDate>Mon, 02 Feb 2026 07:00:00 GMT</pubDate></item>"


def answer(body: str | bytes, kind: str = "text/xml") -> Response:
    return Response(
        SOURCE.feed, 200, (("content-type", kind),), body.encode() if isinstance(body, str) else body
    )


def rss(entries: str = ENTRY, head: str = BUILT, end: str = "</channel></rss>") -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>The Outlet</title>{head}{entries}{end}"


def same(one: str | bytes, other: str | bytes) -> bool:
    return fingerprint(answer(one)) == fingerprint(answer(other))


@pytest.mark.parametrize(
    "built_anew",
    [
        rss(head=BUILT.replace("08:00", "09:00")),
        rss(head=f"{BUILT}<!-- cached - 0.3 s --><generator>Press 7</generator>"),
        rss(head=f"\n  {BUILT}\n<atom:updated>2026-02-02T09:00:00Z</atom:updated>\n"),
        rss() + "\n<!-- served from memory -->\n",
        rss(end="\n</channel>\n</rss>"),
        "\ufeff" + rss(head=""),
    ],
    ids=range(6),
)
def test_a_feed_that_was_only_built_anew_keeps_its_fingerprint(built_anew: str) -> None:
    whole = rss() if not built_anew.startswith("\ufeff") else "\ufeff" + rss()
    assert same(whole, built_anew)


@pytest.mark.parametrize(
    "changed",
    [
        rss(ENTRY.replace("07:00", "07:30")),
        rss(ENTRY.replace("Talks", "<!-- --> Talks")),
        rss(ENTRY + ENTRY),
        rss(head="<title>Another</title>"),
        rss(head="<ttl>60</ttl>"),
        rss(head="<!-- a -- b -->"),
        rss(head="<!-- <item> -->"),
        rss() + "<at:deleted-entry ref='1'/>",
        rss().replace("TheOutlet", "The Outlet").replace("The Outlet", "TheOutlet"),
    ],
    ids=range(9),
)
def test_a_change_that_may_be_read_changes_it(changed: str) -> None:
    assert not same(rss(), changed)


def test_what_looks_like_a_date_around_the_entries_counts_within_a_torn_one() -> None:
    torn = rss(ENTRY + "<item><title>Half</title>", end="")
    assert not same(torn + "<date>1</date>", torn + "<date>2</date>")
    assert not same(rss("<IT:Item><date>1</date></IT:Item>"), rss("<IT:Item><date>2</date></IT:Item>"))


def test_another_charset_from_the_server_is_read_anew() -> None:
    named = answer(rss(), "text/xml; charset=koi8-r")
    assert fingerprint(named) != fingerprint(answer(rss()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32-le"])
def test_in_json_only_space_around_it_means_nothing(encoding: str) -> None:
    feed = '{"version": "1", "items": [{"id": 1, "content_html": "<date>1</date>  <!-- 1 -->"}]}'
    other = feed.replace("<date>1", "<date>2"), feed.replace("<!-- 1", "<!-- 2"), feed.replace("  <", " <")
    assert not any(same(feed.encode(encoding), one.encode(encoding)) for one in other)
    letters = (feed.replace("date", letter).encode(encoding) for letter in "䄠䄉")  # a byte of each is space
    assert not same(*letters)
    assert same(feed.encode(), f"\n{feed} \n".encode())


@pytest.mark.parametrize("piece", ["<date ", "<date>", "<item ", "<a:", "<!--", "<!-- - ", "</item>", " "])
@pytest.mark.parametrize("end", ["", "<item>", "</item>"])
def test_hostile_bodies_cost_no_more_than_their_size(piece: str, end: str) -> None:
    """What grew with the square of the size would need hours."""
    body = piece * 100_000
    assert not same(f"<rss>{body}x{end}", f"<rss>{body}y{end}")


PIECES = st.sampled_from(
    [
        *(
            ENTRY,
            ENTRY.replace("1<", "2<"),
            ENTRY.replace("Talks", "More talks"),
            "<item>",
            "</item>",
            "<item/>",
        ),
        *(
            BUILT,
            "<date>1</date>",
            "<date>2</date>",
            "<!-- 1 -->",
            "<!-- <x> -- -->",
            "<![CDATA[",
            "]]>",
            " ",
            "x",
        ),
    ]
)


@given(st.lists(PIECES, max_size=6), st.integers(0, 5), PIECES)
def test_whatever_has_one_fingerprint_reads_alike(pieces: list[str], place: int, other: str) -> None:
    changed = [*pieces[:place], other, *pieces[place + 1 :]]
    one, two = (answer(rss("".join(several))) for several in (pieces, changed))
    if fingerprint(one) == fingerprint(two):
        assert what_is_read(one) == what_is_read(two)


def what_is_read(response: Response) -> object:
    refined = refine(SOURCE, response)
    assert isinstance(refined, Refined)
    undated = replace(refined.head, updated=None)
    items = tuple(replace(item, head=undated) for item in refined.items)
    return items, undated, refined.pace, refined.deleted, refined.entries, refined.fragile


@corpus.needs_corpus
def test_recorded_feeds_that_are_built_anew_keep_it_unless_they_are_torn() -> None:
    for path, body in some(corpus.bodies(corpus.FEEDS).items(), 1):
        is_json = body.lstrip().startswith(b"{")
        anew = body + (b"\n " if is_json else b"\n<!-- built anew -->")
        refined = refine(SOURCE, answer(body)) if not same(body, anew) else None
        assert refined is None or (isinstance(refined, Refined) and refined.torn), path
