"""`aggregator plan` and `aggregator apply`: what an operator reads."""

import pytest

from tests.cli import newsdesk
from tests.cli.newsdesk import NewsDesk, item
from tests.conftest import Golden

NOTHING = "nothing would change: all stored items have the topics of these rules\n"
HEAD = newsdesk.HEAD.partition("  weekly:")[0]
BEFORE = """\
topics:
  peace: {title: Peace, match: peace}
  leader: {title: Leader, match: kim}
  cake: {title: Cake, match: cake}
"""
AFTER = """\
topics:
  war:
    title: War
    match: |
      2 points: war
      battle
    points-needed: 2
  peace: {title: Peace, match: peace -cake}
  kim-jong-un: {title: Kim Jong Un, match: kim, was: [leader]}
"""
TITLES = (
    "Peace at last",
    "War and peace",
    "A cake for peace",
    "Kim speaks",
    "A battle",
    "War",
    "War is over",
)


@pytest.fixture
def edited(desk: NewsDesk) -> NewsDesk:
    """History under rules that were edited since."""
    desk.write(BEFORE, HEAD)
    desk.store(*(item(title, number=number) for number, title in enumerate(TITLES)))
    desk.write(AFTER, HEAD)
    return desk


def test_a_plan_reads_topic_by_topic_in_the_order_of_the_file(edited: NewsDesk, golden: Golden) -> None:
    golden("plan.txt", edited.run("plan", "--limit", "2").out)


def test_a_plan_for_machines_has_the_same(edited: NewsDesk) -> None:
    facts = edited.run("plan", "--limit", "1", "--json").facts
    assert (facts["stored"], facts["compared"], facts["changed"]) == (7, 7, 4)
    assert facts["renamed"] == {"leader": "kim-jong-un"}
    assert {
        topic: (moves["configured"], moves["gained"], moves["lost"])
        for topic, moves in facts["topics"].items()
    } == {"war": (True, 3, 0), "peace": (True, 0, 1), "cake": (False, 0, 1)}
    (loss,) = facts["topics"]["peace"]["losses"]
    assert (loss["title"], loss["words"]) == ("A cake for peace", ["“peace”"])
    assert loss["missing"] == ["Line 1: it must not have “cake” (“cake” in title)."]


def test_apply_says_what_it_did_and_then_there_is_nothing_to_plan(edited: NewsDesk) -> None:
    feeds = "--feeds", str(edited.folder / "feeds")
    applied = edited.run("apply", *feeds).out
    assert applied.startswith("retagged 7 items, 4 of them changed; ")
    assert edited.run("plan").out == NOTHING
    assert edited.run("apply", "--json", *feeds).facts["items"] == 0
    assert (
        edited.run("apply", *feeds).out
        == "nothing to apply: all stored items have the topics of today's rules\n"
    )


def test_a_file_to_try_out_is_no_edit(edited: NewsDesk) -> None:
    draft = edited.folder / "draft.yaml"
    draft.write_text(HEAD + BEFORE, encoding="utf-8")
    assert edited.run("plan", str(draft)).out == NOTHING
    said = edited.run("plan", str(edited.config)).out
    assert said.endswith("would change; for that, make it your configuration and run `aggregator apply`\n")


@pytest.mark.parametrize(
    ("since", "compared"), [("2026-02-28", 7), ("2100-01-01", 0), ("5000w", 7), ("1h", 0)]
)
def test_since_is_a_day_or_a_time_back_from_now(edited: NewsDesk, since: str, compared: int) -> None:
    assert edited.run("plan", "--since", since, "--json").facts["compared"] == compared


@pytest.mark.parametrize("since", ["yesterday", "2026-02-31", "7", "999999w", "-1d", ""])
def test_another_since_is_refused(edited: NewsDesk, since: str) -> None:
    assert edited.run("plan", "--since", since).code != 0
