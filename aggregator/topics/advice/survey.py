"""A look over stored items, each once, for what is valid in the rules but does not work as meant."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model import Item
from aggregator.query import Query, RuleProblem
from aggregator.text.quantities import counted
from aggregator.topics.advice.findings import Finding, Seen
from aggregator.topics.advice.reach import Reach
from aggregator.topics.advice.vocabulary import Vocabulary
from aggregator.topics.matcher import Rules

LEAST = 20  # items before letting everything in says anything
LEAST_NOTHING = 5  # items before letting nothing in says anything


@dataclass(slots=True)
class Intake:
    """Asks `only` and `skip` about the items that their source brought; `refused` is what the log says."""

    only: Mapping[str, Query]
    skip: Mapping[str, Query]
    refused: Mapping[str, int]
    now: datetime  # from which `newer:` counts
    _items: Counter[str] = field(default_factory=Counter)
    _held: Counter[tuple[str, str]] = field(default_factory=Counter)

    def look(self, seen: Seen) -> None:
        """Take an item in."""
        source = seen.item.source
        self._items[source] += 1
        tags = {tag.topic for tag in seen.tags}
        for key, queries in (("only", self.only), ("skip", self.skip)):
            if source in queries and queries[source].holds(seen.item, self.now, tags):
                self._held[source, key] += 1

    def findings(self) -> Iterator[Finding]:
        """Filters that filter nothing or everything."""
        for key, queries in (("only", self.only), ("skip", self.skip)):
            for source in queries:
                message = self._nothing(source, key) or self._everything(source, key)
                if message:
                    yield Finding("intake", RuleProblem(f"sources.{source}.{key}", 1, 1, *message))

    def _nothing(self, source: str, key: str) -> tuple[str, str] | None:
        items, refused = self._items[source], self.refused.get(source, 0)
        let_in = self._held[source, key] if key == "only" else items - self._held[source, key]
        if not items and refused >= LEAST_NOTHING:
            said = f"Of {counted(refused, 'item')} that were read of this source, none was let in."
            return said, "Loosen it if that is not meant."
        if items >= LEAST_NOTHING and not let_in:
            said = f"None of the {counted(items, 'stored item')} of this source would be let in now."
            return said, "Loosen it if that is not meant."
        return None

    def _everything(self, source: str, key: str) -> tuple[str, str] | None:
        items, held = self._items[source], self._held[source, key]
        unfiltered = held == items if key == "only" else not held
        if items < LEAST or not unfiltered or self.refused.get(source):
            return None
        what = "It holds for every one" if key == "only" else "It holds for none"
        return (
            f"{what} of {counted(items, 'stored item')} of this source: it keeps nothing out.",
            "Check the spelling.",
        )


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
