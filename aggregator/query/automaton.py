"""All phrases of all topics in one automaton, and what a query must at least find to hold."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import assert_never

from ahocorasick_rs import BytesAhoCorasick, Implementation

from aggregator.query.evaluation import Hits
from aggregator.query.item_view import View
from aggregator.query.operators import PREFIXES
from aggregator.query.tree import And, Choice, Condition, Count, Near, Node, Not, Or, Phrase, Words
from aggregator.text.folding import JOINS

Keys = frozenset[str]
Match = tuple[int, int, int]  # which phrase, and its start and end
_MARK = "\n"  # no phrase begins with it
MOST_MATCHES = 200_000  # in an item, be they words or parts of words
_AT_ONCE = 8_000  # bytes of a text
_DFA_UP_TO = 30_000  # bytes of all phrases: faster while its table fits a processor's cache


class Automaton:
    """Finds every phrase in a text in one pass."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._distinct = distinct = tuple({phrase.key: phrase for phrase in phrases}.values())
        encoded = [phrase.text.encode("utf-8", "surrogatepass") for phrase in distinct]
        kind = Implementation.DFA if sum(map(len, encoded)) < _DFA_UP_TO else Implementation.ContiguousNFA
        self._automaton = BytesAhoCorasick(encoded, implementation=kind)
        self._longest = max(map(len, encoded), default=0)
        self._phrases = [_sought(phrase) for phrase in distinct]

    def __reduce__(self) -> tuple[object, ...]:
        return Automaton, (self._distinct,)

    def hits(self, view: View) -> Hits:
        """Where which phrase stands in a view's text as whole words; of a text full of them the beginning."""
        text, joins, phrases, hits = view.text, JOINS, self._phrases, Hits()
        size = len(text)
        for index, _, end in self._found(text):
            key, length, begins, ends, cased = phrases[index]
            start = end - length
            if begins and start and joins[text[start - 1]]:
                continue
            if ends and end < size and joins[text[end]]:
                continue
            if cased and cased != view.cased[start:end]:
                continue
            hits.setdefault(key, []).append((start, end))
        return hits

    def _found(self, text: str) -> Iterable[Match]:
        encoded = text.encode("utf-8", "surrogatepass")
        found = (
            self._find(encoded) if len(encoded) <= _AT_ONCE else islice(self._parts(encoded), MOST_MATCHES)
        )
        return found if len(encoded) == len(text) else _in_characters(encoded, found)

    def _find(self, encoded: bytes) -> list[Match]:
        return self._automaton.find_matches_as_indexes(encoded, overlapping=True)

    def _parts(self, encoded: bytes) -> Iterator[Match]:
        """The matches of a long text, a part at a time."""
        for low in range(0, len(encoded), _AT_ONCE):
            begin = max(0, low - self._longest)
            for index, start, end in self._find(encoded[begin : low + _AT_ONCE]):
                if begin + end > low:
                    yield index, begin + start, begin + end


def _sought(phrase: Phrase) -> tuple[str, int, bool, bool, str]:
    """Its key and length, whether no word may go on before and behind it, and its case where that counts."""
    first, last = phrase.text[0], phrase.text[-1]
    return phrase.key, len(phrase.text), JOINS[first], JOINS[last] and not phrase.open_end, phrase.cased


def _in_characters(encoded: bytes, found: Iterable[Match]) -> Iterator[Match]:
    """Matches whose ends, which only grow, count characters instead of bytes."""
    position = before = 0
    for index, start, end in found:
        if end > before:
            position += len(encoded[before:end].decode("utf-8", "surrogatepass"))
            before = end
        yield index, start, position


def marked(mark: str) -> str:
    """The key of something an item carries that is no phrase."""
    return _MARK + mark


def is_mark(key: str) -> bool:
    """Whether a key names what is carried, and no phrase."""
    return key.startswith(_MARK)


def needs(node: Node) -> list[Keys]:
    """Sets of keys: one of each must be there for the query to hold; those that look rarest first.

    There is none where nothing can be said.
    """
    match node:
        case Words():
            return [frozenset(phrase.key for phrase in node.phrases)]
        case Condition():
            mark = PREFIXES[node.operator].mark(node.value)
            return [frozenset([marked(mark)])] if mark else []
        case And():
            return sorted((keys for part in node.parts for keys in needs(part)), key=_commonness)
        case Near():
            return sorted((*needs(node.left), *needs(node.right)), key=_commonness)
        case Or() | Choice():
            alternatives = [needs(part) for part in node.parts]
            return [frozenset().union(*(keys[0] for keys in alternatives))] if all(alternatives) else []
        case Count():
            return needs(node.part)
        case Not():
            return []
        case _:
            assert_never(node)


def _commonness(keys: Keys) -> float:
    """A guess: long phrases are rare, what an item carries besides its text is common."""
    return sum(1.0 if is_mark(key) else 0.5 ** key.index("\n") for key in keys)
