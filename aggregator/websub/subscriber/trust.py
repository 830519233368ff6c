"""Whether a subscription works: a hub is trusted until polls find what it did not push.

Each time that happens it has to prove itself again, with twice as many pushes as the time before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Change, PollResult, SourceState, Subscription
from aggregator.websub.subscriber.lifecycle import backoff, lasts

GRACE = timedelta(minutes=10)
"""What was published so shortly before a poll may still be on its way through the hub."""
_DOUBLED = 6  # times at most
_FORGIVEN = 100  # pushes in a row after which earlier misses count no more


def works(one: Subscription, now: datetime) -> bool:
    """Whether polls may rely on it."""
    return lasts(one, now) and one.proven >= 2 ** min(one.missed, _DOUBLED) - 1


def pushed(one: Subscription, now: datetime) -> Subscription:
    """The state after a push with content."""
    proven = one.proven + 1
    missed = one.missed if proven < _FORGIVEN else 0
    return replace(one, pushed=now, proven=proven, missed=missed, trouble="")


def unsigned(one: Subscription, now: datetime) -> Subscription:
    """The state after a push that was ignored, as its signature is missing or wrong."""
    said = f"A push at {now:%Y-%m-%d %H:%M} UTC was ignored, as its signature is missing or wrong."
    return replace(one, trouble=said)


def missed(one: Subscription, now: datetime, chance: float) -> Subscription:
    """The state after a poll that found what had not been pushed: it is asked for anew before long."""
    times = one.missed + 1
    told = f"A poll at {now:%Y-%m-%d %H:%M} UTC found what its hub had not pushed."
    again = min(one.next, now + backoff(times, chance))
    return replace(one, missed=times, proven=0, trouble=told, next=again)


def is_missing(
    one: Subscription, memory: SourceState, published: Sequence[datetime | None], now: datetime
) -> bool:
    """Whether items of these dates, found by a poll, should have been pushed before.

    `memory` is the state before the poll; pushes moved its newest date.
    """
    if memory.newest is None or _is_excused(one, memory):
        return False
    return any(date is not None and memory.newest < date <= now - GRACE for date in published)


def overlooked(one: Subscription, poll: PollResult, change: Change) -> bool:
    """Whether a recorded poll brought new items that should have been pushed, dated or not."""
    if poll.outcome != "new" or poll.backfill or _is_excused(one, poll.claim.memory):
        return False
    dates = (tagged.item.published for tagged in poll.tagged)
    return change.new > sum(date is not None and date > poll.at - GRACE for date in dates)


def _is_excused(one: Subscription, memory: SourceState) -> bool:
    """Whether what came since the poll before may rightly be unknown: it is older, or was hinted at."""
    if memory.polled is None or one.since is None or memory.polled < one.since:
        return True
    return one.hinted is not None and one.hinted >= memory.polled
