"""Searches the store: for the person at the terminal, and for whoever subscribes to a search."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from aggregator import feeds, render, web
from aggregator.adapters.log import counted
from aggregator.adapters.progress import Done
from aggregator.adapters.sqlite import SqliteStore
from aggregator.errors import AggregatorError, InputError, QueryError, pointed
from aggregator.model import Config, Found
from aggregator.rules import Query, compile_query
from aggregator.service.house import House, Settings, now
from aggregator.service.inspecting import opened_store, read_rules

_log = logging.getLogger("aggregator")
BATCH, MEANWHILE = 500, 50  # items indexed in one transaction
MOST, PATIENCE = 200_000, timedelta(seconds=30)
WEB_MOST, WEB_PATIENCE, WEB_RESULTS = 5_000, timedelta(seconds=2), 50

Counting = Callable[[int], AbstractContextManager[Done]]
"""Given the number of items to index first, something to call as they are done."""


def search_once(settings: Settings, text: str, limit: int, counting: Counting) -> Found:
    """The newest items a query holds for; what an earlier version left unindexed is indexed first.

    Raises InputError with everything that is wrong in the query, and where there is no store.
    """
    query = read_query(text, read_rules(settings))
    with opened_store(settings) as store:
        make_searchable(store, counting)
        return within(store, query, limit, MOST, PATIENCE, held=True)


@dataclass(frozen=True, slots=True)
class WebSearch:
    """Searches for the web part, over a connection of its own each time; `config` is what is in force."""

    settings: Settings
    config: Callable[[], Config]

    def __call__(self, text: str, suffix: str) -> web.Result:
        """What was found in the format with that ending, or what is wrong with the query."""
        cfg = self.config()
        if suffix == ".html" and not text:
            return web.Result(render.search(feeds.search("", "", ()), cfg, suffix))
        try:
            query = read_query(text, cfg)
        except InputError as error:
            return self._refused(text, suffix, str(error))
        with opened_store(self.settings) as store:
            found = within(store, query, WEB_RESULTS, WEB_MOST, WEB_PATIENCE)
            feed = feeds.search(text, store.namespace(), found.entries)
        body = render.search(feed, cfg, suffix, complete=found.complete)
        return web.Result(body, complete=found.complete)

    def _refused(self, text: str, suffix: str, problem: str) -> web.Result:
        if suffix != ".html":
            return web.Result(f"{problem}\n".encode(errors="replace"), wrong=True)
        page = render.search(feeds.search(text, "", ()), self.config(), suffix, problem=problem)
        return web.Result(page, wrong=True)


def read_query(text: str, cfg: Config) -> Query:
    """The query, with the lists and topics of a configuration; InputError shows what is wrong where."""
    try:
        return compile_query(text, cfg.lists, [topic.id for topic in cfg.topics])
    except QueryError as error:
        raise InputError(pointed(error.problems, text)) from None


def within(
    store: SqliteStore, query: Query, limit: int, most: int, patience: timedelta, *, held: bool = False
) -> Found:
    """Search for so long, and among so many items; those that the desk holds back are found if `held`."""
    end = monotonic() + patience.total_seconds()
    return store.search(query, now(), limit=limit, most=most, spent=lambda: monotonic() > end, held=held)


async def index_meanwhile(house: House) -> None:
    """Index what an earlier version left, batch by batch between whatever else touches the store."""
    try:
        left = await house.pipeline.in_thread(house.store.index, MEANWHILE)
        if left:
            _log.info("%s are being indexed; until then searches may miss some", counted(left, "item"))
        while left:
            left = await house.pipeline.in_thread(house.store.index, MEANWHILE)
    except AggregatorError as error:
        _log.error("%s", error)


def make_searchable(store: SqliteStore, counting: Counting) -> None:
    """Index what was stored before there was an index, or by a version with other tokens."""
    left = store.index(BATCH)
    if not left:
        return
    with counting(left) as count:
        while left:
            before, left = left, store.index(BATCH)
            count(before - left)
