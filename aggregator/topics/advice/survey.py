"""A look over stored items, each once, for what is valid in the rules but does not work as meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import Item
from aggregator.topics.advice.findings import Finding, Seen
from aggregator.topics.advice.intake import Intake
from aggregator.topics.advice.reach import Reach
from aggregator.topics.advice.vocabulary import Vocabulary
from aggregator.topics.matcher import Rules


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey found, and how many items it looked at; without any it finds nothing."""

    items: int
    findings: tuple[Finding, ...]


def survey(
    rules: Rules,
    lists: Mapping[str, str],
    intake: Intake,
    items: Iterable[tuple[Item, Sequence[str]]],
) -> Surveyed:
    """Look at items, the newest first, each with the topics that its source gives; they are not kept."""
    watchers = Vocabulary(rules.topics, lists), Reach(rules.topics), intake
    count = 0
    for item, given in items:
        scene = rules.scene(item)
        seen = Seen(item, scene, rules.tag_scene(scene, given))
        count += 1
        for watcher in watchers:
            watcher.look(seen)
    return Surveyed(
        count, tuple(found for watcher in watchers for found in watcher.findings()) if count else ()
    )
