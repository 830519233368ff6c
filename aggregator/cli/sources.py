"""`aggregator sources`: how each fares, one in detail."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import click

from aggregator.adapters import log
from aggregator.cli import tables
from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.registry import Listed
from aggregator.model import PollLogLine
from aggregator.polling import STATES
from aggregator.service.settings import now
from aggregator.service.sources import Faring, source_log, sources_health
from aggregator.text.credentials import shown
from aggregator.text.quantities import counted, rate, span

_STYLES = {"gone": "red", "broken": "red", "silent": "yellow", "failing": "yellow", "moved": "yellow"}
_COLUMNS = (
    tables.Column("source"),
    tables.Column("title", least=12),
    tables.Column("state"),
    tables.Column("last good"),
    tables.Column("brings"),
    tables.Column("next poll"),
    tables.Column("remarks", least=24),
)
_POLL_COLUMNS = (
    tables.Column("asked"),
    tables.Column("outcome"),
    tables.Column("status", right=True),
    tables.Column("bytes", right=True),
    tables.Column("new", right=True),
    tables.Column("corrected", right=True),
    tables.Column("remarks", least=24),
)
_NEVER = datetime.max.replace(tzinfo=UTC)
_ORDERS: dict[str, Callable[[Faring], object]] = {
    "worst": lambda one: (STATES.index(one.health.state), one.source.id),
    "id": lambda one: one.source.id,
    "last": lambda one: _moment(one.memory.good if one.memory else None),
    "next": lambda one: _moment(one.memory.next_poll if one.memory else None),
    "rate": lambda one: -(one.health.per_day or 0.0),
}


class _Sources(click.Group):
    """A word that is no command is the id of a source."""

    def resolve_command(
        self, context: click.Context, words: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(context, words[0]) is None:
            return "ID", show, words
        return super().resolve_command(context, words)


@click.group(
    cls=_Sources,
    invoke_without_command=True,
    subcommand_metavar="[ID | COMMAND]",
    commands=[
        Listed("add", "aggregator.cli.source_lists:add", "Add a feed, or the one that a page names."),
        Listed("import", "aggregator.cli.source_lists:import_", "Add the feeds of an OPML file."),
        Listed("export", "aggregator.cli.source_lists:export", "All of them as OPML, for a feed reader."),
    ],
)
@click.option(
    "--sort", type=click.Choice(list(_ORDERS)), default="worst", show_default=True, help="What comes first."
)
@takes_global_options
def sources(given: Given, sort: str) -> None:
    """How every source fares, the worst first; or one source, by its id, with its last polls."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    found = sorted(sources_health(given.settings), key=_ORDERS[sort])  # type: ignore[arg-type]
    if given.as_json:
        given.say("", {"sources": [_facts(one) for one in found]})
        return
    moment = now()
    tables.show(_COLUMNS, [_record(one, moment) for one in found])
    click.echo(_summary(found))


@click.command()
@click.argument("id")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Polls shown.")
@takes_global_options
def show(given: Given, id: str, limit: int) -> None:
    """One source with its last polls."""
    one, polls = source_log(given.settings, id, limit)
    if given.as_json:
        given.say("", {**_facts(one), "polls": [_poll_facts(poll) for poll in polls]})
        return
    tables.show_one(_details(one))
    if polls:
        click.echo()
        tables.show(_POLL_COLUMNS, [_poll_record(poll) for poll in polls])


# ── for people ──────────────────────────────────────────────────────────────────────────────────


def _record(one: Faring, moment: datetime) -> tables.Record:
    memory, health = one.memory, one.health
    remarks = dict.fromkeys((*health.notes, memory.why if memory else "", *_pushed(one)))
    return (
        one.source.id,
        _title(one),
        tables.Cell(health.state, _STYLES.get(health.state, "")),
        _ago(memory.good, moment) if memory else "never",
        _rate(health.per_day),
        _ahead(memory.next_poll, moment) if memory else "now",
        log.here(" ".join(remarks)),
    )


def _title(one: Faring) -> str:
    return one.source.title or (one.memory.title if one.memory else "")


