"""A source that goes by another id: its items, dates, pages and what is remembered of it go with it."""

import sqlite3
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds import selection
from aggregator.model import (
    Config,
    Deleted,
    Item,
    Notice,
    Polling,
    PollResult,
    Rulings,
    Selection,
    Site,
    Source,
    SourceState,
    Subscription,
    Tag,
    Tagged,
    Withdrawal,
)
from aggregator.query import compile_query
from aggregator.store import Store
from aggregator.store.sqlite import SqliteStore
from aggregator.store.sqlite.moves import BATCH
from tests.examples import examples
from tests.fakes.store import MemoryStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://north.example/feed"
NORTH = Source("north", FEED)
RENAMED = Source("arctic", FEED, was=("north",))
SOUTH = Source("south", "https://south.example/feed")


def item(source: str, key: str, **more: str) -> Item:
    url = f"https://north.example/{key}"
    return Item(source, key, url=url, title=f"Item {key}", published=NOW - HOUR, **more)  # type: ignore[arg-type]


def poll(
    store: Store, source: str, *items: Item, at: datetime = NOW, deleted: tuple[Deleted, ...] = ()
) -> PollResult:
    (claim,) = store.claim(at, HOUR, 1, only=[source])
    tagged = tuple(Tagged(one, (Tag("korea", 1),), "rules") for one in items)
    memory = replace(claim.memory, good=at, polled=at, title="The North", next_poll=at + HOUR)
    made = PollResult(claim, at, memory, "new", tagged, backfill=claim.memory.good is None, deleted=deleted)
    assert store.record(made) is not None
    return made


def take(
    store: Store, *sources: Source, at: datetime = NOW + HOUR, moved: bool = True
) -> selection.FeedNames:
    """Put sources in force as the program does."""
    store.sync(sources, at)
    cfg = Config(Site("Wire", "https://wire.example.org/"), Polling(), sources, {}, ())
    names = store.name_feeds(selection.definitions(cfg), selection.earlier_names(cfg), at)
    for earlier, name in names.redirects.items() if moved else ():
        while store.move_source(earlier.removeprefix("sources/"), name.removeprefix("sources/"), at):
            pass
    return names


def publish(store: Store, at: datetime = NOW) -> None:
    for one in store.stale(at):
        store.published(one, "as printed", at, None)


@pytest.fixture
def store(empty: Store) -> Store:
    empty.namespace("tag:wire.example.org,2026:test")
    take(empty, NORTH, SOUTH)
    poll(empty, "north", item("north", "1"), item("north", "2", id="https://north.example/two"))
    poll(empty, "south", item("south", "9"))
    publish(empty)
    return empty


def of(store: Store, source: str) -> list[tuple[str, str, datetime, datetime]]:
    found = store.entries(Selection(source=source, newest=100))
    return [(one.id, one.item.source, one.updated, one.listed) for one in found]


def test_its_entries_stand_where_they_stood_under_the_ids_they_had(store: Store) -> None:
    before = of(store, "north")
    names = take(store, RENAMED, SOUTH)
    assert of(store, "arctic") == [(id, "arctic", *dates) for id, _, *dates in before]
    assert of(store, "north") == []
    assert [one.item.source for one in store.entries(Selection(topic="korea"))].count("arctic") == 2
    assert names.redirects == {"sources/north": "sources/arctic"}
    assert names.identities == {"sources/arctic": "sources/north"}


def test_the_next_poll_corrects_nothing_and_brings_nothing_twice(store: Store) -> None:
    take(store, RENAMED, SOUTH)
    before = of(store, "arctic")
    made = poll(store, "arctic", item("arctic", "1"), item("arctic", "2", id="https://north.example/two"))
    assert of(store, "arctic") == before
    assert not made.backfill


def test_what_was_remembered_of_it_goes_along(store: Store) -> None:
    known = store.memory("north")
    take(store, RENAMED, SOUTH)
    assert store.memory("arctic") == known
    assert store.memory("north") is None
    assert len(store.polls("arctic", 10)) == 1
    assert [id for id, _ in store.sources()] == ["arctic", "south"]


def test_an_address_that_changes_with_the_id_is_read_from_the_start(store: Store) -> None:
    take(store, replace(RENAMED, feed="https://arctic.example/feed"), SOUTH)
    known = store.memory("arctic")
    assert known is not None
    assert (known.url, known.good) == ("https://arctic.example/feed", None)


def test_a_poll_under_way_is_not_recorded_under_either_id(store: Store) -> None:
    (claim,) = store.claim(NOW, HOUR, 1, only=["north"])
    take(store, RENAMED, SOUTH)
    tagged = (Tagged(item("north", "3"), (), "rules"),)
    assert store.record(PollResult(claim, NOW, SourceState(url=FEED), "new", tagged)) is None
    assert len(of(store, "arctic")) == 2


