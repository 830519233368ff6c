"""Clients that walk through archives find every entry, whatever happens meanwhile."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import fromstring

from aggregator.feeds import selection
from aggregator.model import Topic
from aggregator.store.sqlite import SqliteStore
from tests import judges
from tests.examples import examples
from tests.pipeline.walking import DAY, HISTORY, HOUR, OUTLETS, Walker, Wire, link, named, story, titles


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so small that few entries fill an archive."""
    for name, value in (("NEWEST", 4), ("PART", 5), ("MOST", 20)):
        monkeypatch.setattr(selection, name, value)


def test_a_walk_through_an_archive_of_1500_items_finds_each_once(tmp_path: Path) -> None:
    wire = Wire(SqliteStore.open(tmp_path / "store.db"))
    keys = named("n", range(1500))
    ages = (wire.world.now - number * HOUR for number in range(1500))
    wire.poll("daily", *(story(key, published=then) for key, then in zip(keys, ages, strict=True)))
    wire.leave_alone("all", "sources/daily")
    wire.publish()
    walker = Walker(wire.read).whole()
    assert walker.keys() == set(keys)
    listed = [key for path in walker.seen for key in titles(wire.read(path))]
    assert len(listed) == len(set(listed))
    sizes = [len(titles(wire.read(path))) for path in wire.parts()]
    assert set(sizes[:-1]) == {selection.PART}


