"""The files of a database: what stands in their place, who may read them, whether they are still the same."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple
from urllib.parse import quote

from aggregator import files
from aggregator.errors import AggregatorError

BESIDE = ("-wal", "-shm")
_HANDLE = getattr(os, "O_PATH", None)  # no handle that SQLite's locks could mind; Linux alone has it
State = Literal["same", "replaced", "deleted", "moved"]


class _Identity(NamedTuple):
    device: int
    number: int


def real(path: Path) -> Path:
    """The file that a path leads to, also where it is not there yet."""
    return Path(os.path.realpath(path))


def beside(path: Path) -> tuple[Path, ...]:
    """The write-ahead log and the shared memory of a database, there or not."""
    return tuple(path.with_name(path.name + ending) for ending in BESIDE)


def make_private(path: Path) -> None:
    """Make the file if it is missing, for the owner alone; what others may do with existing ones ends.

    SQLite gives the files beside it the same rights. AggregatorError where something else stands there.
    """
    named, path = path, real(path)
    if named.is_symlink() and not path.parent.is_dir():
        raise AggregatorError(
            f"The database {named} is a link to {path}, which does not exist; correct the link, "
            "or name another file with --database."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, files.PRIVATE))
    refuse_other_kinds(named)
    for file in (path, *beside(path)):
        files.close_to_others(file)


def refuse_other_kinds(path: Path) -> None:
    """Refuse a folder, a pipe or the like before SQLite opens it, and perhaps waits for it for ever."""
    found = files.kind(path.stat().st_mode)
    if found:
        raise AggregatorError(
            f"The database {path} cannot be opened: it {found}, not a file; name a file with --database."
        )


def may_be_written(path: Path) -> bool:
    """Whether this user may write the database: the file, and the folder for the files beside it."""
    path = real(path)
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


class FileIdentity:
    """Where an open database lies, so that it is noticed when its file is deleted, moved or replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = _identity(path)
        self._log = _identity(beside(path)[0])
        self._handle = None if _HANDLE is None else os.open(path, _HANDLE | os.O_CLOEXEC)

    def state(self) -> State:
        """What became of the file since it was opened."""
        now = _identity(self._path)
        if now is not None:
            return "same" if now == self._own else "replaced"
        is_deleted = self._handle is not None and os.fstat(self._handle).st_nlink == 0
        return "deleted" if is_deleted else "moved"

    def owns_log(self) -> bool:
        """Whether the write-ahead log beside the path is this database's own, or none is there."""
        return _identity(beside(self._path)[0]) in (None, self._log)

    def remove_log(self) -> None:
        """Take away what is left of this database beside the path, before another one is opened there."""
        if self.owns_log():
            for file in beside(self._path):
                with suppress(FileNotFoundError):
                    file.unlink()

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _identity(path: Path) -> _Identity | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return _Identity(found.st_dev, found.st_ino) if not stat.S_ISDIR(found.st_mode) else _Identity(0, 0)


def unreadable(path: Path) -> str:
    """Why the database cannot be read now, a sentence; "" where it can. Nothing is made or changed."""
    if not path.is_file():
        return f"the database {path} is missing; put it back, or start with another --database"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)) as db:
            db.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.Error as error:
        is_busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
        return "" if is_busy else f"the database {path} cannot be read ({error}); see docs/store.md"
    return ""


Opened = tuple[sqlite3.Connection, TemporaryDirectory[str] | None]


def open_to_read(path: Path, patience: timedelta) -> Opened:
    """The database, and the folder that a copy of it lies in, if there had to be one.

    With the files of a running program beside it, it is read through them. Without any it cannot change, and
    no such files are made. What a program that was killed left in the log is read from a copy.
    """
    path = real(path)
    log, _ = beside(path)
    if not log.exists() or not log.stat().st_size:
        if not _is_in_use(path):
            return _connect(path, "immutable=1", patience), None
    elif not _is_in_use(path):
        return _copied(path, patience)
    db = _connect(path, "mode=ro", patience)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        db.close()
        return _copied(path, patience)
    return db, None


def _is_in_use(path: Path) -> bool:
    return beside(path)[1].exists()


def _connect(path: Path, how: str, patience: timedelta) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(str(path))}?{how}",
        uri=True,
        timeout=patience.total_seconds(),
        isolation_level=None,
        check_same_thread=False,
    )
    db.execute("PRAGMA query_only = ON")
    return db


def _copied(path: Path, patience: timedelta) -> Opened:
    folder = TemporaryDirectory(prefix="aggregator-")
    copy = Path(folder.name) / path.name
    try:
        for file, name in ((path, copy), (beside(path)[0], beside(copy)[0])):
            if file.exists():
                shutil.copyfile(file, name)
        return _connect(copy, "mode=rw", patience), folder
    except BaseException:
        folder.cleanup()
        raise