def test_taken_back_all_is_as_it_was(store: Store) -> None:
    before, known = of(store, "north"), store.memory("north")
    take(store, RENAMED, SOUTH)
    poll(store, "arctic", item("arctic", "3"))
    names = take(store, NORTH, SOUTH, at=NOW + 2 * HOUR)
    assert [one for one in of(store, "north") if one in before] == before
    assert len(of(store, "north")) == 3
    assert names.redirects == {"sources/arctic": "sources/north"}
    assert names.identities == {}
    assert store.memory("north") == known
    assert store.memory("arctic") is None


def test_ids_are_minted_of_the_first_id_for_good(store: Store) -> None:
    take(store, replace(RENAMED, id="pole", was=("north", "arctic")), SOUTH)
    poll(store, "pole", item("pole", "3"))
    assert {id for id, *_ in of(store, "pole") if "two" not in id} == {
        id for id, *_ in of(store, "pole") if id.startswith("tag:wire.example.org,2026:test/north/")
    }


def test_another_source_by_the_earlier_id_mints_other_ids(store: Store) -> None:
    take(store, RENAMED, SOUTH)
    other = Source("north", "https://other.example/feed")
    take(store, replace(RENAMED, was=()), other, SOUTH)
    poll(store, "north", item("north", "1"))
    assert {id for id, *_ in of(store, "north")}.isdisjoint(id for id, *_ in of(store, "arctic"))
    assert len(of(store, "north")) == 1
    assert len(of(store, "arctic")) == 2


def test_what_was_withdrawn_stays_out_and_comes_back_under_its_id(store: Store) -> None:
    (minted,) = (id for id, *_ in of(store, "north") if "two" not in id)
    store.rule(Rulings(withdrawn=(Withdrawal(minted, "so"),)), NOW)
    take(store, RENAMED, SOUTH)
    poll(store, "arctic", item("arctic", "1"))
    assert minted not in {id for id, *_ in of(store, "arctic")}
    (told,) = store.withdrawn("sources/arctic", NOW - HOUR, 10)
    assert told.id == minted
    store.rule(Rulings(), NOW + HOUR)
    poll(store, "arctic", item("arctic", "1"), at=NOW + HOUR)
    assert minted in {id for id, *_ in of(store, "arctic")}


def test_what_its_outlet_took_back_stays_taken_back(store: Store) -> None:
    poll(store, "north", deleted=(Deleted("1", NOW),))
    take(store, RENAMED, SOUTH)
    poll(store, "arctic", item("arctic", "1"))
    assert len(of(store, "arctic")) == 1


def test_was_that_comes_late_joins_what_was_read_twice(store: Store) -> None:
    before = of(store, "north")
    take(store, replace(RENAMED, was=()), SOUTH)
    again = item("arctic", "1"), item("arctic", "2", id="https://north.example/two"), item("arctic", "3")
    poll(store, "arctic", *again, at=NOW + 2 * HOUR)
    publish(store, NOW + 2 * HOUR)
    names = take(store, RENAMED, SOUTH, at=NOW + 3 * HOUR)
    after = of(store, "arctic")
    assert [
        (id, listed) for id, _, _, listed in after if (id, listed) in {(one[0], one[3]) for one in before}
    ] == [(one[0], one[3]) for one in before]
    assert len(after) == 3
    assert store.counts() == {"sources": 2, "items": 4, "stories": 4}
    assert names.identities == {"sources/arctic": "sources/north"}


def test_a_source_is_not_polled_before_its_items_have_followed(store: Store) -> None:
    take(store, RENAMED, SOUTH, moved=False)
    take(store, RENAMED, SOUTH, moved=False)
    ids = [claim.source for claim in store.claim(NOW + 5 * HOUR, HOUR, 10)]
    assert "south" in ids
    assert not ("arctic" in ids and of(store, "north"))
    take(store, RENAMED, SOUTH)
    assert "arctic" in [id for id, _ in store.sources()]


def test_two_sources_that_become_one_keep_all_their_items(store: Store) -> None:
    take(store, Source("both", FEED, was=("north", "south")))
    assert len(of(store, "both")) == 3
    assert store.counts() == {"sources": 1, "items": 3, "stories": 3}
    assert [claim.source for claim in store.claim(NOW + 5 * HOUR, HOUR, 10)] == ["both"]


def test_searches_find_it_by_its_id_of_today(store: Store) -> None:
    take(store, RENAMED, SOUTH)
    for id, count in (("arctic", 2), ("north", 0), ("south", 1)):
        query = compile_query(f"source:{id}")
        found = store.search(query, NOW, limit=10, most=100, spent=lambda: False)
        assert (len(found.entries), found.complete) == (count, True)


# ── in the file alone ───────────────────────────────────────────────────────────────────────────


