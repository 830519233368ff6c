"""Words that no item ever contained: misspelt, or never used by the outlets."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from aggregator.query import RuleProblem
from aggregator.query.blocks import significant, words
from aggregator.query.tree import Line, Node, Not, Phrase, Words, parts
from aggregator.text.quantities import counted
from aggregator.topics.advice.findings import Finding, Seen, named
from aggregator.topics.points import CompiledTopic

_WORD = re.compile(r"[^\W\d_]{5,}")
_EXAMINED = 4_000  # characters of an item
_ENDING = 2  # letters
_COMMON = 3  # items that have a word
_SHORT = 6  # letters, from which on one may be wrong; below, two may be exchanged


class Spelling:
    """Watches which words items have.

    `written` are the phrases of each block of the configuration, folded: a topic's queries, or a list.
    """

    def __init__(self, written: Mapping[str, Iterable[str]]) -> None:
        self._items: Counter[str] = Counter()
        self._blocks = {path: set(_WORD.findall("\n".join(phrases))) for path, phrases in written.items()}
        self._written = Counter(word for words in self._blocks.values() for word in words)

    def look(self, text: str) -> None:
        """Take in an item's folded text."""
        self._items.update(set(_WORD.findall(text[:_EXAMINED])))

    def misspelt(self, path: str, phrase: str) -> Iterator[tuple[str, str, int]]:
        """The words of a folded phrase that no item has, each with the likely one and how many items have it.

        The first letter counts as right. Words that differ in their endings alone are forms of one word; who
        wrote both of them, or a beginning of the likely one, in one block meant both.
        """
        for word in _WORD.findall(phrase):
            if word not in self._items:
                near = process.extract(
                    word, self._common.get(word[0], ()), scorer=OSA.distance, score_cutoff=1, limit=5
                )
                both = tuple(self._blocks[path])
                likely = [
                    known for known, _, _ in near if _is_slip(word, known) and not known.startswith(both)
                ]
                if likely and self._written[word] == 1:
                    best = max(likely, key=lambda known: (self._items[known], self._written[known]))
                    yield word, best, self._items[best]

    @cached_property
    def _common(self) -> Mapping[str, list[str]]:
        """Words that several items or lines have, by their first letter."""
        common: dict[str, list[str]] = {}
        often = [word for word, items in self._items.items() if items >= _COMMON]
        for word in {*often, *(word for word, lines in self._written.items() if lines > 1)}:
            common.setdefault(word[0], []).append(word)
        return common


def _is_slip(word: str, known: str) -> bool:
    """Whether the difference is one of typing and none of grammar or language."""
    is_exchange = sorted(word) == sorted(known)
    pairs = zip(word, known, strict=False)
    begins = next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(word), len(known)))
    is_ending = max(len(word), len(known)) - begins <= _ENDING
    return not is_ending and (is_exchange or len(word) >= _SHORT)


@dataclass(slots=True)
class _Place:
    """A line of the configuration with the words that it looks for and that were not seen yet."""

    path: str
    line: int
    unseen: dict[Phrase, int] = field(default_factory=dict)  # with the column of each
    total: int = 0


