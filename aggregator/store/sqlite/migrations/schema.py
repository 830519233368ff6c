"""The steps that were registered, and how one is run."""

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x41474752  # "AGGR": SQLite's mark of whose database a file is
SCHEMA = Migrations("aggregator")


def run(db: Database, script: str) -> None:
    """Each statement by itself: `executescript` would end the transaction that the step stands in."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def unknown_steps(db: Database) -> tuple[str, ...]:
    """Steps that were taken by a version of this program newer than this one."""
    with Database(memory=True, execute_plugins=False) as empty:
        known = {step.name for step in SCHEMA.pending(empty)}
    return tuple(step.name for step in SCHEMA.applied(db) if step.name not in known)
