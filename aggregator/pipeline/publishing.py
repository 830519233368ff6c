"""Out by the window: Change ──select──▶ Feed ──render──▶ Document ──write──▶ feeds/."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator import feeds, paging, render, tagging
from aggregator.errors import AggregatorError
from aggregator.feeds import Definition
from aggregator.model import Document, Feed, Published, Stale
from aggregator.newsroom import Newsroom
from aggregator.pipeline.pages import Pages, divided, older_paths
from aggregator.pipeline.rooms import Rooms

FRONT = "index"  # goes for a feed where what is behind is remembered
FRONT_ENTRIES = 5
FRONT_SECTIONS = 24  # topics with headlines on the front page, which lists the others by name
RETRY = timedelta(minutes=1)  # until a feed that could not be published is tried again unchanged


@dataclass(frozen=True, slots=True)
class Trouble:
    """A revision of a feed that could not be published."""

    revision: int
    at: datetime
    sentence: str


@dataclass
class Publishing(Rooms):
    """From stale feeds to documents."""

    troubles: dict[str, Trouble] = field(default_factory=dict)  # by feed

    async def publish(self, stop: Callable[[], bool] = lambda: False) -> tuple[Published, ...]:
        """Bring every stale feed up to date, then the front page; one feed's trouble stops no other.

        Between two feeds it ends early where `stop` says so; what is left stays stale. A feed that cannot be
        published is tried again after a minute or with its next change, and reported once.
        """
        newsroom, done = self.newsroom, []
        for stale in await self.in_thread(self._behind):
            if stop():
                break
            event = await self.in_thread(self._publish_one, newsroom, stale)
            if self._is_news(stale, event):
                self.observe(event)
            done.append(event)
        return tuple(done)

    def _behind(self) -> list[Stale]:
        """The feeds to publish now; the front page shows entries of all of them and comes last."""
        now = self.clock()
        stale = self.store.stale(now)
        if not stale and self.announcing is not None:
            self.announcing.nothing_is_behind(self.newsroom.config)
        behind = [one for one in stale if not self._waits(one, now)]
        if behind and FRONT not in (one.feed for one in behind):
            self.store.mark([FRONT], now)
            behind += [one for one in self.store.stale(now) if one.feed == FRONT]
        return sorted(behind, key=lambda one: one.feed == FRONT)

    def _waits(self, stale: Stale, now: datetime) -> bool:
        trouble = self.troubles.get(stale.feed)
        return trouble is not None and trouble.revision == stale.revision and now < trouble.at + RETRY

    def _is_news(self, stale: Stale, event: Published) -> bool:
        before = self.troubles.pop(stale.feed, None)
        if not event.failure:
            return True
        self.troubles[stale.feed] = Trouble(stale.revision, self.clock(), event.failure)
        return before is None or before.sentence != event.failure

    async def publish_all(self) -> tuple[Published, ...]:
        """Publish every feed, stale or not; unchanged documents keep their bytes and dates."""
        await self.in_thread(self.store.mark, self.newsroom.definitions, self.clock())
        return await self.publish()

    async def catch_up(self) -> None:
        """Put the desk's decisions in force; mark feeds that an edit or upgrade changes, or whose documents
        are missing, and drop old ones."""
        newsroom = self.newsroom
        await self.in_thread(self._catch_up, newsroom)
        for earlier, topic in newsroom.tagging.renamed.items():
            while await self.in_thread(self.store.rename_topic, earlier, topic, self.clock()):
                pass  # in pieces, so that others get their turn at the store

    def _catch_up(self, newsroom: Newsroom) -> None:
        self.store.decide(tagging.decisions(newsroom.config), self.clock())
        names = {*newsroom.definitions, FRONT}
        self.store.mark([name for name in names if not self._is_current(newsroom, name)], self.clock())
        for name in set(self.store.known_feeds()) - names:
            for path in (*render.paths(name), name):
                self.remove(path)
            self.store.forget_feed(name)

    def _is_current(self, newsroom: Newsroom, name: str) -> bool:
        """Whether a feed was printed by this edition, and all its documents are there."""
        last = self.store.fingerprint(name)
        if last is None or not last[0].endswith(newsroom.edition):
            return False
        paths = render.FRONT if name == FRONT else (*render.paths(name), *older_paths(name, last[0]))
        return all(map(self.exists, paths))

    def _publish_one(self, newsroom: Newsroom, stale: Stale) -> Published:
        if stale.feed == FRONT:
            return self._publish_front(newsroom, stale)
        definition = newsroom.definitions.get(stale.feed)
        if definition is None:  # of a source or topic that is no longer configured
            self.store.forget_feed(stale.feed)
            return Published(stale.feed, ())
        feed, content = self._select(definition, stale)
        pages = divided(self, newsroom, definition)
        printed = self._print(stale.feed, lambda: self._documents(newsroom, feed, pages))
        if not printed.failure:
            if self.announcing is not None:
                self.announcing.feed(feed, newsroom.config)
            leaves = feeds.next_change(feed.entries, self.clock())
            imprint = paging.imprint(content, pages.older, newsroom.edition)
            self.store.published(stale, imprint, feed.updated, leaves)
            pages.remove_surplus()
        return printed

    def _documents(self, newsroom: Newsroom, feed: Feed, pages: Pages) -> Iterator[Document]:
        first, older = pages.first(feed), bool(pages.older)
        yield from render.render(feed, newsroom.config, first=first, older=older)
        yield from pages.changed()

    def _select(self, definition: Definition, stale: Stale) -> tuple[Feed, str]:
        """A feed and the hash of its content; `updated` moves with that alone, not with how it is printed."""
        entries = self.store.entries(definition.selection(self.clock()))
        feed = definition.feed(self.namespace, entries)
        content = feeds.fingerprint(feed)
        last = self.store.fingerprint(definition.name)
        same = last is not None and last[0].startswith(content)
        return replace(feed, updated=last[1] if same and last else _updated(feed, stale, last)), content

    def _publish_front(self, newsroom: Newsroom, stale: Stale) -> Published:
        topics = [one for one in newsroom.definitions.values() if one.kind == "topic"]
        sections = [
            definition.feed(self.namespace, self.store.entries(definition.newest(FRONT_ENTRIES)))
            for definition in topics[:FRONT_SECTIONS]
        ]
        known = {name: self.store.fingerprint(name) for name in newsroom.definitions}
        updated = {name: last[1] for name, last in known.items() if last is not None}
        printed = self._print(FRONT, lambda: render.front(newsroom.config, sections, updated))
        if not printed.failure:
            self.store.published(stale, newsroom.edition, stale.since, None)
        return printed

    def _print(self, feed: str, documents: Callable[[], Iterable[Document]]) -> Published:
        """Write documents; what fails there, a fault of ours included, is about this feed alone."""
        try:
            return Published(feed, tuple(one.path for one in documents() if self.write(one)))
        except AggregatorError as error:
            return Published(feed, (), failure=str(error))
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            return Published(feed, (), failure=f"a fault of the program itself ({what}); please report it")


def _updated(feed: Feed, stale: Stale, last: tuple[str, datetime] | None) -> datetime:
    newest = max((entry.updated for entry in feed.entries), default=stale.since)
    return max(newest, stale.since, last[1] if last else stale.since)
