"""What the store is given in its tests, made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.model import (
    Change,
    Claim,
    Failure,
    Head,
    Item,
    Outcome,
    PollResult,
    Reason,
    Source,
    SourceState,
    Tag,
    Tagged,
)
from aggregator.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NAMESPACE = "tag:wire.example.org,2026:aggregator"


def source(id: str, feed: str = "") -> Source:
    return Source(id=id, feed=feed or f"https://{id}.example/feed")


def tagged(
    key: str,
    *,
    source: str = "north",
    id: str = "",
    url: str = "",
    title: str = "",
    content: str = "",
    text: str = "",
    published: datetime | None = None,
    updated: datetime | None = None,
    topics: Sequence[str] = (),
    rules: str = "rules-1",
) -> Tagged:
    """An item with one reason for each of its topics."""
    item = Item(
        source=source,
        key=key,
        id=id,
        url=url,
        title=title or f"Title of {key}",
        content=content,
        text=text,
        published=published,
        updated=updated,
        head=Head(title=f"The {source.title()} Paper"),
    )
    reasons = (Reason(1, 1, "title", 0, 5, "Title"),)
    return Tagged(item, tuple(Tag(topic, 1, reasons) for topic in topics), rules)


def claimed(store: Store, source: str, now: datetime = NOW) -> Claim:
    (claim,) = store.claim(now, HOUR, 1, only=[source])
    return claim


def poll(
    claim: Claim,
    *items: Tagged,
    at: datetime = NOW,
    outcome: Outcome = "new",
    failure: Failure | None = None,
) -> PollResult:
    """A poll of `claim` whose next one is an hour later."""
    good = at if failure is None else claim.memory.good
    memory = replace(claim.memory, polled=at, good=good, next_poll=at + HOUR)
    backfill = claim.memory.good is None
    return PollResult(
        claim, at, memory, outcome, items, failure=failure, backfill=backfill, status=200, size=1000
    )


def recorded(store: Store, source: str, *items: Tagged, at: datetime = NOW) -> Change:
    """Claim a source, record a poll of it, and say what changed."""
    change = store.record(poll(claimed(store, source, at), *items, at=at))
    assert change is not None
    return change


def due_again(memory: SourceState | None) -> datetime:
    assert memory is not None
    assert memory.next_poll is not None
    return memory.next_poll
