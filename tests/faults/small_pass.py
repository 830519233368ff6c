"""One pass over outlets held in memory, with the real store and the real folder; also a program to be killed.

It prints the id of each source as soon as its poll is recorded: from then on nobody may lose the items.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.adapters.disk import Folder
from aggregator.compiled import compile_config
from aggregator.model import (
    Config,
    Event,
    Failure,
    Polled,
    Polling,
    Published,
    Refined,
    Request,
    Response,
    Site,
    Source,
    Topic,
)
from aggregator.model.seams import Observe
from aggregator.parse.refinement import refine
from aggregator.pipeline import Context, Pipeline
from aggregator.store.sqlite import SqliteStore
from tests import judges

SOURCES, ENTRIES = 4, 5
NAMESPACE = "tag:wire.test,2026:x"
CONFIG = Config(
    site=Site("Wire", "https://wire.test/"),
    polling=Polling(),
    sources=tuple(Source(f"outlet-{n}", f"https://outlet-{n}.test/feed") for n in range(SOURCES)),
    lists={},
    topics=(Topic("peace", "Peace", match="peace"),),
)


def now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)


def later() -> datetime:
    """The same, when every lease has ended and every source is due."""
    return now() + timedelta(days=2)


def feed(source: str, entries: int = ENTRIES) -> bytes:
    """What an outlet serves."""
    items = "".join(
        f"<item><title>Peace {n} by {source}</title><guid isPermaLink='false'>{source}-{n}</guid>"
        f"<link>https://{source}.test/{n}</link><description>Text {n}.</description></item>"
        for n in range(entries)
    )
    return f"<rss version='2.0'><channel><title>{source}</title>{items}</channel></rss>".encode()


@dataclass
class Place:
    """A store and a folder below `root`, and what happened there."""

    root: Path
    entries: int = ENTRIES
    asked: list[str] = field(default_factory=list)

    async def fetch(self, request: Request) -> Response | Failure:
        """Every outlet answers in full."""
        self.asked.append(request.url)
        return Response(
            request.url, 200, (), feed(request.url.split("/")[2].removesuffix(".test"), self.entries)
        )

    async def refine(self, source: Source, response: Response) -> Refined | Failure:
        """In this process."""
        return refine(source, response)

    def run(self, clock: Callable[[], datetime] = now, observe: Observe = lambda _: None) -> list[Event]:
        """Poll what is due and publish."""
        events: list[Event] = []

        def both(event: Event) -> None:
            events.append(event)
            observe(event)

        async def scenario() -> None:
            with closing(SqliteStore.open(self.root / "store.db")) as store, ThreadPoolExecutor(1) as thread:
                store.namespace(NAMESPACE)
                store.sync(CONFIG.sources, clock())
                pipeline = self.pipeline(store, thread, clock, both)
                await pipeline.publisher.catch_up()
                await pipeline.poller.poll(store.claim(clock(), timedelta(minutes=10), 100))
                await pipeline.publisher.publish()

        asyncio.run(scenario())
        return events

    def pipeline(
        self, store: SqliteStore, thread: ThreadPoolExecutor, clock: Callable[[], datetime], observe: Observe
    ) -> Pipeline:
        """The journey through this place."""
        folder = Folder(self.root / "feeds")
        return Pipeline.of(
            Context(
                compiled=compile_config(CONFIG),
                store=store,
                thread=thread,
                observe=observe,
                clock=clock,
                namespace=NAMESPACE,
            ),
            fetch=self.fetch,
            refine=self.refine,
            write=folder.write,
            remove=folder.remove,
            exists=folder.exists,
            chance=lambda: 0.5,
        )

    def stored(self) -> list[tuple[str, str]]:
        """Source and id of every stored item."""
        with closing(SqliteStore.open(self.root / "store.db")) as store:
            return [(one.item.source, one.item.title) for _, one in store.iter_items(limit=1000)]

    def judge(self) -> None:
        """Every published file is whole."""
        for path in (self.root / "feeds").rglob("*"):
            if path.suffix in judges.JUDGES and not path.name.startswith("."):
                assert judges.JUDGES[path.suffix](path.read_bytes()) == [], path

    def complete(self) -> None:
        """Everything is stored once, published once, and nothing lies about."""
        wanted = sorted(
            (f"outlet-{n}", f"Peace {m} by outlet-{n}") for n in range(SOURCES) for m in range(self.entries)
        )
        assert sorted(self.stored()) == wanted
        shown = json.loads((self.root / "feeds" / "peace.json").read_text())["items"]
        assert sorted(item["title"] for item in shown) == sorted(title for _, title in wanted)
        assert not list((self.root / "feeds").rglob(".*"))
        self.judge()


def recorded(events: list[Event]) -> list[str]:
    """The sources whose polls were stored."""
    return [event.source.id for event in events if isinstance(event, Polled) and event.change]


def unpublished(events: list[Event]) -> list[Published]:
    """The feeds that could not be published."""
    return [event for event in events if isinstance(event, Published) and event.failure]


def _acknowledge(event: Event) -> None:
    if isinstance(event, Polled):
        print(event.source.id, flush=True)


if __name__ == "__main__":
    Place(Path(sys.argv[1])).run(observe=_acknowledge)
