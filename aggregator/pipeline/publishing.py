"""Out by the window: Change ──select──▶ Feed ──render──▶ Document ──write──▶ feeds/."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator import feeds, paging, render, tagging
from aggregator.model import Published, Quarantined, Stale
from aggregator.newsroom import Newsroom
from aggregator.pipeline.issuing import Issuing, guarded, told
from aggregator.pipeline.pages import older_paths
from aggregator.render import Printed

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
class Publishing(Issuing):
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
        self._note_current(stale)
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
        return before is None or before.sentence != event.failure or bool(event.quarantined)

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

    def _note_current(self, stale: Sequence[Stale]) -> None:
        """What comes into feeds from now on though it was there before is history, and not announced."""
        if not stale and self.announcing is not None:
            self.announcing.nothing_is_behind(self.newsroom.config)

    def _catch_up(self, newsroom: Newsroom) -> None:
        self._note_current(self.store.stale(self.clock()))
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
        issue = self.issue(newsroom, definition, stale)
        published = self._write(stale.feed, issue.printed, issue.left_out)
        if not published.failure:
            feed, pages = issue.feed, issue.pages
            if self.announcing is not None:
                self.announcing.feed(feed, newsroom.config)
            leaves = feeds.next_change(feed.entries, self.clock())
            imprint = paging.imprint(issue.content, pages.older, newsroom.edition)
            self.store.published(stale, imprint, feed.updated, leaves)
            pages.remove_surplus()
            self.quarantine(newsroom).readmit(feed.entries)
        return published

    def _publish_front(self, newsroom: Newsroom, stale: Stale) -> Published:
        quarantine = self.quarantine(newsroom)
        topics = [one for one in newsroom.definitions.values() if one.kind == "topic"]
        newest = ((one, self.store.entries(one.newest(FRONT_ENTRIES))) for one in topics[:FRONT_SECTIONS])
        sections = [one.feed(self.namespace, quarantine.without(entries)) for one, entries in newest]
        known = {name: self.store.fingerprint(name) for name in newsroom.definitions}
        updated = {name: last[1] for name, last in known.items() if last is not None}
        kept = self.press(newsroom).kept
        printed = guarded(
            FRONT, lambda: render.examined(render.front(newsroom.config, sections, updated, kept))
        )
        published = self._write(FRONT, printed)
        if not published.failure:
            self.store.published(stale, newsroom.edition, stale.since, None)
        return published

    def _write(self, feed: str, printed: Printed, left_out: Sequence[Quarantined] = ()) -> Published:
        """Replace the documents that changed, all of a feed's or none that the gate has anything against."""
        event = Published(feed, (), quarantined=tuple(left_out))
        if printed.faults:
            return replace(event, failure=_against(feed, printed))
        try:
            return replace(event, written=tuple(one.path for one in printed.documents if self.write(one)))
        except Exception as error:
            return replace(event, failure=told(error))


def _against(feed: str, printed: Printed) -> str:
    """Why none of a feed's documents was replaced."""
    fault = printed.faults[0]
    if fault.path == feed and not fault.entry:
        return fault.sentence
    causes = {one.entry for one in printed.faults} - {""}
    most = f"{len(causes)} of {printed.entries} entries, such as {fault.entry}: " if causes else ""
    return f"{fault.path} would be wrong: {most}{fault.sentence}"