class Life:
    """What happens to a wire, and what a client should know of it at any time."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.count = 0
        self.titles: dict[str, str] = {}  # of what is in the feed, by key
        self.withdrawn: list[str] = []
        self.walker = Walker(self.wire.read)
        self.under_way: tuple[Iterator[str], Walker, dict[str, str]] | None = None

    def come(self, number: int, source: str, days: int) -> None:
        keys = named(source[0], range(self.count, self.count + number))
        self.count += number
        self.titles |= {key: f"Title of {key}" for key in keys}
        self.wire.arrive(*keys, source=source, age=days * DAY + HOUR)

    def correct(self, nth: int) -> None:
        if keys := sorted(self.titles):
            key = keys[nth % len(keys)]
            self.titles[key] = f"Correction {self.wire.world.now.isoformat()}"
            source = "daily" if key.startswith("d") else "weekly"
            self.wire.poll(source, story(key, title=self.titles[key]))

    def untag(self, nth: int) -> None:
        if keys := sorted(self.titles):
            key = keys[nth % len(keys)]
            del self.titles[key]
            self.wire.retag(key)

    def withdraw(self, nth: int) -> None:
        if keys := sorted(self.titles):
            key = keys[nth % len(keys)]
            del self.titles[key]
            self.withdrawn.append(key)
            self.wire.withdraw(*self.withdrawn)

    def read_on(self) -> None:
        """A client that began earlier reads one more document."""
        if self.under_way is None:
            self.wire.publish()
            walker = Walker(self.wire.read)
            self.under_way = walker.walk(), walker, dict(self.titles)
        steps, walker, at_first = self.under_way
        if next(steps, None) is None:
            missed = {key for key in at_first if key in self.titles} - walker.keys()
            assert missed == set()
            self.under_way = None

    def look(self) -> None:
        """Everything is published, and both a client that comes back and a new one know all there is."""
        self.wire.publish()
        for walker in (self.walker.whole(), Walker(self.wire.read).whole()):
            known = {key: title for key, (_, title) in walker.entries.items() if key in self.titles}
            assert known == self.titles
        gone = Walker(self.wire.read).whole().keys() - self.titles.keys()
        assert gone <= set(self.withdrawn)


changes = st.one_of(
    st.tuples(
        st.just("come"), st.integers(1, 12), st.sampled_from(["daily", "weekly"]), st.sampled_from([0, 5, 30])
    ),
    st.tuples(st.sampled_from(["correct", "untag", "withdraw"]), st.integers(0, 99)),
    st.tuples(st.sampled_from(["read_on", "look"])),
)


@pytest.mark.usefixtures("small")
@examples(25)
@given(st.lists(st.tuples(changes, st.sampled_from([1, 1, 30, 200])), max_size=25))
def test_nothing_is_missed_whatever_happens_while_clients_read(
    life: list[tuple[tuple[object, ...], int]],
) -> None:
    told = Life()
    for (what, *rest), hours in life:
        getattr(told, str(what))(*rest)
        told.wire.world.now += hours * HOUR
        told.wire.publish()
    told.look()


@pytest.mark.usefixtures("small")
def test_what_comes_while_a_client_walks_is_found_with_its_next_look() -> None:
    wire = Wire()
    wire.poll("daily")
    for day in range(30):
        wire.world.now += DAY
        wire.arrive(*named(f"{day}-", range(3)))
        wire.publish()
    walker = Walker(wire.read)
    steps = walker.walk()
    next(steps)
    next(steps)
    wire.poll("daily", story("0-0000", title="Corrected"))
    wire.arrive(*named("new-", range(30)))
    wire.withdraw("1-0001")
    wire.publish()
    assert "1-0001" not in {key for path in wire.parts() for key in titles(wire.read(path))}
    for _ in steps:
        pass
    wire.world.now += 9 * DAY
    wire.publish()
    walker.whole()
    every = {f"{day}-{number:04}" for day in range(30) for number in range(3)} | {*named("new-", range(30))}
    assert every - {"1-0001"} <= walker.keys()
    assert walker.entries["0-0000"][1] == "Corrected"


@pytest.mark.usefixtures("small")
def test_whenever_it_is_killed_nothing_is_missing_then_or_after_the_next_start() -> None:
    for writes in range(0, 60, 3):
        wire = Wire()
        wire.poll("daily")
        for day in range(9):
            wire.world.now += DAY
            wire.arrive(*named(f"{day}-", range(2)))
        wire.publish()
        before = Walker(wire.read).whole().keys()
        wire.world.now += 8 * DAY
        wire.arrive(*named("new-", range(3)))
        killed = wire.killed(writes)
        assert before <= Walker(wire.read).whole().keys()
        wire.start()
        wire.publish()
        assert Walker(wire.read).whole().keys() == before | {*named("new-", range(3))}
        if not killed:
            return
    raise AssertionError("it never came to its end")


def test_a_huge_backlog_is_sealed_in_pieces_and_goes_on_after_a_stop(small: None) -> None:
    wire = Wire()
    wire.arrive(*named("old", range(90)), age=90 * DAY)
    looks = iter([False] * 6)
    asyncio.run(wire.pipeline.publisher.publish(lambda: next(looks, True)))
    assert 0 < len(wire.parts()) < 18
    assert len(titles(wire.read("peace.atom"))) == 4
    wire.publish()
    assert [len(titles(wire.read(path))) for path in wire.parts()] == [5] * 17 + [1]
    assert Walker(wire.read).whole().keys() == {*named("old", range(90))}


# ── documents ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def archived(small: None) -> Wire:
    """Fourteen items over fourteen days, an hour apart from their publication."""
    wire = Wire()
    wire.poll("daily")
    for number in range(14):
        wire.world.now += DAY
        wire.arrive(f"n{number:02}")
        wire.publish()
    return wire


def test_parts_link_their_neighbours_and_the_live_feed(archived: Wire) -> None:
    assert archived.parts() == ["peace/archive/000001.atom"]
    live, part = archived.read("peace.atom"), archived.read("peace/archive/000001.atom")
    assert link(live, "prev-archive") == "peace/archive/000001.atom"
    assert link(part, "self") == "peace/archive/000001.atom"
    assert link(part, "current") == "peace.atom"
    assert link(part, "next-archive") == "peace/archive/000002.atom"
    assert link(part, "prev-archive") == ""
    assert fromstring(part).find(f"{HISTORY}archive") is not None
    assert fromstring(live).find(f"{HISTORY}archive") is None
    assert b'rel="prev-archive"' in archived.read("peace.rss")
    assert b"archive" not in archived.read("peace.json")


def test_the_judges_find_nothing_in_parts_and_in_feeds_that_lead_to_them(archived: Wire) -> None:
    for path in ("peace.atom", *archived.parts(), *archived.parts("all")):
        assert judges.atom_faults(archived.read(path)) == []
    assert judges.rss_faults(archived.read("peace.rss")) == []


def test_the_live_feed_keeps_what_no_part_holds(archived: Wire) -> None:
    shown = titles(archived.read("peace.atom"))
    sealed = titles(archived.read("peace/archive/000001.atom"))
    assert list(sealed) == ["n04", "n03", "n02", "n01", "n00"]
    assert list(shown) == [f"n{number:02}" for number in range(13, 4, -1)]


def test_sealing_the_next_part_changes_none_that_is_there(archived: Wire) -> None:
    first = archived.read("peace/archive/000001.atom")
    for number in range(14, 37):
        archived.world.now += DAY
        archived.arrive(f"n{number:02}")
        archived.publish()
    assert len(archived.parts()) == 6
    assert archived.read("peace/archive/000001.atom") == first


def test_a_correction_is_shown_and_sealed_again_and_its_old_part_stays(archived: Wire) -> None:
    first = archived.read("peace/archive/000001.atom")
    archived.poll("daily", story("n00", title="Corrected"))
    archived.publish()
    assert titles(archived.read("peace.atom"))["n00"] == "Corrected"
    for number in range(14, 27):
        archived.world.now += DAY
        archived.arrive(f"n{number:02}")
        archived.publish()
    assert archived.read("peace/archive/000001.atom") == first
    assert "n00" not in titles(archived.read("peace.atom"))
    held = [titles(archived.read(path)).get("n00") for path in archived.parts()]
    assert [title for title in held if title] == ["Title of n00", "Corrected"]


def test_what_was_withdrawn_or_lost_its_topic_leaves_its_part(archived: Wire) -> None:
    archived.withdraw("n01")
    archived.retag("n02")
    archived.publish()
    assert list(titles(archived.read("peace/archive/000001.atom"))) == ["n04", "n03", "n00"]


def test_the_first_poll_of_a_source_goes_into_parts_of_its_own_unannounced(archived: Wire) -> None:
    shown = list(titles(archived.read("peace.atom")))
    archived.arrive(*named("old", range(7)), source="weekly", age=90 * DAY)
    archived.publish()
    assert list(titles(archived.read("peace.atom"))) == shown
    parts = [set(titles(archived.read(path))) for path in archived.parts()[1:]]
    assert [len(part) for part in parts] == [5, 2]
    assert set.union(*parts) == set(named("old", range(7)))


def test_the_first_poll_of_a_new_site_fills_its_feeds(small: None) -> None:
    wire = Wire()
    wire.arrive(*named("old", range(3)), age=90 * DAY)
    wire.publish()
    assert set(titles(wire.read("peace.atom"))) == set(named("old", range(3)))
    assert wire.parts() == []
    wire.arrive("new")
    wire.arrive("newer")
    wire.publish()
    assert len(titles(wire.read("peace.atom"))) == 5
    assert wire.parts() == []


def test_no_document_grows_beyond_its_bytes(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "MOST_BYTES", 9_000)
    wire = Wire()
    wire.poll("daily")
    for number in range(30):
        wire.world.now += HOUR
        wire.poll("daily", story(f"n{number:02}", title="Long " * 200, published=wire.world.now))
        wire.publish()
    for suffix in (".atom", ".rss", ".json"):
        assert len(wire.read(f"peace{suffix}")) <= 9_000
    assert all(len(wire.read(path)) <= 9_000 for path in wire.parts())
    assert len(wire.parts()) < 15
    assert Walker(wire.read).whole().keys() == {f"n{number:02}" for number in range(30)}


def test_parts_that_were_lost_are_printed_again_at_the_next_start(archived: Wire) -> None:
    before = dict(archived.world.files)
    archived.remove("peace/archive")
    archived.pipeline.publisher.inspected.clear()
    archived.start()
    archived.publish()
    assert archived.world.files == before


def test_an_edit_that_changes_what_is_printed_reaches_the_archive(archived: Wire) -> None:
    named_anew = replace(OUTLETS, site=replace(OUTLETS.site, title="The Wire"))
    archived.start(named_anew)
    archived.publish()
    assert b"The Wire" in archived.read("peace/archive/000001.atom")
    assert list(titles(archived.read("peace/archive/000001.atom"))) == ["n04", "n03", "n02", "n01", "n00"]


def test_a_topic_that_comes_back_has_its_archive_again(archived: Wire) -> None:
    before = archived.read("peace/archive/000001.atom")
    archived.start(replace(OUTLETS, topics=()))
    archived.publish()
    assert archived.read("peace/archive/000001.atom") == before
    archived.world.now += selection.GRACE
    archived.publish()
    assert archived.parts() == []
    archived.start()
    archived.publish()
    assert archived.read("peace/archive/000001.atom") == before


def test_the_archive_of_a_renamed_topic_goes_on_under_its_new_name(archived: Wire) -> None:
    topic = Topic("talks", "Talks", match="peace", was=("peace",))
    archived.start(replace(OUTLETS, topics=(topic,)))
    archived.publish()
    assert archived.parts("peace") == []
    assert archived.parts("talks") == ["talks/archive/000001.atom"]
    walker = Walker(archived.read, "talks.atom").whole()
    assert walker.keys() == {f"n{number:02}" for number in range(14)}
