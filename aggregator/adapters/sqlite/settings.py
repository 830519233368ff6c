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
    row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise AggregatorError(
            f"The database has no {name} yet; start the program once with `aggregator run`."
        )
    return str(row[0])


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many configured sources, items and stories there are."""
    (row,) = db.execute(_COUNTS)
    return dict(zip(("sources", "items", "stories"), row, strict=True))