def _summary(found: Sequence[Faring]) -> str:
    states = [one.health.state for one in found]
    parts = [f"{states.count(state)} {state}" for state in STATES if state in states]
    return f"{counted(len(found), 'source')}{': ' if parts else ''}{', '.join(parts)}"


def _details(one: Faring) -> list[tuple[str, str]]:
    source, memory, health, moment = one.source, one.memory, one.health, now()
    lines = [("id", source.id), ("title", _title(one)), ("feed", shown(source.feed, source))]
    lines += [("page", shown(memory.page))] if memory else []
    lines += [("state", health.state), *(("remark", log.here(note)) for note in health.notes)]
    if memory is None:
        return lines
    ahead = _dated(memory.next_poll, _ahead(memory.next_poll, moment))
    return [
        *lines,
        ("last poll", _dated(memory.polled, _ago(memory.polled, moment))),
        ("last good", _dated(memory.good, _ago(memory.good, moment))),
        ("newest item", _dated(memory.newest, _ago(memory.newest, moment))),
        ("brings", _rate(health.per_day)),
        ("feed holds", counted(memory.window, "entry", "entries") if memory.window else ""),
        ("next poll", f"{ahead}. {log.here(memory.why)}"),
        ("push", log.here(" ".join(_pushed(one)))),
    ]


def _pushed(one: Faring) -> tuple[str, ...]:
    return (one.pushed.sentence,) if one.pushed is not None else ()


def _poll_record(poll: PollLogLine) -> tables.Record:
    numbers = (poll.size, poll.new, poll.corrected)
    remarks = " ".join(filter(None, (poll.failure, *poll.notes)))
    return (
        log.told(poll.at, seconds=True),
        poll.outcome,
        str(poll.status or ""),
        *(f"{number:,}" for number in numbers),
        log.here(remarks),
    )


def _rate(per_day: float | None) -> str:
    return rate(per_day) if per_day else ""


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{span(now - moment)} ago" if moment <= now else "in the future"


def _ahead(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else "now" if moment <= now else f"in {span(moment - now)}"


def _dated(moment: datetime | None, said: str) -> str:
    return f"{said} ({log.told(moment)})" if moment else said


def _moment(moment: datetime | None) -> datetime:
    return _NEVER if moment is None else moment


# ── for machines ────────────────────────────────────────────────────────────────────────────────


def _facts(one: Faring) -> dict[str, object]:
    source, memory, health = one.source, one.memory, one.health
    return {
        "id": source.id,
        "feed": shown(source.feed, source),
        "title": _title(one),
        "state": health.state,
        "notes": health.notes,
        "per_day": None if health.per_day is None else round(health.per_day, 3),
        "read_at": shown(memory.url if memory else source.feed, source),
        "moved_to": shown(memory.moved_to, source) if memory else "",
        "last_poll": memory.polled if memory else None,
        "last_good": memory.good if memory else None,
        "newest": memory.newest if memory else None,
        "failures": memory.failures if memory else 0,
        "failing_since": memory.failing if memory else None,
        "failure": memory.failure if memory else "",
        "gone": memory.gone if memory else False,
        "not_before": memory.not_before if memory else None,
        "next_poll": memory.next_poll if memory else None,
        "why": memory.why if memory else "",
        "push": _push_facts(one),
    }


def _push_facts(one: Faring) -> dict[str, object] | None:
    """Nothing of the callback and the secret, which are the hub's and ours alone."""
    if one.pushed is None:
        return None
    subscription = one.pushed.subscription
    return {
        "state": one.pushed.state,
        "hub": shown(subscription.hub, one.source),
        "topic": shown(subscription.topic, one.source),
        "until": subscription.until,
        "last_push": subscription.pushed,
        "last_hint": subscription.hinted,
        "trouble": subscription.trouble,
    }


def _poll_facts(poll: PollLogLine) -> dict[str, object]:
    return {
        "at": poll.at,
        "outcome": poll.outcome,
        "status": poll.status,
        "requests": poll.requests,
        "bytes": poll.size,
        "new": poll.new,
        "corrected": poll.corrected,
        "refused": poll.refused,
        "failure": poll.failure,
        "published": poll.published,
        "notes": poll.notes,
    }
