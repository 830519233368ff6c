"""`aggregator check`: errors at their places, and what may not work as meant."""

import re
from pathlib import Path

import pytest

from aggregator.topics.advice import KINDS
from tests.cli.newsdesk import NewsDesk, item, items
from tests.conftest import Golden

PAGE = (Path(__file__).parents[2] / "docs" / "check.md").read_text(encoding="utf-8")
HEAD = """\
site: {title: T, url: https://wire.example.org/, contact: desk@example.org}
sources:
  daily: https://daily.example/feed
  weekly:
    feed: https://weekly.example/feed
    only: title:podcast
  monthly:
    feed: https://monthly.example/feed
    skip: title:podcats
"""
TOPIC = "topics:\n  a:\n    title: A\n    match: |\n      "
ERRORS = {
    "empty": ('""', "There is nothing between the quotes."),
    "contradicts itself": ("china -china", "This query contradicts itself: nothing can ever match it."),
    "only negates": (
        "-china",
        "This query only says what must not be there, and so matches nearly everything.",
    ),
    "matches everything": ("china OR -china", "This query matches everything."),
    "goes round in a circle": (
        "topic:b\n  b:\n    match: |\n      topic:a",
        "These topics go round in a circle: ",
    ),
    "points out of reach": (
        "china\n      japan\n    points-needed: 3",
        "3 points are needed, and all lines together earn 2.",
    ),
    "an example fails": (
        "china\n    examples:\n      match: |\n        Japan and Korea",
        "“Japan and Korea” does not get the topic: Line 1: no “china”.",
    ),
    "an example matches after all": (
        "china\n    examples:\n      not: |\n        China town",
        "“China town” gets the topic, by “China”.",
    ),
    "unknown list": ("list:states", "There is no list “states”."),
    "unknown topic": ("topic:b", "There is no topic “b”."),
}


def rows(heading: str) -> dict[str, str]:
    """The table below a heading of docs/check.md: its first column and the rest of the row."""
    table = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| (.*?) \| (.*) \|$", table, re.MULTILINE)
    return {name.strip("`"): rest for name, rest in found[1:] if not name.startswith("-")}


def test_every_error_of_the_rules_is_in_the_docs_and_every_one_there_is_tried() -> None:
    assert rows("Errors").keys() == ERRORS.keys()


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_told_at_its_place(desk: NewsDesk, name: str) -> None:
    written, sentence = ERRORS[name]
    desk.write(TOPIC + written + "\n", HEAD)
    said = desk.run("check")
    assert (said.code, sentence in said.out) == (1, True), said.out
    assert re.match(r"sources\.yaml:\d+:\d+: topics\.\w+", said.out)


def test_every_kind_of_warning_is_in_the_docs() -> None:
    assert rows("Warnings").keys() == KINDS.keys()


WARNED = """\
lists:
  states: |
    China
    Atlantis
    Lemuria
topics:
  korea:
    title: Korea
    match: |
      korea
      pyongjang OR pyongyang -seoull
      title:summit
  talks:
    title: Talks
    match: |
      talks
      negotiations
    only-if: |
      list:states OR korea
  meetings:
    title: Meetings
    match: |
      talks
  sport:
    title: Sport
    match: |
      football
"""


@pytest.fixture
def warned(desk: NewsDesk) -> NewsDesk:
    desk.write(WARNED, HEAD)
    daily = [f"Korea talks, part {number}" for number in range(30)]
    desk.store(
        *items(daily),
        item("Pyongyang", "A summit, but not in the title. China was there.", number=40),
        *items([f"Weather {number}" for number in range(6)], "weekly"),
        *items([f"Podcast {number}" for number in range(25)], "monthly"),
    )
    return desk


def test_warnings_stand_at_their_places(warned: NewsDesk, golden: Golden) -> None:
    said = warned.run("check")
    assert said.code == 0
    golden("check-warnings.txt", said.out)


def test_warnings_fail_where_they_should(warned: NewsDesk) -> None:
    assert warned.run("check", "--strict").code == 1


def test_a_program_gets_every_warning_with_its_kind(warned: NewsDesk) -> None:
    facts = warned.run("check", "--json").facts
    assert (facts["ok"], facts["items"]) == (True, 62)
    assert {one["kind"] for one in facts["warnings"]} == set(KINDS) - {"typo"}
    assert [one["line"] for one in facts["warnings"]] == sorted(one["line"] for one in facts["warnings"])


def test_without_a_store_the_rules_are_checked_alone(desk: NewsDesk) -> None:
    desk.write(WARNED, HEAD)
    said = desk.run("check", "--strict")
    assert said.code == 0
    assert said.out == (
        "sources.yaml: 3 sources, 4 topics, no problems; no items are stored yet to try the rules on\n"
    )
    assert not desk.database.exists()


def test_many_warnings_of_a_kind_are_cut_short(desk: NewsDesk) -> None:
    lines = "".join(f"      word{number}\n" for number in range(15))
    desk.write("topics:\n  a:\n    match: |\n      news\n" + lines, HEAD)
    desk.store(item("News"))
    said = desk.run("check").out
    assert said.count("warning: topics.a.match") == 10
    assert "… and 5 more of the kind “unseen” (--verbose shows all)" in said
    assert len(desk.run("check", "--json").facts["warnings"]) == 15


def test_a_typo_is_seen_among_any_number_of_words_for_later(desk: NewsDesk) -> None:
    later = "".join(f"    later{number}\n" for number in range(40))
    lines = "".join(f"      unheard{number}\n" for number in range(15))
    desk.write(
        f"lists:\n  words: |\n{later}topics:\n  a:\n    match: |\n      list:words\n      diplomcy\n{lines}",
        HEAD,
    )
    desk.store(*items([f"Diplomacy {number}" for number in range(4)]))
    said = desk.run("check").out.splitlines()
    (typo,) = (
        number for number, line in enumerate(said) if "Did you mean “diplomacy”? 4 items have that." in line
    )
    assert len(said) - typo < 8
    assert "1 list has words that are in none of the items looked at (--verbose names them)" in said
    assert "lists.words" not in "".join(said)
    assert "lists.words" in desk.run("check", "--verbose").out
