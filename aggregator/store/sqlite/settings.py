"""What is fixed once for the whole store, and how much there is of everything."""

import sqlite3

from aggregator.errors import AggregatorError

NAMESPACE = "namespace"
_COUNTS = """SELECT (SELECT count(*) FROM sources WHERE configured),
    (SELECT count(*) FROM items), (SELECT count(*) FROM stories)"""


def first(db: sqlite3.Connection, name: str, candidate: str) -> str:
    """The setting's value, which is `candidate` if it had none."""
    db.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", (name, candidate))
    return required(db, name)


def required(db: sqlite3.Connection, name: str) -> str:
    """The setting's value; an `AggregatorError` if it was never fixed."""
    known = value(db, name)
    if known is None:
        raise AggregatorError(
            f"The database has no {name} yet; start the program once with `aggregator run`."
        )
    return known


def value(db: sqlite3.Connection, name: str) -> str | None:
    """The setting's value, None if it has none yet."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def put(db: sqlite3.Connection, name: str, text: str) -> None:
    """Give a setting another value."""
    db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, text))


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many configured sources, items and stories there are."""
    (row,) = db.execute(_COUNTS)
    return dict(zip(("sources", "items", "stories"), row, strict=True))
