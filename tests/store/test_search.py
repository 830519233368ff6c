"""Searches find what the query holds for, the newest first, and say when they did not see everything."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import QueryError
from aggregator.model import Found, Tag, Tagged
from aggregator.query import compile_query, literals
from aggregator.store import Store
from aggregator.store.sqlite import SqliteStore, search_index, searches
from aggregator.store.sqlite.lookup import wanted
from tests.examples import examples
from tests.fakes.store import MemoryStore
from tests.query.writing import LISTS, any_text, items, queries
from tests.store.given import DAY, HOUR, NAMESPACE, NOW, recorded, source, tagged


def never() -> bool:
    return False


def look(store: Store, query: str, limit: int = 50, most: int = 10_000, now: datetime = NOW) -> Found:
    return store.search(compile_query(query, LISTS), now, limit=limit, most=most, spent=never)


def _hourly(count: int) -> list[Tagged]:
    return [tagged(str(n), title=f"Talks {n}", published=NOW - n * HOUR) for n in range(count)]


def titles(found: Found) -> list[str]:
    return [entry.item.title for entry in found.entries]


def test_the_newest_come_first_and_the_rest_stays_away(store: Store) -> None:
    recorded(store, "north", *_hourly(9))
    found = look(store, "talks", limit=3)
    assert titles(found) == ["Talks 0", "Talks 1", "Talks 2"]
    assert found.complete
    assert look(store, "sanctions") == Found((), True, look(store, "sanctions").examined)


def test_a_correction_is_found_by_its_new_words_alone(store: Store) -> None:
    recorded(store, "north", tagged("1", title="Łódź hosts talks"))
    recorded(store, "north", tagged("1", title="Kraków hosts talks"), at=NOW + HOUR)
    assert titles(look(store, "krakow")) == ["Kraków hosts talks"]
    assert titles(look(store, "lodz")) == []


def test_a_story_is_found_once_by_the_words_of_any_of_its_items(store: Store) -> None:
    same, text = "https://a.example/1", " ".join(f"word{n} of the report" for n in range(20))
    recorded(store, "north", tagged("1", id=same, url=same, title="Talks", text=text, published=NOW))
    then = NOW + HOUR
    copy = tagged("x", source="south", id=same, url=same, title="Summit talks", text=text, published=then)
    recorded(store, "south", copy, at=then)
    (entry,) = look(store, "summit").entries
    assert (entry.item.title, [other.source for other in entry.copies]) == ("Talks", ["south"])
    assert entry.listed == NOW + HOUR
    assert len(look(store, "talks").entries) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("topic:korea", ["North 1", "North 0"]),
        ("topic:korea newer:1h", ["North 1", "North 0"]),
        ("topic:(korea OR peace) north", ["North 1", "North 0"]),
        ("topic:korea OR south", ["South 3", "South 2", "North 1", "North 0"]),
        ("topic:korea newer:1h -title:1", ["North 0"]),
        ("source:south", ["South 3", "South 2"]),
        ("source:south after:2026-03-01", ["South 2"]),
        ("before:2026-03-01 -topic:korea", ["South 3"]),
        ("language:en", []),
        ("sout* -3", ["South 2"]),
    ],
)
def test_what_is_no_word_narrows_the_search_too(store: Store, query: str, expected: list[str]) -> None:
    north = [tagged(str(n), title=f"North {n}", published=NOW - n * HOUR, topics=["korea"]) for n in range(2)]
    south = [tagged(str(n), source="south", title=f"South {n}", published=NOW - n * 5 * HOUR) for n in (2, 3)]
    recorded(store, "north", *north)
    recorded(store, "south", *south)
    assert sorted(titles(look(store, query))) == sorted(expected)


def test_dates_are_those_of_the_outlet_however_late_or_early_an_item_came(store: Store) -> None:
    recorded(store, "north")
    late = tagged("late", title="Late", published=NOW - 30 * DAY)
    early = tagged("early", title="Early", published=NOW + 30 * DAY)
    recorded(store, "north", late, early, tagged("none", title="Undated"), at=NOW + HOUR)
    assert [entry.listed for entry in look(store, "late OR early").entries] == [NOW + HOUR] * 2
    assert titles(look(store, "after:2026-03-20", now=NOW + 40 * DAY)) == ["Early"]
    assert titles(look(store, "newer:20d", now=NOW + 40 * DAY)) == ["Early"]
    assert titles(look(store, "before:2026-02-10")) == ["Late"]


def test_a_search_ends_after_so_many_items_and_says_so(store: Store) -> None:
    if isinstance(store, MemoryStore):
        pytest.skip("the store in memory has no bounds")
    recorded(store, "north", *_hourly(99))
    found = look(store, "-sanctions after:2020-01-01 90", most=50)
    assert (found.entries[0].item.title, found.complete) == ("Talks 90", True)
    found = look(store, "☮ OR title:“☮☮”", most=50)
    assert (found.entries, found.complete, found.examined) == ((), False, 50)


def test_a_search_ends_when_its_time_is_spent(store: Store) -> None:
    if isinstance(store, MemoryStore):
        pytest.skip("the store in memory has no bounds")
    recorded(store, "north", *(tagged(str(n), title=f"Talks {n}") for n in range(99)))
    looks = iter(range(1000))
    found = store.search(compile_query("talks"), NOW, limit=99, most=1000, spent=lambda: next(looks) >= 20)
    assert not found.complete
    assert 10 < len(found.entries) == found.examined < 30
    assert len(look(store, "talks", limit=99).entries) == 99


@examples(40)
@given(st.data())
def test_the_index_and_the_plain_way_find_the_same(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(SqliteStore.open(Path(folder) / "a.db")) as ours:
        stores: list[Store] = [ours, MemoryStore()]
        for store in stores:
            store.namespace(NAMESPACE)
            store.sync([source("a"), source("b-c")], NOW)
        for n in range(data.draw(st.integers(1, 3))):
            drawn = data.draw(_batches)
            for name in ("a", "b-c"):
                some = [replace(one, item=replace(one.item, source=name)) for one in drawn]
                for store in stores:
                    recorded(store, name, *some[: 3 + n], at=NOW + n * 70 * HOUR)
        for text in data.draw(_searches):
            try:
                query = compile_query(text, LISTS)
            except QueryError:
                continue
            limit = data.draw(st.integers(1, 9))
            found = [store.search(query, NOW + DAY, limit=limit, most=1000, spent=never) for store in stores]
            assert found[0].entries == found[1].entries, text
            assert found[0].complete


EXTRA = ("topic:one", "topic:(one OR two)", "newer:2d", "newer:900d", "before:2026-02-28", "after:2026-03-01")
_tagged = st.builds(
    lambda item, key, topics, days: Tagged(
        replace(item, key=key, id="", published=None if days is None else NOW + days * DAY),
        tuple(Tag(topic, 1) for topic in topics),
        "rules",
    ),
    items(),
    st.sampled_from("1234567"),
    st.lists(st.sampled_from(["one", "two"]), unique=True),
    st.sampled_from([None, 0, -1, -1.5, -30, 1, 40]),
)
_batches = st.lists(_tagged, max_size=6)
_searches = st.lists(queries(st.sampled_from(EXTRA)), min_size=3, max_size=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    with closing(SqliteStore.open(path)) as store:
        store.namespace(NAMESPACE)
        store.sync([source("north"), source("south"), source("east")], NOW)
        recorded(store, "north", *_hourly(30))
    return path


def test_items_of_an_earlier_version_become_searchable_bit_by_bit(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO search (search) VALUES ('delete-all')")
        db.execute("DELETE FROM search_places")
        db.execute("DELETE FROM settings WHERE name LIKE 'search%'")
        db.commit()
    with closing(SqliteStore.open(path)) as store:
        assert look(store, "talks") == Found((), False, 0)
        recorded(store, "north", tagged("new", title="New talks"), tagged("3", title="Corrected talks"))
        assert sorted(titles(look(store, "talks"))) == ["Corrected talks", "New talks"]
        left = [store.index(12) for _ in range(3)]
        assert left == [18, 6, 0]
        assert store.index(12) == 0
        found = look(store, "talks")
        assert (len(found.entries), found.complete) == (31, True)
        _check(store)


def test_an_index_of_other_tokens_is_made_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_EDITION", "of a later version")
    with closing(SqliteStore.open(path)) as store:
        assert not look(store, "talks").complete
        recorded(store, "north", tagged("3", title="Corrected talks"))
        while store.index(7):
            pass
        assert (len(look(store, "talks").entries), look(store, "talks").complete) == (30, True)
        _check(store)


def test_a_minute_with_more_items_than_it_has_places_loses_none(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "_SHIFT", 2)
    monkeypatch.setattr(search_index, "SPAN", 4)
    with closing(SqliteStore.open(path)) as store:
        recorded(store, "south", *(tagged(str(n), source="south", published=NOW) for n in range(20)))
        assert len(look(store, "source:south").entries) == 20
        assert len(look(store, "source:south newer:1d").entries) == 20
        _check(store)


@examples(60)
@given(st.lists(any_text, min_size=1, max_size=4))
def test_what_was_indexed_can_be_taken_out_again(some: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(SqliteStore.open(Path(folder) / "a.db")) as store:
        store.namespace(NAMESPACE)
        store.sync([source("north")], NOW)
        recorded(store, "north", *(tagged(str(n), title=text) for n, text in enumerate(some)))
        with store._db.writing() as db:
            search_index.remove(db, range(9))
            vocabulary = "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search', 'row')"
            db.execute(vocabulary)
            assert db.execute("SELECT term FROM temp.words").fetchall() == []


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(f"w{n}" for n in range(400)),
        " ".join(f"w{n}*" for n in range(400)),
        " OR ".join(f"w{n}*" for n in range(400)),
        "(" * 29 + "a" + ")" * 29,
        "(a OR (b (c OR (d (e OR (f (g OR (h (i OR j)))))))))" * 20,
        '"' + "word " * 3000 + '"',
        "北 京 人 大 会 堂 的 中 国 我 们 在",
        f"title:{'x' * 19_000}*",
    ],
)
def test_no_query_is_too_wide_deep_or_long(store: Store, query: str) -> None:
    recorded(store, "north", tagged("1", title="Talks"))
    assert look(store, query).entries == ()


def test_searching_by_words_reads_no_more_than_the_index_nominates(path: Path) -> None:
    with closing(SqliteStore.open(path)) as store, store._db.reading() as db:
        for query in ("talks", "north korea* newer:3d", "source:north before:2026-02-01", "newer:1d"):
            plan = wanted(literals(compile_query(query), NOW))
            statements: list[str] = []
            db.set_trace_callback(statements.append)
            list(searches._nominated(db, plan))
            db.set_trace_callback(None)
            for statement in (one for one in statements if one.endswith(" DESC")):
                steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]
                assert not [step for step in steps if "TEMP B-TREE FOR ORDER BY" in step]


def _check(store: SqliteStore) -> None:
    """Every item has a place, and the index knows what stands there."""
    with store._db.reading() as db:
        ((items,),) = db.execute("SELECT count(*) FROM items")
        assert db.execute("SELECT count(*) FROM search_places").fetchone() == (items,)
        known = db.execute(
            "SELECT count(*) FROM search JOIN search_places ON place = search.rowid WHERE search MATCH ?",
            ('marks : "source¦north" OR marks : "source¦south"',),
        )
        assert known.fetchone() == (items,)