def test_many_items_follow_in_pieces_over_a_restart(tmp_path: Path) -> None:
    count = 2 * BATCH + 1
    store = SqliteStore.open(tmp_path / "store.db")
    store.namespace("tag:wire.example.org,2026:test")
    take(store, NORTH, SOUTH)
    poll(store, "north", *(item("north", str(number)) for number in range(count)))
    publish(store)
    before = {id for id, *_ in of(store, "north")}
    take(store, RENAMED, SOUTH, moved=False)
    assert store.move_source("north", "arctic", NOW) == BATCH
    assert [id for id, _ in store.sources()] == ["south"]
    store.close()
    store = SqliteStore.open(tmp_path / "store.db")
    take(store, RENAMED, SOUTH)
    assert {id for id, *_ in of(store, "arctic")} == before
    assert store.places("sources/arctic") == count
    assert [id for id, _ in store.sources()] == ["arctic", "south"]
    store.close()
    assert sqlite3.connect(tmp_path / "store.db").execute("PRAGMA foreign_key_check").fetchall() == []


def test_an_edit_that_is_taken_back_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "store.db")
    store.namespace("tag:wire.example.org,2026:test")
    take(store, NORTH, SOUTH)
    poll(store, "north", *(item("north", str(number)) for number in range(BATCH + 1)))
    publish(store)
    before = of(store, "north")
    take(store, RENAMED, SOUTH, moved=False)
    store.move_source("north", "arctic", NOW)
    take(store, NORTH, SOUTH)
    assert of(store, "north") == before
    assert [id for id, _ in store.sources()] == ["north", "south"]
    store.close()


def test_what_hubs_push_goes_to_it(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "store.db")
    take(store, NORTH, SOUTH)
    callback = "https://wire.example.org/push/t0ken"
    asked = Subscription("north", "https://hub.example/", FEED, callback, "s", NOW)
    store.pushes.add(asked)
    store.pushes.keep(Notice("north", NOW, b"<feed/>", "application/atom+xml"), 10_000)
    take(store, RENAMED, SOUTH)
    assert store.pushes.of("arctic") == (replace(asked, source="arctic"),)
    assert [one.source for one in store.pushes.notices(10)] == ["arctic"]
    store.close()


# ── any order ───────────────────────────────────────────────────────────────────────────────────

NAMES = ("a", "b", "c")


@st.composite
def files(draw: st.DrawFn) -> tuple[Source, ...]:
    """Any sources; earlier ids are any that none has, none twice."""
    chosen = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    others = [id for id in NAMES if id not in chosen]
    owners = [draw(st.sampled_from(["", *chosen])) for _ in others]
    pairs = list(zip(others, owners, strict=True))
    return tuple(
        Source(id, f"https://{id}.example/feed", was=tuple(other for other, owner in pairs if owner == id))
        for id in chosen
    )


polls = st.tuples(st.sampled_from(NAMES), st.sets(st.sampled_from("1234")), st.booleans())


@examples(60)
@given(steps=st.lists(st.one_of(files(), polls, st.just("publish"), st.just("withdraw")), max_size=12))
def test_both_stores_make_the_same_of_any_renamings(steps: list[object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sqlite, memory = SqliteStore.open(Path(folder) / "store.db"), MemoryStore()
        for store in (sqlite, memory):
            store.namespace("tag:wire.example.org,2026:test")
        for number, step in enumerate(steps):
            now = NOW + number * HOUR
            names = [_step(store, step, now) for store in (sqlite, memory)]
            assert names[0] == names[1]
            assert _seen(sqlite) == _seen(memory)
        sqlite.close()
        faults = sqlite3.connect(Path(folder) / "store.db").execute("PRAGMA foreign_key_check").fetchall()
        assert faults == []


def _step(store: Store, step: object, now: datetime) -> object:
    if step == "publish":
        publish(store, now)
    elif step == "withdraw":
        ids = sorted(one.id for one in store.entries(Selection()))
        store.rule(Rulings(withdrawn=tuple(Withdrawal(id, "so") for id in ids[:1])), now)
    elif isinstance(step, tuple) and step and isinstance(step[0], Source):
        return take(store, *step, at=now)
    elif isinstance(step, tuple):
        source, keys, named = step
        if source in {id for id, _ in store.sources()}:
            id = "https://north.example/id-{}" if named else ""
            items = [item(source, key, id=id.format(key)) for key in keys]
            poll(store, source, *sorted(items, key=lambda one: one.key), at=now)
    return None


def _seen(store: Store) -> dict[str, object]:
    entries = {id: store.entries(Selection(source=id, newest=100)) for id in NAMES}
    told = store.withdrawn("", NOW - HOUR, 100)
    return {
        "entries": entries,
        "all": store.entries(Selection(newest=100)),
        "sources": store.sources(),
        "counts": store.counts(),
        "told": told,
        "known": store.known_feeds(),
        "stale": {one.feed for one in store.stale(NOW + 100 * HOUR)} - store.redirects().keys(),
        "polls": [store.polls(id, 10) for id in NAMES],
    }
