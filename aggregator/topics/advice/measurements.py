"""Which stored items have which terms, found as rules find them; of the items themselves only titles stay."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from aggregator.model import Item
from aggregator.query.automaton import Automaton
from aggregator.query.evaluation import Scene
from aggregator.query.tree import TEXT_FIELDS, Phrase, Words
from aggregator.topics.matcher import Rules
from aggregator.topics.points import CompiledTopic, conditions_met, without

Sampled = tuple[Item, Sequence[str], bool]
"""A stored item, the topics that its source gives it, and whether the store has it in the topic."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A stored item as far as it is shown."""

    title: str
    source: str


@dataclass(slots=True)
class Measured:
    """Items by number, the newest first, and which terms each has."""

    shown: list[Headline] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)  # characters of text
    members: set[int] = field(default_factory=set)  # of the topic, by the rules or in the store
    closed: set[int] = field(default_factory=set)  # that `only-if` keeps out whatever a line finds
    having: dict[str, "array[int]"] = field(default_factory=dict)


class Probe:
    """Finds terms in items as lines of a topic would, past what it strikes out."""

    def __init__(self, rules: Rules, made: CompiledTopic, terms: Iterable[str]) -> None:
        self.rules, self.made = rules, made
        self.phrases = {phrase.key: phrase for phrase in map(Phrase.of, terms)}
        self._automaton = Automaton(self.phrases.values())

    def terms(self, item: Item) -> tuple[set[str], int]:
        """The terms that an item has in its title, summary or text, and the length of these."""
        scene = self.rules.scene(item)
        return self._terms(without(self.made.struck, scene)), _length(scene)

    def _terms(self, seen: Scene) -> set[str]:
        sought = replace(seen, hits=self._automaton.hits(seen.view))
        words = {key: Words((self.phrases[key],), TEXT_FIELDS) for key in sought.hits}
        return {self.phrases[key].text for key, one in words.items() if sought.holds(one)}

    def measure(self, items: Iterable[Sampled]) -> Measured:
        """What is to be known of the items of a sample."""
        measured = Measured()
        for number, (item, given, stored) in enumerate(items):
            scene = self.rules.scene(item)
            tags = self.rules.tag_scene(scene, given)
            seen = without(self.made.struck, scene)
            measured.shown.append(Headline(item.title, item.source))
            measured.lengths.append(_length(scene))
            if stored or any(tag.topic == self.made.topic.id for tag in tags):
                measured.members.add(number)
            elif not conditions_met(self.made, seen):
                measured.closed.add(number)
            for term in self._terms(seen):
                measured.having.setdefault(term, array("I")).append(number)
        return measured


def _length(scene: Scene) -> int:
    return sum(end - start for start, end in map(scene.view.ranges.__getitem__, TEXT_FIELDS))
