"""`aggregator search`: the items of the store that a query holds for."""

from collections.abc import Iterator

import click
from rich.text import Text

from aggregator.adapters.log import told
from aggregator.adapters.progress import Screen
from aggregator.cli import titles
from aggregator.cli.context import Given, takes_global_options
from aggregator.model import Config, Entry, Found
from aggregator.service.searches import search_once
from aggregator.text.characters import one_line
from aggregator.text.quantities import counted


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Items at most.")
@takes_global_options
def search(given: Given, query: tuple[str, ...], limit: int) -> None:
    """The newest items that a query holds for; the language is that of topics.

    Put the query in single quotes, so that the shell leaves its own quotes, stars and parentheses alone;
    write -- before one that begins with a hyphen.
    """
    text = " ".join(query)
    searched = search_once(given.settings, text, limit, given.counting)
    found = searched.found
    if given.as_json:
        given.say("", _facts(text, found))
        return
    console = Screen(highlight=False, soft_wrap=True)
    for entry in found.entries:
        for line in _shown(entry, searched.config):
            console.print(line)
    console.print(_summed_up(found, limit))


def _shown(entry: Entry, config: Config) -> Iterator[Text]:
    item = entry.item
    yield Text(one_line(item.title) or "(no title)", "bold")
    outlet = titles.outlet(config, item.source, item.head.title)
    about = [outlet, told(entry.published), ", ".join(titles.topic(config, id) for id in _topics(entry))]
    about += ["held, not published"] if entry.held else []
    yield Text("    " + "  ".join(part for part in about if part), "dim")
    if item.url:
        yield Text(f"    {item.url}")
    if entry.copies:
        others = dict.fromkeys(titles.outlet(config, copy.source, copy.title) for copy in entry.copies)
        yield Text(f"    also: {', '.join(others)}", "dim")


def _outlet(entry: Entry) -> str:
    return one_line(entry.item.head.title) or entry.item.source


def _topics(entry: Entry) -> list[str]:
    return [tag.topic for tag in entry.tags]


def _summed_up(found: Found, limit: int) -> str:
    number = counted(len(found.entries), "item")
    if not found.complete:
        return (
            f"{number}; there may be more: the search ended after {counted(found.examined, 'item')}. "
            "Name a word that must be there, or a time (newer:7d)."
        )
    return f"the newest {number}; --limit shows more" if len(found.entries) == limit else number


def _facts(text: str, found: Found) -> dict[str, object]:
    return {
        "query": text,
        "complete": found.complete,
        "examined": found.examined,
        "items": [_entry_facts(entry) for entry in found.entries],
    }


def _entry_facts(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "title": entry.item.title,
        "url": entry.item.url,
        "source": entry.item.source,
        "outlet": _outlet(entry),
        "published": entry.published,
        "topics": _topics(entry),
        "held": entry.held,
        "copies": [{"source": copy.source, "url": copy.url} for copy in entry.copies],
    }
