"""A database that may only be read: its file, its folder or its whole disk cannot be written."""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from aggregator.store.sqlite import files

Opened = tuple[sqlite3.Connection, TemporaryDirectory[str] | None]


def open_to_read(path: Path, patience: timedelta) -> Opened:
    """The database, and the folder that a copy of it lies in, if there had to be one.

    With the files of a running program beside it, it is read through them. Without any it cannot change, and
    no such files are made. What a program that was killed left in the log is read from a copy.
    """
    path = files.real(path)
    log, _ = files.beside(path)
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
    return files.beside(path)[1].exists()


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
        for file, name in ((path, copy), (files.beside(path)[0], files.beside(copy)[0])):
            if file.exists():
                shutil.copyfile(file, name)
        return _connect(copy, "mode=rw", patience), folder
    except BaseException:
        folder.cleanup()
        raise
