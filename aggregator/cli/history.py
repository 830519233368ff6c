"""`aggregator plan` and `aggregator apply`: what edited rules would change in history, and doing it."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.text import Text

from aggregator.adapters.log import counted
from aggregator.adapters.progress import Done, Screen, counting
from aggregator.cli.commands import run_to_its_end
from aggregator.cli.options import Given, takes_global_options
from aggregator.history import Move, Moves
from aggregator.service import ApplyReport, PlanReport, apply_to_history, now, plan_history

_AGO = re.compile(r"(\d{1,5})\s*(h|d|w)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_FEW = 2  # sentences on what no longer holds, before they are cut short


class Since(click.ParamType[datetime]):
    """A day (UTC), or a time back from now such as 7d, 12h or 4w."""

    name = "DATE|7d"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        """The moment that is meant."""
        text = str(value).strip().lower()
        try:
            if ago := _AGO.fullmatch(text):
                return now() - int(ago[1]) * _UNITS[ago[2]]
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is neither a day like 2026-03-01 nor a time like 7d.", param, context)


_SINCE = click.option("--since", type=Since(), help="Only what was published since: 2026-03-01, or 7d.")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_SINCE
@click.option(
    "--limit",
    default=5,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="Items named of each topic.",
)
@takes_global_options
def plan(given: Given, file: Path | None, since: datetime | None, limit: int) -> None:
    """What the edited rules would change in history: per topic the items that gain and lose it.

    FILE is another configuration to try out; the one in force if left out. Nothing is changed.
    """
    report = plan_history(given.settings, file, since, limit, _counted("comparing"))
    if given.as_json:
        given.say("", _plan_facts(report))
        return
    console = Screen(highlight=False, soft_wrap=True)
    for line in _plan_lines(report, file):
        console.print(line)


@click.command()
@_SINCE
@takes_global_options
def apply(given: Given, since: datetime | None) -> None:
    """Retag history by the rules in force, and publish; started again after an end, it goes on there."""
    report = run_to_its_end(apply_to_history(given.settings, since, _counted("retagging")))
    failures = {event.feed: event.failure for event in report.published if event.failure}
    given.say(_applied(report), _apply_facts(report, failures))
    for feed, failure in failures.items():
        click.echo(f"{feed} was not published: {failure}", err=True)
    if failures:
        sys.exit(3)


def _counted(what: str) -> Callable[[int], AbstractContextManager[Done]]:
    return lambda total: counting(total, what, sys.stderr)


# ── plan ────────────────────────────────────────────────────────────────────────────────────────


def _in_order(report: PlanReport) -> Iterator[tuple[str, Moves]]:
    """The topics in which anything moves: those of the file in its order, then those it no longer has."""
    moves = report.plan.topics
    gone = sorted(moves.keys() - set(report.topics))
    yield from ((topic, moves[topic]) for topic in (*report.topics, *gone) if topic in moves)


def _plan_lines(report: PlanReport, file: Path | None) -> Iterator[Text]:
    plan = report.plan
    if not plan.items:
        yield Text("nothing to change: no item was tagged by other rules")
        return
    for topic, moves in _in_order(report):
        gone = "" if topic in report.topics else " (no such topic any more)"
        yield Text.assemble((topic, "bold"), f"{gone}  +{moves.gained:,} −{moves.lost:,}")
        yield from _moved("+", "green", moves.gains)
        yield from _moved("−", "red", moves.losses)
    others = f"{counted(plan.items, 'item')} of {report.stored:,} that other rules tagged"
    advice = (
        "; put the file in force, then `aggregator apply` does it" if file else "; `aggregator apply` does it"
    )
    changed = counted(plan.changed, "item")
    yield Text(f"{changed} would change, of {others}{advice if plan.changed else ''}")


def _moved(sign: str, style: str, moves: Iterable[Move]) -> Iterator[Text]:
    for move in moves:
        words = ", ".join(move.words)
        yield Text.assemble(
            (f"  {sign} ", style),
            " ".join(move.title.split()) or move.url or "Untitled",
            (f"  {move.published:%Y-%m-%d} {move.source}", "dim"),
        )
        missing = " ".join(move.missing[:_FEW]) + (" …" if len(move.missing) > _FEW else "")
        why = f"by {words}" if sign == "+" else f"was by {words}. {missing}" if words else missing
        yield Text(f"      {' '.join(why.split())}", "dim")


def _plan_facts(report: PlanReport) -> dict[str, object]:
    return {
        "stored": report.stored,
        "compared": report.plan.items,
        "changed": report.plan.changed,
        "renamed": report.renamed,
        "topics": {topic: _moves_facts(topic in report.topics, moves) for topic, moves in _in_order(report)},
    }


def _moves_facts(configured: bool, moves: Moves) -> dict[str, object]:
    return {
        "configured": configured,
        "gained": moves.gained,
        "lost": moves.lost,
        "gains": [_move_facts(move) for move in moves.gains],
        "losses": [_move_facts(move) for move in moves.losses],
    }


def _move_facts(move: Move) -> dict[str, object]:
    return {
        "title": move.title,
        "url": move.url,
        "source": move.source,
        "published": move.published,
        "words": move.words,
        "missing": move.missing,
    }


# ── apply ───────────────────────────────────────────────────────────────────────────────────────


def _applied(report: ApplyReport) -> str:
    if not report.items:
        return "nothing to apply: no item was tagged by other rules"
    written = counted(_written(report), "document")
    return f"retagged {counted(report.items, 'item')}, {report.changed:,} of them changed; {written} written"


def _written(report: ApplyReport) -> int:
    return sum(len(event.written) for event in report.published)


def _apply_facts(report: ApplyReport, failures: dict[str, str]) -> dict[str, object]:
    return {
        "items": report.items,
        "changed": report.changed,
        "written": [path for event in report.published for path in event.written],
        "unpublished": failures,
    }
