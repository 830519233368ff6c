"""Misspelt words are told from words that nobody uses, from forms of a word, and from other languages."""

import pytest

from aggregator.topics.advice.vocabulary import Spelling


def misspelt(word: str, *seen: str, items: int = 3, elsewhere: tuple[str, ...] = ()) -> list[str]:
    blocks = {"topics.a.match": [word], **{f"lists.{n}": [one] for n, one in enumerate(elsewhere)}}
    spelling = Spelling(blocks)
    for _ in range(items):
        spelling.look(" ".join(seen))
    return [likely for _, likely, _ in spelling.misspelt("topics.a.match", word)]


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("diplomcy", "diplomacy"),
        ("diplommacy", "diplomacy"),
        ("dpilomacy", "diplomacy"),
        ("recieved", "received"),
        ("koera", "korea"),
        ("переговры", "переговоры"),
    ],
)
def test_a_word_that_is_a_slip_away_from_a_common_one_is_misspelt(word: str, right: str) -> None:
    assert misspelt(word, right, "weather") == [right]


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("agrees", "agreed"),  # forms of one word
        ("nigeria", "nigerian"),
        ("gambia", "zambia"),  # another first letter
        ("norte", "north"),  # short, and another language
        ("iran", "iraq"),
        ("ministre", "minister"),
        ("negotiators", "negotiations"),
        ("summit", "weather"),
    ],
)
def test_forms_and_other_words_are_not(word: str, known: str) -> None:
    assert misspelt(word, known) == []


def test_a_word_that_few_items_have_proves_nothing() -> None:
    assert misspelt("diplomcy", "diplomacy", items=2) == []


def test_a_word_that_an_item_has_is_right() -> None:
    assert misspelt("diplomcy", "diplomacy", "diplomcy") == []


def test_what_several_other_blocks_write_is_right() -> None:
    assert misspelt("pyonyang", elsewhere=("pyongyang", "pyongyang")) == ["pyongyang"]
    assert misspelt("pyonyang", elsewhere=("pyongyang",)) == []


def test_who_wrote_both_in_one_block_meant_both() -> None:
    spelling = Spelling({"lists.talks": ["negotiat", "negociations"]})
    for _ in range(9):
        spelling.look("negotiations")
    assert list(spelling.misspelt("lists.talks", "negociations")) == []


def test_a_phrase_is_looked_at_word_by_word() -> None:
    assert misspelt("secuirty council", "security") == ["security"]
