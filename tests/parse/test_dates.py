"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse import dates


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sat, 21 Nov 2026 10:30:00 GMT", "2026-11-21 10:30:00"),
        ("Sat, 21 Nov 26 10:30 PDT", "2026-11-21 17:30:00"),
        ("21 Nov 2026 10:30:00 GMT+9", "2026-11-21 01:30:00"),
        ("Sat, 21 Nov 2026 10:30:00 UTC+05:30", "2026-11-21 05:00:00"),
        ("Sat, 21 Nov 2026 10:30:00 +0000 UTC", "2026-11-21 10:30:00"),
        ("Sat Nov 21 2026 10:30:00 GMT+0100 (CET)", "2026-11-21 09:30:00"),
        ("Thu Nov 19 10:30:00 2026", "2026-11-19 10:30:00"),
        ("2026-11-21T10:30:00.123456789-03:00", "2026-11-21 13:30:00"),
        ("2026-11-21 10:30", "2026-11-21 10:30:00"),
        ("20261121T103000Z", "2026-11-21 10:30:00"),
        ("2026-11", "2026-11-01 00:00:00"),
        ("1795257000", "2026-11-21 10:30:00"),
        ("1795257000123", "2026-11-21 10:30:00"),
        ("Nov 21, 2026 3:04 pm EST", "2026-11-21 20:04:00"),
        ("21. Dezember 2026, 15:04 Uhr", "2026-12-21 15:04:00"),
        ("sábado, 3 enero 2026 10:00:00 +0100", "2026-01-03 09:00:00"),
        ("21 août 2026 à 15h04", "2026-08-21 15:04:00"),
        ("Сб, 21 ноября 2026 10:30:00 +0300", "2026-11-21 07:30:00"),
        ("5 stycznia 2026 10:00", "2026-01-05 10:00:00"),
        ("21 Kasım 2026", "2026-11-21 00:00:00"),
        ("2026年11月21日 10:30", "2026-11-21 10:30:00"),
        ("2026년 11월 21일 10시 30분", "2026-11-21 10:30:00"),
        ("21.11.2026 10:30", "2026-11-21 10:30:00"),
        ("13/04/2026", "2026-04-13 00:00:00"),
        ("Sat, 21 Nov 2026 24:00:00 +0000", "2026-11-22 00:00:00"),
        ("Sat, 21 Nov 2026 23:59:60 +0000", "2026-11-21 23:59:59"),
        ("2199-01-01T00:00:00Z", "2199-01-01 00:00:00"),
    ],
)
def test_a_date_is_read_however_it_is_written(written: str, meant: str) -> None:
    assert dates.moment(written) == datetime.fromisoformat(f"{meant}+00:00")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday 10:30",
        "Mon, 30 Feb 2026 00:00:00 GMT",
        "2026-13-01",
        "2026-11-21T25:00:00Z",
        "2026-11-21T10:30:00+99:00",
        "0001-01-01T00:00:00Z",
        "-0001-11-30T00:00:00+00:00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1969-07-20",
        "9999-12-31T23:59:59-05:00",
        "03/04/2026",  # March or April?
        "9" * 10_000,
    ],
)
def test_what_is_no_date_or_an_impossible_one_is_none(written: str) -> None:
    assert dates.moment(written) is None


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    moment = dates.moment(text)
    assert moment is None or moment.year >= 1970


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_what_rfc_3339_writes_is_read_back(moment: datetime) -> None:
    second = moment.astimezone(UTC).replace(microsecond=0)
    assert dates.moment(second.isoformat()) == second
    assert dates.moment(second.strftime("%Y-%m-%dT%H:%M:%SZ")) == second
