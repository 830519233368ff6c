"""`aggregator plan`: what edited rules would change in history."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click
from rich.text import Text

from aggregator.adapters.log import told
from aggregator.adapters.progress import Screen
from aggregator.cli import titles
from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.since_option import takes_since
from aggregator.model import Config
from aggregator.service.plans import PlanReport, plan_history
from aggregator.text.quantities import counted
from aggregator.topics.retagging import Move, Moves

_FEW = 2  # sentences on what no longer holds, before they are cut short


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@takes_since
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

    FILE is another configuration to try out; the current one if left out. Nothing is changed.
    """
    report = plan_history(given.settings, file, since, limit, given.counting)
    if given.as_json:
        given.say("", _plan_facts(report))
        return
    console = Screen(highlight=False, soft_wrap=True)
    for line in _plan_lines(report, file):
        console.print(line)


def _in_order(report: PlanReport) -> Iterator[tuple[str, Moves]]:
    """The topics in which anything moves: those of the file in its order, then those it no longer has."""
    moves = report.plan.topics
    gone = sorted(moves.keys() - set(report.topics))
    yield from ((topic, moves[topic]) for topic in (*report.topics, *gone) if topic in moves)


def _plan_lines(report: PlanReport, file: Path | None) -> Iterator[Text]:
    plan = report.plan
    if not plan.items:
        yield Text("nothing would change: all stored items have the topics of these rules")
        return
    for topic, moves in _in_order(report):
        gone = "" if topic in report.topics else " (no such topic any more)"
        yield Text.assemble(
            (titles.topic(report.config, topic), "bold"), f"{gone}  +{moves.gained:,} −{moves.lost:,}"
        )
        yield from _moved(report.config, "+", "green", moves.gains)
        yield from _moved(report.config, "−", "red", moves.losses)
    advised = "for that, make it your configuration and run" if file else "for that, run"
    of = f"{plan.changed:,} of {counted(report.stored, 'stored item')} would change"
    yield Text(f"{of}{f'; {advised} `aggregator apply`' if plan.changed else ''}")


def _moved(config: Config, sign: str, style: str, moves: Iterable[Move]) -> Iterator[Text]:
    for move in moves:
        words = ", ".join(move.words)
        yield Text.assemble(
            (f"  {sign} ", style),
            " ".join(move.title.split()) or move.url or "Untitled",
            (f"  {told(move.published)}  {titles.outlet(config, move.source, move.outlet)}", "dim"),
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
