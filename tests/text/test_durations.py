"""Lengths of time: one way of writing them everywhere."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import durations


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30m", timedelta(minutes=30)),
        ("5 min", timedelta(minutes=5)),
        ("1.5h", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("2 Weeks", timedelta(weeks=2)),
        ("6mo", timedelta(days=180)),
        (" 1 month ", timedelta(days=30)),
        ("2 years", timedelta(days=730)),
        ("0s", timedelta(0)),
    ],
)
def test_a_number_and_a_unit_are_a_length_of_time(text: str, meant: timedelta) -> None:
    assert durations.parse(text) == meant


@pytest.mark.parametrize(
    "text", ["", "5", "m", "-1d", "1e3d", "5 fortnights", "1d 2h", "٣d", "999999999y", "1.d"]
)
def test_anything_else_is_none(text: str) -> None:
    assert durations.parse(text) is None


@given(st.text(max_size=12) | st.from_regex(r"[0-9.]{1,9} ?[a-z]{1,7}", fullmatch=True))
def test_no_text_stops_it(text: str) -> None:
    found = durations.parse(text)
    assert found is None or found >= timedelta(0)
