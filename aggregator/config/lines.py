"""A file's lines, changed one by one; what an operator wrote beside stays, comments and spaces included."""

from aggregator.config.positions import LINE_BREAK, Node, YamlFile


def split(text: str) -> list[str]:
    """The lines with their ends, counted as YAML counts them."""
    ends = [match.end() for match in LINE_BREAK.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]


def newline(lines: list[str]) -> str:
    """How the file ends its lines."""
    return "\r\n" if lines[0].endswith("\r\n") else "\n"


def append(lines: list[str], more: list[str]) -> list[str]:
    """Lines at the end of a file, which may lack the end of its last one."""
    end = newline(lines)
    before = [*lines[:-1], lines[-1] + end] if lines[-1] else lines[:-1]
    return [*before, *more]


def insert(lines: list[str], at: int, more: list[str]) -> list[str]:
    """Lines after the first `at` ones."""
    if at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += newline(lines)
    return [*lines[:at], *more, *lines[at:]]


def section_end(document: YamlFile, key: Node, lines: list[str]) -> int:
    """How many lines there are up to the last one that belongs to the section of a key."""
    following = [other.line for other in document.root.keys.values() if other.line > key.line]
    last = min(following, default=len(lines) + 1) - 1
    while last > key.line and not _belongs(lines[last - 1]):
        last -= 1
    return last


def _belongs(line: str) -> bool:
    """Whether a line between two keys is of the first one: indented, or an entry of its list."""
    return bool(line.strip()) and line[0] in " \t-"
