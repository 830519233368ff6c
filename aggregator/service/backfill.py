"""Gives topics that are new what history has for them, and takes that back where an edit is undone."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

from aggregator.adapters.item_workers import worked
from aggregator.errors import AggregatorError
from aggregator.model import Retagged, Stored
from aggregator.service.application import Application
from aggregator.service.settings import now
from aggregator.text.quantities import counted
from aggregator.topics import evidence, retagging
from aggregator.topics.tagging import Tagging

_log = logging.getLogger("aggregator")
_BREATH = 0.005  # seconds between two transactions, in which another process gets its turn to write
Batch = tuple[Retagged, ...]


async def fill_meanwhile(app: Application) -> None:
    """Do `fill` beside whatever else the program does."""
    try:
        changed = await fill(app)
        if changed:
            _log.info("%s of history came into new topics", counted(changed, "item"))
    except AggregatorError as error:
        _log.error("new topics are not filled from history yet: %s", error)


async def fill(app: Application) -> int:
    """Let topics that were never published have what history has for them; how many items changed.

    First the tags go that came in this way for an edit which was undone. Ended in the middle, it goes on
    there the next time.
    """
    pipeline, store = app.pipeline, app.store
    tagging, names = pipeline.context.compiled.tagging, pipeline.context.names
    topics, unheard_of = names.to_fill, names.to_fill == names.unheard_of
    await _retag(app, tagging, _undone(tagging), partial(retagging.take_back, tagging))
    if not topics:
        return 0
    changed = await _retag(
        app, tagging, _unfilled(tagging), partial(retagging.fill, tagging, topics, unheard_of)
    )
    if pipeline.context.compiled.tagging is tagging:  # else an edit came, and this is done anew by its rules
        await pipeline.context.in_thread(store.filled, topics)
    return changed


def _undone(tagging: Tagging) -> Callable[[str, str], bool]:
    return lambda source, rules: evidence.read(rules).leads_back(tagging.version(source))


def _unfilled(tagging: Tagging) -> Callable[[str, str], bool]:
    def lacks(source: str, rules: str) -> bool:
        known, version = evidence.read(rules), tagging.version(source)
        return not (known.is_current(version) or known.has_added(version))

    return lacks


async def _retag(
    app: Application,
    tagging: Tagging,
    which: Callable[[str, str], bool],
    work: Callable[[Sequence[Stored]], Batch],
) -> int:
    pipeline, store = app.pipeline, app.store
    numbers = await pipeline.context.in_thread(store.standing, which)
    changed = 0
    with closing(worked(app.settings.database, work, numbers)) as batches:
        while pipeline.context.compiled.tagging is tagging and (batch := await _next(batches)):
            await pipeline.context.in_thread(store.retag, batch, now())
            changed += sum(one.shown for one in batch)
            await asyncio.sleep(_BREATH)
    return changed


async def _next(batches: Iterator[Batch]) -> Batch:
    """The next batch, () at the end; a cancelled wait ends with it, for it can be closed only then."""
    coming = asyncio.ensure_future(asyncio.to_thread(next, batches, ()))
    try:
        return await asyncio.shield(coming)
    except asyncio.CancelledError:
        await asyncio.wait([coming])
        raise
