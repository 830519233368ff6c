"""What observers are told."""

from dataclasses import dataclass
from datetime import timedelta

from aggregator.model.configuration import Source
from aggregator.model.feeds import Quarantined
from aggregator.model.polls import Change, PollResult


@dataclass(frozen=True, slots=True)
class Polled:
    """A source was polled and the result recorded (None: a later claim had fenced it off)."""

    source: Source
    poll: PollResult
    change: Change | None
    took: timedelta


@dataclass(frozen=True, slots=True)
class Published:
    """A feed was brought up to date; `written` are the paths whose bytes changed."""

    feed: str
    written: tuple[str, ...]
    failure: str = ""
    quarantined: tuple[Quarantined, ...] = ()  # entries that were found wrong, and left out of it


Event = Polled | Published
