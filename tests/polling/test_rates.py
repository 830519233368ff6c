import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Polling, SourceState
from aggregator.polling import budget_factor, default_factor, interval, learn, per_day, seed

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
POLLING = Polling()


def every(step: timedelta, count: int) -> list[datetime | None]:
    return [NOW - step * number for number in range(count)]


def test_the_first_fetch_seeds_the_rate_from_its_dates() -> None:
    busy, quiet = seed(every(timedelta(hours=1), 50), NOW), seed(every(7 * DAY, 10), NOW)
    assert per_day(SourceState(rate=busy[0], observed=busy[1])) == pytest.approx(24, rel=0.6)
    assert per_day(SourceState(rate=quiet[0], observed=quiet[1])) == pytest.approx(1 / 7, rel=0.6)


def test_undated_and_future_items_say_nothing_of_the_rate() -> None:
    assert seed([None, NOW + DAY], NOW) == (0, 0)
    assert seed([], NOW) == (0, 0)


def test_a_source_never_seen_is_expected_to_bring_something_every_four_days() -> None:
    assert per_day(SourceState()) == 0.25


def test_the_rate_is_learned_over_polls_and_forgets_with_a_half_life_of_a_week() -> None:
    memory, now = SourceState(good=NOW, newest=NOW), NOW
    for _ in range(24 * 60):  # sixty days of an item an hour, polled hourly
        now += timedelta(hours=1)
        rate, observed = learn(memory, [now - timedelta(minutes=5)], now)
        memory = SourceState(good=now, newest=now - timedelta(minutes=5), rate=rate, observed=observed)
    assert per_day(memory) == pytest.approx(24, rel=0.2)
    rate, _ = learn(memory, (), now + 7 * DAY)
    assert rate == pytest.approx(memory.rate / 2)


def test_items_seen_before_do_not_count_again() -> None:
    known = SourceState(good=NOW - DAY, newest=NOW - DAY, rate=5, observed=5)
    again, _ = learn(known, [NOW - 2 * DAY, NOW - DAY], NOW)
    more, _ = learn(known, [NOW - 2 * DAY, NOW - DAY, NOW - DAY / 2, NOW], NOW)
    assert more - again == pytest.approx(2, abs=0.1)


def test_a_changed_document_without_dates_counts_as_one_item() -> None:
    known = SourceState(good=NOW, rate=5, observed=5)
    assert learn(known, [None] * 20, NOW) == (6, 5)


def test_four_times_the_rate_or_weight_halves_the_interval() -> None:
    base = interval(1.0, 1.0, 4.0, 0, POLLING)
    assert base == timedelta(hours=4)
    assert interval(4.0, 1.0, 4.0, 0, POLLING) == base / 2
    assert interval(1.0, 4.0, 4.0, 0, POLLING) == base / 2


def test_nothing_scrolls_past_unseen() -> None:
    assert interval(24.0, 1.0, 100.0, 60, POLLING) == timedelta(hours=10)
    assert interval(2400.0, 1.0, 10000.0, 60, POLLING) == POLLING.shortest


def test_without_a_budget_an_item_an_hour_is_asked_for_at_the_shortest_wait() -> None:
    factor = default_factor(POLLING.shortest)
    assert interval(24.0, 1.0, factor, 0, POLLING) == pytest.approx(POLLING.shortest, rel=0.001)
    assert POLLING.shortest < interval(1.0, 1.0, factor, 0, POLLING) < POLLING.longest


RATES = st.floats(0.04, 500)
WEIGHTS = st.floats(0.1, 10)


@given(st.lists(st.tuples(RATES, WEIGHTS), min_size=1, max_size=50), st.floats(0.1, 5000))
def test_all_sources_together_keep_to_the_budget(pairs: list[tuple[float, float]], budget: float) -> None:
    factor = budget_factor(pairs, budget)
    waits = [interval(rate, weight, factor, 0, POLLING) for rate, weight in pairs]
    requests = sum(timedelta(hours=1) / wait for wait in waits)
    least, most = len(pairs) / 24, len(pairs) * 2
    assert requests == pytest.approx(min(max(budget, least), most), rel=1e-3)


@given(RATES, WEIGHTS, st.floats(1e-6, 1e6), st.integers(0, 10_000))
def test_an_interval_lies_within_its_waits(rate: float, weight: float, factor: float, window: int) -> None:
    assert POLLING.shortest <= interval(rate, weight, factor, window, POLLING) <= POLLING.longest


@given(
    st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), max_size=20),
    st.datetimes(timezones=st.just(UTC)),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_a_rate_is_a_positive_number_whatever_the_dates_and_the_clock(
    dates: list[datetime | None], now: datetime, good: datetime | None
) -> None:
    rate, observed = learn(SourceState(good=good, rate=1, observed=1), dates, now)
    daily = per_day(SourceState(rate=rate, observed=observed))
    assert math.isfinite(daily)
    assert daily > 0


def test_a_budget_without_sources_is_no_error() -> None:
    assert budget_factor([], 100) == default_factor(POLLING.shortest)
