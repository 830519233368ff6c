"""Plan and apply over a large history: on all cores beside one, killed half-way and continued.

`python -m benchmarks.retag [ITEMS]`, 200,000 items if left out.
"""

import multiprocessing
import os
import random
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

from aggregator.adapters.item_workers import worked
from aggregator.model import Config, Item, Polling, PollResult, Site, Source, Tagged, Topic
from aggregator.store.sqlite import SqliteStore
from aggregator.topics import retagging
from aggregator.topics.tagging import Tagging, open_tagging

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ITEMS, PLANNED, SAMPLE, TOPICS, POLL = 200_000, 100_000, 20_000, 1_000, 1_000
WORDS = [
    f"{a}{b}{c}{d}{e}"
    for a in "bdfgklmnprst"
    for b in "aeiou"
    for c in "dgklmnprst"
    for d in "aeiou"
    for e in ("n", "ter", "ing", "dor", "mis")
]
CORES = len(os.sched_getaffinity(0))


def main() -> None:
    """Print the ratios, then what they come from."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else ITEMS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        first, second, third = (tagging(edition) for edition in range(3))
        fill(path, count, first)
        one, several = planned(path, second, 1, SAMPLE), planned(path, second, CORES, SAMPLE)
        print(f"retag: {CORES} cores compare ×{one / several:.2f} as many items as one")
        took = planned(path, second, CORES, PLANNED)
        print(f"retag: plan on {min(PLANNED, count):,} items, {TOPICS:,} topics: {took:.1f} s")
        killed_and_continued(path, second, count)
        took = timed(lambda: apply(path, third))
        print(
            f"retag: apply on {count:,} items: {count / took:,.0f} items a second, {took:.0f} s; "
            f"peak memory {peak():.0f} MB a process"
        )


def killed_and_continued(path: Path, tagging: Tagging, count: int) -> None:
    """Kill an apply when half is done, go on with another, and compare with what tagging afresh gives."""
    process = multiprocessing.get_context("spawn").Process(target=apply, args=(path, tagging))
    process.start()
    store = SqliteStore.open(path)
    while process.is_alive() and left(store, tagging) > count / 2:
        process.join(0.2)
    process.kill()
    process.join()
    remaining = left(store, tagging)
    apply(path, tagging)
    numbers = list(range(1, count + 1, max(1, count // 2000)))
    wrong = sum(one.tagged.tags != tagging.tag(one.tagged.item) for one in store.stored(numbers))
    print(
        f"retag: killed with {remaining:,} of {count:,} items to go and continued: "
        f"{left(store, tagging)} left, {store.counts()['items'] - count} lost or doubled, "
        f"{wrong} of {len(numbers):,} looked at not as tagged afresh"
    )
    store.close()


def left(store: SqliteStore, tagging: Tagging) -> int:
    """How many items other rules tagged."""
    return sum(
        number for (_, rules), number in store.rules_versions().items() if rules != tagging.rules.version
    )


def planned(path: Path, tagging: Tagging, cores: int, most: int) -> float:
    """Seconds that a plan for so many items takes."""

    def run() -> None:
        store, plan = SqliteStore.open(path), retagging.Plan()
        numbers = store.tagged_otherwise(tagging.version)[:most]
        for part in worked(path, retagging.Comparison(tagging, 5).plan, numbers, workers=cores):
            plan.add(part, 5)
        store.close()

    return timed(run)


def apply(path: Path, tagging: Tagging) -> None:
    """Retag everything, as the command does."""
    store = SqliteStore.open(path)
    numbers = store.tagged_otherwise(tagging.version)
    for batch in worked(path, partial(retagging.retag, tagging), numbers):
        store.retag(batch, NOW)
    store.close()


def tagging(edition: int) -> Tagging:
    """A thousand topics of five phrases each; a tenth of them differs from edition to edition."""
    topics = []
    for number in range(TOPICS):
        chance = random.Random(f"{number} {edition if number % 10 == 0 else ''}")
        word = partial(chance.choice, WORDS)
        phrases = "\n".join(f'"{word()} {word()}"' for _ in range(4))
        last = word() if number % 5 == 0 else f"title:({word()} {word()})"
        topics.append(Topic(f"t{number}", f"T{number}", match=f"{phrases}\n{last}"))
    site = Site("Wire", "https://wire.example.org/")
    return open_tagging(
        Config(site, Polling(), (Source("north", "https://north.example/"),), {}, tuple(topics))
    )


def fill(path: Path, count: int, tagging: Tagging) -> None:
    """Store that many articles of 250 words."""
    store = SqliteStore.open(path)
    store.namespace("tag:wire.example.org,2026:benchmark")
    store.sync([Source("north", "https://north.example/")], NOW)
    for start in range(0, count, POLL):
        at = NOW - (count - start) // POLL * HOUR
        (claim,) = store.claim(at, HOUR, 1, only=["north"])
        tagged = tuple(
            Tagged(item, tagging.tag(item), tagging.version("north")) for item in items(start, POLL, at)
        )
        store.record(PollResult(claim, at, replace(claim.memory, good=at), "new", tagged, backfill=True))
    store.close()


def items(start: int, count: int, at: datetime) -> Iterator[Item]:
    """Articles in words of their own."""
    for number in range(start, start + count):
        chance = random.Random(number)
        text = " ".join(chance.choices(WORDS, k=250))
        title = " ".join(chance.choices(WORDS, k=8))
        yield Item(
            "north",
            str(number),
            title=title,
            content=f"<p>{text}</p>",
            text=text,
            published=at - chance.random() * HOUR,
        )


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def peak() -> float:
    """The most memory that this process or one of its children had, in MB."""
    here, below = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return max(resource.getrusage(who).ru_maxrss for who in (here, below)) / 1024


if __name__ == "__main__":
    main()
