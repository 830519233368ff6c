"""YAML text → a document of nodes; values stay the text that the operator wrote.

Anchors, aliases, merge keys and tags are refused: nothing here needs them, and a wildcard or an
exclamation mark at the start of a value would become one by accident.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from aggregator.config.masking import shown
from aggregator.config.positions import LINE_BREAK, Node, YamlFile
from aggregator.config.syntax import explain_syntax

DEEPEST = 20
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\U0010ffff]")  # YAML 1.1, 5.1
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str, file: str, *, may_be_empty: bool = False) -> YamlFile:
    """The nodes of a YAML text; what cannot be read stands in the document's problems."""
    text = text.removeprefix("\ufeff")
    document = YamlFile(text, file)
    if not _has_forbidden_character(document, text):
        try:
            root = _Composer(document).compose(yaml.parse(text, Loader=_LOADER))
            if root is None and not may_be_empty:
                raise _empty(document)
            document.root = root or document.root
            document.readable = True
        except yaml.YAMLError as error:
            line, column, message, suggestion = explain_syntax(error, document.lines)
            document.report(line, column, "YAML", message, suggestion)
        except _StopError:
            pass  # its problem stands in the document
    return document


def _has_forbidden_character(document: YamlFile, text: str) -> bool:
    bad = _FORBIDDEN.search(text)
    if bad:
        before = LINE_BREAK.split(text[: bad.start()])
        message = f"There is a character here that YAML forbids (U+{ord(bad.group()):04X})."
        document.report(len(before), len(before[-1]) + 1, "YAML", message, "Delete it.")
    return bad is not None


class _StopError(Exception):
    """Reading on makes no sense."""


def _empty(document: YamlFile) -> _StopError:
    document.report(1, 1, "YAML", "The file is empty.", "Begin with `site:` and `sources:`.")
    return _StopError()


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    node: Node
    path: str = ""
    key: Node | None = None  # waits for its value
    last: str = ""  # the entry read last


class _Composer:
    """Builds nodes from parser events without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, document: YamlFile) -> None:
        self._document = document
        self._open: list[_Open] = []

    def compose(self, events: Iterator[yaml.Event]) -> Node | None:
        """The root; None where the file says nothing."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self._stop(event, "A second YAML document begins here.", "Delete the line `---`.")
            if isinstance(event, yaml.CollectionEndEvent):
                self._open.pop()
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event)
                root = root or node
        return root if root and root.plain is not None else None

    def _node(self, event: Any) -> Node:
        self._refuse_yaml_magic(event)
        line, column = _place(event)
        if isinstance(event, yaml.CollectionStartEvent):
            mapping = isinstance(event, yaml.MappingStartEvent)
            node = Node("mapping" if mapping else "list", line, column, plain={} if mapping else [])
            self._attach(node)
            self._descend(event, node)
            return node
        if isinstance(event, yaml.AliasEvent):
            node = Node("text", line, column, "", line, f"*{event.anchor}")
        else:
            nothing = event.implicit[0] and not event.value
            value = None if nothing else event.value
            node = Node("text", line, column, event.style or "", event.end_mark.line + 1, value)
        self._attach(node)
        return node

    def _descend(self, event: yaml.Event, node: Node) -> None:
        if len(self._open) == DEEPEST:
            raise self._stop(event, "Lists or brackets are nested too deeply.", "Close some of them.")
        above = self._open[-1] if self._open else None
        path = f"{above.path}.{above.last}".removeprefix(".") if above else ""
        self._open.append(_Open(node, path))

    def _attach(self, node: Node) -> None:
        if not self._open:
            return
        parent = self._open[-1]
        container = parent.node
        if container.kind == "list":
            parent.last = str(len(container.plain) + 1)
            container.children[len(container.plain)] = node
            container.plain.append(node.plain)
        elif parent.key is None:
            parent.key, parent.last = node, node.text
        else:
            self._put(parent, parent.key, node)
            parent.key = None

    def _put(self, parent: _Open, key: Node, node: Node) -> None:
        container, name = parent.node, key.text
        if key.kind != "text" or key.plain is None:
            self._report(key, parent.path or "YAML", "A key must be a word.", "Write `key: value`.")
        elif name in container.keys:
            first = f"This key is here a second time; the first is in line {container.keys[name].line}."
            self._report(
                key, f"{parent.path}.{shown(name)}".removeprefix("."), first, "Delete one of the two."
            )
        else:
            container.keys[name] = key
            container.children[name] = node
            container.plain[name] = node.plain

    def _refuse_yaml_magic(self, event: Any) -> None:
        alias = isinstance(event, yaml.AliasEvent)
        sign = "*" if alias else "&" if event.anchor else "!" if event.tag else ""
        if sign:
            message = f"To YAML a value that begins with {sign} is not text."
            self._document.report(*_place(event), "YAML", message, "Put it into quotes or into a `|` block.")

    def _report(self, node: Node, path: str, message: str, suggestion: str) -> None:
        self._document.report(node.line, node.column, shown(path), message, suggestion)

    def _stop(self, event: yaml.Event, message: str, suggestion: str) -> _StopError:
        self._document.report(*_place(event), "YAML", message, suggestion)
        return _StopError()


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
