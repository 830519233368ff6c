"""Which words of a text may stand in a query, and how strongly they speak for a topic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Item
from aggregator.query import compile_query
from aggregator.topics.advice.suggestions import candidates
from aggregator.topics.advice.terms import log_odds, terms
from tests.query.writing import items


def item(title: str, language: str = "en") -> Item:
    return Item("daily", title, title=title, language=language)


def test_terms_are_words_and_phrases_of_up_to_three_words() -> None:
    assert terms(item("Peace talks in Łódź, 2026")) == {
        "peace",
        "talks",
        "lodz",
        "peace talks",
        "talks in lodz",
    }


def test_no_phrase_crosses_a_sign() -> None:
    assert "talks china" not in terms(item("Peace talks. China waits"))


def test_scripts_without_spaces_give_pieces() -> None:
    assert {"북한", "미사", "미사일"} <= terms(item("북한이 미사일"))


@given(items())
def test_every_term_is_found_by_a_query_that_asks_for_it(one: Item) -> None:
    for term in list(terms(one))[:20]:
        assert compile_query(f'"{term}"').holds(one)


@given(st.integers(1, 50), st.integers(0, 50), st.integers(2000, 9000), st.integers(2000, 9000))
def test_what_is_more_usual_here_than_there_has_a_positive_score(
    inside: int, outside: int, members: int, others: int
) -> None:
    ratio, sure = log_odds(inside, members, outside, others)
    assert (ratio > 0) == (sure > 0)
    if inside * others > outside * members * 1.01:
        assert ratio > 0
    if inside * others * 1.01 < outside * members:
        assert ratio < 0


def test_seeing_a_word_more_often_makes_it_surer() -> None:
    assert log_odds(2, 1000, 0, 9000)[1] < log_odds(20, 1000, 0, 9000)[1]
    assert log_odds(20, 1000, 0, 9000)[1] > log_odds(20, 1000, 90, 9000)[1]


@pytest.mark.parametrize("language", ["en", "es-CU", ""])
def test_stop_words_are_found_in_every_language(language: str) -> None:
    members = [item(f"la tregua de {word}", language) for word in ("Ginebra", "Oslo", "Doha")]
    others = [item(f"la vida de {word}", language) for word in ("Ana", "Eva", "Juan", "Luis")]
    english = [item(f"Something else {number}", "en") for number in range(100)]
    found = candidates(members, [], others + (english if language else []))
    assert ("tregua" in found, "vida" in found) == (True, False)
    if language != "en":
        assert not any("la" in term.split() or term.startswith("de ") for term in found)
