"""Which feeds there are, which entries each shows, and when that changes by the clock alone."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from aggregator.model import Config, Entry, Feed, Selection
from aggregator.sameness import digest

NEWEST = 50
WINDOW = timedelta(days=7)
MOST = 500
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a feed is before its entries are looked up."""

    name: str
    title: str
    description: str
    kind: Literal["all", "topic", "source"]
    page: str = ""

    def selection(self, now: datetime) -> Selection:
        """The newest 50 entries and all that arrived or were corrected in the last 7 days, up to 500."""
        chosen = Selection(newest=NEWEST, window=now - WINDOW, most=MOST)
        if self.kind == "topic":
            return replace(chosen, topic=self.name)
        if self.kind == "source":
            return replace(chosen, source=self.name.removeprefix("sources/"))
        return chosen

    def newest(self, count: int) -> Selection:
        """The newest few alone, for the front page."""
        return replace(self.selection(_EPOCH), newest=count, window=None)

    def feed(self, namespace: str, entries: Sequence[Entry], updated: datetime = _EPOCH) -> Feed:
        """The feed with its entries; `namespace` is the prefix of the ids minted here."""
        return Feed(
            name=self.name,
            id=f"{namespace}/{self.name}",
            title=self.title,
            description=self.description,
            kind=self.kind,
            updated=updated,
            entries=tuple(entries),
            page=self.page,
        )


def definitions(config: Config) -> tuple[Definition, ...]:
    """Every feed the configuration asks for: everything, the topics, the sources."""
    everything = Definition("all", config.site.title, f"Everything on {config.site.title}", "all")
    topics = [Definition(topic.id, topic.title, topic.description, "topic") for topic in config.topics]
    sources = [
        Definition(f"sources/{source.id}", source.title or source.id, "", "source", source.page)
        for source in config.sources
    ]
    return (everything, *topics, *sources)


def search(query: str, namespace: str, entries: Sequence[Entry]) -> Feed:
    """What a search found as a feed; the same query, however it is spaced, has the same id."""
    asked = canonical(query)
    digest = hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return Feed(
        name="search",
        id=f"{namespace}/search/{digest}",
        title=f"Search: {' OR '.join(asked.splitlines())}",
        description="",
        kind="search",
        updated=max((max(entry.updated, entry.arrived) for entry in entries), default=_EPOCH),
        entries=tuple(entries),
        query=asked,
    )


def canonical(query: str) -> str:
    """A query as it is asked for in addresses: a line a query, single spaces, no comments."""
    lines = (" ".join(line.split()) for line in query.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries as a document lists them: what is pinned, then the newest by `listed`, ties by id."""
    return tuple(sorted(entries, key=lambda entry: (entry.pinned is None, *_place(entry))))


def _place(entry: Entry) -> tuple[float, str]:
    return -entry.listed.timestamp(), entry.id


def fingerprint(feed: Feed) -> str:
    """Equal for equal content: a hash of all that a feed says but its own `updated`."""
    return digest(feed, without=("updated",))


def next_change(entries: Sequence[Entry], now: datetime) -> datetime | None:
    """When the first entry that is shown only for its recency leaves the window; None if there is none."""
    exits = [(entry.changed or max(entry.arrived, entry.updated)) + WINDOW for entry in entries[NEWEST:]]
    return min((moment for moment in exits if moment > now), default=None)
