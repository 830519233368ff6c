"""The delay between publication and our reading, on the publication times of recorded feeds.

Three ways to poll, at the same number of requests: ours, an interval that goes with 1/rate (what Miniflux's
entry-frequency scheduler does), and one fixed interval for all. What there is to tune (K of ours, the factor
of 1/rate) is tuned on one half of the sources; the delays are those of the other half.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from aggregator.model import Head, Refined, Response, Source, SourceState
from aggregator.parse.refinement import refine
from aggregator.polling import after
from tests.endtoend import corpus

LEAST_ITEMS = 20
LONGEST = timedelta(days=28)
SHORTEST = timedelta(hours=12)
DAILY_REQUESTS = (2.0, 5.0, 10.0)  # a source, on the half that K is tuned on
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROUNDS = 3  # with other chances
TARGET = 0.75

Dates = Sequence[datetime]


@dataclass(frozen=True)
class History:
    """What a source published: what its feed showed at `begin`, and all of it until `end`."""

    name: str
    published: tuple[datetime, ...]
    window: int
    begin: datetime
    end: datetime


class Ours:
    """The schedule as the program has it."""

    def __init__(self, scale: float) -> None:
        self._factor = scale

    def __call__(self, history: History) -> "Polls":
        source, memory = Source(history.name, "https://a.example/"), SourceState(url="https://a.example/")

        def wait(now: datetime, new: Dates, chance: float) -> timedelta:
            nonlocal memory
            answer = Response(source.feed, 200 if new else 304, (), b"")
            memory = after(
                source,
                memory,
                answer,
                now=now,
                chance=chance,
                published=new,
                window=history.window,
                factor=self._factor,
            )
            assert memory.next_poll is not None
            return memory.next_poll - now

        return wait


class InverseRate:
    """A wait of `scale` times the mean time between the items of the last week."""

    def __init__(self, scale: float) -> None:
        self._scale = scale

    def __call__(self, history: History) -> "Polls":
        known: list[datetime] = []
        polling = Source("", "").polling

        def wait(now: datetime, new: Dates, chance: float) -> timedelta:
            known.extend(new)
            recent = sum(date > now - 7 * DAY for date in known)
            between = 7 * DAY / recent * self._scale if recent else polling.longest
            return max(polling.shortest, min(between, polling.longest)) * (1 + chance / 10)

        return wait


class Fixed:
    """The same wait for all; bounded by nothing, so that it can be had at any number of requests."""

    def __init__(self, scale: float) -> None:
        self._wait = HOUR * scale

    def __call__(self, history: History) -> "Polls":
        return lambda now, new, chance: self._wait * (1 + chance / 10)


Polls = Callable[[datetime, Dates, float], timedelta]
"""At a poll that found these new items: how long to wait with the next one."""
Policy = Callable[[float], Callable[[History], Polls]]


def main() -> None:
    """Print the delays and their ratios."""
    histories = list(_histories()) if corpus.FEEDS.is_dir() else []
    if not histories:
        print("skipped: the recorded feeds (../shared/corpus) are not here")
        return
    random.Random(7).shuffle(histories)
    tuning, testing = histories[::2], histories[1::2]
    print(f"{len(histories)} sources with {LEAST_ITEMS} dated items or more; {len(tuning)} to tune on")
    ratios = [_compared(daily, tuning, testing) for daily in DAILY_REQUESTS]
    met = "met" if max(ratios) <= TARGET else f"not met at {max(ratios):.2f}"
    print(f"target: {1 - TARGET:.0%} less delay than a fixed interval at the same requests: {met}")


def _compared(daily: float, tuning: Sequence[History], testing: Sequence[History]) -> float:
    """Ours beside the others on the half that nothing was tuned on; our share of the fixed delay."""
    ratios = []
    for name, policy in (("ours", Ours), ("1/rate", InverseRate)):
        scale = _tuned(policy, daily, tuning)
        requests, delay = _replayed(policy(scale), testing)
        even = Fixed(_tuned(Fixed, requests, testing))
        _, fixed = _replayed(even, testing)
        ratios.append(delay / fixed)
        print(
            f"{name:>7}: {requests:4.1f} requests a day and source, items {_minutes(delay)} late in the mean,"
            f" {delay / fixed:.2f} × the fixed interval's {_minutes(fixed)}"
        )
    return ratios[0]


def _tuned(policy: Policy, daily: float, histories: Sequence[History]) -> float:
    """The scale at which a policy makes about so many requests a day and source."""
    least, most = 1e-3, 1e4
    for _ in range(18):
        middle = math.sqrt(least * most)
        requests, _ = _replayed(policy(middle), histories)
        least, most = (middle, most) if requests > daily else (least, middle)
    return most


def _replayed(policy: Callable[[History], Polls], histories: Sequence[History]) -> tuple[float, timedelta]:
    """Requests a day and source, and the mean delay of the items that were published meanwhile."""
    requests, days, delays = 0, 0.0, []
    for history in histories:
        for number in range(ROUNDS):
            chances = random.Random(f"{history.name} {number}")
            late, polls = _polled(policy(history), history, chances)
            delays += late
            requests += polls
            days += (history.end - history.begin) / DAY
    return requests / days, timedelta(days=mean(delays))


def _polled(wait: Polls, history: History, chances: random.Random) -> tuple[list[float], int]:
    """The delays in days, and how many requests; the first wait is cut short, lest all begin in step."""
    published, now = history.published, history.begin
    seen, delays, polls = bisect_right(published, now), [], 0
    following = now + wait(now, published[:seen][-history.window :], chances.random()) * chances.random()
    while following <= history.end or seen < len(published):
        now, polls = following, polls + (following <= history.end)
        arrived = bisect_right(published, now)
        new, seen = published[seen:arrived], arrived
        delays += [(now - date) / DAY for date in new]
        following = now + wait(now, new, chances.random())
    return delays, polls


# ── what was published ──────────────────────────────────────────────────────────────────────────


def _histories() -> Iterator[History]:
    """Every recorded source that tells enough, those of three days in one."""
    feeds = [[path] for path in sorted(corpus.FEEDS.iterdir())]
    days = {path.name for path in corpus.DAYS.glob("*/*")}
    feeds += [sorted(corpus.DAYS.glob(f"*/{name}")) for name in sorted(days)]
    for paths in feeds:
        read = [_read(path.read_bytes()) for path in paths]
        dated = {item.key: item.published for one in read for item in one.items if item.published}
        name = str(paths[0].relative_to(corpus.SHARED))
        history = _history(name, sorted(dated.values()), max(one.entries for one in read))
        if history is not None:
            yield history


def _read(body: bytes) -> Refined:
    found = refine(Source("a", "https://a.example/"), Response("https://a.example/", 200, (), body))
    return found if isinstance(found, Refined) else Refined(Head(), ())


def _history(name: str, published: Dates, window: int) -> History | None:
    """What comes after the first third, at most four weeks; the feed's last item stands for its recording."""
    if len(set(published)) < LEAST_ITEMS:
        return None
    begin, end = max(published[len(published) // 3], published[-1] - LONGEST), published[-1]
    return History(name, tuple(published), window, begin, end) if end - begin >= SHORTEST else None


def _minutes(span: timedelta) -> str:
    return f"{span / timedelta(minutes=1):.0f} min"
