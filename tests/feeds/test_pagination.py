"""How a feed is divided into pages, and what publishing makes of it."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.compiled import compile_config
from aggregator.feeds import pagination
from aggregator.model import EntryVersion, Hold, Pin, Rulings, Withdrawal
from tests.examples import examples
from tests.pipeline.test_journey import CONFIG, RSS, START, Journey

FEED = "https://daily.example/feed"


def outline(numbers: Iterable[int]) -> list[EntryVersion]:
    """Entries that go by those numbers, the newest first."""
    return [EntryVersion(f"tag:wire.example.org,2026:{number}", "1") for number in numbers][
        : pagination.OUTLINE
    ]


def ids(pages: tuple[pagination.Page, ...], entries: list[EntryVersion]) -> list[tuple[str, ...]]:
    return [tuple(one.id for one in entries[page.start : page.end]) for page in pages]


@given(st.integers(0, 700), st.integers(0, 1000))
def test_pages_follow_one_another_and_leave_nothing_out_but_the_very_old(count: int, salt: int) -> None:
    entries = outline(range(salt + count, salt, -1))
    pages = pagination.pages(entries)
    assert pages[0].start == 0
    assert all(one.end == other.start for one, other in pairwise(pages))
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    if len(entries) < pagination.OUTLINE:
        assert pages[-1].end == len(entries)
    else:
        assert pages[-1].end > pagination.OUTLINE - 2 * pagination.MOST
    if len(entries) > pagination.MOST:
        assert pagination.FEWEST <= pages[0].end <= pagination.MOST
        assert all(page.end - page.start >= pagination.REACH for page in pages[1:-1])


@examples(10)
@given(st.integers(0, 1000))
def test_entries_that_arrive_one_by_one_change_the_first_page_and_seldom_the_division(salt: int) -> None:
    moved, before = 0, None
    for count in range(300, 400):
        entries = outline(range(salt + count, salt, -1))
        pages = ids(pagination.pages(entries), entries)
        older = pages[1:]
        if before is not None and older != before:
            moved += 1
            assert len(set(older) - set(before)) <= 2  # a new page came in, or the second was cut anew
        before = older
    assert moved <= 60


@given(st.integers(0, 1000), st.integers(60, 500))
def test_what_goes_away_changes_the_pages_beside_it_alone(salt: int, gone: int) -> None:
    numbers = list(range(salt + 520, salt, -1))
    entries = outline(numbers)
    before = set(ids(pagination.pages(entries), entries))
    fewer = outline([*numbers[:gone], *numbers[gone + 1 :]])
    after = set(ids(pagination.pages(fewer), fewer))
    assert len(after - before) <= 3


def test_a_correction_changes_the_version_of_its_page_alone() -> None:
    entries = outline(range(300, 0, -1))
    corrected = [replace(one, version="2") if n == 200 else one for n, one in enumerate(entries)]
    pairs = list(zip(pagination.pages(entries), pagination.pages(corrected), strict=True))
    changed = [one for one, other in pairs if one != other]
    assert len(changed) == 1
    assert changed[0].start <= 200 < changed[0].end


def test_what_is_remembered_of_a_publication_tells_the_versions_of_its_pages() -> None:
    _, *older = pagination.pages(outline(range(300, 0, -1)))
    said = pagination.imprint("content", older, "edition")
    assert pagination.versions(said) == tuple(page.version for page in older)
    assert said.startswith("content")
    assert said.endswith("edition")
    assert pagination.versions("contentedition") == ()  # as before there were such pages


def rss(numbers: Iterable[int]) -> bytes:
    items = "".join(
        f"<item><title>Ceasefire no. {n}</title><guid>https://daily.example/{n}</guid>"
        f"<link>https://daily.example/{n}</link>"
        f"<pubDate>{format_datetime(START - timedelta(days=40) + timedelta(hours=n))}</pubDate></item>"
        for n in numbers
    )
    return RSS.format(items=items).encode()


@pytest.fixture
def journey() -> Journey:
    """A topic with 160 entries."""
    made = Journey()
    made.pipeline.context.compiled = compile_config(replace(CONFIG, sources=CONFIG.sources[:1]))
    made.world.bodies = {FEED: rss(range(160))}
    made.cycle(("daily",))
    return made


def pages(journey: Journey, feed: str = "peace") -> list[str]:
    """The pages of a feed in their order, followed by rel=next from the first."""
    found, path = [], f"{feed}.html"
    while path:
        body = journey.world.files[path].decode()
        found.append(body)
        following = lxml.html.document_fromstring(body).findall(".//link[@rel='next']")
        path = following[0].get("href", "").lstrip("./") if following else ""
    return found


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r">Ceasefire no\. (\d+)</a></h2>", page)]


def test_every_entry_stands_on_one_page_newest_first(journey: Journey) -> None:
    for feed in ("peace", "all", "sources/daily"):
        shown = [number for page in pages(journey, feed) for number in numbers(page)]
        assert shown == list(range(159, -1, -1))


def test_pages_lead_back_and_forth(journey: Journey) -> None:
    first, second, *_ = pages(journey)
    assert 'rel="prev"' not in first
    assert '<link rel="prev" href="../peace.html">' in second
    assert '<a href="../peace/3.html" rel="next">Older</a>' in second
    last = pages(journey)[-1]
    assert 'rel="next"' not in last
    assert "search.html?q=topic%3Apeace%20before%3A" in last


def test_a_new_entry_rewrites_the_first_page_alone(journey: Journey) -> None:
    before = dict(journey.world.files)
    journey.world.bodies[FEED] = rss(range(80, 161))
    journey.world.now = START + timedelta(days=2)
    journey.cycle(("daily",))
    changed = {path for path, body in journey.world.files.items() if before.get(path) != body}
    assert "peace.html" in changed
    assert [path for path in changed if re.search(r"/[2-9]\.html", path)] == []


def test_a_correction_far_back_is_on_its_page(journey: Journey) -> None:
    journey.world.bodies[FEED] = rss(range(160)).replace(b"no. 9<", b"no. 9 did not hold<")
    journey.world.now = START + timedelta(days=2)
    before = dict(journey.world.files)
    journey.cycle(("daily",))
    assert any("no. 9 did not hold" in page for page in pages(journey)[2:])
    changed = [path for path, body in journey.world.files.items() if before.get(path) != body]
    assert len([path for path in changed if re.search(r"^peace/\d", path)]) == 1


def test_a_page_that_was_deleted_is_written_again(journey: Journey) -> None:
    before = dict(journey.world.files)
    del journey.world.files["peace/3.html"]
    asyncio.run(journey.pipeline.publisher.catch_up())
    asyncio.run(journey.pipeline.publisher.publish())
    assert journey.world.files == before


def test_pages_that_a_feed_no_longer_fills_are_taken_away(journey: Journey) -> None:
    stood = [path for path in journey.world.files if re.match(r"peace/\d", path)]
    journey.store.outline = lambda feed, limit: ()  # type: ignore[method-assign]
    journey.publish_anew()
    assert stood
    assert not [path for path in journey.world.files if re.match(r"peace/\d", path)]


def test_older_pages_are_not_for_search_engines(journey: Journey) -> None:
    first, second, *_ = pages(journey)
    assert '<meta name="robots" content="noindex">' not in first
    assert '<meta name="robots" content="noindex">' in second


def test_where_a_feed_has_no_room_its_pages_do(journey: Journey) -> None:
    before, entries = pages(journey), journey.store.entries
    journey.store.entries = lambda selection: entries(selection)[:10]  # type: ignore[method-assign]
    journey.publish_anew()
    shown = [number for page in pages(journey) for number in numbers(page)]
    assert shown == list(range(159, -1, -1))
    assert len(pages(journey)) == len(before)


def rule(journey: Journey, rulings: Rulings) -> None:
    """Put the desk's rulings in force and publish."""
    config = replace(journey.pipeline.context.compiled.config, rulings=rulings)
    journey.pipeline.context.compiled = compile_config(config)
    asyncio.run(journey.pipeline.publisher.catch_up())
    asyncio.run(journey.pipeline.publisher.publish())


@pytest.mark.parametrize(
    "rulings",
    [
        Rulings(withdrawn=(Withdrawal("https://daily.example/9", "It was invented."),)),
        Rulings(held=(Hold("https://daily.example/9", "The lawyers read it first."),)),
    ],
)
def test_what_the_desk_takes_away_leaves_the_page_it_stands_on(journey: Journey, rulings: Rulings) -> None:
    rule(journey, rulings)
    for feed in ("peace", "all", "sources/daily"):
        shown = [number for page in pages(journey, feed) for number in numbers(page)]
        assert shown == [n for n in range(159, -1, -1) if n != 9]


def test_what_is_pinned_stands_first_and_in_its_place(journey: Journey) -> None:
    pin = Pin("https://daily.example/9", "peace", START + timedelta(days=9))
    rule(journey, Rulings(pinned=(pin,)))
    first, *others = pages(journey)
    assert numbers(first)[:2] == [9, 159]
    assert [number for page in others for number in numbers(page)].count(9) == 1
    assert numbers(journey.world.files["all.html"].decode())[0] == 159
