"""Whatever happens to it, SqliteStore says what the store says that looks at everything."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aggregator.model import Claim, Decision, Retagged, Selection, Tagged
from aggregator.store.sqlite import SqliteStore
from tests.examples import examples
from tests.fakes.store import MemoryStore
from tests.store.given import HOUR, NAMESPACE, NOW, poll, source, tagged

SOURCES = ("north", "south", "east")
TOPICS = ("korea", "peace")
LEASE = timedelta(hours=2)
hours = st.integers(0, 400).map(lambda n: n * HOUR)
few = st.sampled_from(["", "https://a.example/1", "https://a.example/2"])
items = st.builds(
    tagged,
    st.sampled_from("123456"),
    id=few,
    url=few,
    title=st.sampled_from(["", "Talks", "Summit"]),
    published=st.none() | hours.map(lambda back: NOW + 200 * HOUR - back),
    topics=st.lists(st.sampled_from(TOPICS), unique=True),
)
decisions = st.builds(
    Decision,
    st.sampled_from(["https://a.example/1", "https://a.example/2"]),
    st.sampled_from(TOPICS),
    st.booleans(),
    st.just("by hand: so it is"),
)
feeds = st.sampled_from(["all", "korea", "war", "sources/north"])
selections = st.builds(
    Selection,
    topic=st.sampled_from(["", *TOPICS]),
    source=st.sampled_from(["", *SOURCES]),
    newest=st.integers(0, 5),
    window=st.none() | hours.map(lambda later: NOW + later),
    most=st.integers(1, 8),
)


class Stores(RuleBasedStateMachine):
    """The same calls to both stores, an hour or more apart."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.sqlite = SqliteStore.open(Path(self.folder.name) / "store.db")
        self.memory = MemoryStore()
        self.now = NOW
        self.claims: list[Claim] = []
        for store in (self.sqlite, self.memory):
            store.namespace(NAMESPACE)
            store.sync([source(id) for id in SOURCES], NOW)

    @rule(passed=hours)
    def wait(self, passed: timedelta) -> None:
        self.now += passed

    @rule(chosen=st.sets(st.sampled_from(SOURCES)), address=st.sampled_from(["", "https://new.example/"]))
    def sync(self, chosen: set[str], address: str) -> None:
        for store in (self.sqlite, self.memory):
            store.sync([source(id, address) for id in sorted(chosen)], self.now)

    @rule(limit=st.integers(0, 3), only=st.none() | st.lists(st.sampled_from(SOURCES)))
    def claim(self, limit: int, only: list[str] | None) -> None:
        claims = self.sqlite.claim(self.now, LEASE, limit, only)
        assert claims == self.memory.claim(self.now, LEASE, limit, only)
        self.claims += claims

    @rule(data=st.data(), given=st.lists(items, max_size=6))
    def record(self, data: st.DataObject, given: list[Tagged]) -> None:
        if self.claims:
            claim = data.draw(st.sampled_from(self.claims))
            own = [replace(one, item=replace(one.item, source=claim.source)) for one in given]
            made = poll(claim, *own, at=self.now)
            assert self.sqlite.record(made) == self.memory.record(made)

    @rule(chosen=st.lists(decisions, unique_by=lambda one: (one.item, one.topic), max_size=3))
    def decide(self, chosen: list[Decision]) -> None:
        assert self.sqlite.decide(chosen, self.now) == self.memory.decide(chosen, self.now)

    @rule(data=st.data(), rules=st.sampled_from(["rules-1", "rules-2"]), since=st.none() | hours)
    def retag(self, data: st.DataObject, rules: str, since: timedelta | None) -> None:
        start = NOW + since if since is not None else None
        numbers = self.sqlite.tagged_otherwise(lambda source: rules, start)
        assert numbers == self.memory.tagged_otherwise(lambda source: rules, start)
        stored = self.sqlite.stored(numbers)
        assert stored == self.memory.stored(numbers)
        batch = [
            Retagged(
                number=one.number,
                hash=data.draw(st.sampled_from([one.hash, "corrected"])),
                before=one.tagged.rules,
                rules=rules,
                tags=data.draw(st.none() | st.just(tagged("", topics=["war"]).tags)),
                shown=True,
            )
            for one in stored
        ]
        assert self.sqlite.retag(batch, self.now) == self.memory.retag(batch, self.now)

    @rule(earlier=st.sampled_from(TOPICS), topic=st.sampled_from(["war", "korea"]))
    def rename(self, earlier: str, topic: str) -> None:
        if earlier != topic:
            renamed = self.sqlite.rename_topic(earlier, topic, self.now)
            assert renamed == self.memory.rename_topic(earlier, topic, self.now)

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.claims))) if self.claims else []
        for store in (self.sqlite, self.memory):
            store.release(chosen)

    @rule(data=st.data(), later=st.none() | hours)
    def publish(self, data: st.DataObject, later: timedelta | None) -> None:
        for stale in self.sqlite.stale(self.now):
            if data.draw(st.booleans()):
                change = self.now + later if later is not None else None
                for store in (self.sqlite, self.memory):
                    store.published(stale, f"print {stale.revision}", self.now, change)

    @rule(feed=feeds, backfill=st.booleans(), most=st.integers(1, 4), data=st.data())
    def seal(self, feed: str, backfill: bool, most: int, data: st.DataObject) -> None:
        first = self.sqlite.unsealed(feed, (), most, backfill=backfill)
        assert first == self.memory.unsealed(feed, (), most, backfill=backfill)
        ids = {one.id for one in first}
        besides = data.draw(st.sets(st.sampled_from(sorted(ids)))) if ids else set()
        rest = self.sqlite.unsealed(feed, besides, most, backfill=backfill)
        assert rest == self.memory.unsealed(feed, besides, most, backfill=backfill)
        assert self.sqlite.seal(feed, ids - besides) == self.memory.seal(feed, ids - besides)

    @rule(feed=feeds)
    def forget(self, feed: str) -> None:
        for store in (self.sqlite, self.memory):
            store.forget_feed(feed)

    @rule(feed=feeds)
    def read_the_archive(self, feed: str) -> None:
        assert self.sqlite.newest_part(feed) == self.memory.newest_part(feed)
        parts = self.sqlite.parts(feed)
        assert [part.updated for part in parts] == [part.updated for part in self.memory.parts(feed)]
        for part in parts:
            assert self.sqlite.part_entries(part) == self.memory.part_entries(part)

    @rule(selection=selections)
    def look(self, selection: Selection) -> None:
        assert self.sqlite.entries(selection) == self.memory.entries(selection)

    @rule(text=st.sampled_from(["https://a.example/1", "talk", "Title of", "south"]))
    def find(self, text: str) -> None:
        assert self.sqlite.find(text) == self.memory.find(text)

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "sqlite"):
            return
        assert self.sqlite.stale(self.now) == self.memory.stale(self.now)
        assert self.sqlite.next_due() == self.memory.next_due()
        assert self.sqlite.counts() == self.memory.counts()
        assert self.sqlite.sources() == self.memory.sources()
        assert self.sqlite.known_feeds() == self.memory.known_feeds()
        assert self.sqlite.polls("north", 3) == self.memory.polls("north", 3)
        assert self.sqlite.iter_items() == self.memory.iter_items()
        assert self.sqlite.rules_versions() == self.memory.rules_versions()

    def teardown(self) -> None:
        if hasattr(self, "sqlite"):
            self.sqlite.close()
            self.folder.cleanup()


Stores.TestCase.settings = settings(examples(40), stateful_step_count=25)
TestStores = Stores.TestCase
