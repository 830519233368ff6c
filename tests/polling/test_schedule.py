from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import polling
from aggregator.model import Failure, Pace, Polling, Response, Source, SourceState, Validators

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
FEED = "http://a.test/feed"
SOURCE = Source("a", FEED)
KNOWN = SourceState(
    url=FEED,
    validators=Validators('"old"', "Friday", FEED),
    good=NOW - HOUR,
    polled=NOW - HOUR,
    rate=10.0,
    observed=10.0,
    newest=NOW - HOUR,
)


def ok(
    *headers: tuple[str, str], status: int = 200, url: str = FEED, moved_to: str | None = None
) -> Response:
    return Response(url, status, headers, b"<rss/>" if status == 200 else b"", moved_to)


def failed(status: int | None = 500, *headers: tuple[str, str], requests: int = 1) -> Failure:
    return Failure(
        "http" if status else "network", f"It failed ({status}).", status, headers, requests, "a.test"
    )


def after(memory: SourceState, result: Response | Failure, now: datetime = NOW, **more: Any) -> SourceState:
    return polling.after(SOURCE, memory, result, now=now, chance=more.pop("chance", 0.0), **more)


def wait(memory: SourceState, now: datetime = NOW) -> timedelta:
    assert memory.next_poll is not None
    return memory.next_poll - now


# ── validators ──────────────────────────────────────────────────────────────────────────────────


def test_a_200_brings_its_own_validators_as_one_set() -> None:
    both = after(KNOWN, ok(("etag", '"new"'), ("last-modified", "Saturday"), url=FEED + "2"))
    assert both.validators == Validators('"new"', "Saturday", FEED + "2")
    assert after(KNOWN, ok(("etag", '"new"'))).validators == Validators('"new"', None, FEED)
    assert not after(KNOWN, ok()).validators


def test_a_304_keeps_the_old_validators_or_completes_them() -> None:
    assert after(KNOWN, ok(status=304)).validators == KNOWN.validators
    same = after(KNOWN, ok(("etag", '"old"'), ("last-modified", "Saturday"), status=304))
    assert same.validators == Validators('"old"', "Saturday", FEED)
    assert after(KNOWN, ok(("etag", '"old"'), status=304)).validators == KNOWN.validators


def test_a_304_with_another_etag_begins_a_new_set() -> None:
    assert after(KNOWN, ok(("etag", '"new"'), status=304)).validators == Validators('"new"', None, FEED)


def test_errors_keep_the_validators() -> None:
    for result in (failed(500), failed(404), failed(429), failed(None)):
        assert after(KNOWN, result).validators == KNOWN.validators


def test_an_unreadable_document_is_asked_for_conditionally_until_the_reader_is_another() -> None:
    fault = Failure("format", "It is no feed.")
    first = after(SourceState(url=FEED), ok(("etag", '"bad"'), ("content-length", "9")), unreadable=fault)
    assert (first.failures, first.failure, first.good) == (1, "It is no feed.", None)
    assert first.validators == Validators('"bad"', None, FEED)
    second = after(first, ok(status=304))
    assert (second.failures, second.failure, second.good) == (2, "It is no feed.", None)
    read_by = replace(second, refiner="1")
    assert polling.request(SOURCE, read_by, "1").validators == first.validators
    assert polling.request(SOURCE, read_by, "2").validators == Validators()
    healed = after(second, ok(("etag", '"good"')))
    assert (healed.failures, healed.failure, healed.unreadable) == (0, "", "")
    assert polling.request(SOURCE, healed, "2").validators == Validators('"good"', None, FEED)


def test_an_unreadable_document_that_may_be_cut_short_does_not_lose_the_validators_of_the_last_one() -> None:
    state = after(KNOWN, ok(("etag", '"new"')), unreadable=Failure("format", "It is no feed."))
    assert (state.validators, state.unreadable, state.failures) == (KNOWN.validators, "", 1)


