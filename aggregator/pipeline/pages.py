"""A feed's pages from the second on: those that changed are printed anew, the others stay as they are."""

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator import outputs
from aggregator.compiled import Compiled
from aggregator.feeds import pagination, selection
from aggregator.feeds.selection import Definition
from aggregator.model import Entry, Feed
from aggregator.model.seams import Exists, Remove
from aggregator.outputs import Printed, Renderer
from aggregator.pipeline.context import Context
from aggregator.pipeline.quarantine import Quarantine


@dataclass(frozen=True, slots=True)
class Pages:
    """How a feed is divided now, and what is known of its pages as they were last published."""

    context: Context
    remove: Remove
    exists: Exists
    compiled: Compiled
    definition: Definition
    newest: frozenset[str]  # the ids on the first page, but for what is pinned there
    older: tuple[pagination.Page, ...]
    published: tuple[str, ...]  # the version of each older page
    current: bool  # they were printed by this edition

    def first(self, feed: Feed, quarantine: Quarantine) -> tuple[Entry, ...]:
        """The entries of the first page: what is pinned, then the newest, if the feed had room or not."""
        shown = {entry.id: entry for entry in feed.entries if entry.pinned or entry.id in self.newest}
        if not self.newest <= shown.keys():
            newest = self.context.store.stretch(self.definition.name, 0, len(self.newest))
            shown = {entry.id: entry for entry in quarantine.without(newest)} | shown
        return selection.in_order(shown.values())

    def changed(self, renderer: Renderer, quarantine: Quarantine) -> Iterator[Printed]:
        """The older pages that show something else than before, or are missing."""
        for number, page in enumerate(self.older, 2):
            if not self._stands(number, page):
                entries = self.context.store.stretch(self.definition.name, page.start, page.end - page.start)
                feed = self.definition.feed(self.context.namespace, quarantine.without(entries))
                yield renderer.older_page(feed, number, last=page.last)

    def remove_surplus(self) -> None:
        """Take away the pages that the feed no longer fills."""
        for number in range(len(self.older) + 2, len(self.published) + 2):
            self.remove(outputs.older_path(self.definition.name, number))

    def _stands(self, number: int, page: pagination.Page) -> bool:
        same = self.current and self.published[number - 2 : number - 1] == (page.version,)
        return same and self.exists(outputs.older_path(self.definition.name, number))


def divided(
    context: Context, remove: Remove, exists: Exists, compiled: Compiled, definition: Definition
) -> Pages:
    """The pages of a feed by what the store holds."""
    outline = context.store.outline(definition.name, pagination.OUTLINE)
    first, *older = pagination.pages(outline)
    last = context.store.fingerprint(definition.name)
    return Pages(
        context,
        remove,
        exists,
        compiled,
        definition,
        newest=frozenset(line.id for line in outline[: first.end]),
        older=tuple(older),
        published=pagination.versions(last[0]) if last else (),
        current=last is not None and last[0].endswith(compiled.edition),
    )


def older_paths(name: str, imprint: str) -> list[str]:
    """Where the pages from the second on went when the feed of that name was last published."""
    return [outputs.older_path(name, number) for number in range(2, len(pagination.versions(imprint)) + 2)]
