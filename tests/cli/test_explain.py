"""`aggregator explain`: why an item has its topics, or what it lacks for them."""

import pytest

from tests.cli.newsdesk import NewsDesk, item
from tests.conftest import Golden

TOPICS = """\
lists:
  states: |
    China
    North Korea*
topics:
  kim-jong-un:
    title: Kim Jong Un
    match: |
      title:"kim jong un"
      2 points: "kim jong un"
      1 point each: pyongyang
    points-needed: 3
    implies: [north-korea]
  north-korea:
    title: North Korea
    match: |
      "north korea*"
  diplomacy:
    title: Diplomacy
    match: |
      list:states (talks OR negotiat*)
      envoy*
    only-if: |
      list:states
    strike-out: |
      special envoy of music
  world:
    title: World
    match: |
      "world news"
      globe
      planet*
      continent*
  sport:
    title: Sport
    match: |
      football
"""
SUMMIT = item(
    "Kim Jong Un receives an envoy in Pyongyang",
    "Talks went on for three days.\nNorth Korea’s leader met the special envoy of music in PYONGYANG before "
    "dinner was served to everybody who had come.",
)
MEETING = item("Envoys meet", "No place was named.", source="weekly", number=3)


@pytest.fixture
def shown(desk: NewsDesk) -> NewsDesk:
    desk.write(TOPICS)
    desk.store(SUMMIT, MEETING, item("Envoys meet again", number=9))
    return desk


def test_every_topic_says_what_earned_it_or_what_was_missing(shown: NewsDesk, golden: Golden) -> None:
    golden("explain.txt", shown.run("explain", SUMMIT.url).out)


def test_an_item_is_found_by_its_id_its_address_or_its_whole_title(shown: NewsDesk) -> None:
    by_id = shown.run("explain", MEETING.id).out
    assert by_id == shown.run("explain", "http://weekly.example/envoys-meet/#x").out
    assert by_id == shown.run("explain", "ENVOYS meet").out


def test_after_an_edit_it_says_what_apply_would_change(shown: NewsDesk, golden: Golden) -> None:
    edited = TOPICS.replace("envoy*", "envoy* dinner").replace("football", "served")
    edited = edited.replace("only-if: |\n      list:states", "only-if: |\n      ministry")
    edited = edited.replace("implies: [north-korea]", "implies: [korea]")
    shown.write(
        edited.replace("  north-korea:\n", "  korea:\n    was: [north-korea]\n").replace("globe", "envoys")
    )
    golden("explain-edited.txt", shown.run("explain", SUMMIT.url).out + shown.run("explain", MEETING.url).out)


def test_one_topic_is_explained_in_full(shown: NewsDesk, golden: Golden) -> None:
    golden("explain-topic.txt", shown.run("explain", SUMMIT.url, "--topic", "world").out)


def test_a_text_is_explained_without_a_store(desk: NewsDesk, golden: Golden) -> None:
    desk.write(TOPICS)
    said = desk.run("explain", "-", text="Chinese talks\nChina negotiates with an envoy.\n")
    golden("explain-text.txt", said.out)
    assert not desk.database.exists()


def test_a_program_gets_every_word_with_its_place(shown: NewsDesk) -> None:
    (explained,) = shown.run("explain", SUMMIT.url, "--json").facts["items"]
    by_topic = {one["topic"]: one for one in explained["topics"]}
    texts = {"title": SUMMIT.title, "content": SUMMIT.text}
    reasons = [reason for one in by_topic.values() for reason in one["reasons"] if reason["field"]]
    assert len(reasons) > 5
    for reason in reasons:
        assert texts[reason["field"]][reason["start"] : reason["end"]] == reason["words"]
        around = reason["before"].lstrip("…") + reason["words"] + reason["after"].rstrip("…")
        assert around in texts[reason["field"]]
    assert by_topic["sport"]["missing"] == ["Line 1: no “football”."]


def test_of_several_items_it_lists_how_to_name_one(shown: NewsDesk, golden: Golden) -> None:
    said = shown.run("explain", "envoy")
    assert said.code == 1
    golden("explain-several.txt", said.out)
    assert len(shown.run("explain", "envoy", "--json").facts["matches"]) == 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing like it"], "there is no item 'nothing like it' in aggregator.db; name its id"),
        (["-"], "there is nothing to explain: the text is empty"),
        ([SUMMIT.url, "--topic", "sports"], "there is no topic 'sports'; there are: diplomacy, kim-jong-un"),
    ],
)
def test_what_cannot_be_explained_is_a_sentence(shown: NewsDesk, words: list[str], sentence: str) -> None:
    said = shown.run("explain", *words)
    assert said.code == 1
    assert said.out.startswith(sentence)


def test_without_a_store_it_says_what_to_do(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    said = desk.run("explain", "x")
    assert (said.code, said.out) == (
        1,
        "there is no store at aggregator.db yet; run `aggregator poll` first, or name another file with "
        "--database\n",
    )


def test_an_example_that_fails_does_not_stand_in_the_way_of_its_explanation(desk: NewsDesk) -> None:
    desk.write(TOPICS + "    examples:\n      match: |\n        A match of rugby\n")
    assert "sport: 0 points" in desk.run("explain", "-", "--topic", "sport", text="A match of rugby").out


def test_bytes_that_are_no_text_are_explained_too(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    assert desk.run("explain", "-", text=b"\xff\x00 football \xed\xa0\x80").code == 0


def test_what_the_desk_decided_stands_beside_the_rules(shown: NewsDesk, golden: Golden) -> None:
    shown.decide(
        f"add:\n  - {{item: {SUMMIT.url}, topics: [sport], reason: he plays}}\n"
        f"remove:\n  - {{item: {SUMMIT.url}, topics: [diplomacy], reason: a dinner}}\n"
    )
    golden("explain-desk.txt", shown.run("explain", SUMMIT.url).out)
