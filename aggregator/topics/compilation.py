"""Topics and lists as configured → Rules, or everything that is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from aggregator import versions
from aggregator.errors import QueryProblem
from aggregator.model import Topic
from aggregator.query import blocks
from aggregator.query.checks import faults
from aggregator.query.grammar import Scope
from aggregator.query.problems import RuleProblem, RulesError
from aggregator.query.tree import Phrase, Words, tests, walk
from aggregator.text.digests import digest
from aggregator.text.nearest import did_you_mean
from aggregator.topics.matcher import Rules
from aggregator.topics.points import CompiledTopic


def compile_rules(topics: Sequence[Topic], lists: Mapping[str, str]) -> Rules:
    """The rules of some topics and the word lists they refer to; raises RulesError with every problem."""
    problems: list[RuleProblem] = []
    known: dict[str, tuple[Phrase, ...]] = {}
    for name, block in lists.items():
        known[name], wrong = blocks.words(block)
        if not known[name] and not wrong:
            wrong = (QueryProblem(1, 1, "This list is empty.", "Write a word or phrase a line."),)
        problems += _placed(f"lists.{name}", wrong)
    scope = Scope(known, tuple(topic.id for topic in topics), in_topic=True)
    compiled = []
    for topic in topics:
        made, wrong_here = _topic(topic, scope)
        compiled.append(made)
        problems += wrong_here
    ordered, circles = _ordered(compiled)
    problems += circles
    if problems:
        raise RulesError(problems)
    return Rules(ordered, _version(compiled, lists))


def _placed(path: str, problems: Iterable[QueryProblem]) -> Iterator[RuleProblem]:
    for problem in problems:
        yield RuleProblem(path, problem.line, problem.column, problem.message, problem.suggestion)


def _topic(topic: Topic, scope: Scope) -> tuple[CompiledTopic, list[RuleProblem]]:
    path = f"topics.{topic.id}"
    lines, in_match = blocks.queries(topic.match, scope, points=True)
    conditions, in_conditions = blocks.queries(topic.only_if, scope)
    struck, in_struck = blocks.words(topic.strike_out)
    problems = [
        *_placed(f"{path}.match", (*in_match, *(fault for line in lines for fault in faults(line)))),
        *_placed(
            f"{path}.only-if", (*in_conditions, *(fault for line in conditions for fault in faults(line)))
        ),
        *_placed(f"{path}.strike-out", in_struck),
        *_unknown_implied(topic, scope),
    ]
    if topic.match.strip() and not lines and not in_match:
        problems.append(
            RuleProblem(f"{path}.match", 1, 1, "There is no query here.", "Write a query a line.")
        )
    made = CompiledTopic(topic, lines, conditions, struck)
    if lines and not in_match:
        problems += _unreachable(made)
    return made, problems


def _unknown_implied(topic: Topic, scope: Scope) -> Iterator[RuleProblem]:
    for implied in topic.implies:
        if implied not in (scope.topics or ()):
            yield RuleProblem(
                f"topics.{topic.id}.implies",
                1,
                1,
                f"There is no topic “{implied}”.",
                did_you_mean(implied, scope.topics or (), "“{}”") or "Topics are written under “topics:”.",
            )


def _unreachable(compiled: CompiledTopic) -> Iterator[RuleProblem]:
    path, needed = f"topics.{compiled.topic.id}.points-needed", compiled.topic.points_needed
    if needed < 1:
        yield RuleProblem(path, 1, 1, f"{needed} points cannot be asked for.", "Write 1 or more.")
    most = sum(line.points for line in compiled.lines)
    if most < needed and not any(line.each for line in compiled.lines):
        yield RuleProblem(
            path,
            1,
            1,
            f"{needed} points are needed, and all lines together earn {most}.",
            "Lower it, or give the lines more points.",
        )


def _ordered(compiled: Sequence[CompiledTopic]) -> tuple[list[CompiledTopic], list[RuleProblem]]:
    """The topics, each after those it depends on, and the circles that stand in the way of that."""
    known = {made.topic.id: made for made in compiled}
    after: dict[str, set[str]] = {id: set() for id in known}
    for made in compiled:
        after[made.topic.id] |= set(_referred(made)) & known.keys()
        for implied in made.topic.implies:
            if implied in known:
                after[implied].add(made.topic.id)
    problems: list[RuleProblem] = []
    while True:
        try:
            return [known[id] for id in TopologicalSorter(after).static_order()], problems
        except CycleError as error:
            circle: list[str] = error.args[1]
            problems.append(_circle(circle, known))
            after[circle[1]].discard(circle[0])


def _referred(compiled: CompiledTopic) -> Iterator[str]:
    for line in (*compiled.lines, *compiled.only_if):
        yield from (str(test.value) for test in tests(line.query, "topic"))


def _circle(circle: Sequence[str], known: Mapping[str, CompiledTopic]) -> RuleProblem:
    """`circle` names topics, each of which must be decided before the one after it."""
    links = []
    for first, then in pairwise(circle):
        implied = then in known[first].topic.implies
        links.append(f"{first} implies {then}" if implied else f"{then} refers to topic:{first}")
    path, line, column = _link(known[circle[0]], known[circle[1]])
    return RuleProblem(
        path,
        line,
        column,
        f"These topics go round in a circle: {'; '.join(links)}.",
        "Remove one of these.",
    )


def _link(first: CompiledTopic, then: CompiledTopic) -> tuple[str, int, int]:
    """Where the one topic, which must be decided before the other, is tied to it."""
    if then.topic.id in first.topic.implies:
        return f"topics.{first.topic.id}.implies", 1, 1
    queries = ("match", then.lines), ("only-if", then.only_if)
    return next(
        (f"topics.{then.topic.id}.{key}", line.number, test.at)
        for key, lines in queries
        for line in lines
        for test in tests(line.query, "topic")
        if test.value == first.topic.id
    )


def _version(compiled: Sequence[CompiledTopic], lists: Mapping[str, str]) -> str:
    """Equal for rules that tag alike: a hash of what the topics say, the lists they use, and our code."""
    used = {
        node.name
        for made in compiled
        for line in (*made.lines, *made.only_if)
        for node in walk(line.query)
        if isinstance(node, Words) and node.name
    }
    said = [
        versions.tagging(),
        *(
            (
                made.topic.id,
                [*blocks.significant(made.topic.match)],
                [line for _, line in blocks.significant(made.topic.only_if)],
                [line for _, line in blocks.significant(made.topic.strike_out)],
                made.topic.points_needed,
                made.topic.implies,
            )
            for made in compiled
        ),
        *((name, [line for _, line in blocks.significant(lists[name])]) for name in sorted(used)),
    ]
    return digest(repr(said), 8)
