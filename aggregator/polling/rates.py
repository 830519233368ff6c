"""How often a source brings something new, and the interval that follows from it (Sia & Cho)."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from aggregator.model import Polling, SourceState

HALF_LIFE = 7.0  # days
_LIFE = HALF_LIFE / math.log(2)  # days that all of the past amounts to, once decayed
_PRIOR_ITEMS, _PRIOR_DAYS = 0.5, 2.0
_FORGOTTEN = 100.0  # days; what is left of a rate then is rounding
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

Dates = Sequence[datetime | None]


def seed(published: Dates, now: datetime) -> tuple[float, float]:
    """Items and days, both decayed, as the dates of a first fetch tell; undated and future ones do not."""
    ages = [(now - date) / _DAY for date in published if date is not None and date <= now]
    return sum(map(_decay, ages)), _lived(max(ages, default=0.0))


def learn(memory: SourceState, published: Dates, now: datetime) -> tuple[float, float]:
    """Items and days, both decayed, after a good poll whose document, if read, had items of these dates.

    What is no newer than the newest item seen before is known; undated items show in a change of the document
    alone, which counts as one.
    """
    if memory.good is None:
        return seed(published, now)
    days = max((now - memory.good) / _DAY, 0.0)
    dated = [date for date in published if date is not None]
    new = [date for date in dated if date <= now and (memory.newest is None or date > memory.newest)]
    items = sum(_decay(min((now - date) / _DAY, days)) for date in new) if dated else float(bool(published))
    decay = _decay(days)
    return memory.rate * decay + items, memory.observed * decay + _lived(days)


def count(memory: SourceState, published: Dates, now: datetime) -> float:
    """Items, decayed, once a push has brought some of these dates since the last good poll.

    What is no newer than the newest item seen before is known; undated items are left to the next poll.
    """
    if memory.good is None:
        return memory.rate
    dates = (date for date in published if date is not None and date <= now)
    fresh = (date for date in dates if memory.newest is None or date > memory.newest)
    ahead = _decay(min(max((now - memory.good) / _DAY, 0.0), _FORGOTTEN))  # what the next `learn` will apply
    return memory.rate + sum(_decay((now - date) / _DAY) for date in fresh) / ahead


def newest(memory: SourceState, published: Dates, now: datetime) -> datetime | None:
    """The newest publication date ever seen that was not in the future."""
    dates = [date for date in (*published, memory.newest) if date is not None and date <= now]
    return max(dates, default=None)


def per_day(memory: SourceState) -> float:
    """Items a day to expect of a source; a quarter for one never seen."""
    return (max(memory.rate, 0.0) + _PRIOR_ITEMS) / (max(memory.observed, 0.0) + _PRIOR_DAYS)


def before_silence(memory: SourceState) -> float | None:
    """Items a day that a source brought until its newest; None if that is more than 100 days ago.

    What was learned since then is unlearned: decay undone, the days in which nothing came taken off.
    """
    known = _at_newest(memory)
    return None if known is None else known[0] / (known[1] + _PRIOR_DAYS)


def expected(memory: SourceState, days: float) -> float:
    """Items that were to be expected in so many days of silence.

    The newest item, after which the silence begins, says nothing of how often others come.
    """
    if memory.newest is None:
        return per_day(memory) * days
    known = _at_newest(memory)
    return 0.0 if known is None else max(known[0] - 1, 0.0) / (known[1] + _PRIOR_DAYS) * days


def at_least(memory: SourceState) -> float:
    """Items a day that a source brings by what was seen alone, less what may be chance."""
    seen = max(memory.rate, 0.0)
    return (seen - math.sqrt(seen)) / memory.observed if memory.observed > 0 and seen > 1 else 0.0


def _at_newest(memory: SourceState) -> tuple[float, float] | None:
    """Items and days as they were known when the newest item came."""
    if memory.newest is None or memory.good is None:
        return None
    days = max((memory.good - memory.newest) / _DAY, 0.0)
    if days > _FORGOTTEN:
        return None
    observed = (memory.observed - _lived(days)) / _decay(days)
    return memory.rate / _decay(days), max(observed, 0.0)


def default_factor(shortest: timedelta) -> float:
    """The K for no budget: a source that brings an item an hour is asked at the shortest wait."""
    return shortest / timedelta(hours=1) * math.sqrt(24)


def interval(rate: float, weight: float, factor: float, window: int, polling: Polling) -> timedelta:
    """The wait between two polls: K / sqrt(weight · rate) hours, or less lest items scroll past unseen.

    `rate` in items a day, `window` in entries that the feed shows at once (0: not known).
    """
    hours = factor / math.sqrt(max(weight, 1e-6) * rate)
    if window > 0:
        hours = min(hours, 24 * window / (6 * rate))
    shortest, longest = polling.shortest / _HOUR, polling.longest / _HOUR
    return timedelta(hours=max(shortest, min(hours, longest)))


def budget_factor(
    rates_and_weights: Iterable[tuple[float, float]],
    requests_per_hour: float,
    *,
    polling: Polling | None = None,
) -> float:
    """The K at which all sources together make `requests_per_hour`, each within `polling`'s waits.

    Rates in items a day. Where the waits alone exceed or do not reach the budget, the K that comes nearest.
    """
    bounds = polling or Polling()
    slowest, fastest = _HOUR / bounds.longest, _HOUR / bounds.shortest  # requests an hour of one source
    roots = sorted(math.sqrt(max(weight, 1e-6) * rate) for rate, weight in rates_and_weights)
    if not roots:
        return default_factor(bounds.shortest)
    sums = [0.0, *accumulate(roots)]

    def requests(factor: float) -> float:
        low, high = bisect_left(roots, slowest * factor), bisect_left(roots, fastest * factor)
        return low * slowest + (sums[high] - sums[low]) / factor + (len(roots) - high) * fastest

    least, most = roots[0] / fastest, roots[-1] / slowest
    for _ in range(60):
        middle = math.sqrt(least * most)
        least, most = (middle, most) if requests(middle) > requests_per_hour else (least, middle)
    return most


def _decay(days: float) -> float:
    return float(0.5 ** (days / HALF_LIFE))


def _lived(days: float) -> float:
    return _LIFE * (1 - _decay(days))
