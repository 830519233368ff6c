"""The one place that guesses which word was meant."""

from aggregator.text.nearest import did_you_mean, nearest

TOPICS = ["north-korea", "diplomacy", "kim-jong-un"]


def test_the_word_with_most_letters_in_common_is_proposed() -> None:
    assert nearest("nort-korea", TOPICS) == "north-korea"
    assert nearest("North_Korea", TOPICS) == "north-korea"


def test_nothing_is_proposed_where_nothing_is_near() -> None:
    assert nearest("weather", TOPICS) == ""
    assert did_you_mean("weather", TOPICS) == ""


def test_the_question_writes_the_word_as_it_is_to_be_written() -> None:
    assert did_you_mean("diplomcy", TOPICS, "“topic:{}”") == "Did you mean “topic:diplomacy”?"


def test_very_long_words_and_lists_cost_nothing() -> None:
    assert nearest("n" * 101, TOPICS) == ""
    assert nearest("north", (f"north{n}" for n in range(5_001))) == ""
