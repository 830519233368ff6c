"""From a published feed to its subscribers: what is new in it is stored for delivery."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator import outputs
from aggregator.model import Announced, Config, Feed
from aggregator.model.seams import Clock
from aggregator.store import HubStore
from aggregator.websub import hub

_ALL = ""  # goes for a feed where the moment is remembered at which no feed was behind
_MINUTE = timedelta(minutes=1)  # between two such moments that are worth remembering


@dataclass
class Announcing:
    """Stores what is new in feeds for the hub to deliver; called where the store may be used.

    A publication that is broken off before it is remembered is made again, and announces what was not yet.
    """

    store: HubStore
    clock: Clock
    _current: datetime | None = None

    def feed(self, feed: Feed, config: Config) -> None:
        """Let its news be due at all who want them, in the formats they want."""
        if not config.hub.address:
            return
        while not self._announced(feed, config):
            pass  # another process announced some of it meanwhile

    def _announced(self, feed: Feed, config: Config) -> bool:
        now, topics = self.clock(), [feed.name + format.suffix for format in outputs.FORMATS]
        before = self.store.announced(feed.name)
        news = hub.announcing(feed, before, now, self._last_current())
        own = news.any and config.hub.own
        wanted = self.store.wanted(topics, now) if own else ()
        documents = {topic: self._documents(news.feed, topic, config) for topic in sorted(wanted)}
        pings = topics if news.any and not config.hub.own else ()
        return self.store.announce(feed.name, news.announced, now, documents, pings, before=before)

    def nothing_is_behind(self, config: Config) -> None:
        """Remember that all feeds show all there is."""
        now, last = self.clock(), self._last_current()
        if config.hub.address and (last is None or not last <= now < last + _MINUTE):
            self.store.announce(_ALL, Announced(now), now, {})
            self._current = now

    def _last_current(self) -> datetime | None:
        if self._current is None:
            known = self.store.announced(_ALL)
            self._current = known.until if known else None
        return self._current

    def _documents(self, feed: Feed, topic: str, config: Config) -> list[bytes]:
        suffix = topic.removeprefix(feed.name)
        return list(hub.documents(feed, lambda part: outputs.search(part, config, suffix)))
