"""What other rules would make of history: which stored items gain or lose which topic, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.model import Retagged, Stored, Tag
from aggregator.topics.tagging import Tagging
from aggregator.topics.verdicts import explain

MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Move:
    """An item that gains or loses a topic."""

    number: int
    source: str
    title: str
    url: str
    published: datetime
    outlet: str  # the title of its feed
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


class Comparison:
    """What rules would change in stored items, asked part by part, newest first.

    `most` moves of a kind are named of each topic, in all parts together: later ones would be in vain.
    """

    def __init__(self, tagging: Tagging, most: int) -> None:
        self.tagging, self.most = tagging, most
        self._named: Counter[tuple[str, bool]] = Counter()  # by topic and whether it gains

    def plan(self, stored: Iterable[Stored]) -> Plan:
        """What would change in some items; what the desk decided stays as it is."""
        plan = Plan()
        for one in stored:
            before = self.tagging.topics_of(one)
            after = {judgement.topic: judgement for judgement in self.tagging.judge(one.tagged.item)}
            moved = (before.keys() ^ after.keys()) - one.decided
            plan.items += 1
            plan.changed += bool(moved)
            for topic in moved:
                moves = plan.topics.setdefault(topic, Moves())
                if topic in after:
                    moves.gained += 1
                    if self._may_name(topic, True):
                        moves.gains += (_move(one, after[topic].tag()),)
                else:
                    moves.lost += 1
                    if self._may_name(topic, False):
                        moves.losses += (_move(one, before[topic]),)
        return plan

    def _may_name(self, topic: str, gains: bool) -> bool:
        self._named[topic, gains] += 1
        return self._named[topic, gains] <= self.most


def retag(tagging: Tagging, stored: Iterable[Stored]) -> tuple[Retagged, ...]:
    """The new tags of stored items."""
    return tuple(tagging.retag(one) for one in stored)


def fill(
    tagging: Tagging, topics: Collection[str], unheard_of: bool, stored: Iterable[Stored]
) -> tuple[Retagged, ...]:
    """Stored items with what they get of new topics; `unheard_of` where no rules knew these ids before."""
    return tuple(tagging.fill(one, topics, unheard_of=unheard_of) for one in stored)


def take_back(tagging: Tagging, stored: Iterable[Stored]) -> tuple[Retagged, ...]:
    """Stored items without the tags of topics that came, were filled and are gone again."""
    return tuple(tagging.take_back(one) for one in stored)


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


def _move(stored: Stored, tag: Tag) -> Move:
    item = stored.tagged.item
    words = dict.fromkeys(f"“{one.words}”" if one.field else one.words for one in tag.reasons)
    return Move(
        number=stored.number,
        source=item.source,
        title=item.title,
        url=item.url,
        published=stored.published,
        outlet=item.head.title,
        words=tuple(words)[:MOST_WORDS],
    )
