"""Configuration: sources.yaml and desk.yaml → one valid `model.Config`, or every problem of both at once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from aggregator import files
from aggregator.config import headers
from aggregator.config.additions import source_id, with_sources
from aggregator.config.construction import build
from aggregator.config.decisions import entries_of, with_changed_entry, with_entry, without_entry
from aggregator.config.desk import examine
from aggregator.config.jsonschema import json_schema
from aggregator.config.messages import report_all
from aggregator.config.nodes import read
from aggregator.config.queries import check_queries, locate
from aggregator.config.reachability import is_reachable
from aggregator.config.references import check_references, comparable, entries, topic_ids
from aggregator.config.schema import File
from aggregator.config.types import ID_PATTERN, FileContext
from aggregator.config.values import names_an_item
from aggregator.errors import ConfigError, Problem
from aggregator.model import Config
from aggregator.query import RuleProblem

__all__ = [
    "DESK",
    "ID_PATTERN",
    "comparable",
    "desk_text",
    "entries_of",
    "hints",
    "is_reachable",
    "json_schema",
    "load",
    "load_text",
    "located",
    "names_an_item",
    "source_id",
    "sources_text",
    "unset_secrets",
    "with_changed_entry",
    "with_entry",
    "with_sources",
    "without_entry",
]


DESK = "desk.yaml"
_NAME_IT = "put the file there, or name another one with --config"


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """The configuration in a file and in the desk.yaml beside it, its examples tried.

    Raises ConfigError with every problem, or InputError where there is no readable UTF-8 text.
    """
    desk = path.parent / DESK
    return load_text(sources_text(path), environ, str(path), desk=desk_text(desk), desk_name=str(desk))


def located(path: Path, findings: Iterable[RuleProblem]) -> tuple[Problem, ...]:
    """What was found out about a valid file's rules, each at its place in the file; in the order given."""
    document = read(sources_text(path), str(path))
    locate(document, findings)
    return tuple(document.problems)


def sources_text(path: Path) -> str:
    """The text of sources.yaml; InputError, in a sentence, where there is none."""
    inside = path / "sources.yaml"
    advice = f"name the file in it: --config {inside}" if inside.is_file() else _NAME_IT
    return files.decoded(files.read(path, str(path), advice), str(path))


def desk_text(path: Path) -> str:
    """The text of desk.yaml, "" where it is missing; InputError where something else stands in its place."""
    try:
        return files.decoded(files.read(path, advice="make it a file, or delete it"), str(path))
    except files.MissingFileError:
        return ""


def load_text(
    text: str,
    environ: Mapping[str, str],
    file_name: str,
    *,
    examples: bool = True,
    desk: str = "",
    desk_name: str = DESK,
) -> Config:
    """The configuration in a text, with what the desk decided; its examples are tried if `examples`.

    Raises ConfigError with every problem of both.
    """
    document = read(text, file_name)
    file = None
    if document.readable:
        try:
            known = FileContext(environ, frozenset(entries(document.root, "topics")))
            file = File.model_validate(document.root.plain, context=known)
        except ValidationError as error:
            report_all(document, error)
        check_references(document)
        check_queries(document, examples=examples)
    topics = topic_ids(document.root) if document.readable else None
    at_the_desk, decided = examine(desk, desk_name, topics, file.site.timezone if file else "UTC")
    problems = (*document.problems, *at_the_desk.problems)
    if file is None or problems:
        raise ConfigError(problems)
    return replace(build(file), desk=decided.decisions, rulings=decided.rulings)


def unset_secrets(text: str, environ: Mapping[str, str], file_name: str) -> tuple[Problem, ...]:
    """Each place of a valid configuration that asks for an environment variable which is not set."""
    document = read(text, file_name)
    for id, source in entries(document.root, "sources").items():
        values = source.children.get("headers")
        for header, node in values.children.items() if values else ():
            for name in headers.unset(node.text, environ):
                path = f"sources.{id}.headers.{header}"
                document.report(node.line, node.column, path, *headers.unset_sentences(name, id))
    return tuple(document.problems)


def hints(config: Config, file_name: str = "config/sources.yaml") -> tuple[str, ...]:
    """What is valid but not yet fit for others to read, a line each."""
    missing = []
    if not is_reachable(config.site.url):
        missing.append("site.url")
    if not config.site.contact:
        missing.append("site.contact")
    said = []
    if missing:
        said.append(f"Before others read this, fill in {' and '.join(missing)} in {file_name}.")
    if not config.sources:
        said.append(f"There is nothing to read yet: add a feed under sources in {file_name}.")
    return tuple(said)
