"""Plan and apply: what the edited rules would change in history, and that change itself."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from aggregator import config, history
from aggregator.adapters.matching import worked
from aggregator.history import Plan
from aggregator.model import Published
from aggregator.ports import Store
from aggregator.service.house import Settings, now, open_house, read_config
from aggregator.service.inspecting import opened_store
from aggregator.tagging import Tagging, open_tagging

_BREATH = 0.005  # seconds between two transactions, in which another process gets its turn to write

Counted = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Given a number of items, what to call with how many more are done."""


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What the rules of a file would change in history."""

    plan: Plan
    stored: int  # items in the store
    topics: tuple[str, ...]  # in the order of the file
    renamed: dict[str, str]  # earlier ids → ids now


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What was changed in history."""

    items: int  # examined, and tagged by the rules of today since
    changed: int  # of them those whose tags look different to readers
    published: tuple[Published, ...]


def plan_history(
    settings: Settings, file: Path | None, since: datetime | None, most: int, counted: Counted
) -> PlanReport:
    """What the rules of a file, the configuration if None, would change in what other rules tagged.

    Of each topic the newest `most` items that gain and lose it are named. Changes nothing.
    """
    cfg = config.load(file or settings.config, os.environ, desk=settings.desk)
    tagging = open_tagging(cfg)
    with opened_store(settings) as store:
        numbers = store.tagged_otherwise(tagging.version, since)
        plan = Plan()
        with counted(len(numbers)) as done:
            work = history.Comparison(tagging, most).plan
            with closing(worked(settings.database, work, numbers)) as parts:
                for part in parts:
                    plan.add(part, most)
                    done(part.items)
        history.explain_losses(plan, tagging, store.stored(history.lost_items(plan)))
        stored = store.counts()["items"]
    return PlanReport(plan, stored, tuple(topic.id for topic in cfg.topics), dict(tagging.renamed))


async def apply_to_history(settings: Settings, since: datetime | None, counted: Counted) -> ApplyReport:
    """Retag what other rules tagged, batch by batch, and publish; killed, it goes on where it stopped."""
    cfg = read_config(settings)
    async with open_house(settings, cfg, lambda event: None) as house:
        await house.pipeline.catch_up()
        tagging = house.pipeline.newsroom.tagging
        numbers = house.store.tagged_otherwise(tagging.version, since)
        with counted(len(numbers)) as done:
            changed = await _retag(house.store, settings.database, tagging, numbers, done)
        published = await house.pipeline.publish()
    return ApplyReport(len(numbers), changed, published)


def is_waiting(store: Store, tagging: Tagging) -> bool:
    """Whether other rules tagged anything that is stored."""
    return any(rules != tagging.version(source) for source, rules in store.rules_versions())


async def _retag(
    store: Store, database: Path, tagging: Tagging, numbers: tuple[int, ...], done: Callable[[int], None]
) -> int:
    changed = 0
    with closing(worked(database, partial(history.retag, tagging), numbers)) as batches:
        for batch in batches:
            store.retag(batch, now())
            changed += sum(one.shown for one in batch)
            done(len(batch))
            await asyncio.sleep(_BREATH)
    return changed
