"""Tokens → syntax tree, by recursive descent: a query is alternatives of conjunctions of operands.

query   = all { OR all }
all     = near { [AND] near }
near    = operand [ NEAR/n operand ]
operand = -operand | nx operand | name:operand | ( query ) | words
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from aggregator.query.foreign import refuse_in_word
from aggregator.query.lexer import Token, tokens
from aggregator.query.operators import PREFIXES, Operator
from aggregator.query.problems import SyntaxProblem
from aggregator.query.tree import And, Choice, Condition, Count, Countable, Near, Node, Not, Or, Phrase, Words
from aggregator.text.folding import is_word
from aggregator.text.nearest import did_you_mean

DEEPEST = 30
LONGEST = 20_000
MOST_WORDS = 500
_BEFORE_FIELD = {"not": "Write -{0}:word.", "count": "Write the number before it, like 3x {0}:word."}
_FIRST_SYMBOL = 0x2190  # arrows, pictograms: somebody may look for ☮


@dataclass(frozen=True, slots=True)
class Scope:
    """What a query may refer to; `topics` is None where any topic may be meant."""

    lists: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    topics: Collection[str] | None = None
    in_topic: bool = False


def parse(line: str, scope: Scope) -> Node:
    """The tree of one query. Raises SyntaxProblem at the first fault."""
    if len(line) > LONGEST:
        raise SyntaxProblem(
            1, f"This query is longer than {LONGEST} characters.", "Put its words into a list."
        )
    return _Parser(line, scope).whole()


def phrase(text: str, at: int, case: bool = False, open_end: bool = False) -> Phrase:
    """The folded phrase; raises SyntaxProblem where nothing is left to look for."""
    made = Phrase.of(text, case, open_end)
    if not text.strip():
        raise SyntaxProblem(at, "There is nothing between the quotes.", "Write a word or phrase.")
    if not any(is_word(character) or ord(character) > _FIRST_SYMBOL for character in made.text):
        raise SyntaxProblem(at, f"“{text}” has no letter or digit to look for.", "Write a word or phrase.")
    return made


class _Parser:
    def __init__(self, line: str, scope: Scope) -> None:
        self.line, self.tokens, self.scope = line, tokens(line), scope
        self.position = self.depth = self.words = 0
        self.operator: Operator | None = None

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.next
        self.position += token.kind != "end"
        return token

    def whole(self) -> Node:
        node = self.query()
        if self.next.kind == ")":
            raise SyntaxProblem(
                self.next.at, "This parenthesis closes nothing.", "Remove it or open one before."
            )
        return node

    def query(self) -> Node:
        parts = [self.all()]
        while self.next.kind == "or":
            self.take()
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all(self) -> Node:
        parts = [self.near()]
        while self.next.kind not in ("or", ")", "end"):
            if self.next.kind == "and":
                self.take()
            parts.append(self.near())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def near(self) -> Node:
        at = self.next.at
        left = self.operand()
        if self.next.kind != "near":
            return left
        token = self.take()
        right_at = self.next.at
        right = self.operand()
        if self.next.kind == "near":
            raise SyntaxProblem(
                self.next.at,
                "NEAR joins two things at a time.",
                "Write a NEAR/6 b b NEAR/6 c for three in a row.",
            )
        name = f"NEAR/{token.number}"
        return Near(countable(left, at, name), countable(right, right_at, name), token.number, token.at)

    def operand(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SyntaxProblem(
                self.next.at,
                f"This query is nested more than {DEEPEST} deep.",
                "Spread it over several lines.",
            )
        node = self.operand_of(self.take())
        self.depth -= 1
        return node

    def operand_of(self, token: Token) -> Node:
        match token.kind:
            case "words":
                return self.atom(token)
            case "not":
                return Not(self.operand())
            case "count":
                at = self.next.at
                return Count(token.number, countable(self.operand(), at, token.text), token.at)
            case "prefix":
                return self.prefixed(token)
            case "(":
                return self.group(token)
        before = self.position - 1 - (token.kind != "end")
        raise missing(token, self.tokens[before] if before >= 0 else None)

    def group(self, opening: Token) -> Node:
        if self.next.kind == ")":
            raise SyntaxProblem(opening.at, "There is nothing between these parentheses.", "Remove them.")
        node = self.query()
        if self.take().kind != ")":
            raise SyntaxProblem(opening.at, "This parenthesis is never closed.", "Close it with “)”.")
        return node

    def prefixed(self, token: Token) -> Node:
        operator, outer = PREFIXES[token.text], self.operator
        if operator.name == "list":
            return self.listed(token)
        if outer is not None:
            raise SyntaxProblem(
                token.at, f"“{token.text}:” cannot be within “{outer.name}:”.", "Write them side by side."
            )
        if not operator.in_topics and self.scope.in_topic:
            raise SyntaxProblem(
                token.at,
                f"“{token.text}:” cannot be used in a topic.",
                "A tag must not expire; write after: a date.",
            )
        if self.next.kind not in ("words", "(", "prefix") or (self.next.kind == "(" and not operator.grouped):
            hint = _BEFORE_FIELD.get(self.next.kind, "").format(token.text) or operator_hint(operator)
            raise SyntaxProblem(self.next.at, f"A word is expected after “{token.text}:”.", hint)
        self.operator = operator
        node = self.operand()
        self.operator = outer
        return node

    def listed(self, token: Token) -> Words:
        if self.next.kind != "words":
            raise SyntaxProblem(
                self.next.at, "The name of a list is expected after “list:”.", "Write list:name."
            )
        if self.operator and not self.operator.fields:
            raise SyntaxProblem(
                token.at,
                f"“{self.operator.name}:” cannot take a list.",
                f"Write {self.operator.name}:(a OR b).",
            )
        name = self.take()
        if name.text not in self.scope.lists:
            raise SyntaxProblem(
                name.at,
                f"There is no list “{name.text}”.",
                did_you_mean(name.text, self.scope.lists, "“{}”") or "Lists are written under “lists:”.",
            )
        phrases = self.scope.lists[name.text]
        if self.operator:
            return Words(phrases, self.operator.fields, name.text, token.at)
        return Words(phrases, name=name.text, at=token.at)

    def atom(self, token: Token) -> Node:
        self.words += 1
        if self.words > MOST_WORDS:
            raise SyntaxProblem(
                token.at, f"This query has more than {MOST_WORDS} words and phrases.", "Put them into a list."
            )
        if self.operator and self.operator.test:
            return self.tested(self.operator, token)
        if not token.quoted and (self.operator is None or self.operator.name != "url"):
            refuse_in_word(self.line, token.at - 1 + token.case, token.text + "*" * token.open_end)
        found = (phrase(token.text, token.at, token.case, token.open_end),)
        if self.operator:
            return Words(found, self.operator.fields, at=token.at)
        return Words(found, at=token.at)

    def tested(self, operator: Operator, token: Token) -> Condition:
        written = token.text + "*" * token.open_end
        if operator.name == "topic" and self.scope.topics is not None and written not in self.scope.topics:
            raise SyntaxProblem(
                token.at,
                f"There is no topic “{written}”.",
                did_you_mean(written, self.scope.topics, "“{}”") or "Topics are written under “topics:”.",
            )
        try:
            return Condition(operator.name, operator.read(written), written, token.at)
        except ValueError as error:
            raise SyntaxProblem(token.at, f"“{operator.name}:{written}”: {error}") from None


def countable(node: Node, at: int, name: str) -> Countable:
    """The node as something whose places can be counted; raises SyntaxProblem for anything else."""
    if isinstance(node, Words | Choice):
        return node
    if isinstance(node, Or):
        return Choice(tuple(words for part in node.parts for words in _flat(countable(part, at, name))))
    raise SyntaxProblem(
        at,
        f"“{name}” takes a word, a phrase, a list or several in parentheses with OR.",
        "Simplify what is here.",
    )


def _flat(node: Countable) -> tuple[Words, ...]:
    return node.parts if isinstance(node, Choice) else (node,)


def operator_hint(operator: Operator) -> str:
    """How an operator is written, for a suggestion."""
    return f"Write it like {operator.form.strip('`')}."


def missing(token: Token, before: Token | None) -> SyntaxProblem:
    """The problem of something that is no operand where one must stand."""
    joints = {"or": "OR", "and": "AND", "near": "NEAR"}
    if token.kind in joints:
        return SyntaxProblem(
            token.at,
            f"A word is missing before “{joints[token.kind]}”.",
            "It joins what is on both its sides.",
        )
    if before is not None and before.kind in joints:
        return SyntaxProblem(
            before.at,
            f"A word is missing after “{joints[before.kind]}”.",
            "It joins what is on both its sides.",
        )
    if token.kind == ")":
        return SyntaxProblem(
            token.at, "A word is expected before this parenthesis.", "Write one or remove it."
        )
    return SyntaxProblem(token.at, "A word or phrase is expected here.", "Write one.")
