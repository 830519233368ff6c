"""What a push changes in the plan of polls."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator import polling
from aggregator.model import Pace, Polling, Response, Source, SourceState

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOURCE = Source("outlet", "https://outlet.example/feed")
KNOWN = SourceState(
    url=SOURCE.feed,
    polled=NOW - 10 * MINUTE,
    good=NOW - 10 * MINUTE,
    next_poll=NOW + 10 * HOUR,
    rate=10,
    observed=5,
    newest=NOW - HOUR,
    window=20,
)


def after(
    pushed_until: datetime | None, chance: float = 0.0, rate: float = 10.0, age: str = "0"
) -> SourceState:
    answer = Response(SOURCE.feed, 304, (("cache-control", f"max-age={age}"),), b"")
    known = replace(KNOWN, rate=rate, observed=5)
    return polling.after(SOURCE, known, answer, now=NOW, chance=chance, pushed_until=pushed_until)


def wait(memory: SourceState) -> timedelta:
    assert memory.next_poll is not None
    return memory.next_poll - NOW


def test_while_a_hub_pushes_polls_are_ten_times_rarer_and_say_why() -> None:
    slow = after(NOW + 9 * DAY)
    assert wait(slow) == 10 * wait(after(None))
    assert slow.why.startswith("Its hub pushes what is new until 2026-03-11 12:00 UTC")


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.99])
def test_a_day_is_the_longest_that_pushes_stretch_the_wait_to(chance: float) -> None:
    assert wait(after(NOW + 9 * DAY, chance, rate=0.01)) <= max(DAY, wait(after(None, chance, rate=0.01)))
    assert wait(after(NOW + 9 * DAY, chance, rate=1)) == DAY


def test_polls_rely_on_no_hub_beyond_its_lease() -> None:
    assert wait(after(NOW + 3 * HOUR)) == 3 * HOUR
    assert wait(after(NOW + MINUTE)) == wait(after(None))


def test_what_was_pushed_counts_for_the_rate_as_if_it_had_been_polled() -> None:
    dates = [NOW - 5 * MINUTE, NOW - 2 * HOUR, None, NOW + HOUR]
    told = polling.counted(KNOWN, dates, NOW)
    assert told.newest == NOW - 5 * MINUTE
    later = NOW + HOUR
    polled, _ = polling.learn(KNOWN, [NOW - 5 * MINUTE], later)
    pushed, _ = polling.learn(told, [NOW - 5 * MINUTE], later)
    assert pushed == pytest.approx(polled, rel=0.01)
    assert (told.good, told.polled, told.window, told.next_poll) == (
        KNOWN.good,
        KNOWN.polled,
        20,
        KNOWN.next_poll,
    )


def test_a_hint_hurries_the_next_poll_within_the_shortest_wait() -> None:
    hurried = polling.hastened(SOURCE, KNOWN, NOW)
    assert hurried.next_poll == KNOWN.polled + 30 * MINUTE  # type: ignore[operator]
    assert hurried.why == "Its hub says that there is something new."
    late = replace(KNOWN, polled=NOW - 9 * HOUR)
    assert polling.hastened(SOURCE, late, NOW).next_poll == NOW
    often = replace(SOURCE, polling=Polling(shortest=MINUTE))
    assert polling.hastened(often, KNOWN, NOW).next_poll == NOW


def test_a_hint_never_delays_a_poll_and_asks_nothing_of_who_is_gone() -> None:
    soon = replace(KNOWN, next_poll=NOW + MINUTE)
    assert polling.hastened(SOURCE, soon, NOW) == soon
    gone = replace(KNOWN, next_poll=None, gone=True)
    assert polling.hastened(SOURCE, gone, NOW) == gone


def test_a_hint_overrules_neither_retry_after_nor_max_age_nor_skipped_hours() -> None:
    asked = replace(KNOWN, not_before=NOW + 5 * HOUR)
    assert polling.hastened(SOURCE, asked, NOW).next_poll == NOW + 5 * HOUR
    fresh = replace(after(None, age="7200"), next_poll=NOW + DAY)
    assert polling.hastened(SOURCE, fresh, NOW).next_poll == NOW + 2 * HOUR
    skipped = replace(KNOWN, pace=Pace(skip_hours=frozenset({12, 13})))
    assert polling.hastened(SOURCE, skipped, NOW).next_poll == NOW + 2 * HOUR
