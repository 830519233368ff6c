"""What the web part knows of feeds that have other names by now, or are not configured any more."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.errors import AggregatorError
from aggregator.feeds import selection
from aggregator.model import Config
from aggregator.model.seams import Clock
from aggregator.service.inspection import opened_store
from aggregator.service.settings import Settings

_log = logging.getLogger("aggregator")
FRESH = timedelta(seconds=10)


@dataclass(slots=True)
class FormerFeeds:
    """Asked for each document that is missing, it looks into the store once in a while."""

    settings: Settings
    config: Callable[[], Config]
    clock: Clock
    _gone: tuple[str, ...] = ()  # documents were taken away
    _until: Mapping[str, datetime] = field(default_factory=dict)  # the others, until when theirs answer
    _until_then: dict[str, datetime] = field(default_factory=dict)  # of those that are not recorded
    _redirects: Mapping[str, str] = field(default_factory=dict)
    _looked: datetime | None = None

    def __call__(self) -> Collection[str]:
        """The names of the feeds that are gone; one that is configured again is not."""
        self._refresh()
        alive, now = self._alive(), self.clock()
        over = [name for name, until in self._until.items() if until <= now]
        return [name for name in dict.fromkeys((*self._gone, *over)) if name not in alive]

    def redirects(self) -> Mapping[str, str]:
        """Earlier names of feeds, by the configuration or remembered, with those of today."""
        self._refresh()
        return {**self._redirects, **selection.earlier_names(self.config())}

    def is_over(self, path: str) -> bool:
        """Whether a document is of a feed that ended long enough ago; it may lie there still."""
        if not self._until:
            return False
        now = self.clock()
        over = (name for name, until in self._until.items() if until <= now)
        return any(path.startswith((f"{name}.", f"{name}/")) for name in over)

    async def take(self, *, record: bool) -> None:
        """Look what an edit ended; to `record` it is for a web part that may be alone."""
        await asyncio.to_thread(self._look, record=record)

    def _alive(self) -> set[str]:
        return {definition.name for definition in selection.definitions(self.config())}

    def _refresh(self) -> None:
        now = self.clock()
        if self._looked is None or not self._looked <= now < self._looked + FRESH:
            self._look()

    def _look(self, *, record: bool = False) -> None:
        self._looked = self.clock()
        if not self.settings.database.exists():
            return
        names = {*self._alive(), *selection.earlier_names(self.config())}
        try:
            with opened_store(self.settings) as store:
                names |= store.redirects().keys()
                ended = {name: one.until for name, one in store.ended_feeds().items()}
                self._gone, self._redirects = store.gone_feeds(), store.redirects()
                new = set(store.known_feeds()) - names - ended.keys() - {"index"}
            self._until = {name: until for name, until in ended.items() if name not in names}
            self._until |= {
                name: self._until_then.setdefault(name, self._looked + selection.GRACE) for name in new
            }
            if new and record:
                with opened_store(self.settings, looking=False) as store:
                    store.end_feeds(names, self._looked)
        except AggregatorError as error:
            _log.warning("which feeds have ended is not known at the moment: %s", error)
