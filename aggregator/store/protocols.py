"""The one object behind the seams: the store."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.feeds.selection import Definition, Ended, Names
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

Recorded = Change | Exception | None
"""What became of one of several polls: what it changed; None, fenced off; or why it could not be stored."""


class Store(Protocol):
    """All that is remembered. Every method is one transaction; one writer at a time.

    Feeds go by name: "all", a topic's id, "sources/" and a source's id.
    """

    def namespace(self, candidate: str = "") -> str:
        """The tag: URI prefix (RFC 4151) of all ids minted here: `candidate` at the first call, for ever.

        Without a candidate nothing is stored: an AggregatorError where there is no prefix yet.
        """

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the sources known. New ones are due at once; those no longer configured are kept, not polled.

        A source whose configured address changed forgets its validators and is due at once. One that was last
        polled in what is now the future, as the clock was set back, is polled soon (`polling.set_back`).
        One that was known by an earlier id (`renames.resolve`, as for feeds) takes over what is remembered of
        that, and is not polled before `move_source` is through.
        """

    def move_source(self, earlier: str, source: str, now: datetime) -> int:
        """Let some items of a source by an `earlier` id be of that of today, with their places and dates.

        No entry is corrected thereby, and no id changes, also not of items that come again or are new: they
        are minted of the first id that the source had. How many there were; to be called until there are
        none, after which the source may be polled.
        """

    def memory(self, source: str) -> SourceState | None:
        """What is remembered of a source, or None for an unknown one."""

    def sources(self, after: str = "", limit: int | None = None) -> Sequence[tuple[str, SourceState]]:
        """Configured sources with what is remembered of each, by id; up to `limit` of those `after` an id."""

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        only: Sequence[str] | None = None,
        *,
        overtake: bool = True,
    ) -> tuple[Claim, ...]:
        """Take up to `limit` sources to poll, the longest due first, each with a new generation.

        Without `only`: what is due and not under another's lease. With it: those named, due or not,
        leases notwithstanding (an operator at the keyboard overtakes a lost poller) unless `overtake`
        is False.
        """

    def put_off(self, now: datetime) -> int:
        """Spread the polls that are late by `polling.LATE` or more (`polling.put_off`); how many there are.

        A source under another's lease is left alone.
        """

    def release(self, claims: Iterable[Claim]) -> None:
        """Give claims back unpolled, for a shutdown; those fenced off meanwhile are left alone."""

    def next_due(self) -> datetime | None:
        """When the next source can be claimed, a leased one after its lease; None when there is none."""

    def record(self, poll: PollResult) -> Change | None:
        """Store all that a poll changes, in one transaction; None, and nothing stored, if it was fenced off.

        Items are unique by (source, key). A new one gets its published id, its dates (`dates.arrivals`), its
        tags and a story. A known one whose `sameness.content_hash` differs is corrected in place
        (`dates.correct`) and retagged; an unchanged one costs a look-up. Two sources that carry the same id
        for the same article share a story; a foreign claim to a published id gets a minted one. Every feed
        that shows the item, before or after, is marked stale at `poll.at`. A 429 holds off every source that
        is read at its host, also those that come later, for as long as it asks (`polling.held_off`).

        What was withdrawn is not taken in again, from any source. What the outlet took back (`poll.deleted`)
        goes like what the desk withdrew, unless it touched it since (`dates.revives`); a copy at another
        outlet stays.
        """

    def record_all(self, polls: Sequence[PollResult]) -> tuple[Recorded, ...]:
        """Store several polls in their order, as `record` does, at the price of one transaction.

        A poll that cannot be stored takes nothing from the others: the exception stands in its place. What
        stops the store itself (an AggregatorError) is raised, and none of the polls counts as stored.
        """

    def entries(self, selection: Selection) -> tuple[Entry, ...]:
        """The stories of a selection, newest first by `listed`, ties by id; of the same cost at any size.

        Those that are pinned at `selection.pinned` come first, also where they would not be among the newest.
        """

    def outline(self, feed: str, limit: int) -> tuple[EntryVersion, ...]:
        """Id and version of the newest `limit` entries of a feed, in the order of `entries`.

        A version differs from the one before whenever a document could show the entry otherwise.
        """

    def stretch(self, feed: str, skip: int, limit: int) -> tuple[Entry, ...]:
        """Up to `limit` entries of a feed that follow the newest `skip`, in the same order."""

    def find(self, text: str) -> tuple[Entry, ...]:
        """The entry of that id, else those of that address, else those with that text in a title.

        Newest first, the latest 50 that arrived; titles are compared by `stories.folded`. What the desk keeps
        back is found, too.
        """

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
        """The newest `limit` stories with an item that the query holds for, by the tags as decided.

        A story is `listed` as the newest of its items that were found. An index narrows down what is
        examined; after `most` items, or once `spent` says that the time is, the search ends incomplete. With
        `held` it finds what the desk keeps back, too.
        """

    def index(self, limit: int) -> int:
        """Make up to `limit` items searchable that an earlier version stored; how many are left, at most."""

    def polls(self, source: str, limit: int) -> tuple[PollLogLine, ...]:
        """The last lines of the log of polls about a source, newest first."""

    def forget_polls(self, keep: int, limit: int) -> bool:
        """Drop up to `limit` of the oldest beyond the newest `keep` lines; whether more are left."""

    def iter_items(self, after: int = 0, limit: int = 500) -> tuple[tuple[int, Tagged], ...]:
        """Up to `limit` stored items in the order of arrival, each with its number; empty at the end.

        The number of the last one is what to go on `after`.
        """

    def latest_items(self, limit: int, before: int | None = None) -> tuple[tuple[int, Tagged], ...]:
        """Up to `limit` stored items, the last to arrive first, each with its number; empty at the end.

        The number of the last one is what to go on `before`.
        """

    def story_items(self, id: str) -> tuple[Tagged, ...]:
        """Every item of that story as the rules tagged it, its lead first; empty for an unknown id."""

    def decide(self, decisions: Iterable[Decision], now: datetime) -> frozenset[str]:
        """Put the desk's decisions in force, and no others; the feeds that went stale at `now`.

        A decision is about the story of that id, else those of that address, also one that comes later; once
        it found its story, a correction does not shake it off. All that is read back shows tags as decided.
        """

    def rule(self, rulings: Rulings, now: datetime) -> frozenset[str]:
        """Put the desk's rulings about items in force, and no others; the feeds that went stale at `now`.

        A withdrawn story goes with all its items and their words; what remains is what every feed in which it
        stood has to announce (`withdrawn`), and what it is recognised by should it come again. Once a
        withdrawal ends, the sources that carried it are read whole, and it comes back under its old id. What
        is held stands in no feed; released, it comes as new. A ruling is about what a decision is about.
        """

    def withdrawn(self, feed: str, since: datetime, most: int) -> tuple[Withdrawn, ...]:
        """What a feed announces as withdrawn after `since`, or all feeds if it is ""; the latest first."""

    def erase(self) -> bool:
        """Overwrite a piece of what deleted words left behind; True while there is more to do at once."""

    def rename_topic(self, earlier: str, topic: str, now: datetime) -> int:
        """Let some stories that have a topic by an `earlier` id have it by that of today.

        They keep their places, what the desk decided goes with them, and what was withdrawn is told of under
        that id. The evidence of their items says that they were renamed (`evidence.Evidence`). How many there
        were; to be called until there are none.
        """

    def name_feeds(
        self, definitions: Sequence[Definition], stated: Mapping[str, str], now: datetime
    ) -> Names:
        """Make these the feeds there are; `stated` are earlier names with those of today.

        A feed that another one goes on as (`renames.resolve`) leaves it its id and its readers. One that was
        published and is no longer there has ended at `now`; that is taken back once it is there again. A
        topic that was never published is to be filled, until `filled`.
        """

    def end_feeds(self, names: Collection[str], now: datetime) -> None:
        """Remember the end of published feeds that have none of these names, and that the others go on."""

    def ended_feeds(self) -> Mapping[str, Ended]:
        """The feeds that have ended and are not forgotten yet."""

    def redirects(self) -> Mapping[str, str]:
        """Earlier names of feeds with those of today, the latest renaming last."""

    def filled(self, topics: Iterable[str]) -> None:
        """Topics have all that history has for them."""

    def standing(self, by: Callable[[str, str], bool], since: datetime | None = None) -> Sequence[int]:
        """The numbers of the items whose source and evidence `by` holds for, newest first by publication."""

    def rules_versions(self) -> Mapping[tuple[str, str], int]:
        """How many items of each source have each evidence for their tags."""

    def tagged_otherwise(self, version: Callable[[str], str], since: datetime | None = None) -> Sequence[int]:
        """The numbers of the items whose tags are not those that rules give, newest first by publication.

        `version` names for a source the rules; `since` leaves out what was published before.
        """

    def stored(self, numbers: Sequence[int]) -> tuple[Stored, ...]:
        """Those items as the rules tagged them, whatever the desk decided, newest first by publication."""

    def retag(self, batch: Sequence[Retagged], now: datetime) -> frozenset[str]:
        """Replace tags; the feeds that went stale at `now`: those of a story where readers see a difference.

        An item that was corrected or retagged meanwhile is left alone. A story comes into a feed by its
        publication and unannounced: in the window of that feed it stands only if it does so in "all".
        """

    def unsealed(
        self, feed: str, besides: Collection[str], most: int, *, backfill: bool
    ) -> tuple[Entry, ...]:
        """Up to `most` entries of a feed that no part of its archive holds as they are now.

        Those named by id aside; the first by `listed` first. Either of the `backfill` that no document showed
        yet, or of all else; a correction makes of an entry that a part holds one that none does.
        """

    def seal(self, feed: str, ids: Collection[str]) -> int:
        """Make the next part of a feed of those of its entries that no part holds; how many there were.

        Without any there is no part. An entry stays in a part for as long as it is in the feed.
        """

    def newest_part(self, feed: str) -> int:
        """The number of a feed's last part; 0 where it has none."""

    def parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        """All parts of a feed in their order."""

    def unprinted_parts(self, feed: str) -> tuple[ArchiveDocument, ...]:
        """The parts of a feed that were never printed, in their order."""

    def parts_behind(self, most: int) -> tuple[ArchiveDocument, ...]:
        """Up to `most` parts that are to be printed, those first that an entry or an item left."""

    def part_entries(self, part: ArchiveDocument) -> tuple[Entry, ...]:
        """The entries of a part as they are now, newest first by `listed`."""

    def part_printed(self, part: ArchiveDocument, edition: str) -> None:
        """Remember that a part was printed by that edition, as it was at that revision."""

    def reprint(self, parts: Iterable[ArchiveDocument]) -> None:
        """Have parts printed anew, as their documents are missing."""

    def reprint_older(self, edition: str) -> None:
        """Have all parts printed anew that another edition printed."""

    def mark(self, feeds: Iterable[str], now: datetime) -> None:
        """Make feeds stale, a revision each."""

    def stale(self, now: datetime) -> tuple[StaleFeed, ...]:
        """The feeds that are behind, or whose `next_change` has come, oldest mark first."""

    def fingerprint(self, feed: str) -> tuple[str, datetime] | None:
        """The fingerprint a feed was last published with and its `updated`, or None."""

    def published(
        self, stale: StaleFeed, fingerprint: str, updated: datetime, next_change: datetime | None
    ) -> None:
        """Remember what was published; clears the mark only if the revision is still the same."""

    def known_feeds(self) -> tuple[str, ...]:
        """Every feed that was ever published and not forgotten."""

    def begun_feeds(self) -> Mapping[str, datetime]:
        """Since when each feed of `known_feeds` is published, under whatever name."""

    def places(self, feed: str) -> int:
        """How many entries a feed and its archive have."""

    def gone_feeds(self) -> tuple[str, ...]:
        """Every feed that was once published, was forgotten, and was not published again."""

    def forget_feed(self, feed: str) -> None:
        """A feed that is no longer configured."""

    def quarantined(self) -> tuple[Quarantined, ...]:
        """The entries that are left out of all documents while they are of that version, the first first."""

    def quarantine(self, entries: Iterable[Quarantined]) -> None:
        """Leave out entries of that version; one that was left out keeps the moment since when."""

    def readmit(self, entries: Iterable[str]) -> None:
        """Entries with those ids are left out no longer."""

    def counts(self) -> dict[str, int]:
        """How many sources, items and stories there are, for a status line."""

    def close(self) -> None:
        """Let go of the database."""
