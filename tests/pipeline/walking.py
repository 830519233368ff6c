"""A newsroom in memory whose archives grow, and a client that walks through them."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lxml.etree import _Element, fromstring

from aggregator.compiled import compile_config
from aggregator.model import (
    Config,
    Document,
    PollResult,
    Retagged,
    Rulings,
    Site,
    Source,
    Tag,
    Tagged,
    Topic,
    Withdrawal,
)
from aggregator.store import Store
from tests.pipeline.test_journey import CONFIG, Journey
from tests.store.given import tagged

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
SITE = "https://wire.example.org/"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOURCES = ("daily", "weekly")
OUTLETS: Config = replace(
    CONFIG,
    site=Site("Commons Wire", SITE),
    sources=tuple(Source(id, f"https://{id}.example/feed") for id in SOURCES),
    topics=(Topic("peace", "Peace", match="peace"),),
)


class Wire(Journey):
    """A site with one topic, whose items come straight into the store."""

    def __init__(self, store: Store | None = None) -> None:
        super().__init__(OUTLETS)
        self.library: Store = store or self.store
        self.library.namespace(self.pipeline.context.namespace)
        self.library.sync(OUTLETS.sources, self.world.now)
        self.pipeline.context.store, self.pipeline.publisher.remove = self.library, self.remove
        self.start()

    def start(self, config: Config = OUTLETS) -> None:
        """Go by a configuration from now on."""
        self.pipeline.context.compiled = compile_config(config)
        asyncio.run(self.pipeline.publisher.catch_up())

    def remove(self, path: str) -> bool:
        gone = [one for one in self.world.files if one == path or one.startswith(f"{path}/")]
        for one in gone:
            self.world.remove(one)
        return bool(gone)

    def leave_alone(self, *feeds: str) -> None:
        """Let feeds be as if they were published."""
        for stale in self.library.stale(self.world.now):
            if stale.feed in feeds:
                self.library.published(stale, "print", self.world.now, None)

    def killed(self, writes: int) -> bool:
        """Whether publishing was killed because it wanted to write more documents than that."""
        left = iter(range(writes))

        def write(document: Document) -> bool:
            if document.body != self.world.files.get(document.path) and next(left, None) is None:
                raise KeyboardInterrupt
            return self.world.write(document)

        self.pipeline.publisher.write = write
        try:
            self.publish()
        except KeyboardInterrupt:
            return True
        finally:
            self.pipeline.publisher.write = self.world.write
        return False

    def poll(self, source: str, *items: Tagged) -> None:
        """Record a poll; the first one of a source is a backfill."""
        now = self.world.now
        (claim,) = self.library.claim(now, HOUR, 1, [source])
        memory = replace(claim.memory, polled=now, good=now, next_poll=now + HOUR)
        own = tuple(replace(one, item=replace(one.item, source=source)) for one in items)
        self.library.record(PollResult(claim, now, memory, "new", own, backfill=claim.memory.good is None))

    def arrive(self, *keys: str, source: str = "daily", age: timedelta = HOUR) -> None:
        self.poll(source, *(story(key, published=self.world.now - age) for key in keys))

    def retag(self, key: str, *topics: str) -> None:
        numbers = [number for number, one in self.library.iter_items(limit=9999) if one.item.key == key]
        for one in self.library.stored(numbers):
            tags = tuple(Tag(topic, 1) for topic in topics)
            before = one.tagged.rules
            self.library.retag(
                [Retagged(one.number, one.hash, before, before, tags, shown=True)], self.world.now
            )

    def withdraw(self, *keys: str) -> None:
        rulings = Rulings(withdrawn=tuple(Withdrawal(address(key), "libel") for key in keys))
        self.pipeline.context.compiled = replace(
            self.pipeline.context.compiled,
            config=replace(self.pipeline.context.compiled.config, rulings=rulings),
        )
        self.library.rule(rulings, self.world.now)

    def publish(self) -> None:
        events = asyncio.run(self.pipeline.publisher.publish())
        assert [event.failure for event in events if event.failure] == []

    def read(self, path: str) -> bytes:
        """What stands at a path."""
        return self.world.files[path]

    def parts(self, feed: str = "peace") -> list[str]:
        return sorted(path for path in self.world.files if path.startswith(f"{feed}/archive/"))


def address(key: str) -> str:
    return f"https://outlet.example/{key}"


def story(key: str, *, title: str = "", published: datetime | None = None) -> Tagged:
    """An item of the topic."""
    return tagged(key, id=address(key), url=address(key), title=title, published=published, topics=["peace"])


def titles(body: bytes) -> dict[str, str]:
    """The entries of a document by their keys."""
    return {
        key_of(entry): entry.findtext(f"{ATOM}title", "") for entry in fromstring(body).iter(f"{ATOM}entry")
    }


def key_of(entry: _Element) -> str:
    return entry.findtext(f"{ATOM}id", "").rpartition("/")[2]


def link(body: bytes, rel: str) -> str:
    """The path that a document's link leads to; "" where it has none."""
    links = fromstring(body).findall(f"{ATOM}link")
    return next((one.get("href", "").removeprefix(SITE) for one in links if one.get("rel") == rel), "")


@dataclass
class Walker:
    """A client as RFC 5005 (4.2) describes one: what it read of an archive it never asks for again."""

    read: Callable[[str], bytes]
    feed: str = "peace.atom"
    entries: dict[str, tuple[str, str]] = field(default_factory=dict)  # by key: when updated, title
    known: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)  # the paths in the order of reading

    def walk(self) -> Iterator[str]:
        """Read document by document until there is nothing that was not read before."""
        path, read = self.feed, set[str]()
        while path and path not in self.known:
            body = self.read(path)
            self._merge(body)
            if path != self.feed:
                read.add(path)
            self.seen.append(path)
            yield path
            path = link(body, "prev-archive")
        self.known |= read

    def whole(self) -> "Walker":
        for _ in self.walk():
            pass
        return self

    def _merge(self, body: bytes) -> None:
        for entry in fromstring(body).iter(f"{ATOM}entry"):
            said = entry.findtext(f"{ATOM}updated", ""), entry.findtext(f"{ATOM}title", "")
            key = key_of(entry)
            self.entries[key] = max(said, self.entries.get(key, said), key=lambda one: one[0])

    def keys(self) -> set[str]:
        return set(self.entries)


def named(prefix: str, numbers: Sequence[int]) -> list[str]:
    return [f"{prefix}{number:04}" for number in numbers]
