"""The syntax tree of a query: frozen nodes that compare by meaning; `at` is their column, from 1."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from aggregator.text.folding import bounded, fold

TEXT_FIELDS = ("title", "summary", "content")
_PUNCTUATION = " .,;:!?"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or phrase, folded; `key` names it, equal for equal phrases."""

    text: str
    cased: str = ""  # the folded form with its case, where only this case counts
    open_end: bool = False  # the last word may go on: `korea*`
    key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.text}\n{self.cased}\n{'*' * self.open_end}")

    @classmethod
    def of(cls, words: str, case: bool = False, open_end: bool = False) -> "Phrase":
        """The phrase that an operator wrote as `words`; a comma or full stop at its end is not meant."""
        folded = fold(words)
        size = len(folded.text if open_end else folded.text.rstrip(_PUNCTUATION))
        return cls(folded.text[:size], folded.cased[:size] if case else "", open_end)

    def covers(self, other: "Phrase") -> bool:
        """Whether a text with `other` certainly has this phrase too."""
        wanted, text = (self.cased, other.cased) if self.cased else (self.text, other.text)
        start = text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            goes_on = end == len(text) and other.open_end
            if bounded(text, start, end, self.open_end) and (self.open_end or not goes_on):
                return True
            start = text.find(wanted, start + 1)
        return False

    def __str__(self) -> str:
        return f"“{'=' * bool(self.cased)}{self.cased or self.text}{'*' * self.open_end}”"


@dataclass(frozen=True, slots=True)
class Words:
    """Any of some phrases in any of some fields; `name` is that of the list they came from."""

    phrases: tuple[Phrase, ...]
    fields: tuple[str, ...] = TEXT_FIELDS
    name: str = ""
    at: int = field(default=1, compare=False)
    by_key: Mapping[str, Phrase] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {phrase.key: phrase for phrase in self.phrases})


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is no text: the operator's name in OPERATORS and the value it is tested against."""

    operator: str
    value: object
    written: str = field(default="", compare=False)
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Near:
    """Two places within `distance` words of one another in one field, either order."""

    left: "Countable"
    right: "Countable"
    distance: int
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Count:
    """At least so many places."""

    least: int
    part: "Countable"
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """Places of any of these: what NEAR and 3x take where several words stand in parentheses."""

    parts: tuple[Words, ...]


Countable = Words | Choice
Node = Words | Choice | Condition | And | Or | Not | Near | Count


@dataclass(frozen=True, slots=True)
class Line:
    """A query as it stands in a block, with the points it earns."""

    number: int
    query: Node
    text: str
    points: int = 1
    each: bool = False  # the points are for every place


def parts(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    match node:
        case And() | Or() | Choice():
            return node.parts
        case Not():
            return (node.part,)
        case Count():
            return (node.part,)
        case Near():
            return (node.left, node.right)
        case Words() | Condition():
            return ()
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for part in parts(node):
        yield from walk(part)


def phrases(node: Node) -> Iterator[Phrase]:
    """Every phrase a query looks for, also those it must not have."""
    for below in walk(node):
        if isinstance(below, Words):
            yield from below.phrases


def fields(node: Node) -> Iterator[str]:
    """Every field whose text a query looks into."""
    for below in walk(node):
        if isinstance(below, Words):
            yield from below.fields


def tests(node: Node, operator: str) -> Iterator[Condition]:
    """Every use of one operator."""
    return (below for below in walk(node) if isinstance(below, Condition) and below.operator == operator)
