"""What the desk writes into desk.yaml, and every mistake in it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config import load, load_text
from aggregator.errors import ConfigError, InputError
from aggregator.model import Decision
from tests.conftest import Golden

SOURCES = """\
site: {title: Wire, url: "https://wire.example.org/"}
topics:
  diplomacy: {match: talks}
  kim-jong-un: {match: kim, was: [kim]}
"""
DESK = """\
# yaml-language-server: $schema=desk.schema.json
add:
  - item: https://outlet.example/1
    topics: [diplomacy, kim]
    reason: "it is: about both"
remove:
  - item: tag:wire.example.org,2026:nk/1
    topics: [diplomacy]
    reason: no
"""
MISTAKES = """\
add:
  - item: https://outlet.example/1
    topics: [dipolmacy, kim-jong-un]
    reason: because
  - item: www.outlet.example/1
    topic: [diplomacy]
  - item: an article
    topics: []
    reason:
  - item: https://outlet.example/2?token=hunter2
    topics: diplomacy
    reason: [a, b]
hold:
  - item: https://outlet.example/3
remove:
  - item: http://www.outlet.example/1/
    topics: [diplomacy, kim]
    reason: by mistake
  - nonsense
withdrawn: []
"""


def decided(desk: str) -> tuple[Decision, ...]:
    return load_text(SOURCES, {}, "config/sources.yaml", desk=desk, desk_name="config/desk.yaml").desk


def problems(desk: str, sources: str = SOURCES) -> str:
    with pytest.raises(ConfigError) as caught:
        load_text(sources, {}, "config/sources.yaml", desk=desk, desk_name="config/desk.yaml")
    return str(caught.value)


def test_an_item_is_added_to_topics_and_removed_from_others_each_with_a_reason() -> None:
    assert decided(DESK) == (
        Decision("https://outlet.example/1", "diplomacy", True, "it is: about both"),
        Decision("https://outlet.example/1", "kim-jong-un", True, "it is: about both"),
        Decision("tag:wire.example.org,2026:nk/1", "diplomacy", False, "no"),
    )


@pytest.mark.parametrize("desk", ["", "# nothing yet\n", "add:\nremove:\n", "add: []\n", "\ufeff"])
def test_a_desk_that_decided_nothing_is_empty(desk: str) -> None:
    assert decided(desk) == ()


def test_the_file_stands_beside_the_configuration_and_may_be_missing(tmp_path: Path) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text(SOURCES, encoding="utf-8")
    assert load(sources, {}).desk == ()
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    assert load(sources, {}).desk == decided(DESK)
    elsewhere = tmp_path / "try.yaml"
    elsewhere.write_text(DESK.replace("add:", "pin:"), encoding="utf-8")
    with pytest.raises(ConfigError, match="later version"):
        load(sources, {}, desk=elsewhere)


def test_every_mistake_is_reported_at_once(golden: Golden) -> None:
    golden("desk.txt", problems(MISTAKES) + "\n")


def test_mistakes_of_both_files_are_reported_together() -> None:
    said = problems(MISTAKES, SOURCES.replace("title: Wire", "titel: Wire"))
    assert "config/sources.yaml:1:" in said
    assert "config/desk.yaml:3:" in said


def test_while_the_configuration_cannot_be_read_no_topic_is_called_unknown() -> None:
    assert "There is no topic" not in problems(DESK, "site: [")


@pytest.mark.parametrize("desk", ["- a\n", "nonsense\n", "add: nonsense\n", "add: {item: x}\n", "add: [}\n"])
def test_what_is_no_desk_is_refused_in_a_sentence(desk: str) -> None:
    assert problems(desk).startswith("config/desk.yaml:1:")


@pytest.mark.parametrize("key", ["withdraw", "hold", "pin"])
def test_a_list_that_does_nothing_yet_says_so(key: str) -> None:
    assert f"`{key}` comes with a later version of this program." in problems(f"{key}: []\n")


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "desk.yaml").write_bytes(b"add:\n  - item: \xff\n")
    with pytest.raises(InputError, match=r"desk\.yaml is not UTF-8 in line 2"):
        load(tmp_path / "sources.yaml", {})


anything = st.recursive(
    st.text(max_size=8) | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
placements = st.fixed_dictionaries(
    {}, optional={"item": anything, "topics": anything | st.just(["diplomacy"]), "reason": anything}
)
desks = st.fixed_dictionaries({}, optional={"add": st.lists(placements) | anything, "remove": anything})


@settings(max_examples=60, deadline=None)
@given(desks | anything)
def test_any_desk_is_read_or_refused_and_nothing_else_happens(desk: object) -> None:
    try:
        made = decided(json.dumps(desk, ensure_ascii=False))
    except ConfigError:
        return
    assert all(one.topic in ("diplomacy", "kim-jong-un") for one in made)
