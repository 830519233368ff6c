"""Publications: Change ──select──▶ Feed ──render──▶ Document ──write──▶ feeds/."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from aggregator import outputs
from aggregator.compiled import Compiled
from aggregator.errors import AggregatorError
from aggregator.feeds import pagination, selection
from aggregator.feeds.selection import Definition, Ended, FeedNames
from aggregator.model import ArchiveDocument, Document, Published, Quarantined, StaleFeed
from aggregator.model.seams import Exists, Remove, Write
from aggregator.outputs import Printed
from aggregator.pipeline.archives import PIECE
from aggregator.pipeline.context import Context, P
from aggregator.pipeline.issues import InterruptedPrinting, Issue, Issuer, guarded, told
from aggregator.pipeline.pages import older_paths
from aggregator.text.credentials import reveals
from aggregator.topics import tagging

FRONT = "index"  # goes for a feed where what is behind is remembered
FRONT_ENTRIES = 5
FRONT_SECTIONS = 24  # topics with headlines on the front page, which lists the others by name
MOST_LISTED = 10_000  # entries that withdrawn.json names, the latest
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
RETRY = timedelta(minutes=1)  # until a feed that could not be published is tried again unchanged


@dataclass(frozen=True, slots=True)
class Trouble:
    """A revision of a feed that could not be published."""

    revision: int
    at: datetime
    sentence: str


@dataclass
class Publisher:
    """Brings documents up to date with the store."""

    context: Context
    write: Write
    remove: Remove
    exists: Exists
    issuer: Issuer = field(init=False)
    troubles: dict[str, Trouble] = field(default_factory=dict)  # by feed, or the path of a part of an archive
    unfinished: dict[str, int] = field(default_factory=dict)  # revisions of feeds that have more to seal
    inspected: set[str] = field(default_factory=set)  # feeds whose archives were found complete
    urgent: set[str] = field(default_factory=set)  # feeds that edits changed, which go first
    edits: int = 0  # configurations that `catch_up` put in force
    leaving: set[str] = field(default_factory=set)  # feeds that are published and not configured any more
    compared: Compiled | None = None  # the one of them that was the last

    def __post_init__(self) -> None:
        self.issuer = Issuer(self.context, self.remove, self.exists)

    async def publish(self, stop: Callable[[], bool] = lambda: False) -> tuple[Published, ...]:
        """Bring every stale feed up to date, then the front page; one feed's trouble stops no other.

        Between two feeds it ends early where `stop` says so, and between two entries where an edit waits for
        the store; what is left stays stale. After an edit what that changed is published first. A feed that
        cannot be published is tried again after a minute or with its next change, and reported once. What
        archives need beyond that is done piece by piece, until a feed goes stale.
        """
        done = list[Published]()
        while True:
            edits = self.edits
            try:
                ended = await self._pass(done, stop)
            except InterruptedPrinting:
                return tuple(done)
            if ended or self.issuer.under_way or self.edits == edits:
                return tuple(done)

    async def _pass(self, done: list[Published], told: Callable[[], bool]) -> bool:
        """Publish until nothing is stale or an edit comes; True where it was `told` to stop."""
        compiled, edits, ended = self.context.compiled, self.edits, False

        def stop() -> bool:
            nonlocal ended
            came = bool(self.issuer.under_way) or self.edits != edits
            ended = ended or (not came and told())
            return ended or came

        for urgent in (True, False):
            names = frozenset(self.urgent)
            for stale in await self.context.in_thread(self._behind, urgent):
                if stop():
                    return ended
                done.append(await self._reported(stale, self._publish_one, compiled, stale))
            self.urgent -= names
        while not stop() and (left := await self.context.in_thread(self._unfinished)):
            done.append(await self._reported(left, self._publish_one, compiled, left))
        while not stop() and (part := await self.context.in_thread(self._part_behind, compiled)):
            stale = StaleFeed(outputs.part_path(part.feed, part.number), part.revision, part.updated)
            done.append(await self._reported(stale, self._print_anew, compiled, part))
        if self.leaving:
            await self.context.in_thread(self._remove_old, compiled)
        while not stop() and await self.context.in_thread(self.context.store.erase):
            pass  # in pieces, so that others get their turn at the store
        return ended

    async def _reported(
        self, stale: StaleFeed, publish: Callable[P, Published], *args: P.args, **kwargs: P.kwargs
    ) -> Published:
        event = await self.context.in_thread(publish, *args, **kwargs)
        if self._is_news(stale, event):
            self.context.observe(event)
        return event

    def _behind(self, urgent: bool) -> list[StaleFeed]:
        """The feeds to publish now, or those alone that an edit changed.

        The front page shows entries of all of them and comes last.
        """
        if urgent and not self.urgent:
            return []
        now = self.context.clock()
        stale = self.context.store.stale(now)
        self._note_current(stale)
        behind = [one for one in stale if not self._waits(one, now) and not self._is_unfinished(one)]
        if urgent:
            behind = [one for one in behind if one.feed in self.urgent and one.feed != FRONT]
        if behind and FRONT not in (one.feed for one in behind):
            self.context.store.mark([FRONT], now)
            behind += [one for one in self.context.store.stale(now) if one.feed == FRONT]
        return sorted(behind, key=lambda one: one.feed == FRONT)

    def _unfinished(self) -> StaleFeed | None:
        """A feed that has more to seal; None where there is none, or another feed went stale."""
        now = self.context.clock()
        stale = [one for one in self.context.store.stale(now) if not self._waits(one, now)]
        return stale[0] if stale and all(map(self._is_unfinished, stale)) else None

    def _is_unfinished(self, stale: StaleFeed) -> bool:
        return self.unfinished.get(stale.feed) == stale.revision

    def _part_behind(self, compiled: Compiled) -> ArchiveDocument | None:
        """A part that is to be printed anew; None where there is none, or a feed went stale."""
        now = self.context.clock()
        if any(not self._waits(one, now) for one in self.context.store.stale(now)):
            return None
        for part in self.context.store.parts_behind(PIECE + len(self.troubles)):
            if self._definition(compiled, part.feed) is None:
                self.context.store.part_printed(part, "")
            elif not self._waits(
                StaleFeed(outputs.part_path(part.feed, part.number), part.revision, now), now
            ):
                return part
        return None

    def _print_anew(self, compiled: Compiled, part: ArchiveDocument) -> Published:
        definition = self._definition(compiled, part.feed)
        if definition is None:  # since it was asked for
            return Published(part.feed, ())
        archive = self.issuer.archive(compiled, definition)
        published = self._print(outputs.part_path(part.feed, part.number), lambda: [archive.document(part)])
        if not published.failure:
            self.context.store.part_printed(part, compiled.edition)
        return replace(published, quarantined=tuple(archive.left_out))

    def _waits(self, stale: StaleFeed, now: datetime) -> bool:
        trouble = self.troubles.get(stale.feed)
        return trouble is not None and trouble.revision == stale.revision and now < trouble.at + RETRY

    def _is_news(self, stale: StaleFeed, event: Published) -> bool:
        before = self.troubles.pop(stale.feed, None)
        if not event.failure:
            return True
        self.troubles[stale.feed] = Trouble(stale.revision, self.context.clock(), event.failure)
        return before is None or before.sentence != event.failure or bool(event.quarantined)

    async def mark_all(self) -> None:
        """Make every feed stale; documents that are published again unchanged keep their bytes and dates."""
        await self.context.in_thread(
            self.context.store.mark, self.context.compiled.definitions, self.context.clock()
        )
        await self.context.in_thread(self.context.store.reprint_older, "")

    async def catch_up(self) -> None:
        """Put the desk's decisions in force; mark feeds that an edit or upgrade changes, or whose documents
        are missing, and drop old ones."""
        await self.put_in_force()
        await self.rename_topics()

    async def put_in_force(self) -> None:
        """What `catch_up` does at once."""
        await self.context.in_thread(self._catch_up, self.context.compiled)

    async def rename_topics(self) -> None:
        """Let items have their topics and sources by the ids of today."""
        for earlier, name in self.context.names.redirects.items():
            if name in self.context.compiled.definitions:
                while await self.context.in_thread(self._rename, earlier, name):
                    pass  # in pieces, so that others get their turn at the store

    def _rename(self, earlier: str, name: str) -> int:
        if name.startswith("sources/"):
            ids = earlier.removeprefix("sources/"), name.removeprefix("sources/")
            return self.context.store.move_source(*ids, self.context.clock())
        return self.context.store.rename_topic(earlier, name, self.context.clock())

    def _note_current(self, stale: Sequence[StaleFeed]) -> None:
        """What comes into feeds from now on though it was there before is history, and not announced."""
        if not stale and self.context.announcing is not None:
            self.context.announcing.nothing_is_behind(self.context.compiled.config)

    def _catch_up(self, compiled: Compiled) -> None:
        self._note_current(self.context.store.stale(self.context.clock()))
        self.context.names = self.named(compiled)
        touched = self.context.store.decide(tagging.decisions(compiled.config), self.context.clock())
        touched |= self.context.store.rule(compiled.config.rulings, self.context.clock())
        self.urgent |= touched
        if self.compared is not None:
            self.urgent |= compiled.changed_since(self.compared)
        self.compared = compiled
        names = {*compiled.definitions, FRONT}
        self.context.store.mark(
            [name for name in names if not self._is_current(compiled, name)], self.context.clock()
        )
        self.context.store.reprint_older(compiled.edition)
        self._inspect(compiled.definitions.keys() - self.inspected)
        self._remove_old(compiled)
        self.urgent &= compiled.definitions.keys()
        self.edits += 1

    def named(self, compiled: Compiled) -> FeedNames:
        """Give the feeds the names that a configuration has for them; what became of the others."""
        stated = selection.earlier_names(compiled.config)
        return self.context.store.name_feeds(
            tuple(compiled.definitions.values()), stated, self.context.clock()
        )

    def _remove_old(self, compiled: Compiled) -> None:
        """Take away what was printed under names that lead elsewhere by now, or ended long enough ago."""
        self.leaving = set(self.context.store.known_feeds()) - {*compiled.definitions, FRONT}
        for name in sorted(self.leaving):
            if self._answers_still(compiled, name):
                continue
            for path in (*outputs.paths(name), name):
                self.remove(path)
            self.context.store.forget_feed(name)
            self.inspected.discard(name)
            self.leaving.discard(name)
            self.context.names = replace(self.context.names, ended=_without(self.context.names.ended, name))

    def _answers_still(self, compiled: Compiled, name: str) -> bool:
        """Whether a feed that is not configured goes on answering with its last documents."""
        today = self.context.names.redirects.get(name)
        if today in compiled.definitions:
            return today is not None and self.context.store.fingerprint(today) is None
        ended = self.context.names.ended.get(name)
        return ended is not None and self.context.clock() < ended.until

    def _definition(self, compiled: Compiled, name: str) -> Definition | None:
        """What a feed is printed as; None for one that is not printed any more.

        One that has ended keeps its last documents, but for what was withdrawn or is held since.
        """
        known, ended = compiled.definitions.get(name), self.context.names.ended.get(name)
        if known is not None or ended is None:
            return known
        kept_back = compiled.config.rulings.held or self.context.store.withdrawn(name, ended.since, 1)
        return ended.definition if kept_back else None

    def _inspect(self, names: Iterable[str]) -> None:
        """Have the parts of archives printed anew whose documents are missing; once for each feed."""
        for name in names:
            parts = self.context.store.parts(name)
            lost = [one for one in parts if not self.exists(outputs.part_path(name, one.number))]
            if lost:
                self.context.store.reprint(lost)
            self.inspected.add(name)

    def _is_current(self, compiled: Compiled, name: str) -> bool:
        """Whether a feed was printed by this edition, and all its documents are there."""
        last = self.context.store.fingerprint(name)
        if last is None or not last[0].endswith(compiled.edition):
            return False
        paths = outputs.FRONT if name == FRONT else (*outputs.paths(name), *older_paths(name, last[0]))
        return all(map(self.exists, paths))

    def _publish_one(self, compiled: Compiled, stale: StaleFeed) -> Published:
        if stale.feed == FRONT:
            return self._publish_front(compiled, stale)
        definition = self._definition(compiled, stale.feed)
        if definition is None:
            self._leave(stale)
            return Published(stale.feed, ())
        archive = self.issuer.archive(compiled, definition)
        if self._is_unfinished(stale) and not archive.go_on():
            return self._print(stale.feed, archive.unprinted)
        issue = self.issuer.issue(archive, stale)
        published = self._print(stale.feed, archive.unprinted)  # what left the feed, before it is replaced
        if not published.failure:
            left_out = (*archive.left_out, *issue.left_out)
            published = self._write(stale.feed, issue.printed, left_out, published.written)
        self.unfinished.pop(stale.feed, None)
        if published.failure:
            return published
        if self.context.announcing is not None:
            self.context.announcing.feed(issue.feed, compiled.config)
        if archive.finished:
            self._remember(compiled, stale, issue)
        else:
            self.unfinished[stale.feed] = stale.revision
        return published

    def _leave(self, stale: StaleFeed) -> None:
        """Let a feed that is no longer configured stay as it was published, if it was."""
        if last := self.context.store.fingerprint(stale.feed):
            self.context.store.published(stale, *last, None)
        else:
            self.context.store.forget_feed(stale.feed)

    def _remember(self, compiled: Compiled, stale: StaleFeed, issue: Issue) -> None:
        """A feed and its archive show all there is: what it was published with is known from now on."""
        feed, pages = issue.feed, issue.pages
        leaves = selection.next_change(feed, self.context.clock())
        imprint = pagination.imprint(issue.content, pages.older, compiled.edition)
        self.context.store.published(stale, imprint, feed.updated, leaves)
        pages.remove_surplus()
        self.issuer.quarantine(compiled).readmit(feed.entries)

    def _publish_front(self, compiled: Compiled, stale: StaleFeed) -> Published:
        topics = [one for one in compiled.definitions.values() if one.kind == "topic"]
        now = self.context.clock()
        quarantine = self.issuer.quarantine(compiled)
        newest = (
            (one, self.context.store.entries(one.newest(FRONT_ENTRIES, now)))
            for one in topics[:FRONT_SECTIONS]
        )
        sections = [
            self.context.identified(one).feed(self.context.namespace, quarantine.without(entries))
            for one, entries in newest
        ]
        withdrawn = self.context.store.withdrawn("", _EVER, MOST_LISTED)
        known = {name: self.context.store.fingerprint(name) for name in compiled.definitions}
        updated = {name: last[1] for name, last in known.items() if last is not None}
        kept = self.issuer.renderer(compiled).kept
        printed = guarded(
            FRONT,
            lambda: outputs.examined(outputs.front(compiled.config, sections, updated, withdrawn, kept)),
        )
        published = self._write(FRONT, printed)
        if not published.failure:
            changes = [moment for section in sections if (moment := selection.next_change(section, now))]
            self.context.store.published(stale, compiled.edition, stale.since, min(changes, default=None))
        return published

    def _print(self, feed: str, documents: Callable[[], Iterable[Document]]) -> Published:
        """Write documents as they are printed; what fails there is about this feed alone."""
        try:
            return Published(feed, tuple(one.path for one in documents() if self._put(one)))
        except Exception as error:
            return Published(feed, (), failure=told(error))

    def _put(self, document: Document) -> bool:
        """Write a document; whatever way a secret came into it, it is refused here."""
        words = self.context.compiled.unpublishable
        if words and reveals(document.body.decode("utf-8", "replace"), words):
            raise AggregatorError(
                f"{document.path} was not written: it holds a password, a token or the address of a private "
                "feed; look for it in the titles and descriptions of the configuration"
            )
        return self.write(document)

    def _write(
        self,
        feed: str,
        printed: Printed,
        left_out: Sequence[Quarantined] = (),
        before: Sequence[str] = (),
    ) -> Published:
        """Replace the documents that changed: all of a feed's, or none if anything is wrong with any of them.

        `before` are the paths that were written already.
        """
        if printed.faults:
            event = Published(feed, (), failure=_against(feed, printed))
        else:
            event = self._print(feed, lambda: printed.documents)
        return replace(event, written=(*before, *event.written), quarantined=tuple(left_out))


def _without(ended: Mapping[str, Ended], name: str) -> dict[str, Ended]:
    return {other: one for other, one in ended.items() if other != name}


def _against(feed: str, printed: Printed) -> str:
    """Why none of a feed's documents was replaced."""
    fault = printed.faults[0]
    if fault.path == feed and not fault.entry:
        return fault.sentence
    causes = {one.entry for one in printed.faults} - {""}
    most = f"{len(causes)} of {printed.entries} entries, such as {fault.entry}: " if causes else ""
    return f"{fault.path} would be wrong: {most}{fault.sentence}"
