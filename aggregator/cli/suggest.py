"""`aggregator suggest`: words that would find more of what belongs to a topic."""

from collections.abc import Iterator, Sequence

import click

from aggregator.cli.context import Given, takes_global_options
from aggregator.service.surveys import suggest_words
from aggregator.text.quantities import counted
from aggregator.topics.advice import Headline, Suggested, Suggestion

TITLES = 3  # of each kind
_WIDEST = 100


@click.command()
@click.argument("topic")
@click.option(
    "--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="Proposals at most."
)
@takes_global_options
def suggest(given: Given, topic: str, limit: int) -> None:
    """Words and phrases that would separate a topic's items from the rest, measured on the store.

    Each is a line to paste into `match`, with what it would add; remarks after it are ignored there.
    """
    found = suggest_words(given.settings, topic, limit, given.counting)
    given.say("\n".join(_said(topic, found)), _facts(topic, found))


def _said(topic: str, found: Suggested) -> Iterator[str]:
    learnt = (
        f"Learnt from {counted(found.members, 'item')} of {topic}, measured on {counted(found.items, 'item')}"
    )
    if not found.suggestions:
        yield f"# {learnt}: no word would add anything that belongs there."
        return
    yield f"# {learnt}. Paste the lines you like into match: |"
    if not found.judged:
        yield "# There are too few items of the topic to tell what belongs there: read the titles."
    for one in found.suggestions:
        yield from _lines(one)


def _lines(one: Suggestion) -> Iterator[str]:
    yield one.line
    yield f"    # {_counts(one)}"
    for example in one.examples[:TITLES]:
        yield f"    # finds the example: {_cut(example)}"
    for sign, headlines in (("+", one.likely), ("-", one.wrong), ("?", one.unsure)):
        for headline in headlines[:TITLES]:
            yield f"    # {sign} {_cut(headline.title)} ({headline.source})"


def _counts(one: Suggestion) -> str:
    adds = [
        f"{len(headlines):,} {what}"
        for headlines, what in (
            (one.likely, "likely right (+)"),
            (one.wrong, "likely wrong (-)"),
            (one.unsure, "to be read (?)"),
        )
        if headlines
    ]
    return f"in {counted(one.inside, 'item')} of the topic; would add {' and '.join(adds) or 'none'}"


def _cut(title: str) -> str:
    flat = " ".join(title.split())
    return flat if len(flat) <= _WIDEST else flat[: _WIDEST - 1] + "…"


def _facts(topic: str, found: Suggested) -> dict[str, object]:
    return {
        "topic": topic,
        "members": found.members,
        "items": found.items,
        "judged": found.judged,
        "suggestions": [
            {
                "line": one.line,
                "inside": one.inside,
                "adds": one.adds,
                "likely": _titles(one.likely),
                "wrong": _titles(one.wrong),
                "unsure": _titles(one.unsure),
                "examples": list(one.examples),
            }
            for one in found.suggestions
        ],
    }


def _titles(headlines: Sequence[Headline]) -> dict[str, object]:
    return {
        "count": len(headlines),
        "newest": [{"title": one.title, "source": one.source} for one in headlines[:TITLES]],
    }
