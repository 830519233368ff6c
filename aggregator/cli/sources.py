"""`aggregator sources`: how each fares, one in detail."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import click
from rich.table import Table
from rich.text import Text

from aggregator.adapters.progress import Screen
from aggregator.cli.given import Given, takes_global_options
from aggregator.cli.listed import Listed
from aggregator.credentials import shown
from aggregator.humanize import counted
from aggregator.model import Logged
from aggregator.schedule import STATES
from aggregator.service.settings import now
from aggregator.service.sources import Faring, source_log, sources_health

_WIDE = 200  # columns where the output is no terminal
_STYLES = {"gone": "red", "broken": "red", "silent": "yellow", "failing": "yellow", "moved": "yellow"}
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
        Listed("add", "aggregator.cli.subscribing:add", "Add a feed, or the one that a page names."),
        Listed("import", "aggregator.cli.subscribing:import_", "Add the feeds of an OPML file."),
        Listed("export", "aggregator.cli.subscribing:export", "All of them as OPML, for a feed reader."),
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
    _print(_table(found))
    click.echo(_summary(found))


@click.command()
@click.argument("id")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Polls shown.")
@takes_global_options
def show(given: Given, id: str, limit: int) -> None:
    """One source with its last polls."""
    one, log = source_log(given.settings, id, limit)
    if given.as_json:
        given.say("", {**_facts(one), "polls": [_poll_facts(poll) for poll in log]})
        return
    for label, value in _details(one):
        click.echo(f"{label:<12}{value}")
    if log:
        click.echo()
        _print(_log_table(log))


# ── for people ──────────────────────────────────────────────────────────────────────────────────


def _print(table: Table) -> None:
    """On a terminal as wide as that is; elsewhere wide, and without spaces at the ends of lines."""
    console = Screen(highlight=False)
    console = console if console.is_terminal else Screen(highlight=False, width=_WIDE)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().rstrip().split("\n")))


def _table(found: Sequence[Faring]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("source", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("last good", no_wrap=True)
    table.add_column("a day", justify="right", no_wrap=True)
    table.add_column("next poll", no_wrap=True)
    table.add_column("what is known, and why then", overflow="fold", ratio=1)
    moment = now()
    for one in found:
        memory, health = one.memory, one.health
        table.add_row(
            Text(one.source.id),
            Text(health.state, _STYLES.get(health.state, "")),
            _ago(memory.good, moment) if memory else "never",
            _rate(health.per_day),
            _ahead(memory.next_poll, moment) if memory else "at once",
            Text(" ".join(dict.fromkeys((*health.notes, memory.why if memory else "", *_pushed(one))))),
        )
    return table


def _summary(found: Sequence[Faring]) -> str:
    states = [one.health.state for one in found]
    parts = [f"{states.count(state)} {state}" for state in STATES if state in states]
    return f"{counted(len(found), 'source')}{': ' if parts else ''}{', '.join(parts)}"


def _details(one: Faring) -> list[tuple[str, str]]:
    source, memory, health, moment = one.source, one.memory, one.health, now()
    lines = [("id", source.id), ("state", health.state), ("feed", shown(source.feed, source))]
    lines += [("", note) for note in health.notes]
    if memory is None:
        return lines
    lines += [
        ("title", memory.title),
        ("page", shown(memory.page)),
        ("last poll", _ago(memory.polled, moment)),
        ("last good", _ago(memory.good, moment)),
        ("newest item", _ago(memory.newest, moment)),
        ("rate", _rate_in_words(health.per_day)),
        ("feed holds", counted(memory.window, "entry", "entries") if memory.window else ""),
        ("next poll", f"{_ahead(memory.next_poll, moment)}. {memory.why}"),
        ("push", " ".join(_pushed(one))),
    ]
    return [(label, value) for label, value in lines if value]


def _pushed(one: Faring) -> tuple[str, ...]:
    return (one.pushed.sentence,) if one.pushed is not None else ()


def _rate_in_words(per_day: float | None) -> str:
    """How often something new comes: "about 3 items a day", "about 1 item in 24 days"."""
    if not per_day:
        return ""
    if per_day >= 1:
        return f"about {counted(round(per_day), 'item')} a day"
    return f"about 1 item in {counted(round(1 / per_day), 'day')}"


def _log_table(log: Sequence[Logged]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("asked (UTC)", "outcome", "status", "bytes", "new", "corrected"):
        table.add_column(column, no_wrap=True, justify="left" if column[0] in "ao" else "right")
    table.add_column("what was wrong", overflow="fold", ratio=1)
    for poll in log:
        numbers = (poll.status or "", f"{poll.size:,}", poll.new, poll.corrected)
        notes = " ".join(filter(None, (poll.failure, *poll.notes)))
        table.add_row(f"{poll.at:%Y-%m-%d %H:%M:%S}", poll.outcome, *map(str, numbers), Text(notes))
    return table


def _rate(per_day: float | None) -> str:
    if per_day is None:
        return "–"
    return f"{per_day:.0f}" if per_day >= 10 else f"{per_day:.1f}"


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{_spoken(now - moment)} ago" if moment <= now else "in the future"


def _ahead(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else "now" if moment <= now else f"in {_spoken(moment - now)}"


def _spoken(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _moment(moment: datetime | None) -> datetime:
    return _NEVER if moment is None else moment


# ── for machines ────────────────────────────────────────────────────────────────────────────────


def _facts(one: Faring) -> dict[str, object]:
    source, memory, health = one.source, one.memory, one.health
    return {
        "id": source.id,
        "feed": shown(source.feed, source),
        "title": source.title or (memory.title if memory else ""),
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


def _poll_facts(poll: Logged) -> dict[str, object]:
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
