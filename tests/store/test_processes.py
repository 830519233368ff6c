"""Several processes at one database, and processes that are killed at any moment."""

import json
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest

from aggregator.store.sqlite import SqliteStore
from tests.store.given import NAMESPACE, NOW, source

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from aggregator.store.sqlite import SqliteStore
from tests.store.given import NOW, recorded, tagged

path, name, first, count = sys.argv[1:]
store = SqliteStore.open(Path(path))
print("ready", flush=True)
for n in range(int(first), int(first) + int(count)):
    items = [tagged(str(n + m), source=name, title=f"{n} {m}", topics=["korea"]) for m in range(5)]
    recorded(store, name, *items, at=NOW + timedelta(minutes=n))
store.close()
"""


def writer(path: Path, name: str, first: int, count: int) -> subprocess.Popen[str]:
    """A process that records polls of a source; each brings one new item and corrects four known ones."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(first), str(count)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    with closing(SqliteStore.open(path)) as store:
        store.namespace(NAMESPACE)
        store.sync([source("north"), source("south")], NOW)
    return path


def polls(path: Path, name: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        (count,) = db.execute("SELECT count(*) FROM polls WHERE source = ?", (name,)).fetchone()
        assert isinstance(count, int)
        return count


def check(path: Path) -> None:
    """The log, the items, the stories, their places and the marks tell the same."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        logged: Counter[tuple[str, int]] = Counter()
        touched: Counter[str] = Counter()
        for name, at, entry in db.execute("SELECT source, at, entry FROM polls"):
            line = json.loads(entry)
            logged[name, at] += line["new"]
            touched.update(("all", "korea", f"sources/{name}") if line["new"] or line["corrected"] else ())
        arrived = Counter(db.execute("SELECT source, arrived FROM items").fetchall())
        assert +logged == arrived
        assert db.execute("SELECT count(*) FROM stories").fetchone() == (arrived.total(),)
        shown = db.execute("SELECT feed, count(*) FROM listing GROUP BY feed").fetchall()
        assert dict(shown).get("all", 0) == dict(shown).get("korea", 0) == arrived.total()
        assert dict(db.execute("SELECT name, revision FROM feeds")) == touched


def test_a_process_killed_at_any_moment_leaves_whole_polls_behind(path: Path) -> None:
    chance = random.Random(7)
    for _ in range(6):
        with writer(path, "north", polls(path, "north"), 100_000) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=chance.uniform(0, 0.15))
            process.kill()
        check(path)
    assert polls(path, "north") > 6


def test_two_processes_write_at_the_same_time_and_lose_nothing(path: Path) -> None:
    with writer(path, "north", 0, 100) as north, writer(path, "south", 0, 100) as south:
        assert (north.wait(timeout=60), south.wait(timeout=60)) == (0, 0)
    assert (polls(path, "north"), polls(path, "south")) == (100, 100)
    check(path)


def test_processes_that_start_together_make_one_database(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    command = [sys.executable, "-c", WRITER, str(path), "north", "0", "0"]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 4
    with closing(SqliteStore.open(path)) as store:
        assert store.counts() == {"sources": 0, "items": 0, "stories": 0}
