"""Which feeds were published once and are not any more, for the web part to say so (410)."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator import feeds
from aggregator.errors import AggregatorError
from aggregator.model import Config
from aggregator.ports import Clock
from aggregator.service.inspecting import opened_store
from aggregator.service.settings import Settings

_log = logging.getLogger("aggregator")
FRESH = timedelta(seconds=10)


@dataclass(slots=True)
class Ended:
    """Asked for each document that is missing, it looks into the store once in a while."""

    settings: Settings
    config: Callable[[], Config]
    clock: Clock
    _known: tuple[str, ...] = ()
    _looked: datetime | None = None

    def __call__(self) -> Collection[str]:
        """The names of the feeds; one that is configured again has not ended."""
        now = self.clock()
        if self._looked is None or not self._looked <= now < self._looked + FRESH:
            self._look()
            self._looked = now
        alive = {definition.name for definition in feeds.definitions(self.config())}
        return [name for name in self._known if name not in alive]

    def _look(self) -> None:
        if not self.settings.database.exists():
            return
        try:
            with opened_store(self.settings) as store:
                self._known = store.gone_feeds()
        except AggregatorError as error:
            _log.warning("which feeds have ended is not known at the moment: %s", error)
