"""What the desk writes into desk.yaml, and every mistake in it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import load, load_text
from aggregator.errors import ConfigError, InputError
from aggregator.model import Decision, Hold, Pin, Rulings, Withdrawal
from tests.conftest import Golden
from tests.examples import examples

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
RULINGS = """\
withdraw:
  - item: https://outlet.example/1
    reason: a court asked for it
  - {item: "tag:wire.example.org,2026:nk/1", reason: it was invented, silent: yes}
hold:
  - item: https://outlet.example/2
    reason: no
pin:
  - item: https://outlet.example/3
    topic: diplomacy
    until: 2026-12-31
  - item: https://outlet.example/4
    topics: [diplomacy, kim]
    until: 2026-12-31 18:00 +02:00
    reason: the talks
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
withdraw:
  - item: https://outlet.example/4
    reason: a court asked for it
    silent: maybe
  - item: https://outlet.example/4?utm_source=mail
    reason: again
pin:
  - item: https://outlet.example/5
    until: 2026-02-30
  - item: https://outlet.example/5
    topic: diplomacy
    until: next week
  - item: https://outlet.example/6
    topic: kim
    topics: [diplomacy, kim-jong-un]
    until: 2026-12-31
  - item: https://outlet.example/7
    until: 2026-12-31
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
    (tmp_path / "desk.yaml").write_text(DESK.replace("add:", "at:"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"desk\.yaml:2:1: at"):
        load(sources, {})


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


def ruled(desk: str, sources: str = SOURCES) -> Rulings:
    return load_text(sources, {}, "config/sources.yaml", desk=desk).rulings


def test_items_are_withdrawn_held_and_pinned() -> None:
    assert ruled(RULINGS) == Rulings(
        (
            Withdrawal("https://outlet.example/1", "a court asked for it"),
            Withdrawal("tag:wire.example.org,2026:nk/1", "it was invented", silent=True),
        ),
        (Hold("https://outlet.example/2", "no"),),
        (
            Pin("https://outlet.example/3", "diplomacy", datetime(2027, 1, 1, tzinfo=UTC)),
            Pin("https://outlet.example/4", "diplomacy", datetime(2026, 12, 31, 16, tzinfo=UTC), "the talks"),
            Pin(
                "https://outlet.example/4", "kim-jong-un", datetime(2026, 12, 31, 16, tzinfo=UTC), "the talks"
            ),
        ),
    )


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2026-12-31", datetime(2026, 12, 31, 15, tzinfo=UTC)),
        ("2026-12-31 18:00", datetime(2026, 12, 31, 9, tzinfo=UTC)),
        ("2026-12-31T18:00:30", datetime(2026, 12, 31, 9, 0, 30, tzinfo=UTC)),
        ("2026-12-31 18:00Z", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ("2026-12-31t18:00 -05:00", datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_ends_and_a_time_is_told_by_the_clocks_of_the_site(until: str, moment: datetime) -> None:
    seoul = SOURCES.replace("title: Wire", "title: Wire, timezone: Asia/Seoul")
    pin = f"pin:\n  - item: https://outlet.example/1\n    topic: kim\n    until: {until}\n"
    assert [one.until for one in ruled(pin, seoul).pinned] == [moment]


@pytest.mark.parametrize("until", ["9999-12-30", "9999-12-31 23:59 -05:00", "0001-01-01 00:00 +05:00"])
def test_a_pin_may_end_where_the_calendar_does(until: str) -> None:
    assert ruled(f"pin:\n  - item: https://outlet.example/1\n    topic: kim\n    until: {until}\n").pinned


@pytest.mark.parametrize("until", ["9999-12-31", "2026-02-29", "31.12.2026", "12", "2026-12-31 25:00", "[]"])
def test_what_is_no_day_is_refused_in_a_sentence(until: str) -> None:
    said = problems(f"pin:\n  - item: https://outlet.example/1\n    topic: kim\n    until: {until}\n")
    assert said.startswith("config/desk.yaml:4:12: pin, entry 1.until: ")


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
ruled_on = st.fixed_dictionaries(
    {},
    optional={
        name: anything | st.just("2026-12-31") | st.just("tag:x")
        for name in ("item", "topic", "topics", "until", "reason", "silent")
    },
)
lists = {name: st.lists(ruled_on) | anything for name in ("withdraw", "hold", "pin")}
desks = st.fixed_dictionaries(
    {}, optional={"add": st.lists(placements) | anything, "remove": anything, **lists}
)


@examples(60)
@given(desks | anything)
def test_any_desk_is_read_or_refused_and_nothing_else_happens(desk: object) -> None:
    try:
        made = decided(json.dumps(desk, ensure_ascii=False))
    except ConfigError:
        return
    assert all(one.topic in ("diplomacy", "kim-jong-un") for one in made)
