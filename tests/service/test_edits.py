"""A valid edit that cannot be stored at once."""

import asyncio
from datetime import timedelta

import pytest

from aggregator.errors import AggregatorError
from aggregator.model import Config, Polling, Site
from aggregator.service.running import take_by_all

EDIT = Config(Site("Wire", "https://wire.example/"), Polling(), (), {}, ())
AT_ONCE = timedelta()


def test_an_edit_is_tried_again_until_the_store_takes_it(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[Config] = []
    trouble = [AggregatorError("the database is locked")] * 3

    async def take(cfg: Config) -> None:
        if trouble:
            raise trouble.pop()
        taken.append(cfg)

    assert asyncio.run(take_by_all([take], EDIT, asyncio.Event(), AT_ONCE))
    assert taken == [EDIT]
    [line] = caplog.messages
    assert "the database is locked" in line


def test_a_stop_ends_the_trying() -> None:
    stop = asyncio.Event()

    async def take(_: Config) -> None:
        stop.set()
        raise AggregatorError("the database is locked")

    assert not asyncio.run(take_by_all([take], EDIT, stop))
