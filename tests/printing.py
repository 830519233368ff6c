"""The documents of a feed in one call, as tests and benchmarks look at them."""

from collections.abc import Sequence

from aggregator.model import Config, Document, Entry, Feed
from aggregator.outputs import Cache, Printed, Renderer


def render(
    feed: Feed,
    config: Config,
    kept: Cache | None = None,
    *,
    page: Sequence[Entry] | None = None,
    older: bool = False,
) -> tuple[Document, ...]:
    """The documents of a feed: one in each format, and its pages; entries are reused that are `kept`.

    Its page shows the entries of `page`, all where that is None; `older` says whether a second page follows.

    Raises a ValueError with the first thing that the gate has against them.
    """
    return _passed(Renderer(config, Cache() if kept is None else kept).printed(feed, page=page, older=older))


def older_page(feed: Feed, config: Config, number: int, *, last: bool, kept: Cache | None = None) -> Document:
    """Page 2 or a further one of a feed, whose entries here are those of that page alone."""
    printed = Renderer(config, Cache() if kept is None else kept).older_page(feed, number, last=last)
    return _passed(printed)[0]


def _passed(printed: Printed) -> tuple[Document, ...]:
    for fault in printed.faults:
        raise ValueError(f"{fault.path}: {fault.entry}: {fault.sentence}")
    return printed.documents
