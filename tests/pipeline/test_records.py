"""Polls that wait for the store's thread are recorded together, and none is told of before it is stored."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.errors import AggregatorError
from aggregator.model import Change, Config, PollResult, Source
from aggregator.store import Recorded
from tests.fakes.store import MemoryStore
from tests.pipeline.test_journey import CONFIG, START, Journey

NAMES = tuple(f"outlet-{n:03}" for n in range(300))
MANY: Config = replace(
    CONFIG, sources=tuple(Source(name, f"https://{name}.example/feed") for name in NAMES), topics=()
)
FULL = AggregatorError("The database cannot grow because the disk is full; make room on the disk.")


class Counting(MemoryStore):
    """A store that remembers which polls it was given together, and fails where told."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []
        self.faulty = ""
        self.full = False

    def record_all(self, polls: Sequence[PollResult]) -> tuple[Recorded, ...]:
        self.batches.append([poll.claim.source for poll in polls])
        if self.full:
            raise FULL
        return super().record_all(polls)

    def record(self, poll: PollResult) -> Change | None:
        if poll.claim.source == self.faulty:
            raise ValueError("a fault of the program")
        return super().record(poll)


class Desk(Journey):
    """A pipeline over that store, whose thread can be kept busy."""

    def __init__(self) -> None:
        super().__init__(MANY)
        self.counting = Counting()
        self.pipeline.context.store = self.counting
        self.counting.namespace(self.pipeline.context.namespace)
        self.counting.sync(MANY.sources, START)

    def polls(self, count: int) -> list[PollResult]:
        claims = self.counting.claim(START, timedelta(minutes=10), count)
        return [
            PollResult(claim, START, replace(claim.memory, next_poll=None), "unchanged") for claim in claims
        ]

    def stored(self) -> list[str]:
        return [name for name in NAMES if self.counting.polls(name, 9)]

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """The store's thread does something else; at its end all have come as far as they can."""
        free = threading.Event()
        other = asyncio.create_task(self.pipeline.context.in_thread(free.wait, 10))
        try:
            yield
            await asyncio.sleep(0)
        finally:
            free.set()
        assert await other


def begun(desk: Desk, polls: Sequence[PollResult]) -> list[asyncio.Task[Change | None]]:
    return [asyncio.create_task(desk.pipeline.poller.recorder.record(poll)) for poll in polls]


def test_polls_that_are_settled_while_the_store_is_busy_are_recorded_together() -> None:
    desk = Desk()

    async def scenario() -> None:
        async with desk.busy():
            tasks = begun(desk, desk.polls(20))
        assert await asyncio.gather(*tasks) == [Change()] * 20

    asyncio.run(scenario())
    assert desk.counting.batches == [list(NAMES[:20])]


def test_so_many_at_once_that_others_get_their_turn() -> None:
    desk = Desk()

    async def scenario() -> None:
        async with desk.busy():
            tasks = begun(desk, desk.polls(300))
        assert await asyncio.gather(*tasks) == [Change()] * 300

    asyncio.run(scenario())
    assert len(desk.counting.batches) == 2
    assert [name for batch in desk.counting.batches for name in batch] == list(NAMES)


def test_a_poll_that_is_given_up_before_its_turn_is_not_stored() -> None:
    desk = Desk()

    async def scenario() -> None:
        async with desk.busy():
            kept, given_up = begun(desk, desk.polls(2))
            await asyncio.sleep(0)
            given_up.cancel()
        assert await kept == Change()
        with pytest.raises(asyncio.CancelledError):
            await given_up

    asyncio.run(scenario())
    assert desk.stored() == [NAMES[0]]


def test_a_poll_that_is_given_up_at_its_turn_hinders_no_other() -> None:
    desk, began, go_on = Desk(), threading.Event(), threading.Event()
    record_all = desk.counting.record_all

    def slow(polls: Sequence[PollResult]) -> tuple[Recorded, ...]:
        began.set()
        assert go_on.wait(10)
        return record_all(polls)

    desk.counting.record_all = slow  # type: ignore[method-assign]

    async def scenario() -> None:
        async with desk.busy():
            given_up, kept = begun(desk, desk.polls(2))
        await asyncio.to_thread(began.wait, 10)
        given_up.cancel()
        go_on.set()
        assert await kept == Change()
        assert given_up.cancelled()

    asyncio.run(scenario())
    assert desk.stored() == list(NAMES[:2])


def test_a_poll_that_cannot_be_stored_fails_alone() -> None:
    desk = Desk()
    desk.counting.faulty = NAMES[1]

    async def scenario() -> None:
        async with desk.busy():
            tasks = begun(desk, desk.polls(3))
        one, faulty, other = await asyncio.gather(*tasks, return_exceptions=True)
        assert (one, other) == (Change(), Change())
        assert isinstance(faulty, ValueError)

    asyncio.run(scenario())


def test_what_stops_the_store_is_told_to_all_and_the_next_are_tried_again() -> None:
    desk = Desk()

    async def scenario() -> None:
        desk.counting.full = True
        polls = desk.polls(3)
        async with desk.busy():
            tasks = begun(desk, polls)
        assert await asyncio.gather(*tasks, return_exceptions=True) == [FULL] * 3
        desk.counting.full = False
        assert await desk.pipeline.poller.recorder.record(polls[0]) == Change()

    asyncio.run(scenario())
    assert desk.stored() == [NAMES[0]]


def test_a_poll_is_told_of_once_it_is_stored() -> None:
    desk = Desk()
    desk.world.bodies = {}
    told: list[tuple[str, bool]] = []

    def observe(event: object) -> None:
        (source,) = desk.counting.batches[-1][:1]
        told.append((source, bool(desk.counting.polls(source, 9))))

    desk.pipeline.context.observe = observe
    asyncio.run(desk.pipeline.poller.poll(desk.counting.claim(START, timedelta(minutes=10), 1)))
    assert told == [(NAMES[0], True)]
