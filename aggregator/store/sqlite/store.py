"""`store.Store` on SQLite: every method is one transaction, written in the module named after its subject."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.feeds.selection import Definition, Ended, FeedNames
from aggregator.model import (
    ArchiveDocument,
    Change,
    Claim,
    Decision,
    Entry,
    EntryVersion,
    Found,
    PollLogLine,
    PollResult,
    Quarantined,
    Retagged,
    Rulings,
    Selection,
    Source,
    SourceState,
    StaleFeed,
    Stored,
    Tagged,
    Withdrawn,
)
from aggregator.query import Query
from aggregator.store import Recorded
from aggregator.store.sqlite import (
    archives,
    batches,
    desk_decisions,
    enforcement,
    entries,
    erasure,
    feed_names,
    listings,
    moves,
    polls,
    publications,
    retagging,
    search_index,
    searches,
    settings,
    source_states,
    withdrawals,
)
from aggregator.store.sqlite.connection import Connection
from aggregator.store.sqlite.entries import outline, stretch
from aggregator.store.sqlite.hub import SqliteHub
from aggregator.store.sqlite.pushes import SqlitePushes

PATIENCE = timedelta(seconds=30)


class SqliteStore:
    """All that is remembered, in one file; any thread may call, and other processes may read and write too.

    What an operator can put right (a damaged, locked or foreign file, a full disk) is an `AggregatorError`.
    """

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.hub = SqliteHub(connection)
        self.pushes = SqlitePushes(connection)

    @classmethod
    def open(
        cls, path: Path, *, wal: bool = True, patience: timedelta = PATIENCE, looking: bool = False
    ) -> "SqliteStore":
        """Open the file, creating or upgrading it; `patience` is how long to wait for another writer.

        `wal=False` is for a folder on a network share, where a write-ahead log cannot work. Where one is only
        `looking`, a file that may only be read will do.
        """
        return cls(Connection.open(path, wal=wal, patience=patience, looking=looking))

    @property
    def may_write(self) -> bool:
        """Whether anything can be stored, and not only read."""
        return self._db.may_write

    @property
    def generation(self) -> int:
        """How often another database took the place of the one that was opened."""
        return self._db.generation

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def namespace(self, candidate: str = "") -> str:
        """The prefix of all ids minted here: `candidate` at the first call, for ever."""
        if not candidate:
            with self._db.reading() as db:
                return settings.required(db, settings.NAMESPACE)
        with self._db.writing() as db:
            return settings.first(db, settings.NAMESPACE, candidate)

    # ── sources ─────────────────────────────────────────────────────────────────────────────────

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the sources known; those no longer configured are kept, not polled."""
        with self._db.writing() as db:
            waiting = moves.begin(db, sources, now)
            source_states.sync(db, sources, now, waiting)

    def move_source(self, earlier: str, source: str, now: datetime) -> int:
        """Let some items of a source be of another one; how many, 0 when all is done and it may be polled."""
        with self._db.writing() as db:
            return moves.move(db, earlier, source, now)

    def memory(self, source: str) -> SourceState | None:
        """What is remembered of a source, or None for an unknown one."""
        with self._db.reading() as db:
            return source_states.memory(db, source)

    def sources(self, after: str = "", limit: int | None = None) -> tuple[tuple[str, SourceState], ...]:
        """Configured sources with what is remembered of each, by id; up to `limit` of those `after` an id."""
        with self._db.reading() as db:
            return source_states.configured(db, after, limit)

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        only: Sequence[str] | None = None,
        *,
        overtake: bool = True,
    ) -> tuple[Claim, ...]:
        """Take up to `limit` sources to poll, the longest due first; those named in `only`, due or not."""
        with self._db.writing() as db:
            return source_states.claim(db, now, lease, limit, only, overtake=overtake)

    def put_off(self, now: datetime) -> int:
        """Spread the polls that were missed; how many there are."""
        with self._db.writing() as db:
            return source_states.put_off(db, now)

    def release(self, claims: Iterable[Claim]) -> None:
        """Give claims back unpolled; those fenced off meanwhile are left alone."""
        with self._db.writing() as db:
            source_states.release(db, claims)

    def next_due(self) -> datetime | None:
        """When the next source can be claimed; None when there is none."""
        with self._db.reading() as db:
            return source_states.next_due(db)

    # ── polls ───────────────────────────────────────────────────────────────────────────────────

    def record(self, poll: PollResult) -> Change | None:
        """Store all that a poll changes; None, and nothing stored, if it was fenced off."""
        (outcome,) = self.record_all([poll])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def record_all(self, polls: Sequence[PollResult]) -> tuple[Recorded, ...]:
        """Store several polls together; what each changed, or what is wrong with it."""
        return batches.record_all(self._db, polls)

    def polls(self, source: str, limit: int) -> tuple[PollLogLine, ...]:
        """The last lines of the log about a source, newest first."""
        with self._db.reading() as db:
            return polls.latest(db, source, limit)

    def forget_polls(self, keep: int, limit: int) -> bool:
        """Drop up to `limit` of the oldest beyond the newest `keep` lines; whether more are left."""
        with self._db.writing() as db:
            return polls.forget(db, keep, limit)

    # ── entries ─────────────────────────────────────────────────────────────────────────────────

    def entries(self, selection: Selection) -> tuple[Entry, ...]:
        """The stories of a selection, newest first by `listed`, ties by id."""
        with self._db.reading() as db:
            return entries.select(db, selection)

    def outline(self, feed: str, limit: int) -> tuple[EntryVersion, ...]:
        """Id and version of the newest `limit` entries of a feed, in their order."""
        with self._db.reading() as db:
            return outline(db, feed, limit)

    def stretch(self, feed: str, skip: int, limit: int) -> tuple[Entry, ...]:
        """Up to `limit` entries of a feed that follow the newest `skip`."""
        with self._db.reading() as db:
            return stretch(db, feed, skip, limit)

    def find(self, text: str) -> tuple[Entry, ...]:
        """The entry of that id, else those of that address, else those with that text in a title."""
        with self._db.reading() as db:
            return entries.find(db, text)

    def iter_items(self, after: int = 0, limit: int = 500) -> tuple[tuple[int, Tagged], ...]:
        """A batch of stored items, each with the number to go on after; empty at the end."""
        with self._db.reading() as db:
            return entries.items(db, after, limit)

    def latest_items(self, limit: int, before: int | None = None) -> tuple[tuple[int, Tagged], ...]:
        """A batch of stored items, the last to arrive first, each with the number to go on before."""
        with self._db.reading() as db:
            return entries.latest(db, limit, before)

    def story_items(self, id: str) -> tuple[Tagged, ...]:
        """Every item of the story of that id as the rules tagged it, its lead first."""
        with self._db.reading() as db:
            return entries.of_story(db, id)

    # ── search ──────────────────────────────────────────────────────────────────────────────────

    def search(
        self,
        query: Query,
        now: datetime,
        *,
        limit: int,
        most: int,
        spent: Callable[[], bool],
        held: bool = False,
    ) -> Found:
        """The newest stories with an item that the query holds for, within a bound of items and of time."""
        with self._db.reading() as db:
            return searches.search(db, query, now, limit=limit, most=most, spent=spent, held=held)

    def index(self, limit: int) -> int:
        """Make up to `limit` items searchable that an earlier version stored; how many are left, at most."""
        with self._db.reading() as db:
            if not search_index.rest(db):
                return 0
        with self._db.writing() as db:
            return search_index.fill(db, limit)

    # ── tags ────────────────────────────────────────────────────────────────────────────────────

    def decide(self, decisions: Iterable[Decision], now: datetime) -> frozenset[str]:
        """Put the desk's decisions in force, and no others; the feeds that went stale."""
        with self._db.writing() as db:
            stories = desk_decisions.replace(db, decisions)
            touched = listings.refresh(db, stories, set(), now, backfill=True)
            publications.mark(db, touched, now)
            return frozenset(touched)

    def rule(self, rulings: Rulings, now: datetime) -> frozenset[str]:
        """Put the desk's rulings about items in force, and no others; the feeds that went stale."""
        with self._db.writing() as db:
            search_index.prepare(db)
            touched = enforcement.replace(db, rulings, now)
            publications.mark(db, touched, now)
            return frozenset(touched)

    def withdrawn(self, feed: str, since: datetime, most: int) -> tuple[Withdrawn, ...]:
        """What a feed announces as withdrawn since then, that of all feeds if it is ""; the latest first."""
        with self._db.reading() as db:
            return withdrawals.told(db, feed, since, most)

    def erase(self) -> bool:
        """Overwrite a piece of what deleted words left behind; whether to go on at once."""
        with self._db.reading() as db:
            if not erasure.is_waiting(db):
                return False
        with self._db.writing() as db:
            if erasure.merge(db):
                return True
        if self._db.fold_log():
            with self._db.writing() as db:
                erasure.end(db)
        return False

    def rename_topic(self, earlier: str, topic: str, now: datetime) -> int:
        """Let some stories have a topic by another id; how many, 0 when none is left."""
        with self._db.writing() as db:
            return retagging.rename(db, earlier, topic, now)

    def standing(self, by: Callable[[str, str], bool], since: datetime | None = None) -> tuple[int, ...]:
        """The numbers of the items whose source and evidence `by` holds for, newest first."""
        with self._db.reading() as db:
            return retagging.standing(db, by, since)

    def rules_versions(self) -> Mapping[tuple[str, str], int]:
        """How many items of each source have each evidence for their tags."""
        with self._db.reading() as db:
            return retagging.versions(db)

    def tagged_otherwise(
        self, version: Callable[[str], str], since: datetime | None = None
    ) -> tuple[int, ...]:
        """The numbers of the items whose tags are not those of the rules that `version` names."""
        with self._db.reading() as db:
            return retagging.otherwise(db, version, since)

    def stored(self, numbers: Sequence[int]) -> tuple[Stored, ...]:
        """Those items as the rules tagged them, newest first by publication."""
        with self._db.reading() as db:
            return retagging.stored(db, numbers)

    def retag(self, batch: Sequence[Retagged], now: datetime) -> frozenset[str]:
        """Replace the tags of items that did not change meanwhile; the feeds that went stale."""
        with self._db.writing() as db:
            return frozenset(retagging.retag(db, batch, now))

    def counts(self) -> dict[str, int]:
        """How many configured sources, items and stories there are."""
        with self._db.reading() as db:
            return settings.counts(db)

    # ── archives ────────────────────────────────────────────────────────────────────────────────

    def unsealed(
        self, feed: str, besides: Collection[str], most: int, *, backfill: bool
    ) -> tuple[Entry, ...]:
        """Up to `most` entries of a feed that no part holds, those named aside, the oldest first."""
        with self._db.reading() as db:
            return archives.unsealed(db, feed, besides, most, backfill=backfill)

    def seal(self, feed: str, ids: Collection[str]) -> int:
        """Make the next part of a feed of those entries that no part holds; how many there were."""
        with self._db.writing() as db:
            return archives.seal(db, feed, ids)

    def newest_part(self, feed: str) -> int:
        """The number of a feed's last part; 0 where it has none."""
        with self._db.reading() as db:
            return archives.newest(db, feed)

    def parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        """All parts of a feed in their order."""
        with self._db.reading() as db:
            return archives.of_feed(db, feed)

    def unprinted_parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        """The parts of a feed that were never printed, in their order."""
        with self._db.reading() as db:
            return archives.unprinted(db, feed)

    def parts_behind(self, most: int) -> tuple[ArchiveDocument, ...]:
        """Up to `most` parts that are to be printed, those first that an entry left."""
        with self._db.reading() as db:
            return archives.behind(db, most)

    def part_entries(self, part: ArchiveDocument) -> tuple[Entry, ...]:
        """The entries of a part as they are now, newest first by `listed`."""
        with self._db.reading() as db:
            return archives.shown(db, part)

    def part_printed(self, part: ArchiveDocument, edition: str) -> None:
        """Remember that a part was printed as it was at that revision."""
        with self._db.writing() as db:
            archives.printed(db, part, edition)

    def reprint(self, parts: Iterable[ArchiveDocument]) -> None:
        """Have parts printed anew."""
        with self._db.writing() as db:
            archives.reprint(db, parts)

    def reprint_older(self, edition: str) -> None:
        """Have all parts printed anew that another edition printed."""
        with self._db.writing() as db:
            archives.reprint_older(db, edition)

    # ── feeds ───────────────────────────────────────────────────────────────────────────────────

    def mark(self, feeds: Iterable[str], now: datetime) -> None:
        """Make feeds stale, a revision each."""
        with self._db.writing() as db:
            publications.mark(db, feeds, now)

    def stale(self, now: datetime) -> tuple[StaleFeed, ...]:
        """The feeds that are behind, or whose `next_change` has come, oldest mark first."""
        with self._db.reading() as db:
            return publications.stale(db, now)

    def fingerprint(self, feed: str) -> tuple[str, datetime] | None:
        """The fingerprint a feed was last published with and its `updated`, or None."""
        with self._db.reading() as db:
            return publications.fingerprint(db, feed)

    def published(
        self, stale: StaleFeed, fingerprint: str, updated: datetime, next_change: datetime | None
    ) -> None:
        """Remember what was published; clears the mark only if the revision is still the same."""
        with self._db.writing() as db:
            publications.published(db, stale, fingerprint, updated, next_change)

    def name_feeds(
        self, definitions: Sequence[Definition], stated: Mapping[str, str], now: datetime
    ) -> FeedNames:
        """Make these the feeds there are; `stated` are earlier names with those of today."""
        with self._db.writing() as db:
            return feed_names.in_force(db, definitions, stated, now)

    def end_feeds(self, names: Collection[str], now: datetime) -> None:
        """Remember the end of published feeds that have none of these names, and that the others go on."""
        with self._db.writing() as db:
            feed_names.end(db, names, now)

    def ended_feeds(self) -> Mapping[str, Ended]:
        """The feeds that have ended and are not forgotten yet."""
        with self._db.reading() as db:
            return feed_names.ended(db)

    def redirects(self) -> Mapping[str, str]:
        """Earlier names of feeds with those of today, the latest renaming last."""
        with self._db.reading() as db:
            return feed_names.redirects(db)

    def filled(self, topics: Iterable[str]) -> None:
        """Topics have all that history has for them."""
        with self._db.writing() as db:
            feed_names.filled(db, topics)

    def known_feeds(self) -> tuple[str, ...]:
        """Every feed that was ever published and not forgotten."""
        with self._db.reading() as db:
            return publications.known(db)

    def begun_feeds(self) -> Mapping[str, datetime]:
        """Since when each feed of `known_feeds` is published, under whatever name."""
        with self._db.reading() as db:
            return publications.begun(db)

    def places(self, feed: str) -> int:
        """How many entries a feed and its archive have."""
        with self._db.reading() as db:
            return listings.count(db, feed)

    def gone_feeds(self) -> tuple[str, ...]:
        """The feeds that were published once and forgotten."""
        with self._db.reading() as db:
            return publications.gone(db)

    def forget_feed(self, feed: str) -> None:
        """A feed that is no longer configured."""
        with self._db.writing() as db:
            publications.forget(db, feed)

    def quarantined(self) -> tuple[Quarantined, ...]:
        """The entries that are left out of all documents while they are of that version, the first first."""
        with self._db.reading() as db:
            return publications.held(db)

    def quarantine(self, entries: Iterable[Quarantined]) -> None:
        """Leave out entries of that version; one that was left out keeps the moment since when."""
        with self._db.writing() as db:
            publications.hold(db, entries)

    def readmit(self, entries: Iterable[str]) -> None:
        """Entries with those ids are left out no longer."""
        with self._db.writing() as db:
            publications.readmit(db, entries)
