"""Retags history by the rules in force, and publishes it."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from aggregator.adapters.item_workers import worked
from aggregator.model import Published
from aggregator.model.seams import Counting, Watching
from aggregator.service import configuration
from aggregator.service.application import open_application
from aggregator.service.backfill import fill
from aggregator.service.settings import Settings, now
from aggregator.store import ItemStore
from aggregator.topics import retagging
from aggregator.topics.tagging import Tagging

_BREATH = 0.005  # seconds between two transactions, in which another process gets its turn to write


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What was changed in history."""

    items: int  # examined, and tagged by the rules of today since
    changed: int  # of them those whose tags look different to readers
    published: tuple[Published, ...]


async def apply_to_history(
    settings: Settings, since: datetime | None, counting: Counting, watching: Watching
) -> ApplyReport:
    """Retag what other rules tagged, batch by batch, and publish; killed, it goes on where it stopped."""
    cfg = configuration.valid(settings)
    async with open_application(settings, cfg, lambda event: None) as app:
        await app.pipeline.publisher.catch_up()
        tagging = app.pipeline.context.compiled.tagging
        numbers = app.store.tagged_otherwise(tagging.version, since)
        with counting(len(numbers), "retagging") as done:
            changed = await _retag(app.store, settings.database, tagging, numbers, done)
        await fill(app)  # what `since` left out
        with watching(len(app.store.stale(now())), "publishing") as app.pipeline.context.observe:
            published = await app.pipeline.publisher.publish()
    return ApplyReport(len(numbers), changed, published)


async def _retag(
    store: ItemStore, database: Path, tagging: Tagging, numbers: tuple[int, ...], done: Callable[[int], None]
) -> int:
    changed = 0
    with closing(worked(database, partial(retagging.retag, tagging), numbers)) as batches:
        for batch in batches:
            store.retag(batch, now())
            changed += sum(one.shown for one in batch)
            done(len(batch))
            await asyncio.sleep(_BREATH)
    return changed
