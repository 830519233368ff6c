"""`aggregator sources add`, `import` and `export`: sources come in, and the list goes elsewhere."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from aggregator.adapters.log import told
from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.loop import run_to_its_end
from aggregator.config import masking
from aggregator.service.source_lists import FoundFeed, Subscribed, add_source, export_sources, import_sources
from aggregator.text.credentials import shown
from aggregator.text.quantities import counted

LATEST = 5  # items shown of a feed that is added


@click.command()
@click.argument("url")
@click.option("--id", "id", default="", help="Its id; made of its title if left out.")
@takes_global_options
def add(given: Given, url: str, id: str) -> None:
    """Read a feed, or the one that a page names, and add it to the configuration."""
    found, result = run_to_its_end(add_source(given.settings, url, id))
    refined = found.refined
    if not given.as_json:
        click.echo("\n".join(_looked_at(found)))
    facts = {
        **_subscribed_facts(result),
        "title": refined.head.title,
        "format": refined.format,
        "feed": shown(found.url),
        "page": shown(found.via or refined.head.page),
        "items": [{"title": one.title, "url": one.url, "published": one.published} for one in refined.items],
    }
    given.say(_subscribed(given, result), facts)
    if not result.added:
        sys.exit(1)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@takes_global_options
def import_(given: Given, file: Path) -> None:
    """Add the feeds of an OPML file that are not there yet."""
    result = import_sources(given.settings, file)
    given.say(_subscribed(given, result), _subscribed_facts(result))


@click.command()
@takes_global_options
def export(given: Given) -> None:
    """The sources as OPML, for a feed reader; private ones are left out."""
    body, private = export_sources(given.settings)
    if given.as_json:
        given.say("", {"opml": body.decode("utf-8"), "private": private})
        return
    click.echo(body, nl=False)
    if private:
        given.warn(f"{counted(private, 'private source')} left out")


def _looked_at(found: FoundFeed) -> Iterator[str]:
    refined = found.refined
    yield refined.head.title or "(no title)"
    via = f", named by {shown(found.via)}" if found.via else ""
    yield f"{shown(found.url)} ({refined.format}, {counted(len(refined.items), 'item')}{via})"
    for item in refined.items[:LATEST]:
        when = told(item.published) if item.published else "no date"
        yield f"  {when}  {item.title or item.url}"


def _subscribed(given: Given, result: Subscribed) -> str:
    lines = [f"added {id}: {shown(feed)}" for id, feed in result.added.items()]
    lines += [f"{id} has it already: {shown(feed)}" for id, feed in result.known]
    lines += [f"no web address: {masking.shown(feed)}" for feed in result.refused]
    summary = f"{counted(len(result.added), 'source')} added to {given.settings.config}"
    return "\n".join((*lines, summary if result.added else f"nothing added to {given.settings.config}"))


def _subscribed_facts(result: Subscribed) -> dict[str, object]:
    return {
        "added": {id: shown(feed) for id, feed in result.added.items()},
        "known": [{"id": id, "feed": shown(feed)} for id, feed in result.known],
        "refused": [masking.shown(feed) for feed in result.refused],
    }
