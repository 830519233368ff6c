"""Sources: what is remembered of each between its polls, who may poll it, and what polls brought."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import Change, Claim, PollLogLine, PollResult, Source, SourceState

Recorded = Change | Exception | None
"""What became of one of several polls: what it changed; None, fenced off; or why it could not be stored."""


class SourceStore(Protocol):
    """What is remembered of sources; every method is one transaction."""

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

    def polls(self, source: str, limit: int) -> tuple[PollLogLine, ...]:
        """The last lines of the log of polls about a source, newest first."""

    def forget_polls(self, keep: int, limit: int) -> bool:
        """Drop up to `limit` of the oldest beyond the newest `keep` lines; whether more are left."""
