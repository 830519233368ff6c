import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml
from pydantic import BaseModel

from aggregator.config import json_schema
from aggregator.config.desk import DeskFile
from aggregator.config.jsonschema import SHAPES
from aggregator.config.schema import File
from tests.config.contract import EVERY_KEY
from tests.config.test_desk import DESK

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", SHAPES)
def test_the_json_schema_beside_the_configuration_is_the_one_the_code_makes(file: str) -> None:
    stored = (ROOT / "config" / f"{file}.schema.json").read_text(encoding="utf-8")
    assert stored == json_schema(file), "renew it: make golden"


@pytest.mark.parametrize("file", SHAPES)
def test_the_json_schema_is_one(file: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(json_schema(file)))


@pytest.mark.parametrize("text", [DESK, "add:\nremove: []\n"])
def test_an_editor_finds_nothing_wrong_with_a_good_desk(text: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(json_schema("desk")))
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []
    assert not validator.is_valid({"add": [{"item": "https://outlet.example/1", "topics": ["a"]}]})


@pytest.mark.parametrize("text", [EVERY_KEY, (ROOT / "config" / "sources.yaml").read_text(encoding="utf-8")])
def test_an_editor_that_uses_the_json_schema_finds_nothing_wrong_with_a_good_file(text: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(json_schema()))
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize(
    "part",
    [
        {"sites": {}},
        {"sources": {"Bad Id": "https://a.org/"}},
        {"sources": {"a": "example.org"}},
        {"sources": {"a": {"feed": "https://a.org/", "republish": "all"}}},
        {"topics": {"a": {"points-needed": 0}}},
        {"topics": {"a": {"examples": {"nto": "x"}}}},
    ],
)
def test_an_editor_that_uses_the_json_schema_marks_mistakes(part: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(json_schema()))
    good = {"site": {"title": "Wire", "url": "https://wire.example.org/"}}
    assert validator.is_valid(good)
    assert not validator.is_valid(good | part)


def every_key(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each key with its description, through all sections."""
    for name, field in model.model_fields.items():
        yield field.alias or name, field.description or ""
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from every_key(kind)


def test_every_key_is_documented() -> None:
    documentation = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    undocumented = [
        key for key, _ in (*every_key(File), *every_key(DeskFile)) if f"`{key}`" not in documentation
    ]
    assert undocumented == []


def test_every_key_says_in_the_json_schema_what_it_is_for() -> None:
    assert [
        key for key, description in (*every_key(File), *every_key(DeskFile)) if not description.endswith(".")
    ] == []
