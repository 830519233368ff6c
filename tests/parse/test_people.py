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
        ("Associated Press and Tom Hill", ["Associated Press", "Tom Hill"]),
        ("Reuters and AFP", ["Reuters", "AFP"]),
        ("Anna Berg | Tom Hill / Ida Moor", ["Anna Berg", "Tom Hill", "Ida Moor"]),
        ("Anna Berg, Jr., Tom Hill, PhD", ["Anna Berg, Jr.", "Tom Hill, PhD"]),
        ("Anna Berg; Tom Hill", ["Anna Berg", "Tom Hill"]),
        ("Berg, Anna; Hill, Tom", ["Berg, Anna", "Hill, Tom"]),
        ("Berg, A. M., de Hill, T., Moor, I.-K.", ["Berg, A. M.", "de Hill, T.", "Moor, I.-K."]),
        ("Rita Das and Tom Hill", ["Rita Das", "Tom Hill"]),
        ("Anna Berg, Tom Hill, and Ida Moor", ["Anna Berg", "Tom Hill", "Ida Moor"]),
        ("Tom Hill, Jr. and Anna Berg", ["Tom Hill, Jr.", "Anna Berg"]),
        ("Harbour Press,Tom Hill", ["Harbour Press", "Tom Hill"]),
        ("20minutes,Tom Hill", ["20minutes", "Tom Hill"]),
        ("Anna Berg and Tom Hill, Reuters", ["Anna Berg", "Tom Hill", "Reuters"]),
        ("ANNA BERG AND TOM HILL", ["ANNA BERG", "TOM HILL"]),
        ("Jan Górski i Anna Leśna", ["Jan Górski", "Anna Leśna"]),
        ("Ion Deal și Ana Râu", ["Ion Deal", "Ana Râu"]),
        ("山田太郎、鈴木花子", ["山田太郎", "鈴木花子"]),
        ("محمد علي، سارة حسن", ["محمد علي", "سارة حسن"]),
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
        "Anna Berg and agencies",
        "Anna Berg in Eastfield and Tom Hill in Northport",
        "Anna Berg, Harbour University",
        "Anna Berg, Eastfield",
        "José Campo y Valle",
        "van der Berg, Anna",
        "Van der Berg, Anna Maria",
        "Berg, A. M.",
        "Public Safety and Emergency Preparedness",
        "Berg, Hill and Partners",
        "Press and Journal",
        "Anna Berg, Staff Writer",
        "Anna Berg, PhD",
        "The Editors",
    ],
)
def test_a_name_that_may_be_one_stays_whole(written: str) -> None:
    assert [author.name for author in people.authors([Author(written)])] == [written]


def test_each_of_several_names_may_be_several_people() -> None:
    found = people.authors(
        [Author("Berg, Anna and Sons"), Author("Tom Hill and Ida Moor"), Author("Tom Hill")]
    )
    assert [author.name for author in found] == ["Berg, Anna and Sons", "Tom Hill", "Ida Moor"]


def test_an_address_given_with_several_people_is_nobodys() -> None:
    found = people.authors([Author("Anna Berg and Tom Hill", "https://outlet.example/team")])
    assert found == (Author("Anna Berg"), Author("Tom Hill"))
