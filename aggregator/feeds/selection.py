"""Which feeds there are, which entries each shows, and when that changes by the clock alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from aggregator.items.sameness import value_digest
from aggregator.model import Config, Entry, Feed, Selection
from aggregator.text.digests import digest

NEWEST = 50
WINDOW = timedelta(days=7)
MOST = 500
ANNOUNCED = timedelta(days=30)
"""How long a feed tells of an entry that was withdrawn."""
GRACE = timedelta(hours=24)
"""How long the addresses of a feed that is no longer configured answer with its last documents."""
MOST_BYTES = 2_000_000  # of a document in any format
PART = 100  # entries of a sealed part
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a feed is before its entries are looked up."""

    name: str
    title: str
    description: str
    kind: Literal["all", "topic", "source"]
    page: str = ""
    identity: str = ""  # what its id is made of; its name if ""

    def selection(self, now: datetime) -> Selection:
        """The newest 50 entries and all that arrived or were corrected in the last 7 days, up to 500.

        What is pinned at that time comes first.
        """
        chosen = Selection(newest=NEWEST, window=now - WINDOW, most=MOST, pinned=now)
        if self.kind == "topic":
            return replace(chosen, topic=self.name)
        if self.kind == "source":
            return replace(chosen, source=self.name.removeprefix("sources/"))
        return chosen

    def newest(self, count: int, now: datetime) -> Selection:
        """The newest few alone, what is pinned first, for the front page."""
        return replace(self.selection(now), newest=count, most=count, window=None)

    def feed(self, namespace: str, entries: Sequence[Entry]) -> Feed:
        """The feed with its entries; `namespace` is the prefix of the ids minted here."""
        return Feed(
            name=self.name,
            id=f"{namespace}/{self.identity or self.name}",
            title=self.title,
            description=self.description,
            kind=self.kind,
            updated=_EPOCH,  # until it is known what changed
            entries=tuple(entries),
            page=self.page,
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """A feed that was published and is no longer configured."""

    definition: Definition  # as it was when it was
    since: datetime

    @property
    def until(self) -> datetime:
        """When its addresses begin to answer that it is gone."""
        return self.since + GRACE


@dataclass(frozen=True, slots=True)
class FeedNames:
    """What became of the names of feeds."""

    redirects: Mapping[str, str] = field(default_factory=dict)  # earlier names, and those of today
    identities: Mapping[str, str] = field(default_factory=dict)  # of feeds whose id is not made of their name
    ended: Mapping[str, Ended] = field(default_factory=dict)
    to_fill: frozenset[str] = frozenset()  # topics that are new, and lack what history has for them
    unheard_of: frozenset[str] = frozenset()  # those of them whose ids no rules knew before


NO_NAMES = FeedNames()


def core(selected: Sequence[Entry]) -> tuple[Entry, ...]:
    """Of a selection what a live feed shows whatever else it has to: there is room left for `PART` - 1 more.

    What is pinned, the newest 50, and of the rest what changed last.
    """
    newest = {entry.id for entry in sorted(selected, key=_place)[:NEWEST]}
    first = [entry for entry in selected if entry.pinned or entry.id in newest]
    rest = [entry for entry in selected if not (entry.pinned or entry.id in newest)]
    return (*first, *sorted(rest, key=_change, reverse=True)[: max(0, MOST - PART + 1 - len(first))])


def live(selected: Sequence[Entry], unsealed: Sequence[Entry]) -> tuple[Entry, ...]:
    """What a live feed shows: the core of a selection, what no part holds yet, and more of the selection.

    The most important first, to be cut where it is too much.
    """
    shown = {entry.id: entry for entry in (*core(selected), *unsealed)}
    shown |= {entry.id: entry for entry in sorted(selected, key=_change, reverse=True)}
    chosen = list(shown.values())[:MOST]
    return tuple(sorted(chosen, key=lambda entry: (entry.pinned is None, -_change(entry).timestamp())))


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries as a document lists them: what is pinned, then the newest by `listed`, ties by id."""
    return tuple(sorted(entries, key=lambda entry: (entry.pinned is None, *_place(entry))))


def definitions(config: Config) -> tuple[Definition, ...]:
    """Every feed the configuration asks for: everything, the topics, the sources."""
    everything = Definition("all", config.site.title, f"Everything on {config.site.title}", "all")
    topics = [Definition(topic.id, topic.title, topic.description, "topic") for topic in config.topics]
    sources = [
        Definition(f"sources/{source.id}", source.title or source.id, "", "source", source.page)
        for source in config.sources
    ]
    return (everything, *topics, *sources)


def earlier_names(config: Config) -> dict[str, str]:
    """Names that feeds had before, by the configuration's word, with those of today."""
    topics = {old: topic.id for topic in config.topics for old in topic.was}
    sources = {f"sources/{old}": f"sources/{source.id}" for source in config.sources for old in source.was}
    return topics | sources


def _place(entry: Entry) -> tuple[float, str]:
    return -entry.listed.timestamp(), entry.id


def _change(entry: Entry) -> datetime:
    return entry.changed or max(entry.arrived, entry.updated)


def search(query: str, namespace: str, entries: Sequence[Entry]) -> Feed:
    """What a search found as a feed; the same query, however it is spaced, has the same id."""
    asked = canonical(query)
    return Feed(
        name="search",
        id=f"{namespace}/search/{digest(asked, 12)}",
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


def fingerprint(feed: Feed) -> str:
    """Equal for equal content: a hash of all that a feed says but its own `updated`."""
    return value_digest(feed, without=("updated", "parts"))


def next_change(feed: Feed, now: datetime) -> datetime | None:
    """When a feed changes by the clock alone, None if it does not.

    An entry that is shown only for its recency leaves the window, a pin ends, or what was withdrawn was told
    of for long enough.
    """
    recent = [_change(entry) + WINDOW for entry in feed.entries[NEWEST:]]
    moments = [*recent, *(gone.at + ANNOUNCED for gone in feed.withdrawn)]
    moments += [entry.pinned for entry in feed.entries if entry.pinned is not None]
    return min((moment for moment in moments if moment > now), default=None)
