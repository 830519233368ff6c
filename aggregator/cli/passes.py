"""`aggregator poll` and `aggregator publish`: one pass, and what it did."""

import sys
from collections.abc import Iterable

import click

from aggregator.adapters.log import left_out, told, unpublished
from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.loop import run_to_its_end
from aggregator.errors import UsageError
from aggregator.model import Polled, Published
from aggregator.service.passes import PollReport, poll_once, publish_once
from aggregator.text.quantities import counted


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every source, due or not.")
@click.option("--force", is_flag=True, help="Even where a server asked to be left alone.")
@takes_global_options
def poll(given: Given, sources: tuple[str, ...], everything: bool, force: bool) -> None:
    """One pass over what is due, or the named sources, or all; publish; stop."""
    if sources and everything:
        raise UsageError("name sources or say --all, not both")
    report = run_to_its_end(
        poll_once(given.settings, sources, everything=everything, force=force, watching=given.progress)
    )
    _tell_unpublished(given, report.published)
    given.say(_said(report), _facts(report))
    if report.unpublished or (sources and (report.failed or report.unreached)):
        sys.exit(3)


def _tell_unpublished(given: Given, events: Iterable[Published]) -> None:
    events = tuple(events)
    for sentence in unpublished(events).values():
        given.warn(sentence)
    for entry in (one for event in events for one in event.quarantined):
        given.warn(left_out(entry))


def _said(report: PollReport) -> str:
    if not report.polled and not report.waiting and report.next_due is not None:
        moment = told(report.next_due, seconds=True)
        return f"nothing is due before {moment}; `aggregator poll --all` does not wait for that"
    change, failed = report.change(), len(report.failed)
    parts = [f"{change.new} new and {counted(change.corrected, 'corrected item')}"]
    parts += [f"{failed} failed"] if failed else []
    if report.unreached:
        parts.append(f"{len(report.unreached)} not reached, as no host was: check this machine's network")
    if report.waiting:
        forced = " (--force asks all the same)" if report.left_alone else ""
        parts.append(f"{len(report.waiting)} waiting as their servers ask{forced}")
    polled, written = counted(len(report.polled), "source"), counted(report.written(), "document")
    return f"polled {polled}: {', '.join(parts)}; {written} written"


def _facts(report: PollReport) -> dict[str, object]:
    change = report.change()
    return {
        "polled": [_source_facts(event) for event in report.polled],
        "waiting": report.waiting,
        "next_due": report.next_due,
        "new": change.new,
        "corrected": change.corrected,
        "written": [path for event in report.published for path in event.written],
        "unpublished": {event.feed: event.failure for event in report.unpublished},
        "quarantined": {one.entry: one.sentence for event in report.published for one in event.quarantined},
    }


def _source_facts(event: Polled) -> dict[str, object]:
    poll, change = event.poll, event.change
    return {
        "source": event.source.id,
        "outcome": poll.outcome,
        "status": poll.status,
        "new": change.new if change else 0,
        "corrected": change.corrected if change else 0,
        "failure": poll.failure.sentence if poll.failure else None,
        "notes": poll.notes,
        "next": poll.memory.next_poll,
    }


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every feed, also what seems up to date.")
@takes_global_options
def publish(given: Given, everything: bool) -> None:
    """Bring the published folder up to date with the store."""
    report = run_to_its_end(publish_once(given.settings, everything=everything, watching=given.progress))
    done = report.published
    written = [path for event in done for path in event.written]
    failures = {event.feed: event.failure for event in done if event.failure}
    _tell_unpublished(given, done)
    up_to_date = counted(len(done) - len(failures), "feed")
    without = f", without {counted(len(report.left_out), 'broken item')}" if report.left_out else ""
    given.say(
        f"published {up_to_date}: {counted(len(written), 'document')} written{without}",
        {
            "feeds": [event.feed for event in done],
            "written": written,
            "unpublished": failures,
            "quarantined": {one.entry: one.sentence for one in report.left_out},
        },
    )
    if failures:
        sys.exit(3)
