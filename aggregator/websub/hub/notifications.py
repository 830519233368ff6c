"""Notifications: what is new in a feed, what is sent of it, and its signature (WebSub, 7)."""

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Announced, Entry, Feed

LATELY = timedelta(minutes=15)  # between the moment a poll is dated and the one it is stored, at most
HISTORY = 2 * LATELY  # what changed so long ago and comes into a feed now is no news there


@dataclass(frozen=True, slots=True)
class News:
    """A feed of what is to be announced alone, in its order, and what will then have been announced."""

    feed: Feed
    announced: Announced

    @property
    def any(self) -> bool:
        """Whether there is anything to announce."""
        return bool(self.feed.entries or self.feed.withdrawn)


def announcing(feed: Feed, before: Announced | None, now: datetime, current: datetime | None = None) -> News:
    """What came into a feed, changed in it or was withdrawn since; nothing where nothing was ever announced.

    `current` is when the feed was last known to show all there is: what is dated before and yet was not in it
    came in by other rules, as history.

    Polls are dated before they are stored, so a moment alone would lose what one that took long brought: what
    changed within the last minutes before it is known one by one.
    """
    moments = {(entry.id, entry.changed) for entry in feed.entries if entry.changed is not None}
    moments |= {(gone.id, gone.at) for gone in feed.withdrawn}
    lately = frozenset(one for one in moments if one[1] > now - LATELY)
    if before is None:
        return News(replace(feed, entries=(), withdrawn=()), Announced(now, lately))
    lately |= {one for one in before.lately if one[1] > now - LATELY}  # also what another process read later
    last = max(before.until, current or before.until)
    since = min(last, now) - LATELY  # a clock that was set back hides nothing
    fresh = {one for one in moments if one[1] > since} - before.lately
    return News(
        replace(
            feed,
            entries=tuple(entry for entry in feed.entries if (entry.id, entry.changed) in fresh),
            withdrawn=tuple(gone for gone in feed.withdrawn if (gone.id, gone.at) in fresh),
        ),
        Announced(now, lately),
    )


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


def signature(body: bytes, secret: str, callback: str, sha1_for: Iterable[str]) -> str:
    """The value of X-Hub-Signature: SHA-256, and SHA-1 for callbacks that the operator lists for it.

    An address in `sha1_for` that ends with a slash stands for all callbacks that begin with it.
    """
    listed = any(callback == one or (one.endswith("/") and callback.startswith(one)) for one in sha1_for)
    method = "sha1" if listed else "sha256"
    key = secret.encode("utf-8", "surrogatepass")
    return f"{method}={hmac.new(key, body, method).hexdigest()}"
