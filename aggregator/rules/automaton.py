"""All phrases of all topics in one automaton, and what a query must at least find to hold."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from aggregator.rules.evaluation import Hits
from aggregator.rules.folding import JOINS
from aggregator.rules.operators import PREFIXES
from aggregator.rules.tree import And, Choice, Condition, Count, Near, Node, Or, Phrase, Words
from aggregator.rules.view import View

Keys = frozenset[str]
_MARK = "\n"  # no phrase begins with it


class Automaton:
    """Finds every phrase in a text in one pass."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        distinct = list({phrase.key: phrase for phrase in phrases}.values())
        self._automaton = AhoCorasick([phrase.text for phrase in distinct])
        self._keys = [phrase.key for phrase in distinct]
        self._cased = [phrase.cased for phrase in distinct]
        self._open = [phrase.open_end for phrase in distinct]

    def hits(self, view: View) -> Hits:
        """Where which phrase stands in a view's text as whole words."""
        text, joins, hits = view.text, JOINS, Hits()
        size = len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and joins[text[start - 1]] and joins[text[start]]:
                continue
            if end < size and joins[text[end]] and joins[text[end - 1]] and not self._open[index]:
                continue
            if self._cased[index] and self._cased[index] != view.cased[start:end]:
                continue
            hits.setdefault(self._keys[index], []).append((start, end))
        return hits


def marked(mark: str) -> str:
    """The key of something an item carries that is no phrase."""
    return _MARK + mark


def needs(node: Node) -> Keys | None:
    """Keys of which at least one must be there for the query to hold; None where nothing can be said.

    Of a conjunction the rarest-looking part is taken, so that few items are evaluated in vain.
    """
    match node:
        case Words():
            return frozenset(phrase.key for phrase in node.phrases)
        case Condition():
            mark = PREFIXES[node.operator].mark(node.value)
            return frozenset([marked(mark)]) if mark else None
        case And():
            known = [keys for part in node.parts if (keys := needs(part)) is not None]
            return min(known, key=_commonness, default=None)
        case Near():
            return min(filter(None, (needs(node.left), needs(node.right))), key=_commonness, default=None)
        case Or() | Choice():
            alternatives = [needs(part) for part in node.parts]
            known = [keys for keys in alternatives if keys is not None]
            return frozenset().union(*known) if len(known) == len(alternatives) else None
        case Count():
            return needs(node.part)
    return None


def _commonness(keys: Keys) -> float:
    """A guess: long phrases are rare, what an item carries besides its text is common."""
    return sum(1.0 if key.startswith(_MARK) else 0.5 ** key.index("\n") for key in keys)
