"""A valid edit that cannot be stored at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.errors import AggregatorError
from aggregator.model import Config, Polling, Site
from aggregator.service.program import follow, take_by_all

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


def test_an_edit_that_takes_long_gives_way_to_the_next() -> None:
    async def edits() -> AsyncIterator[Config]:
        for title in ("Wire", "Post", "Times"):
            yield replace(EDIT, site=Site(title, "https://wire.example/"))
            await asyncio.sleep(0)

    begun, done = list[str](), list[str]()

    async def take(cfg: Config) -> None:
        begun.append(cfg.site.title)
        if cfg.site.title != "Times":
            await asyncio.Event().wait()  # for ever
        done.append(cfg.site.title)

    asyncio.run(asyncio.wait_for(follow(edits(), take), 5))
    assert (begun[-1], done) == ("Times", ["Times"])


def test_a_fault_in_one_edit_is_reported_and_the_next_is_taken(caplog: pytest.LogCaptureFixture) -> None:
    async def edits() -> AsyncIterator[Config]:
        for title in ("Wire", "Post"):
            yield replace(EDIT, site=Site(title, "https://wire.example/"))
            await asyncio.sleep(0.01)

    done = list[str]()

    async def take(cfg: Config) -> None:
        if cfg.site.title == "Wire":
            raise ValueError("a slip of ours")
        done.append(cfg.site.title)

    asyncio.run(asyncio.wait_for(follow(edits(), take), 5))
    assert done == ["Post"]
    assert "a slip of ours" in caplog.text
