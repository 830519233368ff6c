"""A line of a query → tokens with their columns."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from aggregator.query.operators import PREFIXES
from aggregator.query.problems import SyntaxProblem
from aggregator.text.nearest import did_you_mean

Kind = Literal["(", ")", "or", "and", "not", "near", "count", "prefix", "words", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `number` is the distance of NEAR/6 or the count of 3x."""

    kind: Kind
    at: int
    text: str = ""
    number: int = 0
    case: bool = False
    open_end: bool = False
    quoted: bool = False


QUOTES = '"“”„‟«»＂「」『』'
_WIDE = str.maketrans("（）：＝＊－／", "():=*-/")  # as keyboards for Chinese and Japanese write them
_MINUS = "-−–—"
_SPACE = re.compile(r"\s*")
_PREFIX = re.compile(r"([A-Za-z][A-Za-z-]*):")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_COUNT_APART = re.compile(r"(\d+) +[x×] *(?=[(=" + QUOTES + "])")
_SINGLE_QUOTES = re.compile(r"['‘‚](?=\S+\s|[^\W\d_]{3}\S*['’])[^'‘’" + QUOTES + r"]*['’](?=[\s)]|$)")
_COUNT = re.compile(r"(\d+)[x×](?=[\s(=" + QUOTES + r"]|$)")
_NEAR = re.compile(r"near(?:/(\d*))?$", re.IGNORECASE)
_NEAR_ELSEWHERE = re.compile(r"(?:(?:w|pre|onear)/|/|near|adj)(\d{1,3})", re.IGNORECASE)
# A double quote between Hebrew letters marks an abbreviation.
_WORD = re.compile(rf'(?:[^\s(){QUOTES}]|(?<=[א-ת])"(?=[א-ת]))+')
QUOTED = re.compile(rf'[{QUOTES}]((?:[^{QUOTES}]|(?<=[א-ת])"(?=[א-ת]))*)[{QUOTES}]')
_SYMBOLS = {"|": "OR", "||": "OR", "/": "OR"}
_MOST = 1000


def tokens(line: str) -> list[Token]:
    """The tokens of a line, an "end" last; raises SyntaxProblem."""
    found: list[Token] = []
    line = line.translate(_WIDE)
    position = _skip(line, 0)
    while position < len(line):
        address = found != [] and found[-1].text == "url" and found[-1].kind == "prefix"
        token, end = (_words if address and _ADDRESS.match(line, position) else _token)(line, position)
        found.append(token)
        position = _skip(line, end)
    return [*found, Token("end", len(line.rstrip()) + 1)]


def _skip(line: str, position: int) -> int:
    match = _SPACE.match(line, position)
    return match.end() if match else position


def _token(line: str, start: int) -> tuple[Token, int]:
    at = start + 1
    if line[start] in "()":
        return Token("(" if line[start] == "(" else ")", at), at
    if line[start] in _MINUS:
        if at == len(line) or line[at].isspace():
            raise SyntaxProblem(at, "This hyphen is by itself.", "Write -word, without a space, for “not”.")
        return Token("not", at), at
    if match := _COUNT.match(line, start):
        return Token("count", at, match[0], number=_number(match[1], at, "times")), match.end()
    if match := _COUNT_APART.match(line, start):
        raise SyntaxProblem(at, "The number and the x belong together.", f"Write {match[1]}x before it.")
    if match := _PREFIX.match(line, start):
        return _prefix(line, match, at), match.end()
    if line[start] == "=":
        token, end = _words(line, at)
        return replace(token, kind="words", at=at, case=True), end
    return _words(line, start)


def _prefix(line: str, match: re.Match[str], at: int) -> Token:
    name = match[1].lower()
    if name not in PREFIXES:
        raise SyntaxProblem(
            at,
            f"There is no “{match[1]}:” to look in.",
            did_you_mean(name, PREFIXES, "“{}:”") or f'To look for it as text, quote it: "{match[1]}:…".',
        )
    if match.end() == len(line) or line[match.end()].isspace():
        raise SyntaxProblem(
            at, f"Nothing follows “{name}:”.", f"Write the word right after the colon, like {name}:word."
        )
    return Token("prefix", at, name)


