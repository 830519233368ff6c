"""What reading and recording cost in the store, and that size does not matter to them."""

import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from timeit import repeat, timeit

from aggregator.model import Item, PollResult, Selection, Source, Tag, Tagged
from aggregator.store.sqlite import SqliteStore

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOPICS = [f"topic-{n}" for n in range(20)]
BODY = "<p>Talks about talks went on, and will go on.</p>\n" * 20  # 1 KB
PART = 100
SMALL, LARGE, BATCH = 1_000, 200_000, 1_000


def main() -> None:
    """Print the costs as ratios."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = filled(Path(folder) / "small.db", SMALL), filled(Path(folder) / "large.db", LARGE)
        print(f"store: {LARGE:,} items stored, compared with {SMALL:,}")
        for what, selection in (
            ("newest 50 of a topic", Selection(topic=TOPICS[0])),
            ("newest 50 of everything", Selection()),
            ("a week's window of a topic", Selection(topic=TOPICS[0], window=NOW - 7 * DAY, most=100)),
        ):
            before, after = reading(small, selection), reading(large, selection)
            print(f"  {what:28} ×{after / before:5.2f}   ({after * 1000:.3f} ms an entry)")
        archive(small)
        archive(large)
        before, after = unsealed(small), unsealed(large)
        print(
            f"  {'what no part holds of a topic':28} ×{after / before:5.2f}   ({after * 1000:.3f} ms in all)"
        )
        compare_polls(small, "small")
        compare_polls(large, "large")
        small.close()
        large.close()


def compare_polls(store: SqliteStore, size: str) -> None:
    """Record 50 items that are new, then again unchanged, then nothing at all."""
    fresh = [items(50, f"{size} {n} ") for n in range(9)]
    new, unchanged = best(store, fresh), best(store, fresh)
    nothing = best(store, [()] * 9)
    print(
        f"  {size} store: a poll with 50 new items {new * 1000:.1f} ms; "
        f"with 50 unchanged ones ×{unchanged / new:.2f}; a 304 ×{nothing / new:.3f}"
    )


def archive(store: SqliteStore) -> None:
    """Seal all of a topic but for the last part and some more."""
    while len(left := store.unsealed(TOPICS[0], (), PART + 60, backfill=False)) == PART + 60:
        store.seal(TOPICS[0], [entry.id for entry in left[:PART]])


def unsealed(store: SqliteStore) -> float:
    """Seconds to read ten entries that no part holds, besides the newest 50."""
    shown = [entry.id for entry in store.entries(Selection(topic=TOPICS[0]))]
    return min(repeat(lambda: store.unsealed(TOPICS[0], shown, 10, backfill=False), number=1, repeat=30))


def filled(path: Path, count: int) -> SqliteStore:
    """A store with that many items, the older ones polled earlier."""
    store = SqliteStore.open(path)
    store.namespace("tag:wire.example.org,2026:aggregator")
    store.sync([Source("north", "https://north.example/feed")], NOW)
    for start in range(0, count, BATCH):
        back = (count - start) // BATCH * DAY
        record(store, items(BATCH, f"{start} ", NOW - back), NOW - back)
    return store


def items(count: int, prefix: str, now: datetime = NOW) -> tuple[Tagged, ...]:
    """Items of the last day, each in two topics."""
    chance = random.Random(prefix)
    return tuple(
        Tagged(
            Item(
                source="north",
                key=f"{prefix}{n}",
                id=f"https://north.example/{prefix.strip()}/{n}",
                url=f"https://north.example/articles/{prefix.strip()}/{n}",
                title=f"Article {prefix}{n}",
                content=BODY,
                text=BODY,
                published=now - chance.random() * DAY,
            ),
            tuple(Tag(topic, 1) for topic in chance.sample(TOPICS, 2)),
            "rules",
        )
        for n in range(count)
    )


def record(store: SqliteStore, tagged: tuple[Tagged, ...], now: datetime = NOW) -> None:
    """Claim the source and record a poll with these items."""
    (claim,) = store.claim(now, HOUR, 1, only=["north"])
    memory = replace(claim.memory, good=now, next_poll=now)
    change = store.record(PollResult(claim, now, memory, "new" if tagged else "not-modified", tagged))
    assert change is not None


def best(store: SqliteStore, polls: list[tuple[Tagged, ...]]) -> float:
    """Seconds of the quickest poll."""
    return min(timeit(partial(record, store, tagged), number=1) for tagged in polls)


def reading(store: SqliteStore, selection: Selection) -> float:
    """Seconds for each entry of a selection."""
    look = partial(store.entries, selection)
    return min(repeat(look, number=1, repeat=30)) / len(look())


if __name__ == "__main__":
    main()
