"""New lines under `sources:`; all that an operator wrote stays as it is, comments and spaces included."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from aggregator.config import lines, values
from aggregator.config.nodes import read
from aggregator.config.positions import Node
from aggregator.errors import InputError
from aggregator.text.folding import fold

_LONGEST_ID = 40
_PLAIN = re.compile(r"https?://[A-Za-z0-9][^\s#'\"{}\[\],&*!|>%@`]*[^\s#'\"{}\[\],&*!|>%@`:]")
_EMPTY_BRACES = re.compile(r"(:[ \t]*)\{[ \t]*\}")


def source_id(title: str, feed: str, taken: Collection[str]) -> str:
    """An id that is not taken yet, made of the title; of the address where the title has no Latin letters."""
    host = urlsplit(feed).hostname or ""
    base = _slug(title) or _slug(host.removeprefix("www.").removeprefix("feeds.")) or "source"
    number, id = 1, base
    while id in taken:
        number += 1
        id = f"{base}-{number}"
    return id


def with_sources(text: str, file: str, added: Mapping[str, str]) -> str:
    """The text of a configuration with more sources, ids to addresses, at the end of its `sources:`.

    Raises InputError where the section is written in a way that no line can be added to.
    """
    document = read(text, file)
    key = document.root.keys.get("sources")
    before = lines.split(text)
    end = lines.newline(before)
    if key is None:
        return "".join(lines.append(before, [end, f"sources:{end}", *_written(added, 2, end)]))
    section = document.root.children["sources"]
    _open_braces(section, key, before, file)
    at, indent = lines.section_end(document, key, before), _indent(section)
    return "".join(lines.insert(before, at, _written(added, indent, end)))


def _slug(text: str) -> str:
    """Small letters, digits and hyphens; "" where hardly any letter is Latin."""
    folded = fold(text).text
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", folded)).strip("-")
    letters = sum(character.isalnum() for character in folded)
    if len(plain.replace("-", "")) * 2 < letters:
        return ""
    if len(plain) > _LONGEST_ID:
        plain = plain[: _LONGEST_ID + 1].rpartition("-")[0] or plain[:_LONGEST_ID]
    return plain.strip("-")


def _open_braces(section: Node, key: Node, before: list[str], file: str) -> None:
    """Make room in `sources: {}`; refuse what stands in braces or is no section."""
    if section.kind == "mapping" and section.children:
        if before[section.line - 1][section.column - 1] == "{":
            raise InputError(
                f"{file}:{key.line}: the sources are in braces; give each its own line, then add more."
            )
    elif section.kind == "mapping":
        before[key.line - 1] = _EMPTY_BRACES.sub(r"\1", before[key.line - 1], count=1)
    elif section.text:
        raise InputError(f"{file}:{key.line}: sources holds no ids and addresses; correct it first.")


def _indent(section: Node) -> int:
    columns = [key.column - 1 for key in section.keys.values()]
    return columns[0] if columns else 2


def _written(added: Mapping[str, str], indent: int, end: str) -> list[str]:
    return [f"{' ' * indent}{id}: {_scalar(values.address(feed))}{end}" for id, feed in added.items()]


def _scalar(feed: str) -> str:
    """The address as YAML reads it back: quoted where it is more than letters to YAML."""
    return feed if _PLAIN.fullmatch(feed) else "'" + feed.replace("'", "''") + "'"
