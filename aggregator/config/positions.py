"""Nodes that know their line and column, and the document that collects what is wrong with them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from aggregator.config.masking import header_values, masked_line
from aggregator.errors import Problem

WIDEST_SHOWN = 200
LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # what YAML 1.1 counts as one (5.4)

Kind = Literal["text", "list", "mapping"]


@dataclass(slots=True)
class Node:
    """A value of the file and where it begins; line and column count from 1."""

    kind: Kind
    line: int
    column: int
    style: str = ""  # of text: "" plain, or one of ' " | >
    last_line: int = 0  # of text
    plain: Any = None  # str, list, dict of these, or None where nothing was written
    children: dict[str | int, "Node"] = field(default_factory=dict)
    keys: dict[str, "Node"] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What was written, "" for anything but text."""
        return self.plain if isinstance(self.plain, str) else ""


@lru_cache(maxsize=4)
def _split(text: str) -> list[str]:
    """The lines of a block, split once for all its problems."""
    return text.split("\n")


class YamlFile:
    """A file under examination: its lines, its nodes, and the problems found so far."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = LINE_BREAK.split(text)
        self.root = Node("mapping", 1, 1, plain={})
        self.readable = False  # as YAML, so that judging its nodes makes sense
        self.problems: list[Problem] = []
        self._header_values: dict[int, int] | None = None

    def report(self, line: int, column: int, path: str, message: str, suggestion: str = "") -> None:
        """Add a problem; its line is shown, but not the secrets that stand in it."""
        shown = self._line_to_show(line, column)
        self.problems.append(Problem(self.file, line, column, path, message, suggestion, shown))

    def place(self, node: Node, line: int, column: int) -> tuple[int, int]:
        """Where a line and column (from 1) of a text's value stand in the file."""
        if node.style == "|":
            at = min(node.line + line, len(self.lines))
            raw, wanted = self.lines[at - 1], _split(node.text)[line - 1 : line]
            indent = len(raw) - len(wanted[0]) if wanted and raw.endswith(wanted[0]) else 0
            return at, indent + column
        begins = node.column - 1 + len(node.style)
        if line == 1 and self.lines[node.line - 1].startswith(node.text, begins):
            return node.line, begins + column
        return node.line, node.column

    def _line_to_show(self, line: int, column: int) -> str:
        if self._header_values is None:
            self._header_values = header_values(self.lines)
        if line > len(self.lines) or column > WIDEST_SHOWN:
            return ""
        whole = masked_line(self.lines[line - 1], self._header_values.get(line - 1))
        return whole if len(whole) <= WIDEST_SHOWN else whole[: WIDEST_SHOWN - 1] + "…"
