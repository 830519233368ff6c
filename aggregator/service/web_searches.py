"""Searches the store for whoever subscribes to a search."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from aggregator import outputs, web
from aggregator.errors import InputError
from aggregator.feeds import selection
from aggregator.model import Config
from aggregator.service.inspection import opened_store
from aggregator.service.searches import read_query, within
from aggregator.service.settings import Settings

WEB_MOST, WEB_PATIENCE, WEB_RESULTS = 5_000, timedelta(seconds=2), 50


@dataclass(frozen=True, slots=True)
class WebSearch:
    """Searches for the web part, over a connection of its own each time; `config` is what is in force."""

    settings: Settings
    config: Callable[[], Config]

    def __call__(self, text: str, suffix: str) -> web.Result:
        """What was found in the format with that ending, or what is wrong with the query."""
        cfg = self.config()
        if suffix == ".html" and not text:
            return web.Result(outputs.search(selection.search("", "", ()), cfg, suffix))
        try:
            query = read_query(text, cfg)
        except InputError as error:
            return self._refused(text, suffix, str(error))
        with opened_store(self.settings) as store:
            found = within(store, query, WEB_RESULTS, WEB_MOST, WEB_PATIENCE)
            feed = selection.search(text, store.namespace(), found.entries)
        body = outputs.search(feed, cfg, suffix, complete=found.complete)
        return web.Result(body, complete=found.complete)

    def _refused(self, text: str, suffix: str, problem: str) -> web.Result:
        if suffix != ".html":
            return web.Result(f"{problem}\n".encode(errors="replace"), wrong=True)
        page = outputs.search(selection.search(text, "", ()), self.config(), suffix, problem=problem)
        return web.Result(page, wrong=True)
