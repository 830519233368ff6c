"""Rules: every topic compiled into one, and the tagging of items by them."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

from aggregator.model import Item, Reason, Tag
from aggregator.rules.automaton import Automaton, is_mark, marked, needs
from aggregator.rules.earning import CompiledTopic, granted_reason, judge
from aggregator.rules.evaluation import Scene
from aggregator.rules.operators import Facts, marks
from aggregator.rules.tree import TEXT_FIELDS, fields
from aggregator.rules.view import View

Candidates = dict[int, set[int]]  # index of a topic → indices of its lines that may hold


class Rules:
    """All topics, ready to tag items. A pickled copy builds its automaton anew where it arrives."""

    def __init__(self, compiled: Sequence[CompiledTopic], version: str) -> None:
        """`compiled` stands in the order of evaluation; use compile_rules, which checks and orders."""
        self.version = version
        self.topics = tuple(compiled)
        self.index = {made.topic.id: number for number, made in enumerate(self.topics)}
        self.fields = {*TEXT_FIELDS, *_fields(self.topics)}
        self._automaton = Automaton(phrase for made in self.topics for phrase in made.phrases())
        self._needing: dict[str, list[tuple[int, int]]] = {}
        self._always: list[tuple[int, int]] = []
        for number, made in enumerate(self.topics):
            for position, line in enumerate(made.lines):
                keys = needs(line.query)
                if keys is None:
                    self._always.append((number, position))
                for key in keys or ():
                    self._needing.setdefault(key, []).append((number, position))
        self._asks_for_marks = any(map(is_mark, self._needing))
        self._leading = {
            made.topic.id
            for made in self.topics
            if made.topic.implies or marked(f"topic:{made.topic.id}") in self._needing
        }

    def __reduce__(self) -> tuple[object, ...]:
        return Rules, (self.topics, self.version)

    def tag(self, item: Item, given: Sequence[str] = ()) -> tuple[Tag, ...]:
        """The topics an item belongs to, and why, in the order of evaluation; its source gives it `given`."""
        return self.tag_scene(self.scene(item), given)

    def tag_scene(self, scene: Scene, given: Sequence[str] = ()) -> tuple[Tag, ...]:
        """The same for an item whose phrases are found already; its facts then know these tags."""
        item, held = scene.view.item, dict[str, Tag]()
        scene.facts = Facts(item, held.keys())
        because = f"given to every item of source {item.source}"
        granted = {self.index[id]: [granted_reason(because)] for id in given if id in self.index}
        candidates = self._candidates(scene, item)
        waiting = [*candidates, *granted]
        heapify(waiting)
        while waiting:
            number = heappop(waiting)
            lines, grants = candidates.pop(number, set()), granted.pop(number, [])
            tag = judge(self.topics[number], scene, lines, grants) if lines or grants else None
            if tag is not None:
                held[tag.topic] = tag
                if tag.topic in self._leading:
                    for later in self._consequences(tag.topic, candidates, granted):
                        heappush(waiting, later)
        return tuple(held.values())

    def scene(self, item: Item) -> Scene:
        """An item with every phrase of every topic found in it."""
        return self.found(View(item, self.fields))

    def found(self, view: View) -> Scene:
        """The same for an item whose texts are folded already."""
        return Scene(view, self._automaton.hits(view), Facts(view.item))

    def _candidates(self, scene: Scene, item: Item) -> Candidates:
        candidates: Candidates = {}
        carried = map(marked, marks(item)) if self._asks_for_marks else ()
        for key in (*scene.hits, *carried):
            for number, position in self._needing.get(key, ()):
                candidates.setdefault(number, set()).add(position)
        for number, position in self._always:
            candidates.setdefault(number, set()).add(position)
        return candidates

    def _consequences(
        self, topic: str, candidates: Candidates, granted: dict[int, list[Reason]]
    ) -> Iterator[int]:
        """Grants what a topic implies, makes candidates of lines that ask for it; yields their topics."""
        for implied in self.topics[self.index[topic]].topic.implies:
            granted.setdefault(self.index[implied], []).append(granted_reason(f"implied by topic {topic}"))
            yield self.index[implied]
        for number, position in self._needing.get(marked(f"topic:{topic}"), ()):
            candidates.setdefault(number, set()).add(position)
            yield number


def _fields(topics: Iterable[CompiledTopic]) -> set[str]:
    lines = (line for compiled in topics for line in (*compiled.lines, *compiled.only_if))
    return {field for line in lines for field in fields(line.query)}
