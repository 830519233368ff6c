"""What one topic makes of one item: its lines' points, its conditions, and the words that earned them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from aggregator.model import Reason, Tag, Topic
from aggregator.query.evaluation import Occurrence, Scene
from aggregator.query.item_view import merged
from aggregator.query.tree import Choice, Line, Phrase, Words, phrases

MOST_REASONS = 10  # a line


@dataclass(frozen=True, slots=True)
class CompiledTopic:
    """A topic with its blocks read."""

    topic: Topic
    lines: tuple[Line, ...]
    only_if: tuple[Line, ...] = ()
    strike_out: tuple[Phrase, ...] = ()
    struck: Words = field(init=False, repr=False, compare=False)
    """What is struck out, to be looked for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "struck", Words(self.strike_out))

    def phrases(self) -> Iterator[Phrase]:
        """Every phrase the topic looks for."""
        for line in (*self.lines, *self.only_if):
            yield from phrases(line.query)
        yield from self.strike_out


class Judgement(NamedTuple):
    """An item belongs to a topic: by what its lines earned, by `grants` (its source's, implied), or both."""

    topic: str
    points: int
    earned: Sequence[tuple[Line, int]]
    grants: Sequence[Reason]
    scene: Scene  # the item as the topic sees it

    def tag(self) -> Tag:
        """The topic's tag, with the words that earned it traced to their place."""
        own = [reason for line, earned in self.earned for reason in reasons(line, earned, self.scene)]
        return Tag(self.topic, self.points, (*own, *self.grants))


def judge(
    compiled: CompiledTopic, scene: Scene, lines: Iterable[int], grants: Sequence[Reason]
) -> Judgement | None:
    """Whether an item belongs to a topic; `lines` are the indices of those that may hold."""
    topic, seen = compiled.topic, without(compiled.struck, scene) if compiled.strike_out else scene
    total, earned = 0, []
    for number in sorted(lines):
        line = compiled.lines[number]
        if worth := points(line, seen):
            total += worth
            earned.append((line, worth))
    if total >= topic.points_needed and conditions_met(compiled, seen):
        return Judgement(topic.id, total, earned, grants, seen)
    return Judgement(topic.id, 0, (), grants, seen) if grants else None


def granted_reason(sentence: str) -> Reason:
    """The reason of a tag that no line earned."""
    return Reason(0, 0, "", 0, 0, sentence)


def without(strike_out: Words, scene: Scene) -> Scene:
    """The item as a topic sees it that strikes phrases out of its text."""
    struck = merged(
        (start, scene.view.word_end(end) if phrase.open_end else end)
        for phrase, spans in scene.hits.of(strike_out)
        for start, end in spans
    )
    return replace(scene, struck=struck) if struck else scene


def conditions_met(compiled: CompiledTopic, scene: Scene) -> bool:
    """Whether one of the lines of `only-if` holds, or there is none."""
    return not compiled.only_if or any(scene.holds(line.query) for line in compiled.only_if)


def points(line: Line, scene: Scene) -> int:
    """What a line earns."""
    if line.each and isinstance(line.query, Words | Choice):
        return line.points * len(scene.counted(line.query))
    return line.points if scene.holds(line.query) else 0


def reasons(line: Line, earned: int, scene: Scene) -> Iterator[Reason]:
    """The words that earned a line its points: with `each` every place bears its own, else the first all.

    A long row of places is cut, and the last one shown bears what is left.
    """
    shown = _witnesses(line, scene)[:MOST_REASONS]
    left = earned
    for number, found in enumerate(shown, 1):
        share = line.points if line.each and number < len(shown) else left
        left -= share
        place = ("", 0, 0, found) if isinstance(found, str) else scene.place(found)
        yield Reason(line.number, share, *place)


def _witnesses(line: Line, scene: Scene) -> Sequence[Occurrence | str]:
    if line.each and isinstance(line.query, Words | Choice):
        return scene.counted(line.query)
    return scene.witnesses(line.query)
