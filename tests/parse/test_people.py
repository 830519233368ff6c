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
