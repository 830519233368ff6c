"""Text blocks → lines: queries with their points, and the words and phrases of lists and strike-outs."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from aggregator.errors import QueryProblem
from aggregator.query.foreign import refuse_in_phrase
from aggregator.query.grammar import Scope, countable, parse, phrase
from aggregator.query.lexer import QUOTED, QUOTES
from aggregator.query.operators import PREFIXES
from aggregator.query.problems import SyntaxProblem
from aggregator.query.tree import Line, Phrase

T = TypeVar("T")
MOST_POINTS = 1000
_POINTS = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*points?(\s+each)?\s*:\s*", re.IGNORECASE)
_POINTS_UNCLEAR = re.compile(r"\s*(?:-\s*\d+\s*)?(?:\d+\s+)?(?:points?|each)(?:\s+each)?\s*:", re.IGNORECASE)
_COMMENT = re.compile(rf"(?<![א-ת]){QUOTED.pattern}|(?<=\s)(?P<comment>#)(?!\S)")
_PHRASE = re.compile(rf"\s*(=?)\s*([{QUOTES}]?)(.*?)([{QUOTES}]?)(\*?)\s*")


def queries(
    block: str, scope: Scope, points: bool = False
) -> tuple[tuple[Line, ...], tuple[QueryProblem, ...]]:
    """The queries of a block, with points where they may be given, and everything that is wrong with them."""
    return _each(block, lambda text, number: _query(text, number, scope, points))


def words(block: str) -> tuple[tuple[Phrase, ...], tuple[QueryProblem, ...]]:
    """The words and phrases of a list or a strike-out, and everything that is wrong with them."""
    return _each(block, lambda text, number: _phrase(text))


def significant(block: str) -> Iterator[tuple[int, str]]:
    """The lines that count, with their numbers from 1, without the comments behind them."""
    for number, text in enumerate(block.split("\n"), 1):
        if text.strip() and not text.lstrip().startswith("#"):
            yield number, _uncommented(text)


def _uncommented(text: str) -> str:
    """The line up to a # that stands by itself outside of quotes; #word is text."""
    if "#" not in text:
        return text
    comments = (match.start() for match in _COMMENT.finditer(text) if match["comment"])
    return text[: next(comments, len(text))]


def _each(block: str, read: Callable[[str, int], T]) -> tuple[tuple[T, ...], tuple[QueryProblem, ...]]:
    found: list[T] = []
    problems: list[QueryProblem] = []
    for number, text in significant(block):
        try:
            found.append(read(text, number))
        except SyntaxProblem as problem:
            problems.append(problem.in_line(number))
    return tuple(found), tuple(problems)


def _query(text: str, number: int, scope: Scope, points: bool) -> Line:
    match = _POINTS.match(text)
    if match is None and _POINTS_UNCLEAR.match(text):
        raise SyntaxProblem(
            1, "The points of this line cannot be read.", "Write 2 points: or 1 point each: before it."
        )
    if match is None:
        return Line(number, parse(text, scope), text.strip())
    if not points:
        raise SyntaxProblem(1, "Points are given in “match” alone.", "Remove them here.")
    rest = text[match.end() :]
    if not rest.strip():
        raise SyntaxProblem(
            len(text.rstrip()) + 1, "Nothing follows the points.", "Write a query after the colon."
        )
    query = parse(" " * match.end() + rest, scope)
    if match[2]:
        query = countable(query, match.end() + 1, "each")
    return Line(number, query, text.strip(), _worth(match), bool(match[2]))


def _worth(match: re.Match[str]) -> int:
    if match[1].isdecimal() and len(match[1]) < 6 and 1 <= int(match[1]) <= MOST_POINTS:
        return int(match[1])
    raise SyntaxProblem(
        match.start(1) + 1,
        f"A line cannot be worth {match[1][:12]} points.",
        f"Write a whole number from 1 to {MOST_POINTS}.",
    )


def _phrase(text: str) -> Phrase:
    start = len(text) - len(text.lstrip())
    match = _PHRASE.fullmatch(text)
    assert match is not None
    equals, opening, inner, closing, star = match.groups()
    if bool(opening) != bool(closing):
        raise SyntaxProblem(
            match.start(2 if opening else 4) + 1,
            "A quote is missing.",
            "Quotes are not needed here: a phrase a line.",
        )
    _no_query(text, start + 1, bool(opening))
    if inner.endswith("*"):
        inner, star = inner[:-1], "*"
    if "*" in inner or (star and not inner.strip()):
        raise SyntaxProblem(text.index("*") + 1, "A star can only be at the end of a line.", "Like korea*.")
    return phrase(inner, start + 1, bool(equals), bool(star))


def _no_query(text: str, at: int, quoted: bool) -> None:
    if quoted:
        return
    refuse_in_phrase(text)
    stripped = text.strip()
    if stripped[0] in "-−–—":
        raise SyntaxProblem(
            at, "A line here is a word or phrase, without a hyphen before it.", "Remove the hyphen."
        )
    name = stripped.split(":")[0].lower()
    if name in PREFIXES and ":" in stripped:
        raise SyntaxProblem(
            at,
            f"A line here is a word or phrase; “{name}:” belongs in a query.",
            "Or quote it to find it as text.",
        )
    joint = re.search(r"(?<!\S)(?:OR|AND|NOT|NEAR/\d+)(?!\S)", text)
    if joint:
        raise SyntaxProblem(
            joint.start() + 1,
            f"A line here is a word or phrase; “{joint[0]}” belongs in a query.",
            "One a line.",
        )