def test_a_document_that_took_too_much_to_read_is_asked_for_again_in_full() -> None:
    state = after(KNOWN, ok(("etag", '"new"')), unreadable=Failure("limits", "It took too long."))
    assert state.validators == KNOWN.validators
    assert state.unreadable == ""


# ── failures, moves, 410 ────────────────────────────────────────────────────────────────────────


def test_failures_double_the_interval_up_to_a_week_and_a_good_poll_ends_that() -> None:
    usual, state, waits = wait(after(KNOWN, ok(status=304))), KNOWN, []
    for _ in range(9):
        state = after(state, failed(500))
        waits.append(wait(state))
    assert waits[0] == pytest.approx(usual * 2, rel=0.1)
    assert waits[1] == waits[0] * 2
    assert waits[5:] == [waits[5]] * 4
    assert max(waits) <= WEEK
    assert "9 times" in state.why
    good = after(state, ok(status=304))
    assert (good.failures, good.failure) == (0, "")
    assert wait(good) == pytest.approx(usual, rel=0.1)


def test_a_source_that_was_never_read_is_tried_again_soon() -> None:
    assert wait(after(SourceState(url=FEED), failed(None))) == HOUR


def test_a_404_for_a_month_is_a_handful_of_requests() -> None:
    state, now, polls = KNOWN, NOW, 0
    while now < NOW + timedelta(days=31):
        state = after(state, failed(404), now)
        assert state.next_poll is not None
        now, polls = state.next_poll, polls + 1
    assert polls < 20


def test_a_410_stops_polling_until_a_good_answer() -> None:
    gone = after(KNOWN, failed(410))
    assert (gone.gone, gone.next_poll) == (True, None)
    assert after(gone, failed(404)).gone
    back = after(gone, ok())
    assert not back.gone
    assert back.next_poll is not None


def test_a_move_is_adopted_after_three_good_polls_in_a_row() -> None:
    state = KNOWN
    for seen in (1, 2):
        state = after(state, ok(moved_to="http://a.test/new"))
        assert (state.url, state.moved_to, state.moved_seen) == (FEED, "http://a.test/new", seen)
    state = after(state, ok(moved_to="http://a.test/new", status=304))
    assert (state.url, state.moved_to, state.moved_seen) == ("http://a.test/new", "", 0)


def test_another_target_or_none_begins_the_count_anew() -> None:
    state = after(after(KNOWN, ok(moved_to="http://a.test/b")), ok(moved_to="http://a.test/b"))
    assert after(state, ok(moved_to="http://a.test/c")).moved_seen == 1
    assert after(state, ok()).moved_seen == 0
    assert after(state, failed(500)).moved_seen == 2


@pytest.mark.parametrize("status", [404, 410])
def test_an_adopted_address_that_goes_away_gives_the_configured_one_another_chance(status: int) -> None:
    state = after(replace(KNOWN, url="http://b.test/"), failed(status))
    assert (state.url, state.gone) == (FEED, False)
    assert state.next_poll is not None


@pytest.mark.parametrize(
    ("address", "are_sent"),
    [
        ("", True),
        (FEED, True),
        ("http://a.test/other", True),
        ("http://b.test/", False),
        ("https://a.test/feed", False),
        ("http://a.test:8080/feed", False),
        ("http://[", False),
    ],
)
def test_the_operators_headers_are_not_sent_to_an_adopted_address_of_another_origin(
    address: str, are_sent: bool
) -> None:
    headers = (("Authorization", "Bearer secret"),)
    asked = polling.request(replace(SOURCE, headers=headers), replace(KNOWN, url=address))
    assert asked.headers == (headers if are_sent else ())


def test_an_adopted_address_that_keeps_failing_is_given_up_too() -> None:
    state = replace(KNOWN, url="http://b.test/")
    for _ in range(3):
        assert state.url == "http://b.test/"
        state = after(state, failed(None))
    assert state.url == FEED


# ── what servers and feeds ask ──────────────────────────────────────────────────────────────────


