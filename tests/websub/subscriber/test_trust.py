"""Whether a subscription works."""

from dataclasses import replace
from datetime import datetime

from aggregator.model import Change, Claim, Item, PollResult, SourceState, Subscription, Tagged
from aggregator.websub import subscriber
from tests.websub.subscriber.given import DAY, HOUR, MINUTE, NOW, subscription

VERIFIED = replace(subscription(), since=NOW - DAY, until=NOW + DAY, next=NOW + DAY / 2)
BEFORE = SourceState(polled=NOW - 2 * HOUR, good=NOW - 2 * HOUR, newest=NOW - 3 * HOUR)


def poll(*published: datetime | None, memory: SourceState = BEFORE, backfill: bool = False) -> PollResult:
    tagged = tuple(Tagged(Item("outlet", str(n), published=date)) for n, date in enumerate(published))
    return PollResult(Claim("outlet", 1, memory), NOW, memory, "new", tagged, backfill=backfill)


def test_it_works_while_it_lasts() -> None:
    assert subscriber.works(VERIFIED, NOW)
    assert not subscriber.works(VERIFIED, NOW + DAY)
    assert not subscriber.works(subscription(), NOW)


def test_what_polls_find_and_no_push_brought_is_missing() -> None:
    assert subscriber.is_missing(VERIFIED, BEFORE, [NOW - HOUR], NOW)
    assert subscriber.overlooked(VERIFIED, poll(NOW - HOUR), Change(new=1))
    assert subscriber.overlooked(VERIFIED, poll(None), Change(new=1))


def test_what_was_pushed_or_may_still_be_on_its_way_is_not() -> None:
    assert not subscriber.is_missing(VERIFIED, replace(BEFORE, newest=NOW - HOUR), [NOW - HOUR], NOW)
    assert not subscriber.is_missing(VERIFIED, BEFORE, [NOW - MINUTE, None, NOW + HOUR], NOW)
    assert not subscriber.overlooked(VERIFIED, poll(NOW - MINUTE), Change(new=1))
    assert not subscriber.overlooked(VERIFIED, poll(NOW - HOUR), Change(corrected=1))


def test_what_is_older_than_the_subscription_is_not() -> None:
    young = replace(VERIFIED, since=NOW - HOUR)
    assert not subscriber.is_missing(young, BEFORE, [NOW - 90 * MINUTE], NOW)
    assert not subscriber.overlooked(young, poll(None), Change(new=1))
    assert not subscriber.overlooked(VERIFIED, poll(None, backfill=True), Change(new=1))


def test_what_a_push_without_content_told_of_is_not() -> None:
    hinted = replace(VERIFIED, hinted=NOW - HOUR)
    assert not subscriber.is_missing(hinted, BEFORE, [NOW - 90 * MINUTE], NOW)
    assert subscriber.is_missing(replace(hinted, hinted=NOW - 3 * HOUR), BEFORE, [NOW - 90 * MINUTE], NOW)


def proven(state: Subscription) -> int:
    """How many pushes it takes until it works again."""
    count = 0
    while not subscriber.works(state, NOW):
        state, count = subscriber.pushed(state, NOW), count + 1
    return count


def test_each_miss_takes_more_pushes_to_make_up_for_and_is_forgiven_in_the_end() -> None:
    state, needed = VERIFIED, []
    for _ in range(4):
        state = subscriber.missed(state, NOW, 0)
        needed.append(proven(state))
    assert needed == [1, 3, 7, 15]
    for _ in range(100):
        state = subscriber.pushed(state, NOW)
    assert state.missed == 0


def test_after_a_miss_the_hub_is_asked_anew_before_long() -> None:
    assert subscriber.missed(VERIFIED, NOW, 0).next == NOW + HOUR
    assert subscriber.missed(replace(VERIFIED, next=NOW + MINUTE), NOW, 0).next == NOW + MINUTE
