"""`aggregator explain`: why an item has its topics, or what it lacks for them."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

import click
from rich.text import Text

from aggregator.adapters import log
from aggregator.adapters.progress import Screen
from aggregator.cli import titles
from aggregator.cli.context import Given, takes_global_options
from aggregator.errors import InputError
from aggregator.model import Config, Entry
from aggregator.service.inspection import ItemExplained, explain_item, explain_text
from aggregator.text.quantities import counted
from aggregator.topics import Verdict
from aggregator.topics.advice import Explanation, Mark, TopicExplained

FEW = 3  # sentences on what is missing, and topics without any point, before they are cut short


@click.command()
@click.argument("item")
@click.option("--topic", "topics", multiple=True, help="This topic alone, in full; may be repeated.")
@takes_global_options
def explain(given: Given, item: str, topics: tuple[str, ...]) -> None:
    """Every topic: the points an item earns, the words that earn them, or what is missing.

    ITEM is its id, its address or words of its title; - reads a text whose first line is the title.
    """
    if item == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        _say(given, explain_text(given.settings, text), topics)
        return
    found = explain_item(given.settings, item)
    if not found.items:
        _choose(given, item, found)
    _say(given, found, topics)


def _choose(given: Given, text: str, found: ItemExplained) -> None:
    """Say which items there are to choose from, and leave."""
    entries = found.entries
    lines = [f"{len(entries)} items have “{text}” in their title or address; name one by its id:"]
    for one in entries:
        outlet = titles.outlet(found.config, one.item.source, one.item.head.title)
        lines += [f"  {one.id}", f"      {one.item.title}", f"      {outlet}, {log.told(one.published)}"]
    given.say("\n".join(lines), {"matches": [_entry_facts(one) for one in entries]})
    sys.exit(1)


def _say(given: Given, found: ItemExplained, topics: Sequence[str]) -> None:
    entries, items = found.entries, found.items
    _refuse_unknown(items, topics)
    facts = {
        "entry": _entry_facts(entries[0]) if entries else None,
        "items": [_item_facts(one, topics) for one in items],
    }
    if given.as_json:
        given.say("", facts)
        return
    console = Screen(highlight=False, soft_wrap=True)
    if entries and entries[0].held:
        console.print(Text("held, not published: `aggregator release` publishes it", "yellow"))
    for one in items:
        for line in _shown(found.config, one, topics, marked=not console.is_terminal):
            console.print(line)


def _refuse_unknown(items: Sequence[Explanation], topics: Sequence[str]) -> None:
    known = {one.verdict.topic for item in items for one in item.topics}
    for topic in topics:
        if topic not in known:
            raise InputError(f"there is no topic {topic!r}; there are: {', '.join(sorted(known)) or 'none'}")


# ── for people ──────────────────────────────────────────────────────────────────────────────────


def _shown(config: Config, explained: Explanation, topics: Sequence[str], marked: bool) -> Iterator[Text]:
    item = explained.item
    yield Text(item.title or "(no title)", "bold")
    if item.source:
        outlet = titles.outlet(config, item.source, item.head.title)
        when = log.told(item.published) if item.published else "no date"
        yield Text("  ".join(part for part in (outlet, when, item.url) if part), "dim")
    chosen = [one for one in explained.topics if one.verdict.topic in topics or not topics]
    near = [one for one in chosen if one.matters or topics]
    far = [one for one in chosen if one not in near]
    for one in (*near, *(far if len(far) <= FEW else ())):
        yield from _topic(config, one, marked, cut=not topics)
    if len(far) > FEW:
        names = ", ".join(one.verdict.topic for one in far)
        yield Text.assemble(("✗ ", "dim"), f"without a point: {names}")
        yield Text("    --topic with one of these says what it lacks", "dim")
    yield Text("")


def _topic(config: Config, one: TopicExplained, marked: bool, cut: bool) -> Iterator[Text]:
    verdict = one.verdict
    sign, style = ("✓", "green") if one.belongs else ("✗", "red")
    yield Text.assemble(
        (f"{sign} ", style), (titles.topic(config, verdict.topic), "bold"), f": {_standing(verdict)}"
    )
    if one.note:
        yield Text(f"    {one.note}", "yellow")
    for mark in one.marks:
        yield _line(mark, marked)
    missing = verdict.missing if not (verdict.tagged or one.belongs) else ()
    for sentence in missing[:FEW] if cut else missing:
        yield Text(f"    {sentence}")
    if cut and len(missing) > FEW:
        yield Text(f"    … and {len(missing) - FEW} more (--topic {verdict.topic} says all)", "dim")


def _standing(verdict: Verdict) -> str:
    if not verdict.needed:
        return "no such topic"
    earned = f"{counted(verdict.points, 'point')}, {verdict.needed:,} needed"
    return earned if verdict.how in ("", "own points") else f"{earned}; {verdict.how}"


def _line(mark: Mark, marked: bool) -> Text:
    reason = mark.reason
    if not reason.line:
        return Text(f"    {reason.words}")
    head = f"    line {reason.line} (+{reason.points}) " if reason.points else "         and "
    field = f"{reason.field}: " if reason.field else ""
    words = f"[{reason.words}]" if marked and reason.field else reason.words
    return Text.assemble(
        head, field, _flat(mark.before), (_flat(words), "bold black on yellow"), _flat(mark.after)
    )


def _flat(text: str) -> str:
    """The text in one line."""
    return re.sub(r"\s+", " ", text)


# ── for programs ────────────────────────────────────────────────────────────────────────────────


def _entry_facts(entry: Entry) -> dict[str, object]:
    item = entry.item
    return {
        "id": entry.id,
        "title": item.title,
        "url": item.url,
        "source": item.source,
        "published": entry.published,
        "held": entry.held,
    }


def _item_facts(explained: Explanation, topics: Iterable[str]) -> dict[str, object]:
    item, chosen = explained.item, tuple(topics)
    return {
        "source": item.source,
        "title": item.title,
        "url": item.url,
        "rules": explained.rules,
        "topics": [_facts(one) for one in explained.topics if one.verdict.topic in chosen or not chosen],
    }


def _facts(one: TopicExplained) -> dict[str, object]:
    verdict = one.verdict
    return {
        "topic": verdict.topic,
        "belongs": one.belongs,
        "tagged": verdict.tagged,
        "stored": one.stored,
        "note": one.note,
        "how": verdict.how,
        "points": verdict.points,
        "needed": verdict.needed,
        "reasons": [_reason_facts(mark) for mark in one.marks],
        "missing": list(verdict.missing),
    }


def _reason_facts(mark: Mark) -> dict[str, object]:
    reason = mark.reason
    return {
        "line": reason.line,
        "points": reason.points,
        "field": reason.field,
        "start": reason.start,
        "end": reason.end,
        "words": reason.words,
        "before": mark.before,
        "after": mark.after,
    }
