"""Whether a query holds for an item, and the words that make it hold: exact, given where phrases occur."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple, assert_never

from aggregator.query.item_view import Span, TextPlace, View
from aggregator.query.operators import PREFIXES, Facts
from aggregator.query.tree import And, Choice, Condition, Count, Near, Node, Not, Or, Phrase, Words
from aggregator.text.folding import bounded

MOST_SHOWN = 5
MOST_PLACES = 1000  # of a word or list in a field: a text that has more repeats itself
MOST_TRIED = 20_000  # places in a field where a word may stand, most of them within other words


class Hits(dict[str, list[Span]]):
    """Phrase.key → the places of that phrase in View.text, in order; none where it does not occur."""

    def __missing__(self, key: str) -> list[Span]:
        return []

    def of(self, words: Words) -> Iterable[tuple[Phrase, list[Span]]]:
        """Those of the words that occur, with their places; no slower than the fewer of both."""
        if len(words.phrases) == 1:
            (phrase,) = words.phrases
            spans = self[phrase.key]
            return [(phrase, spans)] if spans else ()
        wanted = words.by_key
        if len(self) < len(wanted):
            return [(wanted[key], spans) for key, spans in self.items() if key in wanted]
        return [(phrase, self[key]) for key, phrase in wanted.items() if key in self]


def find(phrase: Phrase, view: View) -> list[Span]:
    """The places of a phrase in a view's text, of very many the first of each field."""
    return [span for low, high in view.ranges.values() for span in _find(phrase, view, low, high)]


def _find(phrase: Phrase, view: View, low: int, high: int) -> list[Span]:
    found: list[Span] = []
    text, wanted, tried = view.text, phrase.text, 0
    start = text.find(wanted, low, high)
    while start >= 0 and tried < MOST_TRIED and len(found) < MOST_PLACES:
        end = start + len(wanted)
        if bounded(text, start, end, phrase.open_end) and phrase.cased in ("", view.cased[start:end]):
            found.append((start, end))
        start, tried = text.find(wanted, start + 1, high), tried + 1
    return found


class Sought(Hits):
    """Hits looked for one phrase at a time, each once: for a single query, where no automaton pays."""

    def __init__(self, phrases: Mapping[str, Phrase], view: View) -> None:
        super().__init__()
        self.phrases, self.view = phrases, view

    def __missing__(self, key: str) -> list[Span]:
        self[key] = found = find(self.phrases[key], self.view)
        return found

    def of(self, words: Words) -> Iterable[tuple[Phrase, list[Span]]]:
        """Those of the words that occur, each looked for when it is asked about."""
        return ((phrase, self[key]) for key, phrase in words.by_key.items() if self[key])


class Occurrence(NamedTuple):
    """A place that counts; `open_end` where the phrase lets its last word go on."""

    start: int
    end: int
    open_end: bool


