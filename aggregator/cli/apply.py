"""`aggregator apply`: history retagged by the rules in force."""

import sys
from datetime import datetime

import click

from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.loop import run_to_its_end
from aggregator.cli.since_option import takes_since
from aggregator.service.retagging import ApplyReport, apply_to_history
from aggregator.text.quantities import counted


@click.command()
@takes_since
@takes_global_options
def apply(given: Given, since: datetime | None) -> None:
    """Give stored items the topics of today's rules, and publish; stopped and started again, it goes on."""
    report = run_to_its_end(apply_to_history(given.settings, since, given.counting, given.progress))
    failures = {event.feed: event.failure for event in report.published if event.failure}
    given.say(_applied(report), _apply_facts(report, failures))
    for feed, failure in failures.items():
        given.warn(f"{feed} was not published: {failure}")
    if failures:
        sys.exit(3)


def _applied(report: ApplyReport) -> str:
    if not report.items:
        return "nothing to apply: all stored items have the topics of today's rules"
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
