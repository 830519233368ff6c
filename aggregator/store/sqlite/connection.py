"""One connection to the database: how it is opened, brought up to date, and used in transactions."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from threading import Lock

from sqlite_utils import Database

from aggregator.errors import AggregatorError
from aggregator.store.sqlite import files
from aggregator.store.sqlite.faults import as_sentences
from aggregator.store.sqlite.files import FileIdentity
from aggregator.store.sqlite.migrations import APPLICATION_ID, SCHEMA, unknown_steps

_log = logging.getLogger("aggregator")
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",  # docs/decisions/021
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA secure_delete = ON",  # docs/decisions/097
)
_GLANCE = 50  # milliseconds to wait for readers where nothing depends on it
_left_open: list[sqlite3.Connection] = []  # closing one would delete the log of the database in its place


class Connection:
    """A database that several threads may use in turn; each `with` block is one transaction."""

    def __init__(self, path: Path, wal: bool, patience: timedelta) -> None:
        self._path, self._wal, self._patience = path, wal, patience
        self._lock = Lock()
        self._copy: TemporaryDirectory[str] | None = None
        self._place: FileIdentity | None = None  # None where it is only read
        self._opened: sqlite3.Connection | None = None
        self.generation = 0  # counts how often another database took this one's place

    @classmethod
    def open(cls, path: Path, *, wal: bool, patience: timedelta, looking: bool = False) -> "Connection":
        """Open or create the file; `patience` is how long to wait for another process's transaction.

        One that may only be read is opened for reading where that is all that is wanted (`looking`).
        """
        made = cls(path, wal, patience)
        with as_sentences(path):
            if looking and not files.may_be_written(path):
                files.refuse_other_kinds(path)
                made._open_to_read()
            else:
                made._open()
        return made

    @property
    def may_write(self) -> bool:
        """Whether it was opened for more than reading."""
        return self._place is not None

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that sees one state of the database throughout and waits for no writer."""
        return self._turn("BEGIN")

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that is the only one writing; rolled back whole if the block raises."""
        return self._turn("BEGIN IMMEDIATE")

    def fold_log(self) -> bool:
        """Fold the write-ahead log into the file and empty it; False while a reader still needs it."""
        with self._lock, as_sentences(self._path):
            self._stay_in_place()
            (patience,) = self._db.execute("PRAGMA busy_timeout").fetchone()
            self._db.execute(f"PRAGMA busy_timeout = {_GLANCE}")
            try:
                (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._db.execute(f"PRAGMA busy_timeout = {patience}")
        return not busy

    @contextmanager
    def _turn(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, as_sentences(self._path):
            self._stay_in_place()
            with _transaction(self._db, begin):
                yield self._db

    def close(self) -> None:
        """Close the file; the last process to do so folds the write-ahead log into it."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            if self._place is not None:
                self._place.close()
            if self._copy is not None:
                self._copy.cleanup()

    @property
    def _db(self) -> sqlite3.Connection:
        assert self._opened is not None
        return self._opened

    def _open_to_read(self) -> None:
        files.refuse_other_kinds(self._path)
        db, self._copy = files.open_to_read(self._path, self._patience)
        with _closed_at_a_fault(db):
            _refuse_foreign(db, self._path)
            _refuse_older(db, self._path)
        self._opened = db

    def _open(self) -> None:
        files.make_private(self._path)
        path = files.real(self._path)
        db = sqlite3.connect(
            path, timeout=self._patience.total_seconds(), isolation_level=None, check_same_thread=False
        )
        with _closed_at_a_fault(db):
            _prepare(db, self._path, self._wal)
            self._place = FileIdentity(path)
        self._opened = db

    # ── when the file goes away ─────────────────────────────────────────────────────────────────

    def _stay_in_place(self) -> None:
        """Notice that the file is no longer the one that was opened, before anything is written to that."""
        if self._opened is None:
            self._take_the_next()
        state = "same" if self._place is None else self._place.state()
        if state == "moved":
            raise AggregatorError(
                f"The database {self._path} was moved away while it was open, so nothing is stored; "
                "put it back, or stop the program first."
            )
        if state == "deleted":
            self._put_back()
        elif state == "replaced":
            files.refuse_other_kinds(self._path)
            self._let_go()
            self._take_the_next()

    def _put_back(self) -> None:
        """Write all that a deleted database held into a new file in its place."""
        assert self._place is not None
        path = files.real(self._path)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        os.close(descriptor)
        try:
            with sqlite3.connect(name) as new:
                self._db.backup(new)
            new.close()
            self._let_go()
            with suppress(FileExistsError):  # another process was faster
                os.link(name, path)
        finally:
            os.unlink(name)
        self._open()
        _log.error(
            "The database %s was deleted while it was open; all that it held was put back. "
            "To begin anew, stop the program before you delete it.",
            self._path,
        )

    def _take_the_next(self) -> None:
        """Use the database that took the place of the one that was opened."""
        if not files.real(self._path).exists():
            raise AggregatorError(
                f"The database {self._path} is no longer there, so nothing is stored; put it back, "
                "or start the program again."
            )
        self._open()
        self.generation += 1
        _log.error("The database %s was replaced by another file, which is used from now on.", self._path)

    def _let_go(self) -> None:
        """Part with a database whose file is gone; its log must not be taken for that of the next one."""
        assert self._place is not None
        if self._place.owns_log():
            self._db.close()
            self._place.remove_log()
        else:
            _left_open.append(self._db)
        self._place.close()
        self._opened = self._place = None


@contextmanager
def _closed_at_a_fault(db: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise


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
    database = _known(db, path)
    if SCHEMA.pending(database):
        with _transaction(db, "BEGIN IMMEDIATE"):
            SCHEMA.apply(database)


def _refuse_older(db: sqlite3.Connection, path: Path) -> None:
    """A database that may only be read cannot be brought up to date."""
    if SCHEMA.pending(_known(db, path)):
        raise AggregatorError(
            f"The database {path} was written by an older version of this program and may only be read; "
            "let this user write the file and its folder once, so that it is brought up to date."
        )


def _known(db: sqlite3.Connection, path: Path) -> Database:
    """The database, unless a newer version wrote it."""
    database = Database(db, execute_plugins=False)
    if unknown := unknown_steps(database):
        raise AggregatorError(
            f"The database {path} was written by a newer version of this program (it has {unknown[0]!r}); "
            "install that version, or name another file with --database."
        )
    return database


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
