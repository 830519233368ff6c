"""304s that go on for too long, and waits that are too long for what a feed shows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from aggregator import polling
from aggregator.model import Failure, Pace, Response, Source, SourceState, Validators

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "https://a.test/feed"
SOURCE = Source("a", FEED)
ETAG = ("etag", '"a"')


def read(
    apart: timedelta, items: int = 20, *headers: tuple[str, str], pace: Pace | None = None
) -> SourceState:
    """What is remembered after the first poll of a feed that shows so many items, so far apart."""
    published = [START - apart * number for number in range(items)]
    answer = Response(FEED, 200, (ETAG, *headers), b"<rss/>")
    return polling.after(
        SOURCE,
        SourceState(url=FEED),
        answer,
        now=START,
        chance=0.0,
        published=published,
        window=items,
        pace=pace,
    )


def refused(now: datetime) -> Response | Failure:
    return Failure("http", "304 though nothing was compared.", 304, (), 1, "a.test")


def whole(now: datetime) -> Response | Failure:
    return Response(FEED, 200, (ETAG,), b"<rss/>")


def doubts(
    memory: SourceState, unasked: Callable[[datetime], Response | Failure], days: int = 40
) -> list[int]:
    """The days on which a source that says 304 whenever it may is asked without validators."""
    found = []
    for hour in range(0, days * 24, 6):
        now = START + hour * HOUR
        if polling.request(SOURCE, memory, now=now).validators:
            answer: Response | Failure = Response(FEED, 304, (), b"")
        else:
            found.append(hour // 24)
            answer = unasked(now)
        memory = polling.after(SOURCE, memory, answer, now=now, chance=0.0)
    return found


def test_a_304_that_goes_on_for_eight_days_is_doubted_once() -> None:
    assert doubts(read(12 * HOUR), whole, 15) == [8]
    assert doubts(read(12 * HOUR), refused, 15) == [8]


def test_a_doubt_that_is_not_answered_is_repeated() -> None:
    def down(now: datetime) -> Failure:
        return Failure("network", "It is down.")

    busy = Failure("http", "Later.", 503, (), 1, "a.test")
    assert doubts(read(12 * HOUR), down, 10) == [8] * 4 + [9] * 4
    assert doubts(read(12 * HOUR), lambda now: busy, 10) == [8] * 4 + [9] * 4


def test_a_feed_that_brings_an_item_a_week_is_doubted_and_one_a_month_is_not() -> None:
    assert doubts(read(3 * DAY), whole, 15) == [8]
    assert len(doubts(read(7 * DAY), whole, 15)) == 1
    assert doubts(read(30 * DAY, 3), whole) == []
    assert doubts(read(2000 * DAY, 1), whole) == []


def test_documents_and_changes_in_between_begin_the_count_anew() -> None:
    memory = read(12 * HOUR)
    for status in (200, 226):
        again = polling.after(
            SOURCE, memory, Response(FEED, status, (ETAG,), b"<rss/>"), now=START + 7 * DAY, chance=0.0
        )
        assert polling.request(SOURCE, again, now=START + 14 * DAY).validators
        assert not polling.request(SOURCE, again, now=START + 15 * DAY).validators


def test_who_was_read_by_an_earlier_version_is_doubted_eight_days_from_now_at_the_soonest() -> None:
    old = SourceState(url=FEED, validators=Validators('"a"', None, FEED), good=START, rate=20, observed=10)
    assert min(doubts(old, whole)) == 8


def test_a_doubt_is_said_where_it_is_answered() -> None:
    memory = read(12 * HOUR)
    assert polling.doubt(memory, START + 9 * DAY) == (
        "It was asked without validators, for it had answered 304 for 9 days."
    )
    assert polling.doubt(memory, START + 7 * DAY) == ""


# ── waits that outlast what a feed shows ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("memory", "wait"),
    [
        (read(HOUR / 2, 20, ("cache-control", "max-age=604800")), "7 days"),
        (read(HOUR / 2, 20, ("expires", "Sun, 08 Nov 2026 12:00:00 GMT")), "7 days"),
        (read(HOUR / 2, 20, pace=Pace(ttl=3 * DAY)), "3 days"),
        (
            polling.after(
                SOURCE,
                read(HOUR / 2, 20),
                Failure("http", "Later.", 503, (("retry-after", "172800"),), 1, "a.test"),
                now=START,
                chance=0.0,
            ),
            "2 days",
        ),
    ],
)
def test_a_wait_in_which_entries_scroll_past_unseen_is_said(memory: SourceState, wait: str) -> None:
    notes = " ".join(polling.health(SOURCE, memory, START + HOUR).notes)
    assert f"asks for a wait of {wait}, in which about" in notes
    assert "it shows 20 at a time" in notes
    assert "at a time" not in " ".join(polling.health(SOURCE, memory, START, pushed=True).notes)


@pytest.mark.parametrize(
    "memory",
    [
        read(HOUR / 2, 20),
        read(HOUR / 2, 20, ("cache-control", "max-age=7200")),
        read(12 * HOUR, 20, ("cache-control", "max-age=604800")),
        read(HOUR / 2, 0, ("cache-control", "max-age=604800")),
    ],
)
def test_a_wait_that_leaves_time_is_not(memory: SourceState) -> None:
    assert polling.health(SOURCE, memory, START + HOUR).notes == ()
