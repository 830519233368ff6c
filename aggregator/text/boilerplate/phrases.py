"""The phrases with which sites, not articles, begin and end: a data file for each language.

A file of `languages/` has sections of lines, each a phrase as a regular expression in which "…" stands for
any words; `# ` begins a remark. A language is added by adding its file (docs/normalization.md).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

SECTIONS = frozenset(
    "appeared,read on,more,notice,label,share,share with,byline,dated,filed,picture,credit,origin,licence,"
    "rights,networks,agencies,examples,controls".split(",")
)
FOLDER = "languages"
_PIECE = r"(?:article|story|piece|post|report|essay|op-ed|interview|column|text)"
_GAP = re.compile(r"(?P<before> ?)…(?P<behind> ?)")


@cache
def languages() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The lines of each section of each language, as they are written."""
    folder = files(__package__) / FOLDER
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda file: file.name
    )
    return {file.name.removesuffix(".txt"): _sections(file.name, file.read_text("utf-8")) for file in found}


def lines(section: str) -> tuple[str, ...]:
    """The lines of a section in all languages, each once."""
    return tuple(dict.fromkeys(line for of in languages().values() for line in of.get(section, ())))


def anyone(*sections: str) -> str:
    """The regular expression of any phrase of these sections."""
    found = dict.fromkeys(pattern(line) for section in sections for line in lines(section))
    return rf"(?:{'|'.join(found)})"


def pattern(line: str) -> str:
    """The regular expression of a phrase."""
    expanded = _GAP.sub(_any_words, line).replace("{piece}", _PIECE)
    return expanded.replace("{network}", network()) if "{network}" in expanded else expanded


@cache
def network() -> str:
    return rf"(?:{'|'.join(lines('networks'))})"


def _any_words(gap: re.Match[str]) -> str:
    before, behind = r"(?!\w)" if gap["before"] else "", r"(?<!\w)" if gap["behind"] else ""
    return f"{before}.{{0,200}}{behind}"


def _sections(file: str, text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for section, line in _phrases(text):
        if section not in SECTIONS:
            raise ValueError(f"{file} has a section [{section}], which is none of {sorted(SECTIONS)}.")
        found.setdefault(section, []).append(line)
    return {section: tuple(of) for section, of in found.items()}


def _phrases(text: str) -> Iterator[tuple[str, str]]:
    """Each line with the name of its section."""
    section = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if heading := re.fullmatch(r"\[([a-z ]+)\]", line):
            section = heading[1]
        elif not line.startswith("# "):
            yield section, line
