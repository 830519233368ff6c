"""Looks into rules and store for the person who writes the rules; changes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from aggregator.errors import InputError
from aggregator.feeds import renames
from aggregator.items.stories import folded
from aggregator.model import Config, Entry
from aggregator.service import configuration
from aggregator.service.settings import Settings
from aggregator.store import FeedStore
from aggregator.store.sqlite import SqliteStore
from aggregator.topics import advice, compile_rules
from aggregator.topics.advice import Explanation
from aggregator.topics.tagging import renamed


@dataclass(frozen=True, slots=True)
class ItemExplained:
    """An entry and an explanation of each of its items; without any, the entries to choose from."""

    config: Config
    entries: tuple[Entry, ...]
    items: tuple[Explanation, ...] = ()


def explain_item(settings: Settings, text: str) -> ItemExplained:
    """What the rules make of the item with that id, address or title; of several none is explained.

    Raises InputError where there is no such item.
    """
    cfg = read_rules(settings)
    with opened_store(settings) as store:
        entries = store.find(text)
        meant = chosen(entries, text)
        if not entries:
            advised = "name its id, its address or words of its title"
            raise InputError(f"there is no item {text!r} in {settings.database}; {advised}")
        if meant is None:
            return ItemExplained(cfg, entries)
        tagged = store.story_items(meant.id)
        ids = renamed_topics(store, cfg)
    rules = compile_rules(cfg.topics, cfg.lists)
    shown = renamed(meant.tags, ids)
    explained = (
        advice.explain_stored(
            rules,
            cfg.topics,
            replace(one, tags=renamed(one.tags, ids)),
            cfg.source(one.item.source).topics,
            shown,
        )
        for one in tagged
    )
    return ItemExplained(cfg, (meant,), tuple(explained))


def explain_text(settings: Settings, text: str) -> ItemExplained:
    """What the rules make of a text whose first line is its title."""
    if not text.strip():
        raise InputError("there is nothing to explain: the text is empty")
    cfg = read_rules(settings)
    explained = advice.explain_text(compile_rules(cfg.topics, cfg.lists), cfg.topics, text)
    return ItemExplained(cfg, (), (explained,))


def read_rules(settings: Settings) -> Config:
    """The configuration, also while examples in it fail: to find out why is what these commands are for.

    While the file is broken it is the last good one, with a warning.
    """
    return configuration.look(settings)


@contextmanager
def opened_store(settings: Settings, *, looking: bool = True) -> Iterator[SqliteStore]:
    """The store as it is, for a look one that may only be read; InputError where there is none yet."""
    if not settings.database.exists():
        advised = "run `aggregator poll` first, or name another file with --database"
        raise InputError(f"there is no store at {settings.database} yet; {advised}")
    store = SqliteStore.open(settings.database, looking=looking)
    try:
        yield store
    finally:
        store.close()


def chosen(entries: Sequence[Entry], text: str) -> Entry | None:
    """The entry that is meant: the only one, or the only one whose whole title it is."""
    whole = [entry for entry in entries if folded(entry.item.title) == folded(text)]
    return entries[0] if len(entries) == 1 else whole[0] if len(whole) == 1 else None


def renamed_topics(store: FeedStore, cfg: Config) -> dict[str, str]:
    """Earlier ids of topics with those they have under a configuration, once it is in force."""
    names, known = {topic.id for topic in cfg.topics}, store.redirects()
    alive = {name for name in store.known_feeds() if name not in known}
    stated = {old: topic.id for topic in cfg.topics for old in topic.was}
    found = renames.resolve(names, stated, known, alive)
    return {earlier: id for earlier, id in found.items() if id in names}