def test_retry_after_is_obeyed_and_outlives_other_failures() -> None:
    state = after(KNOWN, failed(503, ("retry-after", "864000")))
    assert state.not_before == NOW + 10 * DAY
    assert wait(state) == 10 * DAY
    assert "Retry-After" in state.why
    by_hand = after(state, failed(None), NOW + DAY)
    assert by_hand.not_before == NOW + 10 * DAY
    assert wait(by_hand) >= 10 * DAY
    assert after(state, ok()).not_before is None


def test_429_and_503_without_retry_after_wait_an_hour_at_least() -> None:
    quick = replace(KNOWN, rate=1000.0)
    for status in (429, 503):
        assert wait(after(quick, failed(status))) >= HOUR


def test_an_hour_after_a_503_doubles_even_where_polls_come_every_minute() -> None:
    often, state = replace(SOURCE, polling=Polling(shortest=timedelta(minutes=1))), replace(KNOWN, rate=9e6)
    waits = []
    for _ in range(4):
        state = polling.after(often, state, failed(503), now=NOW, chance=0.0)
        waits.append(wait(state))
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]


def test_a_source_kept_away_by_its_hosts_429_did_not_fail_itself() -> None:
    state = after(KNOWN, failed(429, ("retry-after", "86400"), requests=0))
    assert (state.failures, state.failure, state.polled) == (0, "", KNOWN.polled)
    assert wait(state) == DAY


def test_max_age_lengthens_on_200_and_304_alike() -> None:
    for status in (200, 304):
        state = after(KNOWN, ok(("cache-control", "max-age=172800"), status=status))
        assert wait(state) == 2 * DAY
        assert "Cache-Control" in state.why
    short = after(KNOWN, ok(("cache-control", "max-age=60")))
    assert wait(short) == wait(after(KNOWN, ok()))


def test_ttl_is_kept_for_the_polls_that_read_nothing_and_bounded_by_a_week() -> None:
    state = after(KNOWN, ok(), pace=Pace(ttl=2 * DAY))
    assert wait(state) == 2 * DAY
    assert wait(after(state, ok(status=304))) == 2 * DAY
    assert wait(after(KNOWN, ok(), pace=Pace(ttl=100 * DAY))) == WEEK
    assert wait(after(state, ok(), pace=Pace())) < DAY
    assert wait(after(KNOWN, ok(), pace=Pace(ttl=-DAY))) > timedelta(0)


def test_polls_at_the_end_of_skipped_hours_are_spread_and_not_on_the_hour() -> None:
    pace = Pace(skip_hours=frozenset(range(12, 24)))
    polls = [after(KNOWN, ok(), pace=pace, chance=number / 10).next_poll for number in range(10)]
    midnight = (NOW + DAY).replace(hour=0)
    assert len(set(polls)) == 10
    assert all(poll is not None and midnight <= poll <= midnight + HOUR / 2 for poll in polls)


def test_the_window_of_a_busy_feed_shortens_the_wait_also_after_a_304() -> None:
    long = replace(KNOWN, rate=1000.0)
    state = after(long, ok(), window=12, factor=1000.0)
    assert state.window == 12
    assert wait(after(state, ok(status=304), factor=1000.0)) < HOUR < wait(after(long, ok(), factor=1000.0))


def test_every_state_says_why() -> None:
    assert after(KNOWN, ok()).why == "It brings about 1 item a day, so it is polled every 3 hours."
    assert after(KNOWN, failed(500)).why.startswith("It failed once")
    assert "410" in after(KNOWN, failed(410)).why


# ── new entries alone (RFC 3229) ────────────────────────────────────────────────────────────────


def test_only_the_reader_that_read_the_rest_asks_for_new_entries_alone() -> None:
    read = replace(KNOWN, refiner="1")
    assert polling.request(SOURCE, read, "1").delta
    assert not polling.request(SOURCE, read, "2").delta
    assert not polling.request(SOURCE, replace(read, unreadable="It is no feed."), "1").delta
    assert not polling.request(SOURCE, replace(read, failures=1), "1").delta
    assert not polling.request(SOURCE, SourceState(url=FEED)).delta


