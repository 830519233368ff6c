"""`aggregator suggest`: words that would find more of what belongs to a topic."""

import pytest

from aggregator.model import Item
from aggregator.query import compile_query
from tests.cli.newsdesk import NewsDesk, item
from tests.conftest import Golden

TOPICS = """\
topics:
  peace:
    title: Peace
    match: |
      ceasefire*
  world:
    title: World
    match: |
      world
"""
TYPICAL = ("mediators", "delegates", "negotiators", "warring parties")
PLACES = ("Geneva", "Doha", "Cairo", "Oslo", "Vienna", "Ankara")


def news() -> list[Item]:
    """Thirty items on peace, forty on other things, and three with a truce that no rule finds yet."""
    peace = [
        item(
            f"Ceasefire in {PLACES[n % 6]} on day {n}",
            f"The {TYPICAL[n % 4]}, the {TYPICAL[n // 4 % 4]}, {'a truce' if n % 6 else 'calm'} in the hall.",
            number=n,
        )
        for n in range(30)
    ]
    other = [
        item(
            f"Market report number {n}",
            "The prices in the hall rose for a day and the shops were full.",
            number=n,
        )
        for n in range(40)
    ]
    missed = [
        item("Warring parties agree on a truce", "The mediators smiled.", number=1),
        item("Delegates hope for a truce", "The negotiators left Oslo.", number=2),
        item("Snooker rivals call a truce", "The prices of the shops in the hall.", number=3),
    ]
    return [*peace, *other, *missed]


@pytest.fixture
def peaceful(desk: NewsDesk) -> NewsDesk:
    desk.write(TOPICS)
    desk.store(*news())
    return desk


def test_lines_are_proposed_with_what_they_would_add(peaceful: NewsDesk, golden: Golden) -> None:
    golden("suggest.txt", peaceful.run("suggest", "peace").out)


def test_a_program_learns_what_is_likely_right_and_what_is_wrong(peaceful: NewsDesk) -> None:
    facts = peaceful.run("suggest", "peace", "--json").facts
    (truce,) = [one for one in facts["suggestions"] if one["line"] == "truce"]
    assert (truce["inside"], truce["adds"]) == (25, 3)
    assert {one["title"] for one in truce["likely"]["newest"]} == {
        "Warring parties agree on a truce",
        "Delegates hope for a truce",
    }
    assert [one["title"] for one in truce["wrong"]["newest"]] == ["Snooker rivals call a truce"]
    assert len(peaceful.run("suggest", "peace", "--limit", "1", "--json").facts["suggestions"]) == 1


def test_what_is_printed_can_be_pasted_into_the_topic_and_does_what_it_said(peaceful: NewsDesk) -> None:
    out = peaceful.run("suggest", "peace", "--limit", "1").out
    pasted = "".join(f"      {line}\n" for line in out.splitlines())
    peaceful.write(TOPICS.replace("      ceasefire*\n", "      ceasefire*\n" + pasted))
    said = peaceful.run("explain", "Warring parties agree on a truce", "--topic", "peace").out
    assert "aggregator apply` would add it" in said


def test_words_without_meaning_are_not_proposed(peaceful: NewsDesk) -> None:
    facts = peaceful.run("suggest", "peace", "--limit", "100", "--json").facts
    words = {word for one in facts["suggestions"] for word in (one["line"].strip('"').split()[0],)}
    assert words.isdisjoint({"the", "hall", "for", "day", "prices", "ceasefire"})


def test_an_example_that_no_rule_finds_gets_words(desk: NewsDesk) -> None:
    examples = """\
    examples:
      match: |
        Armistice signed at Panmunjom
        The armistice commission meets
      not: |
        Armistice Day sale
"""
    desk.write(TOPICS.replace("  world:\n", examples + "  world:\n"))
    desk.store(*news()[30:], item("An armistice commission for Panmunjom", number=5))
    facts = desk.run("suggest", "peace", "--json").facts
    assert facts["judged"] is False
    lines = {one["line"]: one for one in facts["suggestions"]}
    assert "armistice" not in lines  # the example under `not` has it
    met = {title for one in lines.values() for title in one["examples"]}
    assert met == {"Armistice signed at Panmunjom", "The armistice commission meets"}
    assert "# ? An armistice commission for Panmunjom (daily)" in desk.run("suggest", "peace").out


def test_points_and_conditions_of_the_topic_count(desk: NewsDesk) -> None:
    strict = "      2 points: ceasefire*\n    points-needed: 2\n    only-if: |\n      oslo\n"
    desk.write(TOPICS.replace("      ceasefire*\n", strict))
    desk.store(*news())
    facts = desk.run("suggest", "peace", "--json").facts
    for one in facts["suggestions"]:
        assert one["line"].startswith("2 points: ")
        found = [title["title"] for key in ("likely", "wrong", "unsure") for title in one[key]["newest"]]
        assert set(found) <= {"Delegates hope for a truce"}


def test_what_the_topic_strikes_out_is_not_proposed(desk: NewsDesk) -> None:
    desk.write(TOPICS.replace("      ceasefire*\n", "      ceasefire*\n    strike-out: |\n      a truce\n"))
    desk.store(*news())
    facts = desk.run("suggest", "peace", "--limit", "100", "--json").facts
    assert not any("truce" in one["line"] for one in facts["suggestions"])


def test_words_of_scripts_without_spaces_are_proposed(desk: NewsDesk) -> None:
    desk.write(TOPICS.replace("ceasefire*", "停战"))
    words = ("双方在日内瓦", "联合国呼吁", "总统支持", "外长期待", "各国欢迎")
    talks = [item(f"停战 {words[n % 5]}和平谈判 {n}", number=n) for n in range(20)]
    other = [item(f"股市今天上涨 {n}", number=n) for n in range(40)]
    desk.store(*talks, *other, item("外长呼吁和平谈判", number=1))
    suggestions = desk.run("suggest", "peace", "--json").facts["suggestions"]
    assert suggestions
    assert compile_query(suggestions[0]["line"]).holds(Item("", "", title="外长呼吁和平谈判"))


def test_when_nothing_helps_it_says_so(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    desk.store(*news()[:30])
    assert desk.run("suggest", "peace").out == (
        "# Learnt from 30 items of peace, measured on 30 items: "
        "no word would add anything that belongs there.\n"
    )


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [
        ("piece", "there is no topic 'piece' in the configuration; there are: peace, world"),
        ("world", "nothing belongs to the topic 'world' yet to learn from; write some under `examples:`"),
    ],
)
def test_what_cannot_be_learnt_is_a_sentence(peaceful: NewsDesk, topic: str, sentence: str) -> None:
    said = peaceful.run("suggest", topic)
    assert (said.code, said.out.startswith(sentence)) == (1, True), said.out
