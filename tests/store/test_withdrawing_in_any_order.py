"""Polls, corrections, rulings and what outlets take back, in any order: both stores say the same."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Deleted, Hold, Pin, Rulings, Selection, Withdrawal
from aggregator.store import Store
from aggregator.store.sqlite import SqliteStore
from tests.examples import examples
from tests.fakes.store import MemoryStore
from tests.store.given import DAY, HOUR, NAMESPACE, NOW, claimed, poll, source, tagged

Step = Callable[[Store, datetime], object]
SOURCES, KEYS = ("north", "south"), ("1", "2", "3")
IDS = ("https://north.example/?p=1", "https://north.example/?p=2", "")
URLS = ("https://north.example/a", "https://north.example/b")
FEEDS = (Selection(), *(Selection(source=one) for one in SOURCES), Selection(topic="korea"))
NAMES = st.sampled_from((*IDS[:2], *URLS))


@st.composite
def polls(draw: st.DrawFn) -> Step:
    """A poll of a source that brings new, corrected and deleted entries."""
    name = draw(st.sampled_from(SOURCES))
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    touched = draw(st.sampled_from((None, -1, 1)))
    gone = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=1))
    entries = [
        (key, *draw(st.tuples(st.sampled_from(IDS), st.sampled_from(URLS), st.booleans()))) for key in keys
    ]
    title = draw(st.sampled_from(("Talks", "More talks")))

    def step(store: Store, now: datetime) -> object:
        updated = now + touched * HOUR if touched else None
        items = [
            tagged(key, source=name, id=id, url=url, title=title, updated=updated, topics=["korea"] * about)
            for key, id, url, about in entries
        ]
        deleted = tuple(Deleted(key, now - timedelta(minutes=5)) for key in gone)
        return store.record(replace(poll(claimed(store, name, now), *items, at=now), deleted=deleted))

    return step


@st.composite
def edits(draw: st.DrawFn) -> Step:
    """An edit of the desk's file."""
    rulings = Rulings(
        tuple(
            Withdrawal(name, draw(st.sampled_from("ab")))
            for name in draw(st.lists(NAMES, unique=True, max_size=2))
        ),
        tuple(Hold(name, "wait") for name in draw(st.lists(NAMES, unique=True, max_size=1))),
        tuple(Pin(name, "korea", NOW + DAY) for name in draw(st.lists(NAMES, unique=True, max_size=1))),
    )
    return lambda store, now: store.rule(rulings, now)


def said(store: Store, now: datetime) -> object:
    """All that readers, editors and the schedule see of a store."""
    return (
        [store.entries(replace(feed, pinned=now)) for feed in FEEDS],
        [store.withdrawn(name, NOW, 99) for name in ("", "all", "korea", "sources/north", "sources/south")],
        [one.feed for one in store.stale(now)],
        [store.find(name) for name in (*IDS[:2], *URLS, "talks")],
        {(one.item.source, one.item.key) for _, one in store.iter_items()},
        [store.memory(name) for name in SOURCES],
    )


@examples(120)
@given(st.lists(polls() | edits(), min_size=2, max_size=8))
def test_both_stores_say_the_same_whatever_happens_in_which_order(steps: list[Step]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteStore.open(Path(folder) / "store.db")) as disk,
    ):
        stores: tuple[Store, Store] = (disk, MemoryStore())
        for store in stores:
            store.namespace(NAMESPACE)
            store.sync([source(name) for name in SOURCES], NOW)
        for number, step in enumerate(steps):
            now = NOW + number * HOUR
            first, second = (step(store, now) for store in stores)
            assert first == second
            first, second = (said(store, now) for store in stores)
            assert first == second
