"""Searches the store."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from aggregator.errors import QueryError
from aggregator.model import Config, Found
from aggregator.model.seams import Counting
from aggregator.query import Query, compile_query
from aggregator.service.inspection import opened_store, read_rules
from aggregator.service.settings import Settings, now
from aggregator.store.sqlite import SqliteStore

BATCH = 500  # items indexed in one transaction
MOST, PATIENCE = 200_000, timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, and the configuration that knows the titles of outlets and topics."""

    config: Config
    found: Found


def search_once(settings: Settings, text: str, limit: int, counting: Counting) -> Searched:
    """The newest items a query holds for; what an earlier version left unindexed is indexed first.

    Raises InputError with everything that is wrong in the query, and where there is no store.
    """
    cfg = read_rules(settings)
    query = read_query(text, cfg)
    with opened_store(settings) as store:
        if store.may_write:
            make_searchable(store, counting)
        return Searched(cfg, within(store, query, limit, MOST, PATIENCE, held=True))


def read_query(text: str, cfg: Config) -> Query:
    """The query, with the lists and topics of a configuration; InputError shows what is wrong where."""
    try:
        return compile_query(text, cfg.lists, [topic.id for topic in cfg.topics])
    except QueryError as error:
        raise QueryError(error.problems, text) from None


def within(
    store: SqliteStore, query: Query, limit: int, most: int, patience: timedelta, *, held: bool = False
) -> Found:
    """Search for so long, and among so many items; those that the desk holds back are found if `held`."""
    end = monotonic() + patience.total_seconds()
    return store.search(query, now(), limit=limit, most=most, spent=lambda: monotonic() > end, held=held)


def make_searchable(store: SqliteStore, counting: Counting) -> None:
    """Index what was stored before there was an index, or by a version with other tokens."""
    left = store.index(BATCH)
    if not left:
        return
    with counting(left, "indexing") as count:
        while left:
            before, left = left, store.index(BATCH)
            count(before - left)
