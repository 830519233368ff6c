from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Failure, Pace, Response
from aggregator.polling import blocked_host, fresh_for, open_from, retry_after

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
NOTHING = timedelta(0)


def response(*headers: tuple[str, str]) -> Response:
    return Response("http://a.test/", 304, headers, b"")


def failure(status: int, *headers: tuple[str, str]) -> Failure:
    return Failure("http", "It failed.", status, headers, host="a.test")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ((), NOTHING),
        ((("cache-control", "max-age=3600"),), HOUR),
        ((("cache-control", 'public, Max-Age="3600" , must-revalidate'),), HOUR),
        ((("cache-control", "public"), ("cache-control", "max-age=3600")), HOUR),
        ((("cache-control", "max-age=3600"), ("age", "600")), timedelta(minutes=50)),
        ((("cache-control", "max-age=3600"), ("age", "7200")), NOTHING),
        ((("cache-control", "max-age=3600"), ("expires", "Sat, 21 Nov 2026 20:00:00 GMT")), HOUR),
        ((("cache-control", "no-cache, max-age=3600"),), NOTHING),
        ((("cache-control", "no-store"), ("expires", "Sat, 21 Nov 2026 20:00:00 GMT")), NOTHING),
        ((("cache-control", 'no-cache="Set-Cookie", max-age=3600'),), HOUR),
        ((("cache-control", "max-age=-1"),), NOTHING),
        ((("cache-control", "max-age=1.5"),), NOTHING),
        ((("cache-control", "max-age=" + "9" * 5000),), WEEK),
        ((("cache-control", "s-maxage=3600"),), NOTHING),
        ((("expires", "Sat, 21 Nov 2026 13:00:00 GMT"),), HOUR),
        ((("expires", "Saturday, 21-Nov-26 13:00:00 GMT"),), HOUR),
        ((("expires", "Sat Nov 21 13:00:00 2026"),), HOUR),
        ((("expires", "Sat, 21 Nov 2026 03:00:00 GMT"), ("date", "Sat, 21 Nov 2026 02:00:00 GMT")), HOUR),
        ((("expires", "Sat, 21 Nov 2026 13:00:00 GMT"), ("age", "600")), timedelta(minutes=50)),
        ((("expires", "Sat, 21 Nov 2020 13:00:00 GMT"),), NOTHING),
        ((("expires", "Fri, 31 Dec 9999 23:59:59 GMT"),), WEEK),
        ((("expires", "0"),), NOTHING),
        ((("expires", "-1"),), NOTHING),
        ((("expires", "Thu, 99 Foo 2026 99:99:99 GMT"),), NOTHING),
    ],
)
def test_how_long_an_answer_keeps(headers: tuple[tuple[str, str], ...], wait: timedelta) -> None:
    assert fresh_for(response(*headers), NOW) == wait


@pytest.mark.parametrize(
    ("status", "value", "wait"),
    [
        (429, "120", timedelta(minutes=2)),
        (503, "120", timedelta(minutes=2)),
        (500, "120", timedelta(minutes=2)),
        (429, " 120 ", timedelta(minutes=2)),
        (503, "Sat, 21 Nov 2026 12:30:00 GMT", timedelta(minutes=30)),
        (503, "Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=31)),
        (429, "99999999999999999999", timedelta(days=31)),
        (429, "0", NOTHING),
        (429, "-5", HOUR),
        (429, "soon", HOUR),
        (503, "", HOUR),
        (503, "Sat, 21 Nov 2020 12:30:00 GMT", HOUR),
        (500, "soon", None),
        (404, "", None),
    ],
)
def test_how_long_a_failure_asks_to_wait(status: int, value: str, wait: timedelta | None) -> None:
    headers = [("retry-after", value)] if value else []
    assert retry_after(failure(status, *headers), NOW) == wait


def test_of_several_retry_after_the_longest_is_obeyed() -> None:
    said = [("retry-after", value) for value in ("60", "Sat, 21 Nov 2026 14:00:00 GMT", "soon", "120")]
    assert retry_after(failure(503, *said), NOW) == 2 * HOUR


def test_a_date_in_retry_after_is_measured_by_the_servers_own_clock() -> None:
    slow = ("date", "Sat, 21 Nov 2026 02:00:00 GMT"), ("retry-after", "Sat, 21 Nov 2026 02:10:00 GMT")
    assert retry_after(failure(503, *slow), NOW) == timedelta(minutes=10)


@given(st.text(max_size=60))
def test_no_header_value_raises_or_asks_for_more_than_its_bound(value: str) -> None:
    assert (
        NOTHING <= fresh_for(response(("cache-control", f"max-age={value}"), ("expires", value)), NOW) <= WEEK
    )
    wait = retry_after(failure(503, ("retry-after", value), ("date", value)), NOW)
    assert wait is not None
    assert NOTHING <= wait <= timedelta(days=31)


def test_a_429_blocks_its_whole_host_and_nothing_else_does() -> None:
    assert blocked_host(failure(429, ("retry-after", "60")), now=NOW) == (
        "a.test",
        NOW + timedelta(minutes=1),
    )
    assert blocked_host(failure(429), now=NOW) == ("a.test", NOW + HOUR)
    assert blocked_host(failure(503, ("retry-after", "60")), now=NOW) is None
    assert blocked_host(response(("retry-after", "60")), now=NOW) is None


@pytest.mark.parametrize(
    ("pace", "opened"),
    [
        (Pace(), NOW),
        (Pace(skip_hours=frozenset({11, 13})), NOW),
        (Pace(skip_hours=frozenset({12, 13})), NOW.replace(hour=14)),
        (Pace(skip_hours=frozenset(range(10, 24))), NOW.replace(day=22, hour=0)),
        (Pace(skip_days=frozenset({5})), NOW.replace(day=22, hour=0)),
        (Pace(skip_days=frozenset({5, 6}), skip_hours=frozenset({0})), NOW.replace(day=23, hour=1)),
        (Pace(skip_days=frozenset({0, 1, 2, 3, 4, 5})), NOW.replace(day=22, hour=0)),
        (Pace(skip_hours=frozenset(range(24))), NOW),
        (Pace(skip_days=frozenset(range(7))), NOW),
    ],
)
def test_skipped_hours_and_days_are_left_alone_unless_none_is_left(pace: Pace, opened: datetime) -> None:
    assert open_from(NOW, pace) == opened
