"""The names of feeds in memory: what `store/sqlite/feed_names.py` does."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.feeds import renames
from aggregator.feeds.selection import Definition, Ended, FeedNames

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Published:
    """A feed as it was published."""

    since: datetime
    revision: int = 1
    published_revision: int = 0
    fingerprint: str | None = None
    updated: datetime | None = None
    next_change: datetime | None = None
    gone: bool = False
    begun: datetime | None = None
    ended: datetime | None = None
    filling: int = 0
    definition: Definition | None = None


class MemoryNames(ABC):
    """The part of `store.Store` that knows which feeds there are, and which there were."""

    def __init__(self) -> None:
        self._feeds: dict[str, Published] = {}
        self._renames: dict[str, str] = {}
        self._identities: dict[str, str] = {}

    def mark(self, feeds: Iterable[str], now: datetime) -> None:
        for name in feeds:
            if name not in self._feeds:
                self._feeds[name] = Published(since=now)
                continue
            feed = self._feeds[name]
            feed.revision += 1
            feed.since = max(feed.since, now)

    def name_feeds(
        self, definitions: Sequence[Definition], stated: Mapping[str, str], now: datetime
    ) -> FeedNames:
        configured = {one.name for one in definitions}
        self._go_on(configured, stated, now)
        self.end_feeds({*configured, *self._renames}, now)
        for one in definitions:
            if one.kind == "topic":
                feed = self._feeds.setdefault(one.name, Published(since=now, filling=2))
                feed.filling = feed.filling or int(feed.begun is None)
            self._feeds.setdefault(one.name, Published(since=now)).definition = one
        for name in sorted(configured & set(self._identities.values()) - self._identities.keys()):
            free = (f"{name};{number}" for number in range(2, 1000))
            self._identities[name] = next(id for id in free if id not in self._identities.values())
        filling = {name: feed.filling for name, feed in self._feeds.items() if feed.filling}
        return FeedNames(
            redirects=dict(self._renames),
            identities=dict(self._identities),
            ended=self.ended_feeds(),
            to_fill=frozenset(filling.keys() & configured),
            unheard_of=frozenset(name for name in filling.keys() & configured if filling[name] == 2),
        )

    def _go_on(self, configured: Collection[str], stated: Mapping[str, str], now: datetime) -> None:
        known = dict(self._renames)
        alive = {name for name in self.known_feeds() if name not in known}
        for earlier, name in renames.resolve(configured, stated, known, alive).items():
            if known.get(earlier) != name:
                self._remember(earlier, name)
                if not earlier.startswith("sources/"):
                    self._take_over(earlier, name, now)
        for name in configured:
            self._renames.pop(name, None)

    def _remember(self, earlier: str, name: str) -> None:
        self._renames.pop(earlier, None)
        self._renames[earlier] = name

    def _take_over(self, earlier: str, name: str, now: datetime, *, is_new: bool = False) -> None:
        before, other = self._feeds.get(earlier), self._feeds.get(name)
        begun = before.begun if before else None
        if is_new or (begun and (other is None or other.begun is None or begun < other.begun)):
            identity = self._identities.pop(earlier, earlier)
            self._identities.pop(name, None)
            if identity != name:
                self._identities[name] = identity
        self._rename_decisions(earlier, name)
        if before is None or begun is None:
            return
        before.begun = None
        self.mark([name], now)
        here = self._feeds[name]
        here.filling = 0
        here.begun = min(here.begun or begun, begun)
        here.updated = max(filter(None, (here.updated, before.updated)), default=None)

    @abstractmethod
    def _rename_decisions(self, earlier: str, name: str) -> None:
        """Let what the desk decided about a topic be about it under its new name."""

    def end_feeds(self, names: Collection[str], now: datetime) -> None:
        for name, feed in self._feeds.items():
            if name in names or name == "index":
                feed.ended = None
            elif feed.fingerprint is not None:
                feed.ended = feed.ended or now

    def ended_feeds(self) -> dict[str, Ended]:
        return {
            name: Ended(feed.definition or Definition(name, name.rpartition("/")[2], "", "topic"), feed.ended)
            for name, feed in self._feeds.items()
            if feed.ended is not None and feed.fingerprint is not None
        }

    def redirects(self) -> dict[str, str]:
        return dict(self._renames)

    def filled(self, topics: Iterable[str]) -> None:
        for name in topics:
            self._feeds[name].filling = 0

    def known_feeds(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, feed in self._feeds.items() if feed.fingerprint is not None))

    def begun_feeds(self) -> dict[str, datetime]:
        return {name: self._feeds[name].begun or EVER for name in self.known_feeds()}

    def forget_feed(self, feed: str) -> None:
        if known := self._feeds.get(feed):
            revision = known.revision + 1
            gone = known.gone or known.fingerprint is not None
            self._feeds[feed] = Published(
                known.since,
                revision,
                published_revision=revision,
                gone=gone,
                begun=known.begun,
                filling=known.filling,
                definition=known.definition,
            )

    def gone_feeds(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, feed in self._feeds.items() if feed.gone))
