"""What is found out about a valid file is told at its places in the file."""

from pathlib import Path

import pytest

from aggregator import config
from aggregator.errors import ConfigError
from aggregator.query import RuleProblem

TEXT = """\
site: {title: T, url: https://t.example/}
sources:
  daily:
    feed: https://daily.example/
    skip: title:podcast
lists:
  states: |
    China
    Atlantis
topics:
  peace:
    match: |
      ceasefire
      "peace talks"
    points-needed: 1
    examples:
      match: |
        Nothing of it
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_findings_stand_at_their_places_in_the_order_given(file: Path) -> None:
    findings = [
        RuleProblem("topics.peace.match", 2, 2, "second line"),
        RuleProblem("topics.peace", 1, 1, "the topic"),
        RuleProblem("topics.peace.points-needed", 1, 1, "a number"),
        RuleProblem("lists.states", 2, 1, "a word", "Delete it."),
        RuleProblem("sources.daily.skip", 1, 7, "a query"),
    ]
    found = config.located(file, findings)
    places = [(one.line, one.column, one.source_line.strip(), one.message) for one in found]
    assert places == [
        (14, 8, '"peace talks"', "second line"),
        (11, 3, "peace:", "the topic"),
        (15, 20, "points-needed: 1", "a number"),
        (9, 5, "Atlantis", "a word"),
        (5, 17, "skip: title:podcast", "a query"),
    ]


def test_examples_that_fail_need_not_be_in_the_way(file: Path) -> None:
    with pytest.raises(ConfigError, match="does not get the topic"):
        config.load(file, {})
    text = file.read_text("utf-8")
    loaded = config.load_text(text, {}, "sources.yaml", examples=False)
    assert loaded.topics[0].examples_match == ("Nothing of it",)
