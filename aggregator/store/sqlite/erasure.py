"""Gets words that were deleted out of the file: freed pages are overwritten, but the index keeps its own.

FTS5 marks a deleted row and leaves its words in place until segments are merged, so all of them are, piece by
piece. What the write-ahead log still says goes when it is folded into the file.
"""

import sqlite3

from aggregator.store.sqlite import settings

_SETTING = "erase"
_BEGUN, _MERGING, _MERGED = "begun", "merging", "merged"
_PAGES = 200  # of the index that one step rewrites


def begin(db: sqlite3.Connection) -> None:
    """Have what this transaction deletes erased."""
    settings.put(db, _SETTING, _BEGUN)


def is_waiting(db: sqlite3.Connection) -> bool:
    """Whether anything is to be erased."""
    return settings.value(db, _SETTING) is not None


def merge(db: sqlite3.Connection) -> bool:
    """Rewrite a piece of the index; False once it says nothing that was deleted (FTS5, 6.9)."""
    state = settings.value(db, _SETTING)
    if state not in (_BEGUN, _MERGING):
        return False
    pages = -_PAGES if state == _BEGUN else _PAGES
    before = db.total_changes
    db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (pages,))
    is_done = state == _MERGING and db.total_changes - before < 2
    settings.put(db, _SETTING, _MERGED if is_done else _MERGING)
    return not is_done


def end(db: sqlite3.Connection) -> None:
    """The log was folded as well, unless something was deleted since."""
    if settings.value(db, _SETTING) == _MERGED:
        db.execute("DELETE FROM settings WHERE name = ?", (_SETTING,))
