"""The files of the store: who may read them, and what happens when they are taken away or only readable."""

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from aggregator.errors import AggregatorError
from aggregator.model import Selection
from aggregator.store.sqlite import SqliteStore, files
from aggregator.store.sqlite.migrations import SCHEMA
from tests.store.given import NAMESPACE, NOW, recorded, tagged


@pytest.fixture
def store(on_disk: SqliteStore) -> SqliteStore:
    recorded(on_disk, "north", tagged("1"))
    return on_disk


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def number_of_items(path: Path) -> int:
    with closing(SqliteStore.open(path, looking=True)) as store:
        return store.counts()["items"]


# ── rights ──────────────────────────────────────────────────────────────────────────────────────


def test_the_database_and_what_lies_beside_it_are_for_the_owner_alone(store: SqliteStore, path: Path) -> None:
    assert sorted(file.name for file in path.parent.iterdir()) == ["store.db", "store.db-shm", "store.db-wal"]
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("before", "after"), [(0o644, 0o640), (0o666, 0o660), (0o640, 0o640), (0o600, 0o600)]
)
def test_an_existing_database_is_closed_to_all_but_owner_and_group(
    store: SqliteStore, path: Path, before: int, after: int
) -> None:
    for file in path.parent.iterdir():
        file.chmod(before)
    with closing(SqliteStore.open(path)):
        assert {mode(file) for file in path.parent.iterdir()} == {after}


# ── only to be read ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that is mounted read-only, or for another user; the tests may run as one who may all."""
    monkeypatch.setattr(files, "may_be_written", lambda path: False)


def names(path: Path) -> set[str]:
    return {file.name for file in path.parent.iterdir()}


@pytest.mark.usefixtures("unwritable")
def test_a_database_that_lies_still_is_read_and_nothing_is_made_beside_it(
    store: SqliteStore, path: Path
) -> None:
    store.close()
    before = path.read_bytes()
    with closing(SqliteStore.open(path, looking=True)) as look:
        assert len(look.entries(Selection())) == 1
        assert not look.may_write
        assert names(path) == {"store.db"}
        with pytest.raises(AggregatorError, match=r"cannot be written; allow this user"):
            look.mark(["all"], NOW)
    assert path.read_bytes() == before


@pytest.mark.usefixtures("unwritable")
def test_the_newest_of_a_running_program_is_read(store: SqliteStore, path: Path) -> None:
    recorded(store, "north", tagged("2"))
    assert number_of_items(path) == 2


