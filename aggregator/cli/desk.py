"""`aggregator withdraw`, `hold`, `release` and `pin`: what the desk decides about single items."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from aggregator.adapters.log import unpublished
from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.loop import run_to_its_end
from aggregator.errors import InputError, UsageError
from aggregator.service.desk import Edit, Ruled, rule
from aggregator.service.settings import now
from aggregator.text import durations
from aggregator.text.quantities import counted

F = TypeVar("F", bound=Callable[..., Any])
_DRY = click.option("--dry-run", "dry", is_flag=True, help="Only say what would happen.")


@click.command()
@click.argument("item")
@click.option("--reason", default="", help="Why; readers see it.")
@click.option("--silent", is_flag=True, help="Leave no emptied entry that tells readers of it.")
@click.option("--undo", is_flag=True, help="Allow it again; it returns with the next poll that has it.")
@_DRY
@takes_global_options
def withdraw(given: Given, item: str, reason: str, silent: bool, undo: bool, dry: bool) -> None:
    """Take an item out everywhere, for good: documents, archives, search and database.

    ITEM is its id, its address or words of its title.
    """
    if undo:
        _do(given, item, Edit("withdraw"), dry, "may come again", "in")
        return
    said = {"reason": _reason(reason), **({"silent": "yes"} if silent else {})}
    _do(given, item, Edit("withdraw", said), dry, "is withdrawn", "from")


@click.command()
@click.argument("item")
@click.option("--reason", default="", help="Why; nobody but the desk sees it.")
@_DRY
@takes_global_options
def hold(given: Given, item: str, reason: str, dry: bool) -> None:
    """Keep an item out of everything published until it is released."""
    _do(given, item, Edit("hold", {"reason": _reason(reason)}), dry, "is held back", "from")


@click.command()
@click.argument("item")
@_DRY
@takes_global_options
def release(given: Given, item: str, dry: bool) -> None:
    """Publish an item that is held; it appears as new."""
    _do(given, item, Edit("hold"), dry, "is released", "to")


@click.command()
@click.argument("item")
@click.option("--topic", default="", help="The topic in which it comes first.")
@click.option("--until", default="", metavar="DATE|7d", help="The last day, a moment, or a time from now.")
@click.option("--reason", default="", help="Why; nobody but the desk sees it.")
@click.option("--undo", is_flag=True, help="End it now; in all topics if none is named.")
@_DRY
@takes_global_options
def pin(given: Given, item: str, topic: str, until: str, reason: str, undo: bool, dry: bool) -> None:
    """Put an item first in a topic for a time."""
    if undo:
        _do(given, item, Edit("pin", topic=topic), dry, "is no longer pinned", "in")
        return
    if not topic or not until:
        raise UsageError("say --topic and --until: where it is to come first, and for how long")
    said = {"topic": topic, "until": _moment(until), **({"reason": _one_line(reason)} if reason else {})}
    _do(given, item, Edit("pin", said), dry, "is pinned", "in")


def _do(given: Given, item: str, edit: Edit, dry: bool, what: str, where: str) -> None:
    done = run_to_its_end(rule(given.settings, item, edit, dry=dry))
    failures = unpublished(done.published or ())
    for sentence in failures.values():
        given.warn(sentence)
    given.say(_said(done, what, where), _facts(done, edit))
    if failures:
        sys.exit(3)


def _said(done: Ruled, what: str, where: str) -> str:
    entry = done.named.entry
    title = f"“{entry.item.title}” ({entry.item.source})" if entry else done.named.item
    feeds = f" {where} {', '.join(done.feeds)}" if done.feeds else ""
    known = f"{title} {what}{_before(done)}{feeds}{f'; {done.note}' if done.note else ''}"
    if done.published is None:
        return f"dry run, nothing was changed: {known}"
    return f"{known}; {counted(_written(done), 'document')} written"


def _before(done: Ruled) -> str:
    """What is said of a decision that was there already."""
    if done.before is None:
        return ""
    was = ", ".join(f"{key} was {value or 'not given'}" for key, value in done.before.items())
    return f" (changed: {was})" if was else " already"


def _written(done: Ruled) -> int:
    return sum(len(event.written) for event in done.published or ())


def _facts(done: Ruled, edit: Edit) -> dict[str, object]:
    entry, published = done.named.entry, done.published
    return {
        "list": edit.list,
        "item": done.named.item,
        "id": entry.id if entry else None,
        "title": entry.item.title if entry else None,
        "said": edit.said,
        "before": done.before,
        "note": done.note,
        "feeds": done.feeds,
        "done": published is not None,
        "written": [path for event in published or () for path in event.written],
        "unpublished": {event.feed: event.failure for event in published or () if event.failure},
    }


def _reason(text: str) -> str:
    if not text.strip():
        raise UsageError('say why with --reason "…"')
    return _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _moment(text: str) -> str:
    """The moment as desk.yaml takes it."""
    ahead = durations.parse(text)
    if ahead is None:
        return _one_line(text)
    try:
        return f"{now() + ahead:%Y-%m-%d %H:%M:%SZ}"
    except OverflowError:
        raise InputError(f"{text} from now is beyond the calendar; name a day.") from None
