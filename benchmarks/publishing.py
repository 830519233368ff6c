"""What publishing costs: everything, then one topic in a hundred; an entry, then with what is kept of it."""

import asyncio
import random
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from aggregator.adapters.disk import Folder
from aggregator.compiled import compile_config
from aggregator.model import (
    Config,
    Feed,
    Item,
    Polling,
    PollResult,
    Refined,
    Request,
    Response,
    Selection,
    Site,
    Source,
    Tag,
    Tagged,
    Topic,
)
from aggregator.outputs import Cache, validity
from aggregator.outputs.formats import readers
from aggregator.pipeline import Context, Pipeline
from aggregator.store import Store
from aggregator.store.sqlite import SqliteStore
from tests import printing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMESPACE = "tag:wire.example.org,2026:benchmark"
TOPICS, SOURCES, ITEMS, TAGGED = 1_000, 20, 2_500, 10  # an item is in ten topics, and a topic has 25
BODY = (
    '<p>Envoys met <a href="https://example.org/">there</a>, and talked about what to talk about.</p>\n' * 15
)
SITE = Config(
    site=Site("Commons Wire", "https://wire.example.org/"),
    polling=Polling(),
    sources=tuple(
        Source(
            f"outlet-{n}", f"https://outlet-{n}.example/feed", republish="full" if n % 4 == 0 else "excerpt"
        )
        for n in range(SOURCES)
    ),
    lists={},
    topics=tuple(Topic(f"topic-{n}", f"Topic {n}", match=f"word{n}") for n in range(TOPICS)),
)


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as pipeline:
        compare_publications(pipeline)
        store = pipeline.context.store
        entries = store.entries(Selection(newest=200))
        compare_rendering(Feed("all", f"{NAMESPACE}/all", "All", "", "all", NOW, entries))


def compare_publications(pipeline: Pipeline) -> None:
    """Publish all, then what one new item changes: ten topics of a thousand, its outlet, `all`, the index."""
    everything = seconds(lambda: publish(pipeline))
    changed = []
    for number in range(5):
        record(pipeline.context.store, "outlet-1", [tagged(ITEMS + number)], NOW + timedelta(minutes=number))
        changed.append(seconds(lambda: publish(pipeline)))
    ratio = everything / min(changed)
    part = f"an item in {TAGGED} of them 1/{ratio:.0f} of that"
    print(f"publishing: {TOPICS:,} topics take {everything:.1f} s; {part}")


def compare_rendering(feed: Feed) -> None:
    """Render a feed of 200 entries: as if each stood nowhere else, then with what is kept of them."""
    kept = Cache("benchmark")
    alone = min(seconds(lambda: printing.render(feed, SITE)) for _ in range(3))
    printing.render(feed, SITE, kept)
    reused = min(seconds(lambda: printing.render(feed, SITE, kept)) for _ in range(3))
    other = replace(feed, entries=(replace(feed.entries[0], updated=NOW), *feed.entries[1:]))
    one_new = seconds(lambda: printing.render(other, SITE, kept))
    documents = printing.render(feed, SITE, kept)
    ids = [entry.id for entry in feed.entries]
    examined = seconds(
        lambda: [
            validity.examine(one, readers(), ids if one.path[-5:] != ".html" else None) for one in documents
        ]
    )
    each = alone / len(feed.entries) * 1e6
    print(f"  an entry printed and examined for the first time: {each:.0f} µs")
    print(f"  reading all its documents back and examining every entry again: {examined / alone:.0%} of that")
    print(f"  with all entries kept ×{alone / reused:.1f} as fast; with all but one ×{alone / one_new:.1f}")


@contextmanager
def opened(folder: Path) -> Iterator[Pipeline]:
    """A pipeline over a store with all items, nothing published yet."""
    store = SqliteStore.open(folder / "store.db")
    store.namespace(NAMESPACE)
    store.sync(SITE.sources, NOW)
    for n, source in enumerate(SITE.sources):
        record(store, source.id, [tagged(number) for number in range(n, ITEMS, SOURCES)], NOW)
    feeds = Folder(folder / "feeds")
    thread = ThreadPoolExecutor(max_workers=1)
    yield Pipeline.of(
        Context(
            compiled=compile_config(SITE),
            store=store,
            thread=thread,
            observe=lambda event: None,
            clock=lambda: NOW,
            namespace=NAMESPACE,
        ),
        fetch=nothing,
        refine=unread,
        write=feeds.write,
        remove=feeds.remove,
        exists=feeds.exists,
        chance=lambda: 0.5,
    )
    thread.shutdown()
    store.close()


async def nothing(request: Request) -> Response:
    """No server is asked here."""
    raise NotImplementedError


async def unread(source: Source, response: Response) -> Refined:
    """No body is read here."""
    raise NotImplementedError


def tagged(number: int) -> Tagged:
    """An item of the last weeks in ten topics."""
    chance = random.Random(number)
    source = f"outlet-{number % SOURCES}" if number < ITEMS else "outlet-1"
    url = f"https://{source}.example/articles/{number}"
    item = Item(
        source=source,
        key=str(number),
        id=url,
        url=url,
        title=f"Article {number} on what was said",
        content=BODY,
        text="Envoys met there, and talked about what to talk about. " * 15,
        excerpt="Envoys met there, and talked about what to talk about. " * 5,
        published=NOW - chance.random() * timedelta(days=20) if number < ITEMS else NOW,
    )
    return Tagged(item, tuple(Tag(f"topic-{n}", 1) for n in chance.sample(range(TOPICS), TAGGED)), "rules")


def record(store: Store, source: str, items: list[Tagged], now: datetime) -> None:
    """Claim the source and record a poll with these items."""
    (claim,) = store.claim(now, timedelta(hours=1), 1, only=[source])
    memory = replace(claim.memory, good=now, next_poll=now)
    assert store.record(PollResult(claim, now, memory, "new", tuple(items))) is not None


def publish(pipeline: Pipeline) -> None:
    """Bring feeds/ up to date; nothing fails here."""
    assert not [event for event in asyncio.run(pipeline.publisher.publish()) if event.failure]


def seconds(work: Callable[[], object]) -> float:
    """CPU time, which a busy machine does not change much."""
    before = process_time()
    work()
    return process_time() - before


if __name__ == "__main__":
    main()
