"""Several polls in one transaction: what a commit costs is paid once."""

from collections.abc import Sequence

from aggregator.errors import AggregatorError
from aggregator.model import Change, PollResult
from aggregator.store import Recorded
from aggregator.store.sqlite import record, search_index, settings
from aggregator.store.sqlite.connection import Connection


def record_all(connection: Connection, polls: Sequence[PollResult]) -> tuple[Recorded, ...]:
    """What each poll changed, or what is wrong with it; an AggregatorError, and nothing stored, stops all.

    Where one cannot be stored, the transaction is undone and each has one of its own.
    """
    try:
        return _together(connection, polls)
    except AggregatorError:
        raise
    except Exception as error:
        if len(polls) == 1:
            return (error,)
    return tuple(outcome for poll in polls for outcome in record_all(connection, [poll]))


def _together(connection: Connection, polls: Sequence[PollResult]) -> tuple[Change | None, ...]:
    prepared = [(poll, record.prepare(poll)) for poll in polls]  # before others are kept from writing
    with connection.writing() as db:
        unindexed = search_index.Unindexed()
        namespace = settings.required(db, settings.NAMESPACE)
        changes = [record.record(db, poll, incoming, namespace, unindexed) for poll, incoming in prepared]
        if unindexed.items:
            search_index.add(db, unindexed)
        return tuple(changes)
