"""New entries in the lists of desk.yaml, and entries taken out; all else that was written stays as it is."""

import re
from collections.abc import Mapping
from typing import Any

from aggregator.config import lines
from aggregator.config.nodes import read
from aggregator.config.positions import Node, YamlFile
from aggregator.errors import InputError

_EMPTY = re.compile(r"(:[ \t]*)\[[ \t]*\]")
_QUOTED = {"'": re.compile(r"'(?:[^']|'')*'"), '"': re.compile(r'"(?:[^"\\]|\\.)*"')}
_WORDS = r"[A-Za-z0-9 .,;()/_?=&%+~@$*!'’…–—-]*"
_PLAIN = re.compile(rf"[A-Za-z0-9]{_WORDS}(?::[A-Za-z0-9/._-]{_WORDS})*")


def entries_of(text: str, file: str, name: str) -> tuple[Mapping[str, Any], ...]:
    """The entries of a list of a valid desk.yaml as they are written: texts, and lists of texts."""
    plain = read(text, file, may_be_empty=True).root.plain
    return tuple(plain.get(name) or ()) if isinstance(plain, dict) else ()


def with_entry(text: str, file: str, name: str, said: Mapping[str, str]) -> str:
    """The text of desk.yaml with one more entry at the end of the list of that name.

    Raises InputError where the list is written in a way that no line can be added to.
    """
    document = read(text, file, may_be_empty=True)
    written, key = lines.split(text), document.root.keys.get(name)
    end = lines.newline(written)
    if key is None:
        gap = [end] if any(line.strip() for line in written) else []
        return "".join(lines.append(written, [*gap, f"{name}:{end}", *_entry(said, 2, end)]))
    section = document.root.children[name]
    if section.children and written[section.line - 1].lstrip()[:1] != "-":
        raise InputError(
            f"{file}:{key.line}: `{name}` is in brackets; give each entry lines of its own first."
        )
    written[key.line - 1] = _EMPTY.sub(r"\1", written[key.line - 1], count=1)
    at, indent = lines.section_end(document, key, written), _indent(section, written)
    return "".join(lines.insert(written, at, _entry(said, indent, end)))


def with_changed_entry(text: str, file: str, name: str, number: int, said: Mapping[str, str]) -> str:
    """The text of desk.yaml with other values in an entry of a list, counted from 0; the rest stays as it is.

    Raises InputError where the entry is written in a way that no line of it can be replaced.
    """
    document = read(text, file, may_be_empty=True)
    written, entry = lines.split(text), document.root.children[name].children[number]
    end, added = lines.newline(written), list[str]()
    for key, value in said.items():
        node, place = entry.children.get(key), entry.keys.get(key)
        if node is None or place is None:
            added.append(f"{' ' * (entry.column - 1)}{key}: {_scalar(value)}{end}")
        elif node.text != value:
            written[place.line - 1] = _with_value(written[place.line - 1], place, node, value, file)
    last = _last_line(document, name, number, written)
    if added and written[entry.line - 1][entry.column - 1] == "{":
        raise InputError(f"{file}:{entry.line}: this entry of `{name}` is in braces; change it by hand.")
    return "".join(lines.insert(written, last, added))


def _with_value(line: str, key: Node, node: Node, value: str, file: str) -> str:
    """A line with another value behind its key; what follows the old one stays."""
    start, quote = node.column - 1, node.style
    before, rest = line[:start], line[start:]
    if node.line != key.line or node.last_line != key.line or quote not in ("", "'", '"'):
        raise InputError(f"{file}:{key.line}: `{key.text}` takes several lines here; change it by hand.")
    if not quote and rest.startswith(node.text):
        return f"{before}{_scalar(value)}{rest[len(node.text) :]}"
    old = _QUOTED[quote].match(rest) if quote else None
    if old is None:
        raise InputError(f"{file}:{key.line}: `{key.text}` cannot be changed for you here; do it by hand.")
    return f"{before}{_scalar(value)}{rest[old.end() :]}"


def without_entry(text: str, file: str, name: str, number: int) -> str:
    """The text of desk.yaml without an entry of a list, counted from 0; what stands above the next one stays.

    Raises InputError where the list is written in a way that no line can be taken out of.
    """
    document = read(text, file, may_be_empty=True)
    written, section = lines.split(text), document.root.children[name]
    first = section.children[number].line
    if written[first - 1].lstrip()[:1] != "-":
        raise InputError(f"{file}:{first}: `{name}` is in brackets; take the entry out by hand.")
    last = _last_line(document, name, number, written)
    return "".join([*written[: first - 1], *written[last:]])


def _last_line(document: YamlFile, name: str, number: int, written: list[str]) -> int:
    """The last line of an entry; blank lines and comments that follow belong to what comes next."""
    section, key = document.root.children[name], document.root.keys[name]
    following = section.children.get(number + 1)
    last = following.line - 1 if following else lines.section_end(document, key, written)
    while not written[last - 1].strip() or written[last - 1].lstrip().startswith("#"):
        last -= 1
    return last


def _indent(section: Node, written: list[str]) -> int:
    """The column of the dashes, counted from 0."""
    if not section.children:
        return 2
    line = written[section.children[0].line - 1]
    return len(line) - len(line.lstrip())


def _entry(said: Mapping[str, str], indent: int, end: str) -> list[str]:
    starts = ["- ", *["  "] * (len(said) - 1)]
    return [
        f"{' ' * indent}{start}{key}: {_scalar(value)}{end}"
        for start, (key, value) in zip(starts, said.items(), strict=True)
    ]


def _scalar(value: str) -> str:
    """The text as YAML reads it back: quoted where it is more than words to YAML."""
    is_plain = _PLAIN.fullmatch(value) and value == value.strip()
    return value if is_plain else "'" + value.replace("'", "''") + "'"