@dataclass(slots=True)
class Scene:
    """An item with the hits in it, as one topic sees it: without what it strikes out."""

    view: View
    hits: Hits
    tags: Collection[str] = ()
    now: datetime | None = None  # where there is a clock
    struck: list[Span] = field(default_factory=list)  # in order, apart from one another
    _listed: dict[tuple[str, tuple[str, ...]], list[Occurrence]] = field(default_factory=dict, init=False)

    def places(self, words: Words) -> list[Occurrence]:
        """Where the words occur in their fields, unstruck, in order; of very many the first."""
        listed = self._listed.get((words.name, words.fields)) if words.name else None
        if listed is not None:
            return listed
        ranges = self.view.within(words.fields)
        found = [
            Occurrence(start, end, phrase.open_end)
            for phrase, spans in self.hits.of(words)
            for start, end in self._standing(spans, ranges, MOST_PLACES)
        ]
        places = _ordered(found)
        if words.name:
            self._listed[words.name, words.fields] = places
        return places

    def firsts(self, words: Words) -> list[Occurrence]:
        """The first place of each phrase that occurs in its fields."""
        ranges = self.view.within(words.fields)
        firsts: list[Occurrence] = []
        for phrase, spans in self.hits.of(words):
            for start, end in self._standing(spans, ranges, 1):
                firsts.append(Occurrence(start, end, phrase.open_end))
        return firsts

    def occur(self, words: Words) -> bool:
        """Whether any of the words stands in its fields."""
        ranges = self.view.within(words.fields)
        for _, spans in self.hits.of(words):  # noqa: SIM110 - any() costs more than what it would go over
            if self._standing(spans, ranges, 1):
                return True
        return False

    def _standing(self, spans: list[Span], ranges: Iterable[Span], most: int) -> list[Span]:
        """The first spans that lie in the ranges and are not struck out."""
        standing: list[Span] = []
        for low, high in ranges:
            for span in islice(spans, bisect_left(spans, (low, 0)), None) if low else spans:
                if span[0] >= high or len(standing) == most:
                    break
                if not (self.struck and self._is_struck(*span)):
                    standing.append(span)
        return standing

    def _is_struck(self, start: int, end: int) -> bool:
        last = bisect_left(self.struck, (end, 0)) - 1
        return last >= 0 and self.struck[last][1] > start

    def holds(self, node: Node) -> bool:
        """Whether the query holds."""
        match node:
            case Words():
                return self.occur(node)
            case And():
                return all(map(self.holds, node.parts))
            case Or() | Choice():
                return any(map(self.holds, node.parts))
            case Not():
                return not self.holds(node.part)
            case Condition():
                test = PREFIXES[node.operator].test
                return test is not None and test(Facts(self.view.item, self.tags, self.now), node.value)
            case Near():
                return self.nearest(node) is not None
            case Count():
                return len(self.counted(node.part)) >= node.least
            case _:
                assert_never(node)

    def every(self, node: Words | Choice) -> list[Occurrence]:
        """Every place, longest first where several begin together, in order."""
        if isinstance(node, Words):
            return self.places(node)
        return _ordered([place for words in node.parts for place in self.places(words)])

    def counted(self, node: Words | Choice) -> list[Occurrence]:
        """The places that count: none overlaps another, and of summary and content the one that has more."""
        by_field: dict[str, list[Occurrence]] = {}
        last = -1
        for place in self.every(node):
            if place.start >= last:
                by_field.setdefault(self.view.field(place.start), []).append(place)
                last = place.end
        shared = max(by_field.pop("summary", []), by_field.pop("content", []), key=len)
        return sorted([*shared, *(place for places in by_field.values() for place in places)], key=_start)

    def nearest(self, node: Near) -> tuple[Occurrence, Occurrence] | None:
        """The first two places that are near enough, or None."""
        rights = self.every(node.right)
        ends = sorted(rights, key=lambda place: place.end)
        starts = [place.start for place in rights]
        limits = [place.end for place in ends]
        for left in self.every(node.left) if rights else ():
            after = bisect_left(starts, left.end)
            if after < len(rights) and self._near(left, rights[after], node.distance):
                return left, rights[after]
            before = bisect_left(limits, left.start + 1) - 1
            if before >= 0 and self._near(ends[before], left, node.distance):
                return ends[before], left
        return None

    def _near(self, first: Occurrence, second: Occurrence, distance: int) -> bool:
        same = self.view.same_text(first.start, second.start)
        return same and self.view.near(first.end - 1, second.start, distance)

    def evidence(self, node: Node) -> Iterator[TextPlace | str]:
        """The places that make a query hold, or a sentence where it is no place; for queries that hold."""
        return (made if isinstance(made, str) else self.place(made) for made in self.witnesses(node))

    def witnesses(self, node: Node) -> Sequence[Occurrence | str]:
        """The same, not yet traced to the original."""
        match node:
            case Words():
                return _ordered(self.firsts(node))[:MOST_SHOWN]
            case And():
                return [made for part in node.parts for made in self.witnesses(part)]
            case Or() | Choice():
                return [made for part in node.parts if self.holds(part) for made in self.witnesses(part)]
            case Near():
                return self.nearest(node) or ()
            case Count():
                return self.counted(node.part)[: node.least]
            case Condition():
                return (PREFIXES[node.operator].sentence.format(node.written),)
            case Not():
                return ()
            case _:
                assert_never(node)

    def place(self, found: Occurrence) -> TextPlace:
        """The place in the original."""
        return self.view.place(*found)


def _ordered(found: list[Occurrence]) -> list[Occurrence]:
    """In order of the text, the longest first where several begin together; of very many the first."""
    if len(found) > 1:
        found.sort(key=lambda place: (place.start, -place.end, place.open_end))
    return found[:MOST_PLACES]


def _start(place: Occurrence) -> int:
    return place.start
