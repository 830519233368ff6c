"""What stands in the way is reported once."""

import asyncio
import logging
from collections.abc import Coroutine

import pytest

from aggregator.errors import AggregatorError
from aggregator.service.troubles import Troubles


async def fails(sentence: str) -> None:
    raise AggregatorError(sentence)


async def works() -> None:
    return None


def guarded(*works: tuple[str, Coroutine[object, object, None]]) -> list[bool]:
    async def run() -> list[bool]:
        troubles = Troubles()
        return [await troubles.guard(name, work) for name, work in works]

    return asyncio.run(run())


def test_one_cause_that_stops_several_kinds_of_work_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    done = guarded(
        ("claiming", fails("The disk is full.")),
        ("publishing", fails("The disk is full.")),
        ("the hub", works()),
        ("claiming", fails("The disk is full.")),
    )
    assert (done, caplog.messages) == ([False, False, True, False], ["The disk is full."])


def test_it_is_reported_again_once_it_was_over(caplog: pytest.LogCaptureFixture) -> None:
    guarded(("claiming", fails("Full.")), ("claiming", works()), ("claiming", fails("Full.")))
    assert caplog.messages == ["Full.", "Full."]


def test_another_cause_is_another_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        guarded(("claiming", fails("Full.")), ("claiming", fails("Locked.")))
    assert caplog.messages == ["Full.", "Locked."]
