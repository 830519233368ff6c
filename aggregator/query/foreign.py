"""Signs that mean something in other query languages; here they would silently be dead letters.

Only unquoted words are judged: in quotes every sign is text.
"""

import re
from dataclasses import dataclass

from aggregator.query.problems import SyntaxProblem

_BEGIN, _END = r"(?<![^\s(:=-])", r"(?![^\s)])"  # of a word
_QUOTE = "Put quotes around it to look for it as it is."


@dataclass(frozen=True, slots=True)
class _Sign:
    """A pattern in a word; {} in the sentences is what its first group found."""

    pattern: re.Pattern[str]
    message: str
    suggestion: str
    in_phrases: bool = True  # also in a line of a list, which is a phrase without quotes


def _sign(pattern: str, message: str, suggestion: str, *, in_phrases: bool = True) -> _Sign:
    return _Sign(re.compile(pattern), message, suggestion, in_phrases)


_REGEX = re.compile(rf"{_BEGIN}/(?:[^/\\\s]|\\.)(?:[^/\\]|\\.)*/[gimsuxy]{{0,4}}{_END}")
_SIGNS = (
    _sign(
        r"(?<!\S)(?<!OR\s)(?<!AND\s)(?<!NOT\s)#([^\W\d]\S*)",
        "A remark needs a space after its #.",
        'Write “# {}” for a remark, or "#{}" in quotes to look for it.',
    ),
    _sign(rf"{_BEGIN}//(\w\S*)", "A remark begins with a # and a space.", f"Write “# {{}}”. {_QUOTE}"),
    _sign(r"\\", "A backslash has no meaning here: there are no regular expressions.", _QUOTE),
    _sign(
        rf"((?:(?<=[^\W\d_]{{2}})|{_BEGIN})\.[*+]|[*+]\.)",
        "“{}” has no meaning here: there are no regular expressions.",
        "korea* finds words that begin like this; a b finds both words, wherever they are.",
    ),
    _sign(
        r"\?[\w*]",
        "“?” does not mean any letter here.",
        f"Write every spelling, like color OR colour; korea* finds word endings. {_QUOTE}",
    ),
    _sign(
        r"(\|\|?|&&)",
        "“{}” has no meaning here.",
        "Write a OR b for one of them, a b for both; in a list each has its own line.",
    ),
    _sign(r"[{}]", "Braces have no meaning here.", "Write (a OR b) for one of several words."),
    _sign(
        rf"(?<=\w)\[|\](?=[\w*+?])|{_BEGIN}\[[^\]\s]*{_END}|{_BEGIN}[^\[\s]*\]{_END}",
        "Square brackets have no meaning here.",
        f"Write (a OR b) for one of several words. {_QUOTE}",
    ),
    _sign(
        r"\^",
        "“^” has no meaning here.",
        f"2 points: before a line of a topic makes it count more. {_QUOTE}",
    ),
    _sign(
        rf"(?<=[^\W\d_]{{4}})\${_END}",
        "“$” marks no end here: words are whole words.",
        f"Remove it. {_QUOTE}",
    ),
    _sign(
        rf"(?<=[A-Za-z]{{2}})~[\d.]*{_END}|{_BEGIN}~[A-Za-z]",
        "“~” has no meaning here: words are found as they are spelled.",
        f"Write every spelling, like kyiv OR kiev. {_QUOTE}",
    ),
    _sign(
        rf"{_BEGIN}%[^\W\d_]|(?<=[^\W\d_]{{2}})%",
        "“%” has no meaning here.",
        f"korea* finds words that begin like this. {_QUOTE}",
    ),
    _sign(r"`", "Backquotes make no phrase.", 'Write double quotes: "north korea" is one phrase.'),
    _sign(
        rf"{_BEGIN}(title|summary|content|author|category|source|url|language|list|topic)=",
        "A field is followed by a colon.",
        "Write {}: and the word right after it.",
    ),
    _sign(
        r"(?<=[^\W\d_]{2})\+(?=[^\W\d_]{2})",
        "“+” between words has no meaning here.",
        f'Write a b for both words, "a b" for a phrase. {_QUOTE}',
    ),
    _sign(
        r"(?<![\w@#])[^\W\d_]{2,}_[^\W\d_]{2}",
        "“_” joins no words here.",
        f'Write "north korea" or north-korea for a phrase. {_QUOTE}',
    ),
    _sign(
        r"(?<=[^\W\d_]),(?=[^\W\d_])",
        "A comma between words has no meaning here.",
        f"Write a OR b for one of them, a b for both. {_QUOTE}",
        in_phrases=False,
    ),
)


def refuse_in_word(line: str, start: int, word: str) -> None:
    """Raise SyntaxProblem where an unquoted word of a query, which begins at `start`, holds such a sign."""
    if word.isalnum():
        return
    _refuse_regex(line, start)
    for sign in _SIGNS:
        found = sign.pattern.search(line, start, start + len(word))
        if found:
            raise _problem(sign, found)


def refuse_in_phrase(line: str) -> None:
    """Raise SyntaxProblem where a line of a list, a phrase without quotes, holds such a sign."""
    _refuse_regex(line, len(line) - len(line.lstrip()))
    for sign in _SIGNS:
        found = sign.pattern.search(line) if sign.in_phrases else None
        if found:
            raise _problem(sign, found)


def _refuse_regex(line: str, start: int) -> None:
    if _REGEX.match(line, start):
        raise SyntaxProblem(
            start + 1,
            "/…/ has no meaning here: there are no regular expressions.",
            "Write words and phrases; url:/politics/ looks into addresses. " + _QUOTE,
        )


def _problem(sign: _Sign, found: re.Match[str]) -> SyntaxProblem:
    named = (found[1] or "")[:40] if found.re.groups else ""
    message, suggestion = (text.replace("{}", named) for text in (sign.message, sign.suggestion))
    return SyntaxProblem(found.start() + 1, message, suggestion)
