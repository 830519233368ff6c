"""Problems of rules: what is wrong, where, and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.errors import InputError, QueryProblem


@dataclass(frozen=True, slots=True, order=True)
class RuleProblem:
    """One thing that is wrong in topics or lists.

    `path` names the block, like `topics.north-korea.match`; line and column count from 1 within its text.
    """

    path: str
    line: int
    column: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        return (
            f"{self.path}, line {self.line}, column {self.column}: {self.message} {self.suggestion}".rstrip()
        )


class RulesError(InputError):
    """Every problem of the topics and lists at once."""

    def __init__(self, problems: Iterable[RuleProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SyntaxProblem(Exception):  # noqa: N818 - it never leaves this package
    """Stops the reading of one line; what is caught becomes a problem of its block."""

    def __init__(self, column: int, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.suggestion = column, message, suggestion

    def in_line(self, line: int) -> QueryProblem:
        """The problem with its place."""
        return QueryProblem(line, self.column, self.message, self.suggestion)


def shown(names: Sequence[str]) -> str:
    """Names for a sentence: a, b and c."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
