"""A query by itself: what sources take in or skip, and what is searched for."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from aggregator.errors import QueryError, QueryProblem
from aggregator.model import Item
from aggregator.query import blocks
from aggregator.query.automaton import Automaton
from aggregator.query.checks import faults
from aggregator.query.evaluation import Scene, Sought
from aggregator.query.grammar import Scope
from aggregator.query.item_view import View
from aggregator.query.operators import PREFIXES
from aggregator.query.tree import (
    And,
    Choice,
    Condition,
    Count,
    Line,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Words,
    fields,
    phrases,
    tests,
    walk,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A folded phrase that must occur in one of the fields; `open_end` where its last word may go on."""

    text: str
    open_end: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carries:
    """What an item must carry besides its text: one of `operators.marks`, or `topic:` and one of its tags."""

    mark: str


@dataclass(frozen=True, slots=True)
class Dated:
    """When an item must have been published, by its outlet's word: from `since` on, until `until`."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these."""

    parts: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these; never empty."""

    parts: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Nothing an index could look up."""


_FEW_PHRASES = 16  # that many are looked for one by one
Need = Literal | Carries | Dated | AllOf | AnyOf | Anything


class Query:
    """A query ready to be asked about items; of several lines any may hold."""

    def __init__(self, text: str, lines: tuple[Line, ...]) -> None:
        """Use compile_query, which reads and checks."""
        self.text = text
        self.tree: Node = lines[0].query if len(lines) == 1 else Or(tuple(line.query for line in lines))
        self.lists = {node.name for node in walk(self.tree) if isinstance(node, Words) and node.name}
        self.asks_for_topics = any(tests(self.tree, "topic"))
        self._fields = set(fields(self.tree))
        self._phrases: Mapping[str, Phrase] = {phrase.key: phrase for phrase in phrases(self.tree)}
        self._automaton = Automaton(self._phrases.values()) if len(self._phrases) > _FEW_PHRASES else None

    def holds(self, item: Item, now: datetime | None = None, tags: Collection[str] = ()) -> bool:
        """Whether the query holds for an item; `newer:` needs `now`, `topic:` looks into `tags`.

        Raises ValueError where a query with `newer:` is given no time.
        """
        view = View(item, self._fields)
        hits = self._automaton.hits(view) if self._automaton else Sought(self._phrases, view)
        return Scene(view, hits, tags, now).holds(self.tree)


def compile_query(
    text: str, lists: Mapping[str, str] | None = None, topics: Iterable[str] | None = None
) -> Query:
    """A query with the word lists and topic ids it may refer to; any topic where `topics` is None.

    Raises QueryError with everything that is wrong in it. Faults in `lists` are not told here but where the
    lists are compiled (compile_rules); of a list with faults the lines that can be read count.
    """
    known = {name: blocks.words(block)[0] for name, block in (lists or {}).items()}
    scope = Scope(known, None if topics is None else tuple(topics))
    lines, problems = blocks.queries(text, scope)
    problems += tuple(problem for line in lines for problem in faults(line))
    if not lines and not problems:
        remark = re.match(r"\s*(#\w{1,40})", text)
        hint = "Write a word or phrase to look for."
        if remark:
            hint = f'A line that begins with # is a remark. Quote "{remark[1]}" to look for it.'
        problems = (QueryProblem(1, 1, "The query is empty.", hint),)
    if problems:
        raise QueryError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return Query(text, lines)


def literals(query: Query, now: datetime | None = None) -> Need:
    """What an index must find for the query to hold, so that what it selects is a superset of what holds."""
    return _need(query.tree, now)


def _need(node: Node, now: datetime | None) -> Need:
    match node:
        case Words():
            return _any_of([Literal(phrase.text, phrase.open_end, node.fields) for phrase in node.phrases])
        case Condition():
            return _condition(node, now)
        case And():
            return _all_of([_need(part, now) for part in node.parts])
        case Near():
            return _all_of([_need(node.left, now), _need(node.right, now)])
        case Or() | Choice():
            return _any_of([_need(part, now) for part in node.parts])
        case Count():
            return _need(node.part, now)
        case Not():
            return Anything()
        case _:
            assert_never(node)


def _condition(node: Condition, now: datetime | None) -> Need:
    operator = PREFIXES[node.operator]
    if mark := operator.mark(node.value):
        return Carries(mark)
    since, until = operator.since(node.value, now), operator.until(node.value, now)
    return Dated(since, until) if since or until else Anything()


def _any_of(needs: list[Need]) -> Need:
    if any(isinstance(need, Anything) for need in needs):
        return Anything()
    return needs[0] if len(needs) == 1 else AnyOf(tuple(needs))


def _all_of(needs: list[Need]) -> Need:
    known = [need for need in needs if not isinstance(need, Anything)]
    if not known:
        return Anything()
    return known[0] if len(known) == 1 else AllOf(tuple(known))
