"""What pydantic found, in our words and at the place in the file."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from aggregator.config.masking import shown
from aggregator.config.positions import Node, YamlFile
from aggregator.config.schema import File
from aggregator.text.nearest import did_you_mean

_KEY = "[key]"  # pydantic's mark for "the key itself is wrong"
_EXPECTED = {
    "model_type": "`key: value` lines",
    "dict_type": "`key: value` lines",
    "list_type": "a list, for example [one, two]",
}


def report_all(document: YamlFile, error: ValidationError, shape: type[BaseModel] = File) -> None:
    """Add every problem of a validation against a shape to the document."""
    for found in error.errors(include_url=False, include_input=False):
        loc = found["loc"]
        kind = found["type"]
        node = _node_at(document.root, loc, key=kind == "extra_forbidden")
        message, suggestion = _sentence(found, document.root, shape)
        document.report(node.line, node.column, path_of(loc), message, suggestion)


def path_of(loc: Sequence[str | int]) -> str:
    """How a place in the file is named: keys joined by dots, entries of lists counted from 1."""
    path = ""
    for step in loc:
        if isinstance(step, int):
            path += f", entry {step + 1}"
        elif step != _KEY:
            path += f".{shown(step)}" if path else shown(step)
    return path or "the file"


def _node_at(root: Node, loc: Sequence[str | int], key: bool) -> Node:
    """The node to point at: the value; the key where it is wrong, or where its value is missing."""
    node, named = root, root
    for step in loc:
        if step == _KEY:
            return named
        if step not in node.children:
            return node if node.text else named
        named = node.keys[step] if isinstance(step, str) else node.children[step]
        node = node.children[step]
    return named if key or (node.kind == "text" and node.plain is None) else node


def _sentence(found: Mapping[str, Any], root: Node, shape: type[BaseModel]) -> tuple[str, str]:
    kind, loc = found["type"], found["loc"]
    if kind == "refused":
        return found["ctx"]["message"], found["ctx"]["suggestion"]
    if kind == "extra_forbidden":
        known = _keys_at(loc[:-1], shape)
        nearest = did_you_mean(str(loc[-1]), known)
        return f"There is no key {shown(str(loc[-1]))} here.", nearest or f"Possible are: {', '.join(known)}."
    if kind == "missing":
        return "This key is missing.", f"Add `{loc[-1]}:`."
    if kind in _EXPECTED:
        return _wrong_shape(_EXPECTED[kind], _value_at(root, loc))
    return "This value cannot be read.", "See docs/config.md for what may be here."


def _wrong_shape(expected: str, value: Any) -> tuple[str, str]:
    if value is None:
        return "There is nothing after the colon.", f"Write {expected}, or delete the line."
    found = (
        "a list" if isinstance(value, list) else "a text" if isinstance(value, str) else "`key: value` lines"
    )
    return f"This is {found}, where something else is expected.", f"Write {expected}."


def _value_at(root: Node, loc: Sequence[str | int]) -> Any:
    value = root.plain
    for step in loc:
        value = value[step]
    return value


def _keys_at(loc: Sequence[str | int], shape: type[BaseModel]) -> list[str]:
    """The keys that may stand in the mapping at a place, in the order of the schema."""
    kind: Any = shape
    for step in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = next(field.annotation for field in kind.model_fields.values() if field.alias == step)
        else:
            kind = get_args(kind)[-1]  # dict[Id, Source] → Source
    return [field.alias or name for name, field in kind.model_fields.items()]
