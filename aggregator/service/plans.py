"""What edited rules would change in history."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aggregator.adapters.item_workers import worked
from aggregator.model import Config
from aggregator.model.seams import Counting
from aggregator.service import configuration
from aggregator.service.inspection import opened_store, renamed_topics
from aggregator.service.settings import Settings
from aggregator.store import ItemStore
from aggregator.topics import retagging
from aggregator.topics.retagging import Plan
from aggregator.topics.tagging import Tagging, open_tagging


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What the rules of a file would change in history."""

    plan: Plan
    stored: int  # items in the store
    config: Config  # of the file
    renamed: dict[str, str]  # earlier ids → ids now

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics in the order of the file."""
        return tuple(topic.id for topic in self.config.topics)


def plan_history(
    settings: Settings, file: Path | None, since: datetime | None, most: int, counting: Counting
) -> PlanReport:
    """What the rules of a file, the configuration if None, would change in what other rules tagged.

    Of each topic the newest `most` items that gain and lose it are named. Changes nothing.
    """
    cfg = configuration.look(settings, file, examples=True)
    with opened_store(settings) as store:
        tagging = replace(open_tagging(cfg), renamed=renamed_topics(store, cfg))
        numbers = store.tagged_otherwise(tagging.version, since)
        plan = Plan()
        with counting(len(numbers), "comparing") as done:
            work = retagging.Comparison(tagging, most).plan
            with closing(worked(settings.database, work, numbers)) as parts:
                for part in parts:
                    plan.add(part, most)
                    done(part.items)
        retagging.explain_losses(plan, tagging, store.stored(retagging.lost_items(plan)))
        stored = store.counts()["items"]
    return PlanReport(plan, stored, cfg, dict(tagging.renamed))


def is_waiting(store: ItemStore, tagging: Tagging) -> bool:
    """Whether the tags of anything that is stored are not those that the rules give."""
    return not all(tagging.is_current(source, rules) for source, rules in store.rules_versions())
