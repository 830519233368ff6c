"""What other rules would make of history: which stored items gain or lose which topic, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.model import Retagged, Stored, Tag
from aggregator.rules import explain
from aggregator.tagging import Tagging

MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Move:
    """An item that gains or loses a topic."""

    number: int
    source: str
    title: str
    url: str
    published: datetime
    words: tuple[str, ...]  # that earn it the topic, or have earned it until now
    missing: tuple[str, ...] = ()  # what does not hold, a sentence each, where it loses the topic


@dataclass(slots=True)
class Moves:
    """How many items gain and lose one topic, with the newest of each."""

    gained: int = 0
    lost: int = 0
    gains: tuple[Move, ...] = ()
    losses: tuple[Move, ...] = ()


@dataclass(slots=True)
class Plan:
    """What rules would change in the items they were compared with, topic by topic."""

    items: int = 0
    changed: int = 0
    topics: dict[str, Moves] = field(default_factory=dict)

    def add(self, later: "Plan", most: int) -> None:
        """Count in a plan for older items; `most` moves of a kind are kept of each topic."""
        self.items += later.items
        self.changed += later.changed
        for topic, more in later.topics.items():
            here = self.topics.setdefault(topic, Moves())
            here.gained += more.gained
            here.lost += more.lost
            here.gains = (*here.gains, *more.gains)[:most]
            here.losses = (*here.losses, *more.losses)[:most]


def compare(tagging: Tagging, stored: Iterable[Stored], most: int) -> Plan:
    """What rules would change in stored items, given newest first; what the desk decided stays as it is."""
    plan = Plan()
    for one in stored:
        before = tagging.topics_of(one)
        after = {tag.topic: tag for tag in tagging.tag(one.tagged.item)}
        moved = (before.keys() ^ after.keys()) - one.decided
        plan.items += 1
        plan.changed += bool(moved)
        for topic in moved:
            _count(plan.topics.setdefault(topic, Moves()), one, after.get(topic), before.get(topic), most)
    return plan


def retag(tagging: Tagging, stored: Iterable[Stored]) -> tuple[Retagged, ...]:
    """The new tags of stored items."""
    return tuple(tagging.retag(one) for one in stored)


def lost_items(plan: Plan) -> tuple[int, ...]:
    """The numbers of all items that are shown as losing a topic."""
    return tuple({move.number for moves in plan.topics.values() for move in moves.losses})


def explain_losses(plan: Plan, tagging: Tagging, stored: Sequence[Stored]) -> None:
    """Let each loss that is shown say what no longer holds; `stored` are the items that lose."""
    lost: dict[int, set[str]] = {}
    for topic, moves in plan.topics.items():
        for move in moves.losses:
            lost.setdefault(move.number, set()).add(topic)
    missing: dict[tuple[int, str], tuple[str, ...]] = {}
    for one in stored:
        item = one.tagged.item
        given = tagging.given.get(item.source, ())
        for verdict in explain(tagging.rules, item, given, only=lost.get(one.number, ())):
            missing[one.number, verdict.topic] = verdict.missing
    for topic, moves in plan.topics.items():
        moves.losses = tuple(_explained(move, topic, tagging, missing) for move in moves.losses)


def _explained(
    move: Move, topic: str, tagging: Tagging, missing: Mapping[tuple[int, str], tuple[str, ...]]
) -> Move:
    if topic not in tagging.rules.index:
        return replace(move, missing=("The configuration has no such topic any more.",))
    return replace(move, missing=missing.get((move.number, topic), ()))


def _count(moves: Moves, stored: Stored, gained: Tag | None, lost: Tag | None, most: int) -> None:
    if gained is not None:
        moves.gained += 1
        if len(moves.gains) < most:
            moves.gains = (*moves.gains, _move(stored, gained))
    elif lost is not None:
        moves.lost += 1
        if len(moves.losses) < most:
            moves.losses = (*moves.losses, _move(stored, lost))


def _move(stored: Stored, tag: Tag) -> Move:
    item = stored.tagged.item
    words = dict.fromkeys(f"“{one.words}”" if one.field else one.words for one in tag.reasons)
    return Move(
        number=stored.number,
        source=item.source,
        title=item.title,
        url=item.url,
        published=stored.published,
        words=tuple(words)[:MOST_WORDS],
    )
