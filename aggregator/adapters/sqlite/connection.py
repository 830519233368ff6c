"""One connection to the database: how it is opened, brought up to date, and used in transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Lock

from sqlite_utils import Database

from aggregator.adapters.migrations import APPLICATION_ID, SCHEMA, unknown_steps
from aggregator.adapters.sqlite.faults import as_sentences
from aggregator.errors import AggregatorError

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",  # docs/decisions/021
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA secure_delete = ON",  # docs/decisions/097
)
_GLANCE = 50  # milliseconds to wait for readers where nothing depends on it


class Connection:
    """A database that several threads may use in turn; each `with` block is one transaction."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path, *, wal: bool, patience: timedelta) -> "Connection":
        """Open or create the file; `patience` is how long to wait for another process's transaction."""
        with as_sentences(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(
                path, timeout=patience.total_seconds(), isolation_level=None, check_same_thread=False
            )
            try:
                _prepare(db, path, wal)
            except BaseException:
                db.close()
                raise
        return cls(path, db)

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that sees one state of the database throughout and waits for no writer."""
        return self._turn("BEGIN")

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that is the only one writing; rolled back whole if the block raises."""
        return self._turn("BEGIN IMMEDIATE")

    def fold_log(self) -> bool:
        """Fold the write-ahead log into the file and empty it; False while a reader still needs it."""
        with self._lock, as_sentences(self._path):
            (patience,) = self._db.execute("PRAGMA busy_timeout").fetchone()
            self._db.execute(f"PRAGMA busy_timeout = {_GLANCE}")
            try:
                (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._db.execute(f"PRAGMA busy_timeout = {patience}")
        return not busy

    @contextmanager
    def _turn(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, as_sentences(self._path), _transaction(self._db, begin):
            yield self._db

    def close(self) -> None:
        """Close the file; the last process to do so folds the write-ahead log into it."""
        with self._lock:
            self._db.close()


def _prepare(db: sqlite3.Connection, path: Path, wal: bool) -> None:
    _refuse_foreign(db, path)
    if wal and db.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        db.execute("PRAGMA journal_mode = WAL")
    for pragma in _PRAGMAS:
        db.execute(pragma)
    _migrate(db, path)


def _refuse_foreign(db: sqlite3.Connection, path: Path) -> None:
    """Leave another program's database alone."""
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables != (0,) and db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise AggregatorError(
            f"The database {path} belongs to another program; name another file with --database."
        )


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Take the steps that are missing, all or none, one process at a time."""
    database = Database(db, execute_plugins=False)
    if unknown := unknown_steps(database):
        raise AggregatorError(
            f"The database {path} was written by a newer version of this program (it has {unknown[0]!r}); "
            "install that version, or name another file with --database."
        )
    if SCHEMA.pending(database):
        with _transaction(db, "BEGIN IMMEDIATE"):
            SCHEMA.apply(database)


@contextmanager
def _transaction(db: sqlite3.Connection, begin: str) -> Iterator[None]:
    db.execute(begin)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
