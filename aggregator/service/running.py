"""Keeps the house running: poller and web, edits as they come, and an orderly way out."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator import config, web
from aggregator.adapters import log
from aggregator.errors import AggregatorError
from aggregator.model import Config
from aggregator.newsroom import open_newsroom
from aggregator.service import reloading
from aggregator.service.house import House, Settings, now, open_house
from aggregator.service.poller import Poller

_log = logging.getLogger("aggregator")
DRAIN = timedelta(seconds=7)


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of the program run, and where the web part listens."""

    poller: bool = True
    web: bool = True
    host: str = "127.0.0.1"
    port: int = 8080


async def run(settings: Settings, parts: Parts, started: Callable[[], None] = lambda: None) -> None:
    """Run until SIGTERM or Ctrl-C; `started` is called when everything is up."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        if parts.web:
            await stack.enter_async_context(_serving(settings, parts))
        if parts.poller:
            await stack.enter_async_context(_polling(settings, stop))
        started()
        await stop.wait()
        _log.info("stopping")


@asynccontextmanager
async def _serving(settings: Settings, parts: Parts) -> AsyncIterator[None]:
    application = web.app(settings.feeds, clock=now)
    async with web.serve(application, parts.host, parts.port):
        _log.info("serving %s at http://%s:%d/", settings.feeds, parts.host, parts.port)
        yield


@asynccontextmanager
async def _polling(settings: Settings, stop: asyncio.Event) -> AsyncIterator[None]:
    cfg = reloading.read_or_last_good(settings)
    async with open_house(settings, cfg, log.observe) as house:
        _say(cfg)
        await house.pipeline.retune()
        await house.pipeline.catch_up()
        await house.pipeline.publish()
        poller = Poller(house)
        scheduler = AsyncIOScheduler(timezone="UTC")
        every = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(poller.tick, "interval", seconds=1, next_run_time=now(), **every)
        scheduler.add_job(house.pipeline.retune, "interval", hours=1, **every)
        scheduler.start()
        watching = asyncio.create_task(_follow_edits(house, stop))
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
            stop.set()
            await asyncio.gather(watching, return_exceptions=True)
            await poller.drain(DRAIN)


async def _follow_edits(house: House, stop: asyncio.Event) -> None:
    async for cfg in reloading.edits(house.settings, stop):
        try:
            await take_over(house, cfg)
        except AggregatorError as error:
            _log.error("%s", error)


async def take_over(house: House, cfg: Config) -> None:
    """Put a new configuration in force: for new items at once, for the documents at the next tick."""
    newsroom = await asyncio.to_thread(open_newsroom, cfg)
    house.pipeline.newsroom = newsroom
    await house.pipeline.in_thread(house.store.sync, cfg.sources, now())
    await house.pipeline.retune()
    await house.pipeline.catch_up()
    _say(cfg)


def _say(cfg: Config) -> None:
    _log.info("%d sources and %d topics in force", len(cfg.sources), len(cfg.topics))
    for hint in config.hints(cfg):
        _log.warning("%s", hint)
