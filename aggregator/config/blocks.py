"""Texts of one query, phrase or example a line, and where their lines stand in the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.config.positions import Node, YamlFile
from aggregator.config.references import entries

_QUERIES = ("match", "only-if")
_LINES = ("strike-out", "examples.match", "examples.not")


@dataclass(frozen=True, slots=True)
class Block:
    """A text of one entry a line; `path` is what the rules call it."""

    path: str
    node: Node
    is_query: bool

    @property
    def text(self) -> str:
        """Its lines, also where they were written as a YAML list."""
        return "\n".join(_list_lines(self.node)) if self.node.kind == "list" else self.node.text

    def place(self, document: YamlFile, line: int, column: int) -> tuple[int, int]:
        """Where a line and column (from 1) of the text stand in the file."""
        if self.node.kind != "list":
            return document.place(self.node, line, column)
        entry = self.node.children.get(line - 1, self.node)
        return document.place(entry, 1, column)


def example_lines(text: str) -> list[tuple[int, str]]:
    """The examples of a block, one a line, with the number of the line (from 1); empty lines are none."""
    return [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def blocks(root: Node) -> Iterator[Block]:
    """The blocks of all lists, topics and sources."""
    for name, node in entries(root, "lists").items():
        yield Block(f"lists.{name}", node, is_query=False)
    for name, topic in entries(root, "topics").items():
        for key in (*_QUERIES, *_LINES):
            found = _below(topic, key)
            if found:
                yield Block(f"topics.{name}.{key}", found, key in _QUERIES)
    for name, source in entries(root, "sources").items():
        for key in ("only", "skip"):
            if key in source.children:
                yield Block(f"sources.{name}.{key}", source.children[key], is_query=True)


def _below(node: Node, keys: str) -> Node | None:
    for key in keys.split("."):
        found = node.children.get(key)
        if found is None:
            return None
        node = found
    return node


def _list_lines(node: Node) -> Iterator[str]:
    return (" ".join(child.text.split()) for child in node.children.values())
