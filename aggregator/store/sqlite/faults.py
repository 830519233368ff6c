"""What SQLite and the disk complain of, as sentences for the operator."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.errors import AggregatorError
from aggregator.store.serialization import DamagedError

_BROKEN = "is damaged or is no database; restore a backup, or name another file with --database"
_GARBLED = re.compile(r"malformed JSON|Could not decode to UTF-8")  # what we stored was neither
_SENTENCES = {
    sqlite3.SQLITE_NOTADB: _BROKEN,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_BUSY: "is kept locked by another process; wait for that process to end, or stop it",
    sqlite3.SQLITE_LOCKED: "is kept locked by another process; wait for that process to end, or stop it",
    sqlite3.SQLITE_FULL: "cannot grow because the disk is full; make room on the disk",
    sqlite3.SQLITE_READONLY: "cannot be written; allow this user to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; allow this user to write the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be opened; allow this user to write the file and its folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written because the disk failed; check the disk and its space",
}


@contextmanager
def as_sentences(path: Path) -> Iterator[None]:
    """Let an operator's troubles leave as `AggregatorError`; a fault of this program stays what it is."""
    try:
        yield
    except sqlite3.Error as error:
        sentence = _BROKEN if _GARBLED.match(str(error)) else _SENTENCES.get(code_of(error) & 0xFF)
        if sentence is None:
            raise
        raise AggregatorError(f"The database {path} {sentence}.") from error
    except DamagedError as error:
        raise AggregatorError(f"The database {path} {_BROKEN}.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise AggregatorError(
            f"The database {path} cannot be opened ({reason}); name another place with --database."
        ) from error


def code_of(error: sqlite3.Error) -> int:
    """SQLite's extended result code; SQLITE_ERROR for what Python's own part of the library raised."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