def test_a_226_brings_its_validators_and_leaves_the_window_as_it_was() -> None:
    state = after(replace(KNOWN, window=40), ok(("etag", '"new"'), status=226), published=[NOW], window=1)
    assert (state.window, state.validators, state.newest) == (40, Validators('"new"', None, FEED), NOW)


def test_an_unreadable_226_is_asked_for_again_with_all_the_rest() -> None:
    fault = Failure("format", "It is no feed.")
    state = after(replace(KNOWN, refiner="1"), ok(("etag", '"new"'), status=226), unreadable=fault)
    assert (state.validators, state.failures, state.unreadable) == (KNOWN.validators, 1, "")
    assert not polling.request(SOURCE, state, "1").delta


def test_the_no_store_of_a_226_is_meant_for_others() -> None:
    said = ("cache-control", "no-store, im, max-age=172800")
    assert wait(after(KNOWN, ok(said, status=226))) == 2 * DAY
    assert wait(after(KNOWN, ok(said))) < DAY


# ── missing for long, blocked, missed ───────────────────────────────────────────────────────────


def test_a_404_that_lasts_for_a_month_is_told_and_asked_for_daily_at_most() -> None:
    quick = replace(KNOWN, rate=1000.0)
    first = after(quick, failed(404))
    assert (first.failing, first.failure) == (NOW, "It failed (404).")
    month = after(replace(first, failures=1), failed(404), NOW + timedelta(days=40))
    assert month.failing == NOW
    assert month.failure == (
        "It failed (404); it has been missing for 40 days: find its new address, or remove the source."
    )
    assert wait(month, NOW + timedelta(days=40)) >= DAY
    assert wait(after(replace(first, failures=1), failed(404), NOW + DAY), NOW + DAY) < DAY
    assert after(month, ok()).failing is None


def test_a_held_off_source_waits_at_least_as_long_as_its_host_asks() -> None:
    state = polling.held_off(after(KNOWN, ok()), NOW + DAY)
    assert (state.not_before, state.next_poll) == (NOW + DAY, NOW + DAY)
    assert state.why == "A.test asked for no requests at all until 2026-11-22 12:00 UTC (429)."
    assert polling.held_off(state, NOW + HOUR) == state
    gone = after(KNOWN, failed(410))
    assert polling.held_off(gone, NOW + DAY) == gone


@pytest.mark.parametrize("count", [1, 30, 100_000])
def test_missed_polls_are_spread_over_ten_minutes_at_most_and_new_sources_do_not_wait(count: int) -> None:
    known, new = replace(KNOWN, next_poll=NOW - DAY), SourceState(url=FEED, next_poll=NOW - DAY)
    spread = polling.put_off([known] * count, NOW)
    polls = [state.next_poll for state in spread]
    assert len(set(polls)) == count
    assert all(poll is not None and NOW <= poll <= NOW + timedelta(minutes=10) for poll in polls)
    assert polling.put_off([known, new], NOW)[1] == new


# ── properties ──────────────────────────────────────────────────────────────────────────────────

MOMENTS = st.integers(0, 100 * 365 * 24 * 60).map(
    lambda minutes: NOW - 26 * 365 * DAY + timedelta(minutes=minutes)
)
WORDS = st.sampled_from(
    [
        "0",
        "60",
        "999999999999",
        "-1",
        "soon",
        "max-age=99",
        "max-age=9999999",
        "Sat, 21 Nov 2026 13:00:00 GMT",
    ]
)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["cache-control", "expires", "age", "date", "retry-after", "etag"]), WORDS),
    max_size=6,
).map(tuple)
RESULTS = st.one_of(
    st.builds(
        Response,
        url=st.just(FEED),
        status=st.sampled_from([200, 304]),
        headers=HEADERS,
        body=st.just(b""),
        moved_to=st.sampled_from([None, "http://b.test/"]),
    ),
    st.builds(
        Failure,
        kind=st.sampled_from(["network", "http", "format"]),
        sentence=st.just("No."),
        status=st.sampled_from([None, 304, 404, 429, 500, 503]),
        headers=HEADERS,
        requests=st.integers(0, 3),
        host=st.just("a.test"),
    ),
)
PACES = st.none() | st.builds(
    Pace,
    ttl=st.none() | st.timedeltas(),
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)
MEMORIES = st.builds(
    SourceState,
    url=st.sampled_from(["", FEED, "http://b.test/"]),
    good=st.none() | MOMENTS,
    newest=st.none() | MOMENTS,
    not_before=st.none() | MOMENTS,
    failures=st.integers(0, 10_000),
    rate=st.floats(0, 1e6),
    observed=st.floats(0, 11),
    window=st.integers(0, 1000),
    moved_to=st.sampled_from(["", "http://b.test/"]),
    moved_seen=st.integers(0, 3),
)