class Vocabulary:
    """Watches which words of topics and lists occur, but not those that only keep items out."""

    def __init__(self, topics: Iterable[CompiledTopic], lists: Mapping[str, str]) -> None:
        self._looked_at = 0
        self._places: list[_Place] = []
        self._waiting: dict[str, list[tuple[_Place, Phrase, frozenset[str]]]] = {}
        lines: dict[tuple[str, int], _Place] = {}
        in_use: dict[str, set[str]] = {}
        for path, line, node in _sought(topics):
            if node.name:
                in_use.setdefault(node.name, set()).update(node.fields)
                continue
            place = lines.setdefault((path, line.number), _Place(path, line.number))
            for phrase in node.phrases:
                self._wait(place, phrase, node.at, frozenset(node.fields))
        self._places += lines.values()
        for name, fields in in_use.items():
            self._watch_list(name, lists[name], frozenset(fields))
        written: dict[str, list[str]] = {}
        for place in self._places:
            written.setdefault(place.path, []).extend(phrase.text for phrase in place.unseen)
        self._spelling = Spelling(written)

    def _watch_list(self, name: str, block: str, fields: frozenset[str]) -> None:
        phrases, _ = words(block)
        for (number, text), phrase in zip(significant(block), phrases, strict=True):
            place = _Place(f"lists.{name}", number)
            self._wait(place, phrase, len(text) - len(text.lstrip()) + 1, fields)
            self._places.append(place)

    def _wait(self, place: _Place, phrase: Phrase, column: int, fields: frozenset[str]) -> None:
        place.total += phrase not in place.unseen
        place.unseen.setdefault(phrase, column)
        self._waiting.setdefault(phrase.key, []).append((place, phrase, fields))

    def look(self, seen: Seen) -> None:
        """Strike off what occurs in an item."""
        self._looked_at += 1
        view = seen.scene.view
        self._spelling.look(view.text)
        for key in self._waiting.keys() & seen.scene.hits.keys():
            fields = {view.field(start) for start, _ in seen.scene.hits[key]}
            still = []
            for place, phrase, wanted in self._waiting[key]:
                if wanted & fields:
                    place.unseen.pop(phrase, None)
                else:
                    still.append((place, phrase, wanted))
            self._waiting[key] = still
            if not still:
                del self._waiting[key]

    def findings(self) -> Iterator[Finding]:
        """A finding for each word that looks misspelt, each line with other such words, and each list."""
        for place in self._places:
            yield from self._misspelt(place)
        lists: dict[str, list[_Place]] = {}
        for place in self._places:
            if place.unseen and place.path.startswith("lists."):
                lists.setdefault(place.path, []).append(place)
            elif place.unseen:
                yield self._finding(place, place.unseen, place.total)
        for path, places in lists.items():
            unseen = {phrase: column for place in places for phrase, column in place.unseen.items()}
            total = sum(place.path == path for place in self._places)
            yield self._finding(places[0], unseen, total)

    def _misspelt(self, place: _Place) -> Iterator[Finding]:
        """What looks misspelt in a line; it is told of by itself, and taken out of its unseen words."""
        for phrase, column in list(place.unseen.items()):
            for word, likely, items in self._spelling.misspelt(place.path, phrase.text):
                place.unseen.pop(phrase, None)
                message = f"“{word}” is in none of the {counted(self._looked_at, 'item')} looked at."
                has = (
                    f"{counted(items, 'item')} {'has' if items == 1 else 'have'} that"
                    if items
                    else "other lines have that"
                )
                advised = f"Did you mean “{likely}”? {has[0].upper()}{has[1:]}."
                yield Finding("typo", RuleProblem(place.path, place.line, column, message, advised))

    def _finding(self, first: _Place, unseen: Mapping[Phrase, int], total: int) -> Finding:
        verb = "is" if len(unseen) == 1 else "are"
        part = f" ({len(unseen)} of {total})" if 1 < len(unseen) < total else ""
        message = f"{named(unseen)}{part} {verb} in none of the {counted(self._looked_at, 'item')} looked at."
        advised = "Check the spelling; a word for later may stay."
        return Finding(
            "unseen", RuleProblem(first.path, first.line, min(first.unseen.values()), message, advised)
        )


def _sought(topics: Iterable[CompiledTopic]) -> Iterator[tuple[str, Line, Words]]:
    """Everything that topics look for, with its line."""
    for made in topics:
        for key, lines in (("match", made.lines), ("only-if", made.only_if)):
            for line in lines:
                for node in _wanted(line.query):
                    yield f"topics.{made.topic.id}.{key}", line, node


def _wanted(node: Node) -> Iterator[Words]:
    match node:
        case Words():
            yield node
        case Not():
            return
    for part in parts(node):
        yield from _wanted(part)