def _words(line: str, start: int) -> tuple[Token, int]:
    at = start + 1
    if start < len(line) and line[start] in QUOTES:
        return _quoted(line, start)
    if _SINGLE_QUOTES.match(line, start):
        raise SyntaxProblem(
            at, "Single quotes make no phrase.", 'Write double quotes: "north korea" is one phrase.'
        )
    match = _WORD.match(line, start)
    if match is None:
        raise SyntaxProblem(
            at, "A word or phrase is expected here.", "=Word finds the word in this case only."
        )
    return _keyword(match[0], at) or _ended(match[0], at), match.end()


def _quoted(line: str, start: int) -> tuple[Token, int]:
    at = start + 1
    match = QUOTED.match(line, start)
    if match is None:
        raise SyntaxProblem(at, "The closing quote is missing.", "A phrase is put between two quotes.")
    end = match.end()
    star = line[end : end + 1] == "*"
    end += star
    if end < len(line) and not line[end].isspace() and line[end] not in "()":
        raise SyntaxProblem(end + 1, "A space belongs after the closing quote.")
    return replace(_ended(match[1].strip() + "*" * star, at), quoted=True), end


def _keyword(word: str, at: int) -> Token | None:
    if word in ("OR", "AND", "NOT"):
        return Token("or" if word == "OR" else "and" if word == "AND" else "not", at, word)
    if word.lower() in ("or", "and", "not"):
        meaning = f"{word.upper()} joins" if word.lower() != "not" else "-word or NOT excludes"
        written = "in small letters" if word.islower() else "not all in capitals"
        raise SyntaxProblem(
            at,
            f"“{word}” {written} is an ordinary word.",
            f"{meaning}; to look for the word, quote it.",
        )
    if word in _SYMBOLS:
        raise SyntaxProblem(at, f"“{word}” has no meaning here.", f"Write {_SYMBOLS[word]}.")
    if word[0] == ":":
        raise SyntaxProblem(
            at, "A colon comes right after the name of a field.", "Write title:word without spaces."
        )
    if word[0] in "+!&":
        raise SyntaxProblem(
            at,
            f"“{word[0]}” has no meaning here.",
            "Words side by side must all occur; -word excludes one; text with signs is quoted.",
        )
    return _near(word, at)


def _near(word: str, at: int) -> Token | None:
    if elsewhere := _NEAR_ELSEWHERE.fullmatch(word):
        raise SyntaxProblem(
            at,
            f"“{word}” is another language's word for near.",
            f"Write NEAR/{elsewhere[1]}, or quote it.",
        )
    match = _NEAR.match(word)
    if match is None or (match[1] is None and word != "NEAR"):
        return None
    if not word.startswith("NEAR"):
        raise SyntaxProblem(
            at, f"“{word}” in small letters is an ordinary word.", f"Write NEAR/{match[1] or 6}, or quote it."
        )
    if not match[1]:
        raise SyntaxProblem(at, f"“{word}” does not say how near.", "Write NEAR/6: within six words.")
    return Token("near", at, word, number=_number(match[1], at, "words"))


def _number(digits: str, at: int, unit: str) -> int:
    number = int(digits) if len(digits) < 6 else _MOST + 1
    if not 1 <= number <= _MOST:
        raise SyntaxProblem(
            at, f"{digits[:12]} {unit} cannot be asked for.", f"Write a number from 1 to {_MOST}."
        )
    return number


def _ended(text: str, at: int) -> Token:
    """Words with what a star at their end says."""
    stem = text.removesuffix("*")
    if "*" in stem:
        raise SyntaxProblem(
            at + text.index("*"),
            "A star can only be at the end of a word, the last of a phrase.",
            "korea* finds Korea, Koreas and Korean.",
        )
    if stem != text and not stem.strip():
        raise SyntaxProblem(
            at, "A star by itself matches everything.", "Write the beginning of a word before it."
        )
    return Token("words", at, stem, open_end=stem != text)
