"""What is new in a feed since its news were announced last."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Announced, Feed

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