@pytest.mark.usefixtures("unwritable")
def test_what_a_killed_program_left_in_the_log_is_read(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    recorded(store, "north", tagged("2"))
    left = tmp_path / "left" / "store.db"
    left.parent.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(f"{path}{ending}", f"{left}{ending}")
    assert number_of_items(left) == 2
    assert names(left) == {"store.db", "store.db-wal"}


@pytest.mark.usefixtures("unwritable")
def test_an_older_database_that_may_only_be_read_is_a_sentence(store: SqliteStore, path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as older:
        older.execute(
            "DELETE FROM _sqlite_migrations WHERE name LIKE '0011%' AND migration_set = ?", (SCHEMA.name,)
        )
        older.commit()
    with pytest.raises(AggregatorError, match="older version of this program and may only be read"):
        SqliteStore.open(path, looking=True)


LOOK = """
import os, sys
from pathlib import Path
from aggregator.store.sqlite import SqliteStore
os.setgid(65534); os.setuid(65534)
store = SqliteStore.open(Path(sys.argv[1]), looking=True)
print(store.counts()["items"], store.may_write)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that every user may enter; those of pytest are closed to others whenever it starts anew."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(("folder", "file"), [(0o555, 0o444), (0o555, 0o666), (0o777, 0o444)])
def test_another_user_reads_what_it_may_not_write(
    store: SqliteStore, path: Path, open_to_all: Path, folder: int, file: int
) -> None:
    store.close()
    seen = open_to_all / "data" / "store.db"
    shutil.copytree(path.parent, seen.parent)
    seen.chmod(file)
    seen.parent.chmod(folder)
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(seen)], capture_output=True, text=True, check=False, env=unmeasured
    )
    assert (done.stdout, done.stderr) == ("1 False\n", "")
    assert names(seen) == {"store.db"}


# ── taken away while it is open ─────────────────────────────────────────────────────────────────


def remove_all(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def remove_the_file(path: Path) -> None:
    path.unlink()


def remove_the_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("take_away", [remove_all, remove_the_file, remove_the_folder])
def test_a_deleted_database_is_put_back_with_all_that_it_held(
    store: SqliteStore, path: Path, take_away: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    take_away(path)
    recorded(store, "north", tagged("2"))
    assert store.counts()["items"] == 2
    assert number_of_items(path) == 2
    assert mode(path) == 0o600
    assert caplog.text.count("was deleted while it was open") == 1
    assert not [name for name in names(path) if name.endswith(".tmp")]


def test_two_processes_put_a_deleted_database_back_once(store: SqliteStore, path: Path) -> None:
    with closing(SqliteStore.open(path)) as other:
        remove_all(path)
        other.mark(["all"], NOW)
        store.mark(["sources/north"], NOW)
        recorded(store, "north", tagged("2"))
        recorded(other, "north", tagged("3"))
        assert [one.counts()["items"] for one in (store, other)] == [3, 3]
    assert number_of_items(path) == 3


def test_a_moved_database_is_reported_and_used_again_when_it_is_back(store: SqliteStore, path: Path) -> None:
    elsewhere = path.parent.with_name("elsewhere")
    path.parent.rename(elsewhere)
    for _ in range(2):
        with pytest.raises(AggregatorError, match=r"was moved away while it was open.*put it back"):
            store.mark(["all"], NOW)
    elsewhere.rename(path.parent)
    recorded(store, "north", tagged("2"))
    assert number_of_items(path) == 2


def test_a_backup_that_is_moved_into_place_is_used_and_not_spoiled(
    store: SqliteStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    backup = path.with_name("backup.db")
    with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(backup)) as copy:
        db.backup(copy)
    recorded(store, "north", *(tagged(str(number), content="x" * 999) for number in range(2, 50)))
    backup.replace(path)
    assert store.counts()["items"] == 1
    assert store.generation == 1
    recorded(store, "north", tagged("of today"))
    assert number_of_items(path) == 2
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert caplog.text.count("was replaced by another file") == 1


def test_what_is_no_database_in_its_place_is_reported_until_one_is_there(
    store: SqliteStore, path: Path
) -> None:
    good = path.with_name("good.db")
    with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(good)) as copy:
        db.backup(copy)
    path.unlink()
    path.write_bytes(b"no database " * 1000)
    for _ in range(2):
        with pytest.raises(AggregatorError, match="is damaged or is no database"):
            store.mark(["all"], NOW)
    path.unlink()
    with pytest.raises(AggregatorError, match="no longer there"):
        store.mark(["all"], NOW)
    good.replace(path)
    recorded(store, "north", tagged("2"))
    assert number_of_items(path) == 2


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def a_pipe(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket must be short
        server.bind(path.name)
        os.chdir(here)


@pytest.mark.parametrize("put", [a_folder, a_pipe, a_socket])
@pytest.mark.parametrize("looking", [True, False])
def test_what_is_no_file_is_refused_at_once(path: Path, put: Callable[[Path], None], looking: bool) -> None:
    put(path)
    with pytest.raises(AggregatorError, match=r"cannot be opened: it is a .*; name a file with --database"):
        SqliteStore.open(path, looking=looking)


def test_a_pipe_in_the_place_of_an_open_database_blocks_nothing(store: SqliteStore, path: Path) -> None:
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(AggregatorError, match="it is a named pipe"):
        store.mark(["all"], NOW)


def test_a_link_leads_to_the_database_also_before_that_is_there(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    path.parent.mkdir()
    link.symlink_to(path)
    with closing(SqliteStore.open(link)) as store:
        store.namespace(NAMESPACE)
        path.unlink()
        assert store.namespace() == NAMESPACE
    assert (link.is_symlink(), mode(path)) == (True, 0o600)


def test_a_link_into_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "not-mounted" / "store.db")
    with pytest.raises(AggregatorError, match=r"is a link to .*not-mounted.*, which does not exist"):
        SqliteStore.open(link)
    assert not (tmp_path / "not-mounted").exists()
