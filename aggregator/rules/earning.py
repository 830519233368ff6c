"""What one topic makes of one item: its lines' points, its conditions, and the words that earned them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from aggregator.model import Reason, Tag, Topic
from aggregator.rules.evaluation import Found, Scene
from aggregator.rules.tree import Choice, Line, Phrase, Words, phrases
from aggregator.rules.view import merged

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


def judge(
    compiled: CompiledTopic, scene: Scene, lines: Iterable[int], grants: Sequence[Reason]
) -> Tag | None:
    """The topic's tag for an item, by points or by `grants` (its source's or implied); None if it has none.

    `lines` are the indices of those that may hold.
    """
    seen = without(compiled.struck, scene) if compiled.strike_out else scene
    earning = [(line, points(line, seen)) for line in (compiled.lines[number] for number in sorted(lines))]
    total = sum([earned for _, earned in earning])
    if total < compiled.topic.points_needed or not conditions_met(compiled, seen):
        return Tag(compiled.topic.id, 0, tuple(grants)) if grants else None
    own = [reason for line, earned in earning if earned for reason in reasons(line, earned, seen)]
    return Tag(compiled.topic.id, total, (*own, *grants))


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
        if isinstance(found, str):
            yield Reason(line.number, share, "", 0, 0, found)
        else:
            place = scene.place(found)
            yield Reason(line.number, share, place.field, place.start, place.end, place.words)


def _witnesses(line: Line, scene: Scene) -> Sequence[Found | str]:
    if line.each and isinstance(line.query, Words | Choice):
        return scene.counted(line.query)
    return scene.witnesses(line.query)
