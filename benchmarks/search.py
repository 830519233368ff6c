"""What a search costs as the store grows, beside a look at every item; what the index adds to recording.

`python -m benchmarks.search [ITEMS]`, 200,000 items if left out; a million take ten minutes to fill.
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from time import perf_counter, process_time
from unittest.mock import patch

from aggregator.model import Found, Item, PollResult, Source, Tag, Tagged
from aggregator.query import Query, compile_query
from aggregator.store.sqlite import SqliteStore, search_index

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SMALL, ITEMS, BATCH = 10_000, 200_000, 1_000
WORDS, TEXT = 60_000, 250
SYLLABLES = "ka to ri men de su pol tra nic ver con pro in ter ne go ti at ion al is mar lo".split()
QUERIES = (
    "{common}",
    "{rare}",
    '"{common} {frequent}"',
    "title:{frequent} {rare}",
    "{prefix}*",
    "{frequent} OR {rare} OR 3x {common}",
    "{common} NEAR/3 {rare}",
    "source:south {frequent}",
    "topic:rare",
    "topic:frequent newer:7d",
    "topic:rare {frequent}",
    "{frequent} before:2025-06-01",
    "nowhere",
)


def main() -> None:
    """Print the costs as ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else ITEMS
    with tempfile.TemporaryDirectory() as folder:
        small, large = filled(Path(folder) / "small.db", SMALL), filled(Path(folder) / "large.db", count)
        print(f"search: the newest 50 of {count:,} items, beside {SMALL:,} items and a look at every item")
        for form in QUERIES:
            text = form.format(**chosen())
            few, many = timed(small, compile_query(text)), timed(large, compile_query(text))
            naive = scan(large, compile_query(text), count)
            print(
                f"  {form:38} {many[0] * 1000:7.1f} ms  ×{many[0] / few[0]:5.1f} the small store's,"
                f"  1/{naive / many[0]:,.0f} of a scan;  {many[1].examined:4} examined"
                f"{'' if many[1].complete else ', incomplete'}"
            )
        compare_recording(large)
        small.close()
        large.close()


def timed(store: SqliteStore, query: Query) -> tuple[float, Found]:
    """Seconds of the quickest of three searches, and what it found."""
    best, found = 1e9, Found((), False, 0)
    for _ in range(3):
        began = perf_counter()
        end = began + 10
        found = store.search(query, NOW, limit=50, most=5000, spent=lambda: perf_counter() > end)  # noqa: B023
        best = min(best, perf_counter() - began)
    return best, found


def scan(store: SqliteStore, query: Query, count: int) -> float:
    """Seconds it would take to put the query to each of `count` items, reckoned from a thousand of them."""
    began = perf_counter()
    for _, tagged in store.iter_items(limit=1000):
        query.holds(tagged.item, NOW, [tag.topic for tag in tagged.tags])
    return (perf_counter() - began) * count / 1000


def compare_recording(store: SqliteStore) -> None:
    """Record polls of 50 and of 5 new items with the index and without it, in turn."""
    for size in (50, 5):
        taken = {"with": 0.0, "without": 0.0}
        for turn in range(400 // size):
            for which in taken:
                items = tuple(made(f"{which} {size} {turn}", size, 0))
                with patch.object(
                    search_index, "add", search_index.add if which == "with" else lambda *_: None
                ):
                    taken[which] += record(store, items, NOW)
        ratio, extra = taken["with"] / taken["without"], (taken["with"] - taken["without"]) / 400
        print(f"  a poll with {size} new items ×{ratio:.2f} with the index ({extra * 1e6:.0f} µs an item)")


def filled(path: Path, count: int) -> SqliteStore:
    """A store with that many items of a year, the older ones polled earlier."""
    store = SqliteStore.open(path)
    store.namespace("tag:wire.example.org,2026:aggregator")
    store.sync([Source(id, f"https://{id}.example/feed") for id in ("north", "south")], NOW)
    for start in range(0, count, BATCH):
        back = (count - start) / count * 365
        record(store, tuple(made(f"{count} {start}", BATCH, back)), NOW - timedelta(days=back))
    return store


def made(prefix: str, count: int, back: float) -> Iterator[Tagged]:
    """Items published in the hours before so many days ago."""
    chance = random.Random(prefix)
    words, weights = vocabulary()
    for n in range(count):
        text = chance.choices(words, cum_weights=weights, k=TEXT)
        body = " ".join(text)
        topics = ["frequent"] if chance.random() < 0.3 else ["rare"] if chance.random() < 0.002 else []
        item = Item(
            source="north" if chance.random() < 0.9 else "south",
            key=f"{prefix} {n}",
            url=f"https://north.example/articles/{prefix.replace(' ', '/')}/{n}",
            title=" ".join(text[:9]).title(),
            summary=" ".join(text[:40]),
            content=f"<p>{body}</p>",
            text=body,
            language="en",
            published=NOW - timedelta(days=back, hours=chance.random() * 9),
        )
        yield Tagged(item, tuple(Tag(topic, 1) for topic in topics), "rules")


def record(store: SqliteStore, tagged: tuple[Tagged, ...], now: datetime) -> float:
    """Seconds of work to record these items, each as a poll of its source brings it."""
    began = process_time()
    for source in ("north", "south"):
        some = tuple(one for one in tagged if one.item.source == source)
        (claim,) = store.claim(now, timedelta(hours=1), 1, only=[source])
        memory = replace(claim.memory, good=now, next_poll=now)
        assert store.record(PollResult(claim, now, memory, "new", some, backfill=True)) is not None
    return process_time() - began


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Words made of syllables, and how often each occurs, summed up: a few everywhere, most hardly ever."""
    chance = random.Random(1)
    words = {
        "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4, 4, 5)))) for _ in range(WORDS * 2)
    }
    chosen = sorted(words)
    chance.shuffle(chosen)
    return chosen[:WORDS], list(accumulate(1 / (rank + 3) for rank in range(len(chosen[:WORDS]))))


def chosen() -> dict[str, str]:
    """A word of every kind."""
    words, _ = vocabulary()
    return {"common": words[3], "frequent": words[300], "rare": words[20_000], "prefix": words[2000][:5]}


if __name__ == "__main__":
    main()
