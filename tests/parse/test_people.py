"""Names out of what stands in author fields."""

import pytest

from aggregator.model import Author
from aggregator.parse import people


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jane Doe", "Jane Doe"),
        ("By Jane Doe", "Jane Doe"),
        ("Written by: Jane Doe", "Jane Doe"),
        ("Von Jana Dörr", "Jana Dörr"),
        ("Par Jeanne Dupont", "Jeanne Dupont"),
        ("Byron Doe", "Byron Doe"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("jane@outlet.example (Jane Doe)", "Jane Doe"),
        ("Jane Doe <jane@outlet.example>", "Jane Doe"),
        ("mailto:jane@outlet.example", ""),
        ("<a href='/jane'>Jane</a> &amp; John", "Jane & John"),
        ("https://outlet.example/jane", ""),
        ("  null ", "null"),
    ],
)
def test_a_name_is_plain_and_without_byline_and_address(written: str, name: str) -> None:
    assert people.name(written) == name


def test_each_author_is_named_once_and_nobody_is_left_out() -> None:
    found = people.authors(
        [
            Author("Jane Doe"),
            Author("JANE DOE", "https://outlet.example/jane"),
            Author("null"),
            Author("a@b.example"),
        ]
    )
    assert found == (Author("Jane Doe", "https://outlet.example/jane"),)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Anna Berg and Tom Hill", ["Anna Berg", "Tom Hill"]),
        ("By Anna Berg, Tom Hill & Ida Moor", ["Anna Berg", "Tom Hill", "Ida Moor"]),
        ("Ludwig van Berg und Clara Hügel", ["Ludwig van Berg", "Clara Hügel"]),
        ("Jean-Luc Mont et Marie d'Arc", ["Jean-Luc Mont", "Marie d'Arc"]),
        ("Ana Ruiz y Luis Gil", ["Ana Ruiz", "Luis Gil"]),
        ("Иван Холмов и Анна Лесная", ["Иван Холмов", "Анна Лесная"]),
        ("김철수, 이영희", ["김철수", "이영희"]),
        ("Newswire,Tom Hill", ["Newswire", "Tom Hill"]),
        ("Reuters, Tom Hill", ["Reuters", "Tom Hill"]),
        ("Anna Berg, Jr., Tom Hill, PhD", ["Anna Berg, Jr.", "Tom Hill, PhD"]),
        ("Anna Berg; Tom Hill", ["Anna Berg", "Tom Hill"]),
    ],
)
def test_several_people_in_one_name_are_several_authors(written: str, names: list[str]) -> None:
    assert [author.name for author in people.authors([Author(written)])] == names


@pytest.mark.parametrize(
    "written",
    [
        "Ministry of Food and Farming",
        "Department of Trade and Industry",
        "Food and Agriculture Organization",
        "Berg, Anna",
        "Berg, Anna Maria",
        "Berg, Anna and Hill, Tom",
        "Berg and Berg",
        "Simon & Schuster",
        "Anna and Tom Berg",
        "Reuters and AP staff",
        "Anna Berg, Staff Writer",
        "Anna Berg, PhD",
        "The Editors",
    ],
)
def test_a_name_that_may_be_one_stays_whole(written: str) -> None:
    assert [author.name for author in people.authors([Author(written)])] == [written]


def test_names_given_apart_are_not_split() -> None:
    found = people.authors([Author("Berg, Anna and Sons"), Author("Tom Hill and Ida Moor")])
    assert [author.name for author in found] == ["Berg, Anna and Sons", "Tom Hill and Ida Moor"]
