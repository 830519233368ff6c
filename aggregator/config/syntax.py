"""What libyaml could not read, as a sentence for an editor who does not know YAML."""

import re
from collections.abc import Sequence

import yaml

_QUOTE_IT = "Put the whole value into quotes, or into a `|` block."
_FIRST_CHARACTERS = {
    "\t": ("There is a tab here; YAML is indented with spaces only.", "Replace it by spaces."),
    "@": ("A value cannot begin with @ in YAML.", _QUOTE_IT),
    "`": ("A value cannot begin with ` in YAML.", _QUOTE_IT),
    "%": ("A value cannot begin with % in YAML.", _QUOTE_IT),
}
_INDENTATION = (
    "This line does not fit the indentation of the lines above.",
    "Lines of one section begin in the same column.",
)
_UNKNOWN = (
    "YAML cannot read this line.",
    "Compare its quotes, brackets and indentation with the lines around it.",
)
_DIRECTIVE = ("A line that begins with % tells YAML something that it does not know.", "Delete it.")
_NO_COLON = (
    "This line has no colon with a space after it.",
    "Write `key: value`, or indent the line below the `|` that it belongs to.",
)
_COLON = re.compile(r":(\s|$)")
_BEGINNING = {  # libyaml's problem, at the place where it gave up
    "did not find expected comment or line break": (
        "Nothing else may be in the line of the `|`.",
        "Write the text below it, indented.",
    ),
    "found a tab character where an indentation space is expected": _FIRST_CHARACTERS["\t"],
    "found a tab character that violates indentation": _FIRST_CHARACTERS["\t"],
    "block sequence entries are not allowed in this context": (
        "A list cannot begin in the line of its key.",
        "Write each `- entry` in a line below, or all of them as [one, two].",
    ),
    "did not find expected '-' indicator": _INDENTATION,
    "did not find expected <document start>": (
        "Nothing may follow the end of the document.",
        "Delete the `...`, or the brackets around the lines above.",
    ),
    "found unknown escape character": (
        "In double quotes a backslash has a meaning of its own.",
        "Use single quotes or a `|` block.",
    ),
    "did not find expected alphabetic or numeric character": (
        "A value cannot begin with * or & in YAML.",
        _QUOTE_IT,
    ),
    "found undefined tag handle": ("A value cannot begin with ! in YAML.", _QUOTE_IT),
    "found incompatible YAML document": _DIRECTIVE,
    "found unknown directive name": _DIRECTIVE,
    "mapping keys are not allowed in this context": ("A value cannot begin with ? in YAML.", _QUOTE_IT),
}
_OPENING = {  # libyaml's problem, better shown where the thing began
    "found unexpected end of stream": ("The quote that opens here is never closed.", "Close it."),
    "could not find expected ':'": _NO_COLON,
    "did not find expected ',' or ']'": ("The [ that opens here is not closed.", "Close it with ]."),
    "did not find expected ',' or '}'": ("The { that opens here is not closed.", "Close it with }."),
}


def explain_syntax(error: yaml.YAMLError, lines: Sequence[str]) -> tuple[int, int, str, str]:
    """Line and column (from 1), what is wrong, and what to do."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _at(None, lines, _UNKNOWN)
    problem = error.problem or ""
    if problem in _OPENING and error.context_mark is not None:
        return _at(error.context_mark, lines, _OPENING[problem])
    mark = error.problem_mark or error.context_mark
    if problem.startswith("mapping values are not allowed") and mark is not None:
        above = _line_without_colon(lines, mark)
        if above is not None:
            return above
    line, column, *_ = _at(mark, lines, ("", ""))
    return _at(mark, lines, _sentence(problem, lines[line - 1], column))


def _line_without_colon(lines: Sequence[str], mark: yaml.Mark) -> tuple[int, int, str, str] | None:
    """The line above a key, where that is no key itself and so spoils both."""
    number = next((n for n in range(mark.line - 1, -1, -1) if lines[n].strip()), None)
    if number is None or _COLON.search(lines[number]) or ":" in lines[mark.line][: mark.column]:
        return None
    column = len(lines[number]) - len(lines[number].lstrip()) + 1
    return number + 1, column, *_NO_COLON


def _sentence(problem: str, line: str, column: int) -> tuple[str, str]:
    before, here = line[: column - 1], line[column - 1 : column]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return _FIRST_CHARACTERS["\t"]
    if problem in _BEGINNING:
        return _BEGINNING[problem]
    if problem.startswith("found character that cannot start any token"):
        return _FIRST_CHARACTERS.get(here, (f"A value cannot begin with {here} in YAML.", _QUOTE_IT))
    if problem.startswith("mapping values are not allowed"):
        if ":" in before or not before.strip():
            return "A value with a colon and a space in it needs quotes.", _QUOTE_IT
        return (
            "This key is indented deeper than the line above, which has its value already.",
            "Begin it in the same column as its neighbours.",
        )
    if before.rstrip().endswith(('"', "'")):
        return (
            "YAML ends a value at its closing quote, but text follows here.",
            "Put the value into a `|` block, where quotes are just text.",
        )
    if before.rstrip().endswith(("]", "}")):
        return "Nothing may follow a closing bracket.", "Delete it, or put the value into quotes."
    if not before.strip():
        return _INDENTATION
    return _UNKNOWN


def _at(mark: yaml.Mark | None, lines: Sequence[str], sentence: tuple[str, str]) -> tuple[int, int, str, str]:
    line = min(mark.line, len(lines) - 1) if mark else 0
    column = min(mark.column, len(lines[line])) if mark else 0
    return line + 1, column + 1, *sentence
