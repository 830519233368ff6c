"""What an answer means: for the source's next state, and for the dates of each item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import polling
from aggregator.model import (
    Claim,
    Derived,
    Failure,
    Outcome,
    PollLogLine,
    PollResult,
    Refined,
    Response,
    Source,
    SourceState,
    Subscription,
    Tagged,
    Validators,
)
from aggregator.websub import subscriber

_NOTES = 5  # of one kind in the log of a poll


def unread(memory: SourceState) -> SourceState:
    """What is remembered of a source as if it was never read: its next document is read whole."""
    return replace(memory, validators=Validators(), body_hash="", marks=(), unreadable="")


def added(feed: str, now: datetime) -> SourceState:
    """The first state of a source: due at once."""
    return SourceState(url=feed, next_poll=now, why="It is new and was not polled yet.")


def readdressed(memory: SourceState, feed: str, now: datetime) -> SourceState:
    """The state of a source whose address the operator changed: what is read there first is a backfill."""
    why = "Its address was changed."
    return replace(added(feed, now), why=why, title=memory.title, page=memory.page)


def claimed(titles: Sequence[str], left: Sequence[str] = ()) -> tuple[str, ...]:
    """Notes on new entries that came under the id of another source's article and are another one.

    `left` are those that were the same article before they were changed.
    """
    notes = [
        f"“{title}” came with the id of another source's article but another text; it got an id of its own."
        for title in titles
    ]
    notes += [
        f"“{title}” was changed and is no longer the article of another source that it was a copy of; "
        "it got an id of its own."
        for title in left
    ]
    more = len(notes) - _NOTES
    rest = (f"{more} more entries have the id of another source's article but another text.",)
    return (*notes[:_NOTES], *(rest if more > 0 else ()))


def logged(poll: PollResult, published: tuple[datetime, ...], corrected: int) -> PollLogLine:
    """The line of the log that a poll becomes; `published` are the dates of its new items."""
    return PollLogLine(
        at=poll.at,
        outcome=poll.outcome,
        status=poll.status,
        requests=poll.requests,
        size=poll.size,
        new=len(published),
        corrected=corrected,
        refused=poll.refused,
        failure=poll.failure.sentence if poll.failure else "",
        published=published,
        notes=poll.notes,
    )


@dataclass(frozen=True, slots=True)
class Arrived:
    """What one poll brought: the answer and, where it held a new body, what was read in that."""

    result: Response | Failure
    reader: str  # stands for all that decides how a body is read
    refined: Refined | Failure | None = None
    tagged: tuple[Tagged, ...] = ()
    marks: tuple[str, ...] | None = None  # of the document's entries; None where it was not looked into
    fingerprint: str = ""  # `parse.fingerprints` of the answer, where it held a body


def is_known(memory: SourceState, fingerprint: str, reader: str) -> bool:
    """Whether an answer reads as the last one that was read, by the same reader."""
    return memory.refiner == reader and memory.body_hash == fingerprint


def decide(
    source: Source,
    claim: Claim,
    arrived: Arrived,
    *,
    now: datetime,
    chance: float,
    factor: float | None = None,
    subscription: Subscription | None = None,
) -> PollResult:
    """The poll as it will be recorded.

    `chance` is uniform in [0, 1) and spreads the next poll; `factor` is the K of `polling.budget_factor`.
    `subscription` is the one that works, if any does: unless this poll found what it did not push, the next
    one may wait.
    """
    memory, result = claim.memory, arrived.result
    unreadable = _unreadable(memory, arrived)
    failure = result if isinstance(result, Failure) else unreadable
    read = arrived.refined if isinstance(arrived.refined, Refined) else None
    published = tuple(item.published for item in read.items) if read else ()
    following = polling.after(
        source,
        memory,
        result,
        now=now,
        chance=chance,
        factor=factor,
        pace=read.pace if read else None,
        published=published,
        window=read.entries if read else None,
        unreadable=unreadable,
        pushed_until=_pushed_until(subscription, memory, published, now),
    )
    return PollResult(
        claim=claim,
        at=now,
        memory=_remembered(following, arrived, memory),
        outcome=_outcome(arrived, failure),
        tagged=arrived.tagged,
        refused=len(read.items) - len(arrived.tagged) if read else 0,
        failure=_told(failure, memory, following),
        backfill=memory.good is None,
        status=result.status,
        requests=result.requests,
        size=len(result.body) if isinstance(result, Response) else 0,
        notes=_notes(memory, result, read, now),
        deleted=read.deleted if read else (),
        derived=read.derived if read else Derived(),
    )


def pushed(source: Source, claim: Claim, arrived: Arrived, *, now: datetime) -> PollResult:
    """What a hub pushed, as it will be recorded: new entries alone, so nothing of the last poll is forgotten.

    Where it could not be read, or not wholly, the next poll comes sooner.
    """
    read = arrived.refined if isinstance(arrived.refined, Refined) else None
    state = claim.memory
    if read is not None:
        state = polling.counted(state, [item.published for item in read.items], now)
        state = replace(state, edges=read.edges or state.edges)
    if read is None or read.torn:
        state = polling.hastened(source, state, now)
    why = (arrived.refined.sentence,) if isinstance(arrived.refined, Failure) else ()
    return PollResult(
        claim=claim,
        at=now,
        memory=state,
        outcome="pushed",
        tagged=arrived.tagged,
        refused=len(read.items) - len(arrived.tagged) if read else 0,
        requests=0,
        size=len(arrived.result.body) if isinstance(arrived.result, Response) else 0,
        notes=read.notes if read else why,
        deleted=read.deleted if read else (),
        derived=read.derived if read else Derived(),
    )


def _notes(
    memory: SourceState, result: Response | Failure, read: Refined | None, now: datetime
) -> tuple[str, ...]:
    doubt = polling.doubt(memory, now) if isinstance(result, Response) and result.status != 304 else ""
    return (*((doubt,) if doubt else ()), *(read.notes if read else ()))


def _pushed_until(
    subscription: Subscription | None,
    memory: SourceState,
    published: Sequence[datetime | None],
    now: datetime,
) -> datetime | None:
    if subscription is None or subscriber.is_missing(subscription, memory, published, now):
        return None
    return subscription.until


def _unreadable(memory: SourceState, arrived: Arrived) -> Failure | None:
    """Why the document could not be read, now or when the same one was read before."""
    if isinstance(arrived.refined, Failure):
        return arrived.refined
    if isinstance(arrived.result, Response) and arrived.refined is None and memory.unreadable:
        return Failure("format", memory.unreadable)
    return None


def _told(failure: Failure | None, memory: SourceState, following: SourceState) -> Failure | None:
    """The failure with what is said of it by those that went before."""
    counted = failure is not None and following.failures > memory.failures
    return replace(failure, sentence=following.failure) if failure and counted else failure


def _remembered(state: SourceState, arrived: Arrived, memory: SourceState) -> SourceState:
    """The next state with what the body was and who read it; a body over the limits is tried again.

    So is one that did not arrive whole: its validators would answer for what is missing, those before do not.
    """
    refined, result = arrived.refined, arrived.result
    if isinstance(result, Failure):
        return state
    state = subscriber.noted(state, result, refined if isinstance(refined, Refined) else None)
    if refined is None and arrived.marks is None:
        return state
    if isinstance(refined, Failure) and (
        refined.kind != "format" or result.status == 226 or result.may_be_cut_short
    ):
        return state
    if isinstance(refined, Refined) and refined.torn and result.may_be_cut_short:
        last_whole = Validators() if memory.unreadable else memory.validators
        return replace(state, validators=last_whole, body_hash="", marks=())
    state = replace(state, body_hash=arrived.fingerprint, refiner=arrived.reader)
    if arrived.marks is not None:
        state = replace(state, marks=arrived.marks)
    if isinstance(refined, Refined):
        edges = refined.edges or state.edges
        state = replace(state, title=refined.head.title, page=refined.head.page, edges=edges)
    return state


def _outcome(arrived: Arrived, failure: Failure | None) -> Outcome:
    if failure is not None:
        if failure.kind == "offline":
            return "unreached"
        return "waiting" if failure.status == 429 else "failed"
    if arrived.refined is not None:
        return "new"
    not_modified = isinstance(arrived.result, Response) and arrived.result.status == 304
    return "not-modified" if not_modified else "unchanged"
