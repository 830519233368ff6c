"""What may be shown of an operator's file: never a password, a token or the value of a header."""

import re
from collections.abc import Sequence

LONGEST_SHOWN = 80
_EXAMINED = 2000  # characters of a line; what lies beyond is not shown
_USER = re.compile(r"(?<=//)\S*(?=@)")  # https://user:password@host
_BARE_USER = re.compile(r"[^\s/\"'@:]+:[^\s/]+(?=@)")  # the same, where the scheme was forgotten
_PARAMETER = re.compile(
    r"(?<=[?&])([^\s=&]*(?:token|key|secret|auth|pass|pwd|sig)[^\s=&]*=)([^\s&#\"']+)", re.IGNORECASE
)
_HEADERS = re.compile(r"(?<![\w-])headers[\"']?\s*:")
_HEADER_NAME = re.compile(r"\s*[\"']?[\w-]+[\"']?\s*:(?=\s|$)")
_REFERENCE_OR_CHARACTER = re.compile(r"\$\{\w*\}|\S")


def shown(text: str) -> str:
    """A value as it may stand in a message: one line, printable, not long, its credentials starred out."""
    line = "".join(c if c.isprintable() else " " for c in _without_credentials(text[:_EXAMINED])).strip()
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def masked_line(line: str, header_from: int | None) -> str:
    """A line of the file without its secrets, its columns unmoved.

    `header_from` is where the values of headers begin in it, see `header_values`; None where there are none.
    """
    line = line[:_EXAMINED]
    if header_from is not None:
        values = _REFERENCE_OR_CHARACTER.sub(
            lambda m: m.group() if m.group().startswith("${") else "*", line[header_from:]
        )
        line = line[:header_from] + values
    line = _without_credentials(line)
    return "".join(c if c == "\t" or c.isprintable() else " " for c in line)


def header_values(lines: Sequence[str]) -> dict[int, int]:
    """Index of each line that holds values of `headers`, and the column (from 0) where they begin.

    Told by the text alone, because a line is also shown where the YAML around it cannot be read.
    """
    found: dict[int, int] = {}
    indentation: int | None = None
    for index, line in enumerate(lines):
        own = len(line) - len(line.lstrip(" "))
        opening = _HEADERS.search(line) if "headers" in line else None
        if opening:
            found[index], indentation = opening.end(), own
        elif indentation is not None and (own > indentation or not line.strip()):
            name = _HEADER_NAME.match(line)
            found[index] = name.end() if name else 0
        else:
            indentation = None
    return found


def _without_credentials(text: str) -> str:
    for pattern in (_USER, _BARE_USER):
        text = pattern.sub(lambda m: "*" * len(m.group()), text)
    return _PARAMETER.sub(lambda m: m[1] + "*" * len(m[2]), text)
