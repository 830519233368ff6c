"""Rules: every topic compiled into one, and the tagging of items by them."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from aggregator.model import Item, Reason, Tag
from aggregator.query.automaton import Automaton, Keys, is_mark, marked, needs
from aggregator.query.evaluation import Scene
from aggregator.query.item_view import View
from aggregator.query.operators import marks
from aggregator.query.tree import TEXT_FIELDS, fields
from aggregator.text.folding import NONE_LEVELLED, Levelled
from aggregator.topics.points import CompiledTopic, Judgement, granted_reason, judge

NO_KEYS: Keys = frozenset()
Claim = tuple[int, int, Keys]  # a topic and its line, by index, and phrases of which it needs one besides
Candidates = defaultdict[int, set[int]]  # index of a topic → indices of its lines that may hold


class Rules:
    """All topics, ready to tag items. A pickled copy builds its automaton anew where it arrives."""

    def __init__(self, compiled: Sequence[CompiledTopic], version: str) -> None:
        """`compiled` stands in the order of evaluation; use compile_rules, which checks and orders."""
        self.version = version
        self.topics = tuple(compiled)
        self.index = {made.topic.id: number for number, made in enumerate(self.topics)}
        self.fields = {*TEXT_FIELDS, *_fields(self.topics)}
        self._automaton = Automaton(phrase for made in self.topics for phrase in made.phrases())
        self._needing: dict[str, list[Claim]] = {}
        self._always: list[tuple[int, int]] = []
        for number, made in enumerate(self.topics):
            for position, line in enumerate(made.lines):
                first, also = _rarest(needs(line.query))
                if not first:
                    self._always.append((number, position))
                for key in first:
                    self._needing.setdefault(key, []).append((number, position, also))
        self._asks_for_marks = any(map(is_mark, self._needing))
        self._leading = {
            made.topic.id
            for made in self.topics
            if made.topic.implies or marked(f"topic:{made.topic.id}") in self._needing
        }

    def __reduce__(self) -> tuple[object, ...]:
        return Rules, (self.topics, self.version)

    def tag(
        self, item: Item, given: Sequence[str] = (), levelled: Levelled = NONE_LEVELLED
    ) -> tuple[Tag, ...]:
        """The topics an item belongs to, and why, in the order of evaluation; its source gives it `given`."""
        return self.tag_scene(self.scene(item, levelled), given)

    def tag_scene(self, scene: Scene, given: Sequence[str] = ()) -> tuple[Tag, ...]:
        """The same for an item whose phrases are found already; its scene then knows these tags."""
        return tuple([judgement.tag() for judgement in self.judge(scene, given)])

    def judge(self, scene: Scene, given: Sequence[str] = ()) -> tuple[Judgement, ...]:
        """The same without tracing words to their place, which is more than half of the work."""
        held: dict[str, Judgement] = {}
        granted = self._given(scene.view.item, given) if given else {}
        candidates = self._candidates(scene)
        if not (candidates or granted):
            return ()
        scene.tags = held.keys()
        waiting = sorted({*candidates, *granted})
        for number in waiting:
            made = judge(self.topics[number], scene, candidates.pop(number, ()), granted.pop(number, ()))
            if made is not None:
                held[made.topic] = made
                if made.topic in self._leading:
                    for later in self._consequences(made.topic, scene, candidates, granted):
                        insort(waiting, later)
        return tuple(held.values())

    def scene(self, item: Item, levelled: Levelled = NONE_LEVELLED) -> Scene:
        """An item with every phrase of every topic found in it."""
        return self.found(View(item, self.fields, levelled))

    def found(self, view: View) -> Scene:
        """The same for an item whose texts are folded already."""
        return Scene(view, self._automaton.hits(view))

    def _given(self, item: Item, given: Iterable[str]) -> dict[int, list[Reason]]:
        because = f"given to every item of source {item.source}"
        return {self.index[id]: [granted_reason(because)] for id in given if id in self.index}

    def _candidates(self, scene: Scene) -> Candidates:
        candidates: Candidates = defaultdict(set)
        self._claim(scene.hits, scene, candidates)
        if self._asks_for_marks:
            self._claim(map(marked, marks(scene.view.item)), scene, candidates)
        for number, position in self._always:
            candidates[number].add(position)
        return candidates

    def _claim(self, keys: Iterable[str], scene: Scene, candidates: Candidates) -> list[int]:
        """Makes candidates of the lines that wait for keys and have what else they need; their topics."""
        claimed, found = [], scene.hits.keys()
        for key in keys:
            for number, position, also in self._needing.get(key, ()):
                if not also or not found.isdisjoint(also):
                    candidates[number].add(position)
                    claimed.append(number)
        return claimed

    def _consequences(
        self, topic: str, scene: Scene, candidates: Candidates, granted: dict[int, list[Reason]]
    ) -> Iterator[int]:
        """Grants what a topic implies, makes candidates of lines that ask for it; yields their topics."""
        for implied in self.topics[self.index[topic]].topic.implies:
            granted.setdefault(self.index[implied], []).append(granted_reason(f"implied by topic {topic}"))
            yield self.index[implied]
        yield from self._claim([marked(f"topic:{topic}")], scene, candidates)


def _rarest(needed: Sequence[Keys]) -> tuple[Keys, Keys]:
    """The keys that make a candidate of a line, and phrases of which it needs one besides; empty if none."""
    first, *rest = needed or (NO_KEYS,)
    return first, next((keys for keys in rest if not any(map(is_mark, keys))), NO_KEYS)


def _fields(topics: Iterable[CompiledTopic]) -> set[str]:
    lines = (line for compiled in topics for line in (*compiled.lines, *compiled.only_if))
    return {field for line in lines for field in fields(line.query)}
