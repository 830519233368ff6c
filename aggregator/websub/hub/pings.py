"""What a notification holds: the new and changed entries alone, in the topic's format (WebSub, 7)."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from aggregator.model import Entry, Feed

MOST = 1_000_000  # bytes of one document

Print = Callable[[Feed], bytes]
"""A feed as a document of one format."""


def documents(feed: Feed, print_: Print, most: int = MOST) -> Iterator[bytes]:
    """The entries of a feed as documents of up to `most` bytes, the oldest entries first.

    Within a document they stand as in the feed. Of an entry that is too large by itself the text is left out,
    and what is too large even so is left to those who read the feed.
    """
    body = print_(feed)
    if len(body) <= most:
        yield body
    elif len(feed.entries) > 1:
        middle = len(feed.entries) // 2
        yield from documents(replace(feed, entries=feed.entries[middle:], withdrawn=()), print_, most)
        yield from documents(replace(feed, entries=feed.entries[:middle]), print_, most)
    elif feed.entries:
        shorter = print_(replace(feed, entries=(_without_text(feed.entries[0]),)))
        if len(shorter) <= most:
            yield shorter


def _without_text(entry: Entry) -> Entry:
    bare = replace(entry.item, content="", enclosures=(), pictures=(), categories=())
    return replace(entry, item=bare, copies=())
