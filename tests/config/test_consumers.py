"""No key of the configuration is without effect: each reaches the program, and the program asks for it."""

import ast
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel

from aggregator import model
from aggregator.config import load_text, schema

PACKAGE = Path(__file__).parents[2] / "aggregator"
ASKED_BY = {
    model.Config: {"config", "_config", "current", "compiled"},
    model.Site: {"site"},
    model.Polling: {"polling"},
    model.Source: {"source", "_source"},
    model.Topic: {"topic"},
    model.Hub: {"hub"},
    model.Decision: {"one"},
    model.Withdrawal: {"one"},
    model.Hold: {"one"},
    model.Pin: {"one"},
    model.Rulings: {"rulings"},
}
"""What a value of each class is called where something is asked of it."""

SITE = "site: {title: Harbour Wire, url: https://wire.example.org/}\n"
SOURCE = "sources:\n  post:\n    feed: https://post.example/feed\n    license: CC BY\n"
TOPICS = "topics:\n  rivers:\n    match: |\n      2 points: river\n  lakes:\n    match: lake\n"
VALUES = {
    ("site", "title"): "Other Wire",
    ("site", "url"): "https://other.example.org/",
    ("site", "contact"): "desk@example.org",
    ("site", "language"): "de",
    ("site", "timezone"): "Europe/Berlin",
    ("site", "precompress"): "yes",
    ("hub", "use"): "https://hub.example.org/",
    ("hub", "sha1-for"): "[https://reader.example.org/]",
    ("hub", "allow-private"): "[10.0.0.0/8]",
    ("polling", "wait"): "1h to 2h",
    ("polling", "requests"): "20 per hour",
    ("polling", "per-host"): "{at-once: 1}",
    ("polling", "allow-private"): "[10.0.0.0/8]",
    ("polling", "push"): "no",
    ("per-host", "at-once"): "1",
    ("per-host", "pause"): "9s",
    ("source", "feed"): "https://post.example/other",
    ("source", "title"): "The Post",
    ("source", "page"): "https://post.example/",
    ("source", "license"): "CC BY-NC",
    ("source", "permission"): "by letter",
    ("source", "republish"): "full",
    ("source", "pictures"): "yes",
    ("source", "topics"): "[rivers]",
    ("source", "weight"): "2",
    ("source", "priority"): "10",
    ("source", "only"): "river",
    ("source", "skip"): "lake",
    ("source", "headers"): "{X-Name: value}",
    ("source", "private"): "yes",
    ("source", "was"): "[herald]",
    ("topic", "title"): "All rivers",
    ("topic", "description"): "What flows.",
    ("topic", "match"): "brook",
    ("topic", "points-needed"): "2",
    ("topic", "only-if"): "water",
    ("topic", "strike-out"): "old river",
    ("topic", "implies"): "[lakes]",
    ("topic", "was"): "[streams]",
    ("topic", "examples"): "{match: A river}",
    ("examples", "match"): "A river",
    ("examples", "not"): "A cloud",
}
"""A value of each key that is not the one it has in the files below."""


def keys(section: type[BaseModel]) -> set[str]:
    return {name.rstrip("_").replace("_", "-") for name in section.model_fields}


def sections() -> dict[str, type[BaseModel]]:
    return {
        "site": schema.Site,
        "hub": schema.Hub,
        "polling": schema.Polling,
        "per-host": schema.PerHost,
        "source": schema.Source,
        "topic": schema.Topic,
        "examples": schema.Examples,
    }


def loaded(section: str, key: str, value: str) -> model.Config:
    """A configuration with one more key, or with another value of it."""
    line = f"{key}: {value}"
    blocks = {"site": SITE, "hub": "", "polling": "", "source": SOURCE, "topic": TOPICS}
    if section == "site":
        known = {"title": "Harbour Wire", "url": "https://wire.example.org/", key: value}
        blocks["site"] = "site:\n" + "".join(f"  {name}: {one}\n" for name, one in known.items() if one)
    elif section == "per-host":
        blocks["polling"] = f"polling:\n  per-host:\n    {line}\n"
    elif section == "source":
        without = "".join(
            text for text in SOURCE.splitlines(keepends=True) if not text.startswith(f"    {key}:")
        )
        blocks["source"] = f"{without}    {line}\n"
    elif section == "topic":
        without = TOPICS.replace("    match: |\n      2 points: river\n", "") if key == "match" else TOPICS
        blocks["topic"] = without.replace("  rivers:\n", f"  rivers:\n    {line}\n")
    elif section == "examples":
        blocks["topic"] = TOPICS.replace("  rivers:\n", f"  rivers:\n    examples:\n      {line}\n")
    else:
        blocks[section] = f"{section}:\n  {line}\n"
    return load_text("".join(blocks.values()), {}, "sources.yaml")


PLAIN = load_text(SITE + SOURCE + TOPICS, {}, "sources.yaml")


def test_every_key_of_the_schema_has_a_value_here() -> None:
    known = {(name, key) for name, section in sections().items() for key in keys(section)}
    of_a_source = {("source", key) for key in keys(schema.Polling)}  # tried where they hold for all
    assert known - of_a_source == VALUES.keys()
    assert keys(schema.File) == {"site", "hub", "polling", "sources", "lists", "topics"}


@pytest.mark.parametrize(("section", "key"), VALUES)
def test_a_key_changes_the_configuration(section: str, key: str) -> None:
    assert loaded(section, key, VALUES[section, key]) != PLAIN


@cache
def asked() -> frozenset[tuple[str, str]]:
    """What the program asks for outside the configuration's own modules: whom, and what for."""
    found: set[tuple[str, str]] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] in ("config", "model", "demo"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                whom = node.value
                while isinstance(whom, ast.Call):  # config.source(id).title
                    whom = whom.func
                name = getattr(whom, "attr", getattr(whom, "id", ""))
                found.add((name, node.attr))
    return frozenset(found)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, one.name) for kind in ASKED_BY for one in fields(kind)], ids=str
)
def test_the_program_asks_for_everything_that_is_configured(kind: type, name: str) -> None:
    assert any((whom, name) in asked() for whom in ASKED_BY[kind]), f"{kind.__name__}.{name} has no effect"
