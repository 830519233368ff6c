"""Polls: what is remembered of a source, and what one look at it decides."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.items import Deleted, Derived, Failure, Pace, Validators
from aggregator.model.subscriptions import Offer
from aggregator.model.tags import Tagged


@dataclass(frozen=True, slots=True)
class SourceState:
    """What we remember of a source between two polls."""

    url: str = ""  # where its feed is read: the configured address or one adopted after moves
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""  # equal for bodies that read alike
    marks: tuple[str, ...] = ()  # of the entries of the last document, by which known ones are cut out
    whole: datetime | None = None  # since then 304 was all that was answered, but for a doubt of that
    refiner: str = ""  # version of parse/ and of the source's settings that `body_hash` was read with
    pace: Pace = field(default_factory=Pace)
    polled: datetime | None = None
    good: datetime | None = None  # the last good poll: 304, or a body that was read
    next_poll: datetime | None = None
    why: str = ""  # why the next poll is when it is, a sentence
    failures: int = 0  # in a row
    failure: str = ""  # the last failure's sentence; "" after a good poll
    failing: datetime | None = None  # the first of these failures
    status: int | None = None  # of the last answer, where it was a failure
    not_before: datetime | None = None  # what Retry-After asked; even a poll by hand waits for it
    fresh_until: datetime | None = None  # before then server and feed want no poll, whatever the pace
    gone: bool = False  # 410: never asked again until the configured address changes
    moved_to: str = ""  # a permanent redirect seen, not yet adopted
    moved_seen: int = 0  # good polls in a row that saw it
    rate: float = 0.0  # items, decayed (docs/polling)
    observed: float = 0.0  # days, decayed
    newest: datetime | None = None  # the latest publication seen
    window: int = 0  # entries the feed shows at once, as last read
    unreadable: str = ""  # the sentence, where `validators` stand for a document that could not be read
    edges: str = ""  # lines that open and end items, as text (`text.boilerplate.repetition`)
    title: str = ""  # the feed's own
    page: str = ""
    linked: Offer = field(default_factory=Offer)  # hubs that the last answer's headers named
    named: Offer = field(default_factory=Offer)  # hubs that the document named, as last read


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to poll a source until the lease ends; a later claim's generation fences it off."""

    source: str
    generation: int
    memory: SourceState


Outcome = Literal["new", "unchanged", "not-modified", "waiting", "unreached", "failed", "pushed"]
"""How a poll ended: "waiting" where its host wants to be asked less often (429), "unreached" where this
machine reached no host at all."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """A decision already made: the source's next state together with its items or its failure."""

    claim: Claim
    at: datetime
    memory: SourceState  # the next state
    outcome: Outcome
    tagged: tuple[Tagged, ...] = ()
    refused: int = 0  # items that were read, but that `only` or `skip` of the source does not let in
    failure: Failure | None = None
    backfill: bool = False  # the first good poll of a source
    status: int | None = None
    requests: int = 1
    size: int = 0  # bytes of the body
    notes: tuple[str, ...] = ()
    deleted: tuple[Deleted, ...] = ()  # entries that the outlet took back
    derived: Derived = field(default_factory=Derived, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """What recording a poll changed."""

    new: int = 0
    corrected: int = 0
    feeds: frozenset[str] = frozenset()  # names of the feeds that went stale


@dataclass(frozen=True, slots=True)
class PollLogLine:
    """One line of the log of polls: when a source was asked, what was new, and when that was published."""

    at: datetime
    outcome: Outcome
    status: int | None = None
    requests: int = 1
    size: int = 0  # bytes of the body
    new: int = 0
    corrected: int = 0
    refused: int = 0  # by `only` or `skip` of the source; the same item again each time it is read
    failure: str = ""  # a sentence
    published: tuple[datetime, ...] = ()  # of the new items, in the order of the feed
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaleFeed:
    """A feed whose documents are behind the store; `since` is the time of the change that made it so."""

    feed: str
    revision: int
    since: datetime
