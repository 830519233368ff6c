"""How a source fares, as its operator reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator import polling
from aggregator.model import Failure, Response, Source, SourceState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "https://a.test/feed"
SOURCE = Source("a", FEED)
GOOD = SourceState(
    url=FEED, polled=NOW, good=NOW, rate=20.0, observed=10.0, newest=NOW - HOUR, next_poll=NOW + HOUR
)


def states(memory: SourceState | None) -> str:
    return polling.health(SOURCE, memory, NOW).state


def test_a_source_that_is_read_and_brings_news_is_fine() -> None:
    found = polling.health(SOURCE, GOOD, NOW)
    assert (found.state, found.notes) == ("fine", ())
    assert found.per_day == pytest.approx(1.7, abs=0.1)


def test_a_source_that_was_never_polled_is_new() -> None:
    assert states(None) == states(SourceState(url=FEED, next_poll=NOW)) == "new"


def test_failures_are_told_with_their_number_and_beginning() -> None:
    failed = replace(GOOD, failures=2, failing=NOW - DAY, failure="It is down; wait.")
    found = polling.health(SOURCE, failed, NOW)
    assert found.state == "failing"
    assert found.notes == ("It is down; wait (2 times in a row since 2026-11-20 12:00 UTC).",)
    assert states(replace(failed, failures=3)) == "broken"
    assert states(replace(failed, failures=1, good=None)) == "broken"
    assert states(replace(failed, gone=True)) == "gone"


def test_moves_are_told_before_and_after_they_are_taken_over() -> None:
    pending = polling.health(SOURCE, replace(GOOD, moved_to="https://b.test/", moved_seen=1), NOW)
    assert pending.state == "moved"
    assert "if 2 more good polls agree" in pending.notes[0]
    adopted = polling.health(SOURCE, replace(GOOD, url="https://b.test/"), NOW)
    assert adopted.state == "moved"
    assert "correct its feed" in adopted.notes[0]


def test_a_server_that_asked_to_wait_is_waited_for() -> None:
    found = polling.health(SOURCE, replace(GOOD, not_before=NOW + DAY, why="It asked to."), NOW)
    assert (found.state, found.notes) == ("waiting", ("It asked to.",))
    assert states(replace(GOOD, not_before=NOW - DAY)) == "fine"


def test_who_said_429_is_waited_for_until_that_lasts_for_a_day() -> None:
    busy = Failure("http", "Less often.", 429, (("retry-after", "600"),), 1, "a.test")
    state = polling.after(SOURCE, replace(GOOD, good=None, polled=None), busy, now=NOW, chance=0.0)
    assert polling.health(SOURCE, state, NOW).state == "waiting"
    for _ in range(5):
        state = polling.after(SOURCE, state, busy, now=NOW, chance=0.0)
    assert states(state) == "waiting"
    assert states(replace(state, failing=NOW - DAY)) == "broken"
    down = polling.after(SOURCE, state, Failure("network", "It is down."), now=NOW, chance=0.0)
    assert states(down) == "broken"
    assert (
        states(replace(GOOD, good=None, polled=None, not_before=NOW + HOUR, why="It asked to.")) == "waiting"
    )


def read_daily(per_day: int, days: int, silent: int) -> SourceState:
    """What is remembered of a source that brought so many items a day, and then nothing."""
    began = NOW - (days + silent) * DAY
    memory = SourceState(url=FEED)
    for day in range(days + silent + 1):
        moment = began + day * DAY
        items = [moment - HOUR * number for number in range(per_day)] if day <= days else []
        answer = Response(FEED, 200 if items else 304, (), b"")
        memory = polling.after(SOURCE, memory, answer, now=moment, chance=0.0, published=items)
    return memory


@pytest.mark.parametrize("silent", [3, 10, 40, 60])
def test_silence_is_told_with_what_the_source_used_to_bring(silent: int) -> None:
    found = polling.health(SOURCE, read_daily(8, 20, silent), NOW)
    assert found.state == "silent"
    said = found.notes[0]
    quiet = "2 months" if silent == 60 else f"{silent} days"
    assert said == f"Nothing new has come for {quiet}; before that it brought 7 items a day."


def test_a_slow_source_a_weekend_and_a_failure_are_no_silence() -> None:
    assert states(read_daily(8, 20, 2)) == "fine"
    assert states(read_daily(1, 20, 6)) == "fine"
    failure = Failure("network", "It is down.")
    down = polling.after(SOURCE, read_daily(8, 20, 10), failure, now=NOW, chance=0.0)
    assert polling.health(SOURCE, down, NOW).state == "failing"


def test_what_is_too_long_ago_is_not_guessed() -> None:
    notes = polling.health(SOURCE, read_daily(8, 20, 300), NOW).notes
    assert notes == ("Nothing new has come for 9 months.",)


THERE = "https://b.test/p4th?token=s3cr3t"


@pytest.mark.parametrize("moved", [replace(GOOD, moved_to=THERE), replace(GOOD, url=THERE)])
def test_where_a_feed_moved_to_is_said_without_its_token(moved: SourceState) -> None:
    [note] = polling.health(SOURCE, moved, NOW).notes
    assert "https://b.test/p4th?token=***" in note
    [note] = polling.health(replace(SOURCE, private=True), moved, NOW).notes
    assert ("https://b.test/***" in note, "p4th" in note) == (True, False)