@given(
    MEMORIES,
    RESULTS,
    MOMENTS,
    st.floats(0, 1, exclude_max=True),
    PACES,
    st.lists(st.none() | MOMENTS, max_size=5),
    st.none() | st.floats(1e-6, 1e6),
)
def test_the_next_poll_is_never_sooner_than_the_shortest_wait_or_what_is_asked(
    memory: SourceState,
    result: Response | Failure,
    now: datetime,
    chance: float,
    pace: Pace | None,
    published: list[datetime | None],
    factor: float | None,
) -> None:
    state = polling.after(
        SOURCE, memory, result, now=now, chance=chance, pace=pace, published=published, factor=factor
    )
    assert state.next_poll is not None
    shortest = SOURCE.polling.shortest
    assert state.next_poll >= now + shortest
    if isinstance(result, Failure):
        assert state.next_poll >= now + (polling.retry_after(result, now) or shortest)
    else:
        assert state.next_poll >= now + polling.fresh_for(result, now)
        assert state.next_poll >= now + max(min(state.pace.ttl or shortest, WEEK), shortest)
    if state.not_before is None:
        assert state.next_poll <= now + WEEK + DAY
    assert state.why.endswith(".")


@given(MEMORIES, RESULTS, MOMENTS, PACES)
def test_what_is_asked_only_lengthens(
    memory: SourceState, result: Response | Failure, now: datetime, pace: Pace | None
) -> None:
    silent = replace(result, headers=())
    asked = polling.after(SOURCE, memory, result, now=now, chance=0, pace=pace).next_poll
    unasked = polling.after(SOURCE, memory, silent, now=now, chance=0, pace=Pace()).next_poll
    assert asked is not None
    assert unasked is not None
    if isinstance(result, Response):
        assert asked >= unasked


@given(MEMORIES, MOMENTS, st.floats(0, 1, exclude_max=True))
def test_polls_are_spread_over_a_tenth_of_the_interval(
    memory: SourceState, now: datetime, chance: float
) -> None:
    plain = replace(memory, pace=Pace())
    first = polling.after(SOURCE, plain, ok(), now=now, chance=0).next_poll
    spread = polling.after(SOURCE, plain, ok(), now=now, chance=chance).next_poll
    assert first is not None
    assert spread is not None
    assert spread - now == pytest.approx((first - now) * (1 + 0.1 * chance), abs=timedelta(seconds=1))


def test_the_request_is_made_from_source_and_memory() -> None:
    source = Source(
        "a",
        FEED,
        headers=(("X", "y"),),
        polling=Polling(at_once_per_host=5, pause_per_host=HOUR, allow_private=("10.0.0.0/8",)),
    )
    asked = polling.request(source, replace(KNOWN, url="http://a.test/moved"))
    assert (asked.url, asked.validators, asked.headers) == (
        "http://a.test/moved",
        KNOWN.validators,
        (("X", "y"),),
    )
    assert (asked.at_once_per_host, asked.pause_per_host, asked.allow_private) == (5, HOUR, ("10.0.0.0/8",))
    assert polling.request(source, SourceState()).url == FEED
