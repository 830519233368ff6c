"""What only a store on a disk has: files, other processes, other versions, and full disks."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from aggregator.errors import AggregatorError
from aggregator.model import Failure, Selection
from aggregator.store.sqlite import SqliteStore
from aggregator.store.sqlite.faults import as_sentences
from aggregator.store.sqlite.migrations import SCHEMA
from tests.store.given import NAMESPACE, NOW, claimed, poll, recorded, source, tagged


@pytest.fixture
def store(on_disk: SqliteStore) -> SqliteStore:
    return on_disk


def complaint(path: Path) -> str:
    with pytest.raises(AggregatorError) as raised:
        SqliteStore.open(path, patience=timedelta(0))
    return str(raised.value)


def test_what_was_stored_is_there_after_opening_again(store: SqliteStore, path: Path) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    before = store.entries(Selection()), store.stale(NOW), store.memory("north")
    store.close()
    with closing(SqliteStore.open(path)) as again:
        assert (again.entries(Selection()), again.stale(NOW), again.memory("north")) == before


def test_a_store_is_made_with_the_folders_it_lies_in(store: SqliteStore, path: Path) -> None:
    assert path.exists()


def test_it_works_without_a_write_ahead_log(path: Path) -> None:
    with closing(SqliteStore.open(path, wal=False)) as store:
        store.mark(["all"], NOW)
        assert not path.with_name("store.db-wal").exists()


def test_another_thread_may_use_it(store: SqliteStore) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(store.counts()["sources"])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 4


def test_a_reader_waits_for_no_writer(store: SqliteStore, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.entries(Selection()) == ()


def test_a_database_that_another_process_keeps_locked_is_a_sentence(store: SqliteStore, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AggregatorError, match=r"store\.db is kept locked by another process; wait"):
            store.mark(["all"], NOW)
    store.mark(["all"], NOW)


def test_a_full_disk_is_a_sentence_and_leaves_no_half_poll(store: SqliteStore, path: Path) -> None:
    with store._db.writing() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
    (claim,) = store.claim(NOW, timedelta(hours=1), 1)
    with pytest.raises(AggregatorError, match=r"store\.db cannot grow because the disk is full; make room"):
        store.record(poll(claim, *(tagged(str(n), content="x" * 9999) for n in range(9))))
    assert store.counts()["items"] == 0
    assert store.polls("north", 9) == ()
    assert store.stale(NOW) == ()


def test_a_full_disk_leaves_nothing_of_polls_that_are_recorded_together(store: SqliteStore) -> None:
    store.sync([source("north"), source("south")], NOW)
    small, large = (claimed(store, name) for name in ("north", "south"))
    with store._db.writing() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
    many = (tagged(str(n), source="south", content="x" * 9999) for n in range(9))
    with pytest.raises(AggregatorError, match=r"the disk is full"):
        store.record_all([poll(small), poll(large, *many)])
    assert (store.polls("north", 9), store.polls("south", 9)) == ((), ())


@pytest.mark.parametrize("content", [b"\x89PNG and so on", b"SQLite format 3\x00" + bytes(4096), b"x" * 9999])
def test_a_file_that_is_no_database_is_a_sentence(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert "store.db is damaged or is no database; restore a backup" in complaint(path)
    assert path.read_bytes() == content


def test_a_damaged_database_is_a_sentence(store: SqliteStore, path: Path) -> None:
    recorded(store, "north", *(tagged(str(n), content="x" * 999) for n in range(50)))
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(AggregatorError, match="is damaged"), closing(SqliteStore.open(path)) as again:
        again.entries(Selection())


@pytest.mark.parametrize("garbled", ["'{\"url\": '", "CAST(x'7bfffe' AS TEXT)"])
def test_a_database_with_a_garbled_value_is_a_sentence(store: SqliteStore, path: Path, garbled: str) -> None:
    recorded(store, "north", tagged("1"))
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"UPDATE sources SET memory = {garbled}")
        other.commit()
    with pytest.raises(AggregatorError, match="is damaged"):
        store.memory("north")


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (id INTEGER)")
    before = path.read_bytes()
    assert "store.db belongs to another program; name another file" in complaint(path)
    assert path.read_bytes() == before


def test_a_database_of_a_newer_version_is_left_alone(store: SqliteStore, path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as newer:
        row = (SCHEMA.name, "0099 from the future", "2030-01-01")
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", row
        )
        newer.commit()
    assert "was written by a newer version of this program (it has '0099 from the future')" in complaint(path)


def test_a_folder_in_place_of_the_file_is_a_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    assert "store.db cannot be opened" in complaint(path)


def test_a_file_in_place_of_the_folder_is_a_sentence(path: Path) -> None:
    path.parent.write_text("")
    assert "store.db cannot be opened (File exists)" in complaint(path)


def test_a_database_that_cannot_be_written_is_a_sentence(store: SqliteStore, path: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as readonly,
        pytest.raises(AggregatorError, match="cannot be written; allow this user to write the file"),
        as_sentences(path),
    ):
        readonly.execute("DELETE FROM feeds")


def test_a_fault_of_our_own_stays_what_it_is(store: SqliteStore, path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError), as_sentences(path), store._db.writing() as db:
        db.execute("INSERT INTO polls (source, at, outcome, entry) VALUES ('nowhere', 0, '', '')")


def test_a_transaction_that_fails_leaves_nothing_behind(store: SqliteStore) -> None:
    def feeds() -> Iterator[str]:
        yield "all"
        raise KeyError

    with pytest.raises(KeyError):
        store.mark(feeds(), NOW)
    assert store.stale(NOW) == ()


def test_a_store_without_a_namespace_says_so(path: Path) -> None:
    with closing(SqliteStore.open(path)) as store:
        store.sync([source("north")], NOW)
        with pytest.raises(AggregatorError, match="has no namespace yet"):
            recorded(store, "north", tagged("1"))


@pytest.mark.parametrize("selection", [Selection(topic="korea", window=NOW), Selection(window=NOW)])
def test_what_a_feed_shows_is_looked_up_and_never_searched_for(
    store: SqliteStore, selection: Selection
) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    queries: list[str] = []
    with store._db.reading() as db:
        db.set_trace_callback(queries.append)
    store.entries(selection)
    with store._db.reading() as db:
        db.set_trace_callback(None)
        plans = [
            row[3]
            for query in queries
            if "SELECT" in query
            for row in db.execute(f"EXPLAIN QUERY PLAN {query}")
        ]
    assert len([step for step in plans if step.startswith("SEARCH listing")]) == 2
    assert not [step for step in plans if step.startswith("SCAN") and "json_each" not in step]


def test_a_title_is_looked_for_in_an_index_and_not_in_whole_items(store: SqliteStore) -> None:
    recorded(store, "north", tagged("1", title="Peace talks in Geneva"))
    queries: list[str] = []
    with store._db.reading() as db:
        db.set_trace_callback(queries.append)
    assert store.find("peace talks")
    with store._db.reading() as db:
        db.set_trace_callback(None)
        (by_title,) = [query for query in queries if "instr(" in query]
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {by_title}"))
    assert "USING COVERING INDEX items_title" in plan


def test_sources_of_an_earlier_version_are_known_by_their_host(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as earlier:
        SCHEMA.apply(Database(earlier), stop_before="0005 hosts that asked for no requests")
        for id in ("world", "sport"):
            memory = f'{{"url":"https://paper.example/{id}","next_poll":"{NOW.isoformat()}"}}'
            row = (id, f"https://paper.example/{id}", 0, memory)
            earlier.execute("INSERT INTO sources (id, feed, next_poll, memory) VALUES (?, ?, ?, ?)", row)
        earlier.commit()
    with closing(SqliteStore.open(path)) as store:
        store.namespace(NAMESPACE)
        busy = Failure("http", "Later.", 429, host="paper.example")
        (claim,) = store.claim(NOW, timedelta(minutes=1), 1, ["world"])
        store.record(poll(claim, outcome="failed", failure=busy))
        assert store.next_due() == NOW + timedelta(hours=1)
