"""Queries that can never do what they are for: contradictions, negations alone, and what matches everything.

A query is spread into its alternatives, each a set of things that must and must not be there.
"""

from collections.abc import Iterator
from itertools import product
from typing import assert_never

from aggregator.errors import QueryProblem
from aggregator.query.tree import And, Choice, Condition, Count, Line, Near, Node, Not, Or, Words

Alternative = tuple[frozenset[Node], frozenset[Node]]  # what must be there, what must not
MOST_ALTERNATIVES = 200  # beyond that a query is too wide to be a slip, and is not checked


class _TooWideError(Exception):
    pass


def faults(line: Line) -> Iterator[QueryProblem]:
    """What makes a query that reads well useless, with the reason."""
    column = 1
    try:
        possible = [found for found in _alternatives(line.query) if not contradicts(found)]
        if not possible:
            yield QueryProblem(
                line.number,
                column,
                "This query contradicts itself: nothing can ever match it.",
                "Remove one side.",
            )
        elif not any(not contradicts(found) for found in _alternatives(line.query, negated=True)):
            yield QueryProblem(
                line.number, column, "This query matches everything.", "Ask for something in it."
            )
        elif any(not wanted for wanted, _ in possible):
            yield QueryProblem(
                line.number,
                column,
                "This query only says what must not be there, and so matches nearly everything.",
                "Put before it what to look for.",
            )
    except _TooWideError:
        return


def _alternatives(node: Node, negated: bool = False) -> list[Alternative]:
    match node:
        case Not():
            return _alternatives(node.part, not negated)
        case And() if not negated:
            return _joined([_alternatives(part) for part in node.parts])
        case Or() if negated:
            return _joined([_alternatives(part, negated=True) for part in node.parts])
        case And() | Or():
            found = [alternative for part in node.parts for alternative in _alternatives(part, negated)]
            if len(found) > MOST_ALTERNATIVES:
                raise _TooWideError
            return found
        case Words() | Choice() | Condition() | Near() | Count():
            alone = frozenset([node])
            return [(frozenset(), alone) if negated else (alone, frozenset())]
        case _:
            assert_never(node)


def _joined(parts: list[list[Alternative]]) -> list[Alternative]:
    size = 1
    for part in parts:
        size *= len(part)
        if size > MOST_ALTERNATIVES:
            raise _TooWideError
    return [
        (frozenset().union(*(wanted for wanted, _ in chosen)), frozenset().union(*(bad for _, bad in chosen)))
        for chosen in product(*parts)
    ]


def contradicts(alternative: Alternative) -> bool:
    """Whether nothing can have all that must be there and nothing that must not."""
    wanted, unwanted = alternative
    if any(implies(have, bad) for have in wanted for bad in unwanted):
        return True
    conditions = [node for node in wanted if isinstance(node, Condition)]
    return any(_exclusive(one, other) for one in conditions for other in conditions)


def implies(have: Node, other: Node) -> bool:
    """Whether whatever has the one certainly has the other too."""
    match have, other:
        case Words(), Words():
            return set(have.fields) <= set(other.fields) and all(
                any(wide.covers(phrase) for wide in other.phrases) for phrase in have.phrases
            )
        case Choice(), _:
            return all(implies(part, other) for part in have.parts)
        case Count(), Count() if have.least >= other.least and have.part == other.part:
            return True
        case Count(), _ if implies(have.part, other):
            return True
        case Near(), Near() if have.distance <= other.distance:
            return {have.left, have.right} == {other.left, other.right}
        case Near(), Words():
            return implies(have.left, other) or implies(have.right, other)
        case Condition(), Condition() if have.operator == other.operator:
            return _narrower(have, other)
    return have == other


def _narrower(have: Condition, other: Condition) -> bool:
    match have.operator, have.value, other.value:
        case "language", str(narrow), str(wide):
            return f"{narrow}-".startswith(f"{wide}-")
        case ("after", *_):
            return bool(have.value >= other.value)  # type: ignore[operator]
        case ("before" | "newer", *_):
            return bool(have.value <= other.value)  # type: ignore[operator]
    return have.value == other.value


def _exclusive(one: Condition, other: Condition) -> bool:
    match one.operator, other.operator:
        case "source", "source":
            return one.value != other.value
        case "language", "language":
            return not (_narrower(one, other) or _narrower(other, one))
        case "after", "before":
            return bool(one.value >= other.value)  # type: ignore[operator]
    return False
