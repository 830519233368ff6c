"""Why an item has a topic, or what it lacks: sentences for the person who wrote the rules."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from aggregator.model import Item, Reason, Tag, Topic
from aggregator.query.evaluation import Scene
from aggregator.query.operators import PREFIXES
from aggregator.query.problems import RuleProblem, shown
from aggregator.query.tree import TEXT_FIELDS, And, Choice, Condition, Count, Line, Near, Node, Not, Or, Words
from aggregator.topics.matcher import Rules
from aggregator.topics.points import CompiledTopic, conditions_met, points, reasons, without

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one topic made of an item."""

    topic: str
    tagged: bool
    how: str  # "own points", "implied by topic x", "given to every item of source x"; "" if not tagged
    points: int
    needed: int
    reasons: tuple[Reason, ...]  # also of lines that earned points without reaching the topic
    missing: tuple[str, ...]  # what kept it from earning the topic, a sentence each


def explain(
    rules: Rules, item: Item, given: Sequence[str] = (), only: Collection[str] | None = None
) -> tuple[Verdict, ...]:
    """Every topic's verdict on an item, or those of `only`, in the order of evaluation.

    `given` are the topics that its source gives.
    """
    tags = {tag.topic: tag for tag in rules.tag(item, given)}
    scene = rules.scene(item)
    scene.tags = tags.keys()
    chosen = (made for made in rules.topics if only is None or made.topic.id in only)
    return tuple(_verdict(compiled, scene, tags.get(compiled.topic.id)) for compiled in chosen)


def failed_examples(rules: Rules, topics: Iterable[Topic]) -> tuple[RuleProblem, ...]:
    """The examples that do not do what they say, and why; each is read as the headline of an item."""
    return tuple(problem for topic in topics for problem in _failed(rules, topic))


def _failed(rules: Rules, topic: Topic) -> Iterator[RuleProblem]:
    for wanted, examples in ((True, topic.examples_match), (False, topic.examples_not)):
        path = f"topics.{topic.id}.examples.{'match' if wanted else 'not'}"
        for number, example in enumerate(examples, 1):
            verdict = next(
                verdict
                for verdict in explain(rules, Item("", "", title=example))
                if verdict.topic == topic.id
            )
            if verdict.tagged != wanted:
                yield RuleProblem(path, number, 1, *_failure(verdict, example))


def _failure(verdict: Verdict, example: str) -> tuple[str, str]:
    if verdict.tagged:
        words = _and_more(
            [f"“{reason.words}”" if reason.field else reason.words for reason in verdict.reasons]
        )
        return f"“{example}” gets the topic, by {words}.", "Exclude it with -word, only-if or strike-out."
    return f"“{example}” does not get the topic: {' '.join(verdict.missing)}", "Add what would match it."


def _verdict(compiled: CompiledTopic, scene: Scene, tag: Tag | None) -> Verdict:
    seen = without(compiled.struck, scene)
    worth = {line: points(line, seen) for line in compiled.lines}
    total, needed = sum(worth.values()), compiled.topic.points_needed
    own = tuple(reason for line, earned in worth.items() if earned for reason in reasons(line, earned, seen))
    granted = tuple(reason for reason in tag.reasons if not reason.line) if tag else ()
    by_points = total >= needed and conditions_met(compiled, seen)
    how = "own points" if by_points else granted[0].words if granted else ""
    missing = () if by_points else tuple(_missing(compiled, seen, worth))
    return Verdict(compiled.topic.id, tag is not None, how, total, needed, own + granted, missing)


def _missing(compiled: CompiledTopic, scene: Scene, worth: dict[Line, int]) -> Iterator[str]:
    total, needed = sum(worth.values()), compiled.topic.points_needed
    if not compiled.lines:
        yield "The topic has no query of its own."
    elif total < needed:
        if needed > 1:
            yield f"It has {total} of the {needed} points needed."
        for line in (line for line, earned in worth.items() if not earned):
            yield f"Line {line.number}: {'; '.join(_lacking(line.query, scene))}."
    if not conditions_met(compiled, scene):
        for line in compiled.only_if:
            yield f"only-if, line {line.number}: {'; '.join(_lacking(line.query, scene))}."
    for start, end in scene.struck:
        yield f"“{scene.view.place(start, end).words}” was struck out."


def _lacking(node: Node, scene: Scene) -> Iterator[str]:
    """Why a query does not hold."""
    match node:
        case And():
            for part in node.parts:
                if not scene.holds(part):
                    yield from _lacking(part, scene)
        case Or() | Choice():
            yield f"none of {_and_more([describe(part) for part in node.parts])}"
        case Not():
            places = [place for place in scene.evidence(node.part) if not isinstance(place, str)]
            found = f" (“{places[0].words}” in {places[0].field})" if places else ""
            yield f"it must not have {describe(node.part)}{found}"
        case Near():
            absent = [part for part in (node.left, node.right) if not scene.holds(part)]
            for part in absent:
                yield from _lacking(part, scene)
            if not absent:
                both = f"{describe(node.left)} and {describe(node.right)}"
                yield f"{both} are more than {node.distance} words apart"
        case Count():
            yield f"{describe(node.part)} occurs {len(scene.counted(node.part))} of {node.least} times"
        case Condition():
            yield f"it {PREFIXES[node.operator].lacking.format(node.written)}"
        case Words():
            yield f"no {describe(node)}"
        case _:
            assert_never(node)


def describe(node: Node) -> str:
    """A query in words."""
    match node:
        case Words():
            what = f"list {node.name}" if node.name else shown([str(phrase) for phrase in node.phrases])
            return what if node.fields == TEXT_FIELDS else f"{what} in {shown(node.fields)}"
        case And():
            return f"({', '.join(describe(part) for part in node.parts)})"
        case Or() | Choice():
            return f"({' or '.join(describe(part) for part in node.parts[:MOST_NAMED])})"
        case Not():
            return f"no {describe(node.part)}"
        case Near():
            return f"{describe(node.left)} within {node.distance} words of {describe(node.right)}"
        case Count():
            return f"{node.least} times {describe(node.part)}"
        case Condition():
            return f"what {PREFIXES[node.operator].sentence.format(node.written)}"
        case _:
            assert_never(node)


def _and_more(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
