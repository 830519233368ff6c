"""Which topics an item belongs to, and why."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.items import Item


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line of a topic held: the words that earned its points, with their place in the original."""

    line: int  # of the topic's `match` block, from 1; 0 where no line did it (a source's topics, `implies`)
    points: int
    field: str  # title, summary, content …; "" where it is no text
    start: int  # characters into that field
    end: int
    words: str  # the original text of that place, or a sentence where there is none


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic that an item belongs to, and why."""

    topic: str
    points: int
    reasons: tuple[Reason, ...] = ()
    earlier: str = ""  # the id by which rules gave it, where the topic has another one since


@dataclass(frozen=True, slots=True)
class Tagged:
    """An item that may be recorded."""

    item: Item
    tags: tuple[Tag, ...] = ()
    rules: str = ""  # by which rules the tags stand: a version of them, or an `evidence.Evidence` as text


@dataclass(frozen=True, slots=True)
class Stored:
    """An item of the store as the rules tagged it, and what the desk decided besides."""

    number: int
    hash: str  # changes with its content (`sameness.content_hash`)
    published: datetime
    tagged: Tagged
    decided: frozenset[str] = frozenset()  # topics that the desk put it into or took it out of


@dataclass(frozen=True, slots=True)
class Retagged:
    """New tags for a stored item; void if its content or its rules are no longer `hash` and `before`."""

    number: int
    hash: str
    before: str  # by which rules the tags that it has stand
    rules: str  # by which these do
    tags: tuple[Tag, ...] | None  # None: they are the same
    shown: bool = False  # whether readers see a difference: other topics, or other words that earned them
