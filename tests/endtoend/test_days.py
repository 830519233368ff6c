"""The same feeds on three days: items accumulate, nothing twice, nothing lost."""

import json
from collections import Counter
from typing import Any

import pytest
from sqlite_utils import Database

from tests.endtoend import corpus
from tests.endtoend.program import Program
from tests.examples import some
from tests.outlets import Outlets, running

pytestmark = corpus.needs_corpus


def taken(day: str) -> dict[str, bytes]:
    """The feeds of a day by the paths under which they are served."""
    return dict(some(corpus.bodies(corpus.DAYS / day).items()))


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, list[dict[str, Any]]]:
    program, said = Program(tmp_path_factory.mktemp("days")), []
    with running(Outlets()) as outlets:
        program.configure({f"d{corpus.source_id(path)}": outlets.url(path) for path in taken("1")})
        for day in (1, 2, 3):
            outlets.bodies = taken(str(day))
            said.append(program.facts("poll", "--all"))
    return program, said


def _stored(program: Program) -> list[dict[str, Any]]:
    return list(Database(program.database).query("select source, key, url, title from items"))


def test_nothing_appears_twice(days: tuple[Program, list[dict[str, Any]]]) -> None:
    program, _ = days
    stored = _stored(program)
    assert len(stored) == len({(one["source"], one["key"]) for one in stored})
    same = Counter((one["source"], one["url"], one["title"]) for one in stored if one["url"] and one["title"])
    feeds = json.loads((program.feeds / "all.json").read_text())["items"]
    assert len(feeds) == len({item["id"] for item in feeds})
    assert sum(count - 1 for count in same.values()) <= len(stored) * 0.02


def test_items_accumulate_from_day_to_day(days: tuple[Program, list[dict[str, Any]]]) -> None:
    program, said = days
    assert sum(day["new"] for day in said) == len(_stored(program))
    assert all(day["new"] for day in said)
    assert said[1]["new"] < said[0]["new"]


def test_every_title_of_every_day_is_stored(days: tuple[Program, list[dict[str, Any]]]) -> None:
    program, _ = days
    per_source = Counter(one["source"] for one in _stored(program))
    for day in (1, 2, 3):
        for path, body in taken(str(day)).items():
            assert per_source[f"d{corpus.source_id(path)}"] >= corpus.entries(body) * 0.9
