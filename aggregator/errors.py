"""Errors that stop us. A source that fails is none but a value: `model.Failure`."""

from collections.abc import Sequence
from dataclasses import dataclass


class AggregatorError(Exception):
    """A sentence for the person at the terminal: what is wrong, where, and what to do."""

    exit_code = 3


class UsageError(AggregatorError):
    """The command was called with something it cannot take."""

    exit_code = 2


class InputError(AggregatorError):
    """What the operator wrote or named is wrong."""

    exit_code = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file that an operator edits; line and column count from 1."""

    file: str
    line: int
    column: int
    path: str
    message: str
    suggestion: str = ""
    source_line: str = ""

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}:{self.column}: {self.path}: {self.message}"
        hint = f" {self.suggestion}" if self.suggestion else ""
        if not self.source_line:
            return head + hint
        pointer = "".join("\t" if c == "\t" else " " for c in self.source_line[: self.column - 1])
        return f"{head}{hint}\n    {self.source_line}\n    {pointer}^"


class ConfigError(InputError):
    """Every problem of the configuration at once, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


_SHOWN = 60  # characters of a query on either side of a problem


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """One thing that is wrong in a query; line and column count from 1 within the text it was given in."""

    line: int
    column: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message} {self.suggestion}".rstrip()


def _pointed(problems: Sequence[QueryProblem], text: str) -> str:
    """Problems of a query with the line of `text` that each stands in and a pointer to its place."""
    lines = text.split("\n")
    return "\n".join(_with_line(problem, lines) for problem in problems)


def _with_line(problem: QueryProblem, lines: Sequence[str]) -> str:
    where = f"line {problem.line}, column {problem.column}" if len(lines) > 1 else f"column {problem.column}"
    line, at = lines[problem.line - 1], problem.column - 1
    start = max(0, at - _SHOWN)
    shown = line[start : at + _SHOWN]
    pointer = "".join("\t" if c == "\t" else " " for c in line[start:at])
    head = f"The query cannot be used, {where}: {problem.message} {problem.suggestion}".rstrip()
    return f"{head}\n    {shown}\n    {pointer}^"


class QueryError(InputError):
    """A query that cannot be read, or that can never do what it is for."""

    def __init__(self, problems: Sequence[QueryProblem], text: str = "") -> None:
        """`text` is the query, of which the lines in question are shown."""
        self.problems = tuple(problems)
        super().__init__(_pointed(problems, text) if text else "; ".join(map(str, problems)))
