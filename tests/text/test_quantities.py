"""One way of writing numbers, times and moments for people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.text import moments, quantities

WINTER = datetime(2026, 2, 17, 13, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=2.9), "3 hours"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(days=24), "24 days"),
        (timedelta(days=45), "45 days"),
        (timedelta(days=63), "2 months"),
        (timedelta(days=365), "1 year"),
        (timedelta(days=3130), "8 years"),
    ],
)
def test_a_time_is_one_figure_in_the_largest_unit(time: timedelta, said: str) -> None:
    assert quantities.span(time) == said


@pytest.mark.parametrize(
    ("per_day", "said"),
    [
        (0, ""),
        (1e-9, "1 item in 2,737 years"),
        (1 / 365, "1 item a year"),
        (0.041, "1 item in 24 days"),
        (0.5, "1 item in 2 days"),
        (0.87, "1 item a day"),
        (1, "1 item a day"),
        (12.4, "12 items a day"),
        (1604, "1,604 items a day"),
    ],
)
def test_a_rate_is_one_figure_with_one_unit(per_day: float, said: str) -> None:
    assert quantities.rate(per_day) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "2026-02-17 13:30 UTC"),
        ("Europe/Berlin", "2026-02-17 14:30 CET"),
        ("America/Sao_Paulo", "2026-02-17 10:30 UTC-03"),
        ("Asia/Kathmandu", "2026-02-17 19:15 UTC+05:45"),
    ],
)
def test_a_moment_is_told_in_its_zone_which_is_named(zone: str, said: str) -> None:
    assert moments.told(WINTER, ZoneInfo(zone)) == said


def test_the_moments_in_a_stored_sentence_are_told_in_the_zone() -> None:
    stored = "Asked until 2026-07-31 23:30 UTC; 2026-02-30 10:00 UTC is none, 2026-02-17 13:30:05 UTC is."
    assert moments.retold(stored, ZoneInfo("Europe/Berlin")) == (
        "Asked until 2026-08-01 01:30 CEST; 2026-02-30 10:00 UTC is none, 2026-02-17 14:30:05 CET is."
    )


def test_the_first_and_the_last_day_of_the_calendar_can_be_told() -> None:
    assert moments.told(datetime.max.replace(tzinfo=UTC), ZoneInfo("Asia/Tokyo")) == "9999-12-31 23:59 UTC"
    assert (
        moments.told(datetime.min.replace(tzinfo=UTC), ZoneInfo("America/New_York")) == "0001-01-01 00:00 UTC"
    )
