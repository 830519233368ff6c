"""What the matcher must equal: the language's meaning written down as plainly as possible, at any cost.

It shares the parser, the folding and the table of operators with the matcher, and nothing of how it searches.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Item
from aggregator.query.item_view import FIELDS, texts
from aggregator.query.operators import PREFIXES, Facts
from aggregator.query.tree import And, Choice, Condition, Count, Line, Near, Node, Not, Or, Phrase, Words
from aggregator.text.folding import JOINS, fold
from aggregator.topics.points import CompiledTopic


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place: which text of the item, and where in its folded form."""

    text: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """One folded text of an item."""

    field: str
    cased: str
    gaps: frozenset[int] = frozenset()  # positions that were struck out

    def without(self, phrases: Sequence[Phrase]) -> "Text":
        """The text with phrases struck out, each to the end of its last word."""
        gaps: set[int] = set()
        for phrase in phrases:
            for start, end in occurrences(phrase, self):
                while phrase.open_end and _joined(self.cased, end):
                    end += 1
                gaps |= set(range(start, end))
        return Text(self.field, self.cased, frozenset(gaps))


def holds(node: Node, item: Item, tags: Collection[str] = (), now: datetime | None = None) -> bool:
    """Whether a query holds for an item."""
    return _holds(node, _texts(item), Facts(item, tags, now))


def tagged(topics: Sequence[CompiledTopic], item: Item, given: Sequence[str] = ()) -> dict[str, int]:
    """The topics of an item with their points; each of `topics` stands after those that decide over it."""
    held = {made.topic.id: 0 for made in topics if made.topic.id in given}
    for made in topics:
        earned = points(made, item, held)
        if earned:
            held[made.topic.id] = earned
        if made.topic.id in held:
            held = {**dict.fromkeys(made.topic.implies, 0), **held}
    return held


def points(made: CompiledTopic, item: Item, tags: Collection[str]) -> int:
    """What an item earns in a topic; 0 where that is not enough or its conditions are not met."""
    seen = [text.without(made.strike_out) for text in _texts(item)]
    facts = Facts(item, tags)
    total = sum(_points(line, seen, facts) for line in made.lines)
    met = not made.only_if or any(_holds(line.query, seen, facts) for line in made.only_if)
    return total if met and total >= made.topic.points_needed else 0


def _texts(item: Item) -> list[Text]:
    return [Text(field, fold(text).cased) for field in FIELDS for text in texts(item, field)]


def _points(line: Line, seen: Sequence[Text], facts: Facts) -> int:
    if line.each:
        return line.points * _count(line.query, seen)
    return line.points if _holds(line.query, seen, facts) else 0


def _holds(node: Node, seen: Sequence[Text], facts: Facts) -> bool:
    match node:
        case And():
            return all(_holds(part, seen, facts) for part in node.parts)
        case Or():
            return any(_holds(part, seen, facts) for part in node.parts)
        case Not():
            return not _holds(node.part, seen, facts)
        case Condition():
            test = PREFIXES[node.operator].test
            assert test is not None
            return test(facts, node.value)
        case Near():
            return any(
                _within(left, right, node.distance, seen)
                for left in _spots(node.left, seen)
                for right in _spots(node.right, seen)
            )
        case Count():
            return _count(node.part, seen) >= node.least
    return any(True for _ in _spots(node, seen))


def _count(node: Node, seen: Sequence[Text]) -> int:
    counts = dict.fromkeys(FIELDS, 0)
    end = (-1, 0)
    for spot in sorted(set(_spots(node, seen)), key=lambda spot: (spot.text, spot.start, -spot.end)):
        if (spot.text, spot.start) >= end:
            counts[seen[spot.text].field] += 1
            end = (spot.text, spot.end)
    return sum(counts.values()) - min(counts["summary"], counts["content"])


def _spots(node: Node, seen: Sequence[Text]) -> Iterator[Spot]:
    match node:
        case Choice():
            for part in node.parts:
                yield from _spots(part, seen)
        case Words():
            for number, text in enumerate(seen):
                if text.field in node.fields:
                    for phrase in node.phrases:
                        for start, end in occurrences(phrase, text):
                            if not text.gaps.intersection(range(start, end)):
                                yield Spot(number, start, end)


def occurrences(phrase: Phrase, text: Text) -> Iterator[tuple[int, int]]:
    """Every place of a phrase in a text, whole words only."""
    folded, size = text.cased.casefold(), len(phrase.text)
    for start in range(len(folded) - size + 1):
        end = start + size
        if (
            folded[start:end] == phrase.text
            and not _joined(folded, start)
            and (phrase.open_end or not _joined(folded, end))
            and (not phrase.cased or text.cased[start:end] == phrase.cased)
        ):
            yield start, end


def _joined(text: str, position: int) -> bool:
    """Whether a word goes on over this position."""
    return 0 < position < len(text) and JOINS[text[position - 1]] and JOINS[text[position]]


def _within(left: Spot, right: Spot, distance: int, seen: Sequence[Text]) -> bool:
    if left.text != right.text or (left.start < right.end and right.start < left.end):
        return False
    first, second = sorted((left, right))
    between = seen[left.text].cased[first.end - 1 : second.start + 1]
    before = seen[left.text].cased[: first.end - 1]
    return _words(before + between) - _words(before + between[0]) <= distance


def _words(text: str) -> int:
    """How many words begin in a text; where no spaces are written every character is one."""
    begun, inside = 0, False
    for character in text:
        if JOINS[character]:
            begun += not inside
            inside = True
        else:
            begun += character.isalnum()
            inside = inside and character == "'"
    return begun
