"""From a stale feed to its documents, every one of them examined before any is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from aggregator.compiled import Compiled
from aggregator.errors import AggregatorError
from aggregator.feeds import selection
from aggregator.feeds.selection import Definition
from aggregator.model import Fault, Feed, Quarantined, StaleFeed
from aggregator.model.seams import Exists, Remove
from aggregator.outputs import Cache, Printed, Renderer
from aggregator.pipeline.archives import Archive
from aggregator.pipeline.context import Context
from aggregator.pipeline.pages import Pages, divided
from aggregator.pipeline.quarantine import Quarantine


class InterruptedPrinting(BaseException):
    """An edit waits for the store."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A feed as it is to be published now, or what is wrong with it."""

    feed: Feed
    content: str  # a hash of what it says
    pages: Pages
    printed: Printed
    left_out: tuple[Quarantined, ...]  # entries that were found wrong on the way here


@dataclass
class Issuer:
    """Renders feeds from what the store holds, as far as the documents may be published."""

    context: Context
    remove: Remove
    exists: Exists
    kept: Cache = field(default_factory=Cache)  # entries as they were printed last
    under_way: int = 0  # edits that are being put in force

    def issue(self, archive: Archive, stale: StaleFeed) -> Issue:
        """Print a feed; entries that stand in the way are put into quarantine, and it is printed without."""
        compiled, definition = archive.compiled, archive.definition
        quarantine, renderer = archive.quarantine, self.renderer(compiled)
        pages = divided(self.context, self.remove, self.exists, compiled, definition)
        left_out: tuple[Quarantined, ...] = ()
        while True:
            feed, content = self._select(archive, stale)
            whole = replace(feed, parts=self.context.store.newest_part(feed.name))
            printed = guarded(feed.name, partial(_print, renderer, whole, pages, quarantine))
            found = quarantine.hold(printed)
            if not found:
                return Issue(feed, content, pages, printed, left_out)
            left_out += found

    def renderer(self, compiled: Compiled) -> Renderer:
        """What prints by this configuration; what another edition left is let go."""
        if self.kept.edition != compiled.edition:
            self.kept = Cache(compiled.edition, before_each=self.give_way)
        return Renderer(compiled.config, self.kept)

    @contextmanager
    def editing(self) -> Iterator[None]:
        """The time in which another configuration is put in force: what is being printed gives way to it."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    def give_way(self) -> None:
        """Leave off printing where an edit waits; what is not published yet stays stale."""
        if self.under_way:
            raise InterruptedPrinting

    def quarantine(self, compiled: Compiled) -> Quarantine:
        """The entries that this edition leaves out."""
        return Quarantine(self.context.store, self.context.clock, compiled.edition)

    def archive(self, compiled: Compiled, definition: Definition) -> Archive:
        """The feed's archive, with what was printed before."""
        definition = self.context.identified(definition)
        return Archive(
            self.context, compiled, definition, self.renderer(compiled).kept, self.quarantine(compiled)
        )

    def _select(self, archive: Archive, stale: StaleFeed) -> tuple[Feed, str]:
        """A feed and the hash of its content; `updated` moves with that alone, not with how it is printed."""
        entries = archive.live()
        withdrawn = self.context.store.withdrawn(
            stale.feed, self.context.clock() - selection.ANNOUNCED, selection.MOST
        )
        feed = replace(archive.definition.feed(self.context.namespace, entries), withdrawn=withdrawn)
        content = selection.fingerprint(feed)
        last = self.context.store.fingerprint(feed.name)
        same = last is not None and last[0].startswith(content)
        return replace(feed, updated=last[1] if same and last else _updated(feed, stale, last)), content


def guarded(feed: str, make: Callable[[], Printed]) -> Printed:
    """What is printed; what fails there, a fault of ours included, is about this feed alone."""
    try:
        return make()
    except Exception as error:
        return Printed((), (Fault(feed, told(error)),))


def told(error: Exception) -> str:
    """What went wrong, in a sentence for the operator."""
    if isinstance(error, AggregatorError):
        return str(error)
    return f"a fault of the program itself ({type(error).__name__}: {error}); please report it"


def _print(renderer: Renderer, feed: Feed, pages: Pages, quarantine: Quarantine) -> Printed:
    """The documents of a feed that may have changed."""
    printed = renderer.printed(feed, page=pages.first(feed, quarantine), older=bool(pages.older))
    if printed.faults:
        return printed
    documents = printed.documents
    for page in pages.changed(renderer, quarantine):
        if page.faults:
            return page
        documents += page.documents
    return replace(printed, documents=documents)


def _updated(feed: Feed, stale: StaleFeed, last: tuple[str, datetime] | None) -> datetime:
    newest = max((entry.updated for entry in feed.entries), default=stale.since)
    return max(newest, stale.since, last[1] if last else stale.since)
