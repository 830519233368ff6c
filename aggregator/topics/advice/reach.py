"""What topics reach: nothing, the same as others, or most of it by a single word."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from aggregator.model import Tag
from aggregator.query import RuleProblem
from aggregator.query.evaluation import Hits, Scene
from aggregator.query.tree import Phrase, Words, phrases, tests, walk
from aggregator.text.quantities import counted
from aggregator.topics.advice.findings import Finding, Seen
from aggregator.topics.points import CompiledTopic, judge

SHARE = 0.8  # more than this is too much
LEAST = 20  # items of a topic before one word's share says anything
LEAST_SHARED = 5  # items two topics share before their overlap says anything
MOST_TRIED = 100  # items of a topic that are tried without each of their words
MOST_TOPICS = 50  # of one item, whose pairs are counted


class Reach:
    """Counts each topic's items and those it shares, and which word alone brings them."""

    def __init__(self, topics: Iterable[CompiledTopic]) -> None:
        self._looked_at = 0
        self._topics = {made.topic.id: made for made in topics}
        self._related = _related(self._topics)
        self._items: Counter[str] = Counter()
        self._shared: Counter[tuple[str, str]] = Counter()
        self._terms = {id: _Terms(made) for id, made in self._topics.items()}

    def look(self, seen: Seen) -> None:
        """Take an item in."""
        self._looked_at += 1
        ids = sorted(tag.topic for tag in seen.tags)
        self._items.update(ids)
        self._shared.update(combinations(ids[:MOST_TOPICS], 2))
        for tag in seen.tags:
            if tag.points:
                self._terms[tag.topic].look(seen.scene, tag)

    def findings(self) -> Iterator[Finding]:
        """Empty topics, pairs that overlap, and words that are too broad."""
        for id in self._topics:
            if not self._items[id]:
                yield self._empty(id)
            yield from self._terms[id].findings()
        for (one, other), shared in sorted(self._shared.items()):
            either = self._items[one] + self._items[other] - shared
            if shared >= LEAST_SHARED and shared > SHARE * either and other not in self._related[one]:
                yield _overlap(one, other, shared, either)

    def _empty(self, id: str) -> Finding:
        message = f"None of the items looked at ({self._looked_at:,}) belongs to this topic."
        advised = f"`aggregator suggest {id}` proposes words that would find some."
        return Finding("empty", RuleProblem(f"topics.{id}", 1, 1, message, advised))


class _Terms:
    """Which words decide over a topic's items by themselves."""

    def __init__(self, made: CompiledTopic) -> None:
        self.made, self.tried = made, 0
        self._phrases = {one.key: one for line in made.lines for one in phrases(line.query)}
        self._place = {line.number: number for number, line in enumerate(self.made.lines)}
        self._decisive: Counter[str] = Counter()

    def look(self, scene: Scene, tag: Tag) -> None:
        """See which of an item's words the topic could not do without."""
        if self.tried == MOST_TRIED or len(self._phrases) == 1:
            return
        self.tried += 1
        lines = {self._place[reason.line] for reason in tag.reasons if reason.line}
        for key in self._phrases.keys() & scene.hits.keys():
            rest = Hits({other: spans for other, spans in scene.hits.items() if other != key})
            if judge(self.made, replace(scene, hits=rest), lines, ()) is None:
                self._decisive[key] += 1

    def findings(self) -> Iterator[Finding]:
        """The word that more than 80 % of the topic's items hang on, unless it is the topic's own name."""
        for key, decided in self._decisive.most_common(1):
            phrase = self._phrases[key]
            if self.tried >= LEAST and decided > SHARE * self.tried and not _is_name(phrase, self.made):
                tried = counted(self.tried, "item")
                message = f"{phrase} alone brings {decided:,} of the newest {tried} of this topic."
                advised = "Ask for a second word beside it if some do not belong."
                line, column = self._written(phrase)
                path = f"topics.{self.made.topic.id}.match"
                yield Finding("broad", RuleProblem(path, line, column, message, advised))

    def _written(self, phrase: Phrase) -> tuple[int, int]:
        for line in self.made.lines:
            for node in walk(line.query):
                if isinstance(node, Words) and phrase in node.phrases:
                    return line.number, node.at
        return 1, 1


def _is_name(phrase: Phrase, made: CompiledTopic) -> bool:
    """Whether a phrase of several words is what the topic is called: that is not broad but the subject."""
    return " " in phrase.text and phrase.text in (
        Phrase.of(made.topic.title).text,
        Phrase.of(made.topic.id).text,
    )


def _related(topics: Mapping[str, CompiledTopic]) -> dict[str, set[str]]:
    """The topics that follow from each other by `implies` or `topic:`, however many steps away."""
    near: dict[str, set[str]] = {id: set() for id in topics}
    for id, made in topics.items():
        referred = {
            str(one.value) for line in (*made.lines, *made.only_if) for one in tests(line.query, "topic")
        }
        for other in {*made.topic.implies, *referred}:
            near[id].add(other)
            near[other].add(id)
    return {id: _reached(id, near) for id in topics}


def _reached(start: str, near: Mapping[str, set[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for other in near[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def _overlap(one: str, other: str, shared: int, either: int) -> Finding:
    message = (
        f"This topic and {other} share {shared:,} of the {counted(either, 'item')} that either has "
        f"({shared / either:.0%})."
    )
    advised = "Make one of the two, or let one imply the other."
    return Finding("overlap", RuleProblem(f"topics.{one}", 1, 1, message, advised))
