"""Failures of commands: what is said, on which stream and in which form, and the exit code.

Exit codes: 1 the input is wrong, 2 wrong usage, 3 the work failed, 130 it was stopped.
"""

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from aggregator.errors import AggregatorError, ConfigError, Problem, QueryError, QueryProblem

_log = logging.getLogger("aggregator")
STOPPED = 130


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a command did not do its work."""

    sentence: str
    exit_code: int
    problems: tuple[Problem | QueryProblem, ...] = ()

    @property
    def facts(self) -> Mapping[str, object]:
        """The failure for `--json`: the place is that of the first problem, null where there is none."""
        problems = [described(one) for one in self.problems]
        first = problems[0] if problems else {}
        place = {name: first.get(name) for name in ("file", "line", "column")}
        return {"error": self.sentence, **place, "problems": problems}


def of(error: BaseException) -> Failed:
    """What an error means for the person who typed the command."""
    if isinstance(error, AggregatorError):
        return Failed(str(error), error.exit_code, _problems(error))
    if isinstance(error, click.ClickException):
        return Failed(error.format_message(), error.exit_code)
    if isinstance(error, OSError):
        where = error.filename or "the system"
        return Failed(f"{where}: {error.strerror or error}; nothing was lost, try again", 3)
    what = f"{type(error).__name__}: {error}"
    advice = "run it again with AGGREGATOR_TRACEBACK=1 and report what it says"
    return Failed(f"a fault of the program itself ({what}); {advice}", 3)


def tell(error: BaseException, arguments: Sequence[str]) -> int:
    """Say what went wrong in the form that the arguments ask for; the exit code to leave with.

    With `--json` it is one object on standard output, with `--log-json` one on standard error.
    """
    if isinstance(error, click.exceptions.Abort | KeyboardInterrupt):
        return STOPPED
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    unforeseen = not isinstance(error, AggregatorError | click.ClickException | OSError)
    if unforeseen and os.environ.get("AGGREGATOR_TRACEBACK"):
        raise error
    from aggregator.adapters import log  # what no command that succeeds needs to wait for

    failed = of(error)
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" in options:
        click.echo(json.dumps(log.cleaned(failed.facts, log.without_secrets), ensure_ascii=False))
    elif "--log-json" in options:
        log.configure(as_json=True)
        _log.error("%s", failed.sentence, extra={"facts": {"problems": failed.facts["problems"]}})
    elif isinstance(error, click.ClickException):
        error.show()
    else:
        click.echo(log.without_secrets(failed.sentence), err=True)
    return failed.exit_code


def described(problem: Problem | QueryProblem) -> dict[str, object]:
    """A problem for `--json`; a query that was typed stands in no file."""
    file, path = (problem.file, problem.path) if isinstance(problem, Problem) else (None, None)
    return {
        "file": file,
        "line": problem.line,
        "column": problem.column,
        "path": path,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }


def _problems(error: AggregatorError) -> tuple[Problem | QueryProblem, ...]:
    return error.problems if isinstance(error, ConfigError | QueryError) else ()
