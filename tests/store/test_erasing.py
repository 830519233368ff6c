"""No word of what was withdrawn or corrected is left in the file of the database."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.model import Deleted, Rulings, Selection, Withdrawal
from aggregator.store.sqlite import SqliteStore
from tests.store.given import HOUR, NAMESPACE, NOW, claimed, poll, recorded, source, tagged

WORDS = ("zorblax", "quibberish")
URL = "https://north.example/1"
WITHDRAWN = Rulings(withdrawn=(Withdrawal(URL, "it was invented"),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with other items around one that says the words in its title and, at length, in its text."""
    with closing(SqliteStore.open(tmp_path / "store.db")) as store:
        store.namespace(NAMESPACE)
        store.sync([source("north")], NOW)
        long = "<p>" + "Zorblax said quibberish to everyone at the table. " * 400 + "</p>"
        others = (tagged(str(number), content="<p>Plain news of the day.</p>" * 50) for number in range(40))
        recorded(store, "north", *others, tagged("x", url=URL, title="Zorblax Quibberish", content=long))
    return tmp_path / "store.db"


def left(path: Path) -> set[str]:
    """Which of the words the files of the database still say, the log of a running program included."""
    files = [path.read_bytes(), *(file.read_bytes() for file in path.parent.glob("store.db-wal"))]
    return {word for word in WORDS if any(word.encode() in body.lower() for body in files)}


def erase(store: SqliteStore) -> None:
    while store.erase():
        pass


def test_a_withdrawn_item_leaves_no_word_in_the_file_while_it_is_open(path: Path) -> None:
    assert left(path) == set(WORDS)
    with closing(SqliteStore.open(path)) as store:
        store.rule(WITHDRAWN, NOW)
        erase(store)
        assert left(path) == set()
        assert len(store.entries(Selection())) == 40
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_what_its_outlet_took_back_leaves_no_word_either(path: Path) -> None:
    with closing(SqliteStore.open(path)) as store:
        claim = claimed(store, "north")
        store.record(replace(poll(claim), deleted=(Deleted("x", NOW),)))
        erase(store)
        assert left(path) == set()


def test_the_words_of_a_correction_take_the_place_of_the_old_ones(path: Path) -> None:
    with closing(SqliteStore.open(path)) as store:
        recorded(store, "north", tagged("x", url=URL, title="Talks"), at=NOW + HOUR)
    assert b"said quibberish" not in path.read_bytes().lower()


def test_a_reader_of_the_file_puts_off_the_end_of_erasing_and_no_more(path: Path) -> None:
    with (
        closing(SqliteStore.open(path)) as store,
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM items").fetchone()
        store.rule(WITHDRAWN, NOW)
        erase(store)
        reader.execute("ROLLBACK")
        erase(store)
        assert left(path) == set()
        assert store.erase() is False
