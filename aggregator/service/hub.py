"""The hub at work: does what is due at callbacks; one process of this machine at a time."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator import __version__, hub
from aggregator.adapters import http
from aggregator.adapters.alone import Turn
from aggregator.adapters.callbacks import open_callbacks
from aggregator.errors import AggregatorError
from aggregator.model import Call, Config, Delivery, Event, Published
from aggregator.service.house import House
from aggregator.service.hub_errands import Errand, Errands

_log = logging.getLogger("aggregator.hub")
AT_ONCE, PER_HOST = 64, 4  # requests under way
LOOK = timedelta(seconds=1)  # between two looks at what other processes stored
EXPIRY = timedelta(minutes=1)  # between two looks at leases
DRAIN = timedelta(seconds=2)  # that a stop waits for what is under way
TROUBLE = timedelta(seconds=10)  # until what could not be stored is done once more
_ENDED = "This feed is not published any more."


@asynccontextmanager
async def open_distribution(house: House) -> AsyncIterator["Distribution"]:
    """What delivers the news that a house announces; looks at once after each publication."""
    pipeline, site = house.pipeline, house.pipeline.newsroom.config.site
    async with open_callbacks(http.user_agent(site, __version__)) as callbacks:
        errands = Errands(pipeline, house.store.hub, callbacks)
        distribution = Distribution(errands, Turn(house.settings.hub_turn))
        tell = pipeline.observe

        def observe(event: Event) -> None:
            tell(event)
            distribution.wake(event)

        pipeline.observe = observe
        yield distribution


@asynccontextmanager
async def hub_at_work(house: House) -> AsyncIterator[None]:
    """Let the hub work for as long as the block lasts."""
    async with open_distribution(house) as distribution:
        working = asyncio.create_task(distribution.run())
        try:
            yield
        finally:
            await distribution.drain(DRAIN)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


@dataclass
class Distribution:
    """Runs the errands that are due; what is under way when the process is killed is run once more."""

    errands: Errands
    turn: Turn
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: dict[tuple[str, object], asyncio.Task[None]] = field(default_factory=dict)
    _hosts: Counter[str] = field(default_factory=Counter)
    _tidied: Config | None = None
    _expired: datetime | None = None
    _trouble: str = ""

    def wake(self, event: Event) -> None:
        """Look at once after a publication; an observer."""
        if isinstance(event, Published):
            self._news.set()

    async def run(self) -> None:
        """Work until cancelled, which gives up what is under way."""
        try:
            while True:
                await self._guarded(self._tidy())
                await self._guarded(self._start())
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK.total_seconds()):
                        await self._news.wait()
                self._news.clear()
        finally:
            await self._give_up()

    async def finish(self, patience: timedelta) -> None:
        """Run what is due now and what follows from it, for as long as `patience` lasts."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience.total_seconds()):
                    await self._guarded(self._start())
                    while self._under_way:
                        await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)
                        await self._guarded(self._start())
        finally:
            await self._give_up()

    async def drain(self, patience: timedelta) -> None:
        """Let what is under way end, before `run` is cancelled."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=patience.total_seconds())

    async def _give_up(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.turn.give_back()

    async def _tidy(self) -> None:
        """End what is about feeds that are gone, after an edit, and what has run out."""
        config, pipeline, store = self.errands.config, self.errands.pipeline, self.errands.store
        if not config.hub.own or not self.turn.take():
            return
        now = pipeline.clock()
        if config is not self._tidied:
            await pipeline.in_thread(store.end_others, hub.topics(config).paths, now, _ENDED)
            self._tidied = config
        if self._expired is None or not self._expired <= now < self._expired + EXPIRY:
            await pipeline.in_thread(store.expire, now)
            self._expired = now

    async def _start(self) -> None:
        """Start what is due, so much at once and at a host; what is under way is still due."""
        if not self.errands.config.hub.address or not self.turn.take():
            return
        for errand in await self.errands.pipeline.in_thread(self._due):
            key, host = _key(errand), self.errands.host(errand)
            if key in self._under_way or self._hosts[host] >= PER_HOST:
                continue
            if len(self._under_way) >= AT_ONCE:
                break
            self._hosts[host] += 1
            self._under_way[key] = asyncio.create_task(self._run(errand, key, host))

    def _due(self) -> Sequence[Errand]:
        store, now = self.errands.store, self.errands.pipeline.clock()
        if not self.errands.config.hub.own:
            return store.pings(now)
        deliveries = store.deliveries(now, PER_HOST, AT_ONCE)
        return _in_turn(deliveries, store.calls(now, PER_HOST))

    async def _run(self, errand: Errand, key: tuple[str, object], host: str) -> None:
        try:
            if not await self._guarded(self.errands.run(errand)):
                await asyncio.sleep(TROUBLE.total_seconds())
        finally:
            self._hosts[host] -= 1
            if not self._hosts[host]:
                del self._hosts[host]
            del self._under_way[key]
            if len(self._under_way) <= AT_ONCE // 2:  # else a look would find little room
                self._news.set()

    async def _guarded(self, work: Coroutine[object, object, None]) -> bool:
        """Report what the store cannot do, once while it lasts; whether all went well."""
        try:
            await work
        except AggregatorError as error:
            if str(error) != self._trouble:
                _log.error("the hub waits: %s", error)
            self._trouble = str(error)
            return False
        except Exception:
            _log.exception("a fault of the program itself; please report it")
            return False
        self._trouble = ""
        return True


def _key(errand: Errand) -> tuple[str, object]:
    match errand:
        case Delivery():
            return "subscription", errand.subscription
        case Call():
            return "call", errand.id
    return "ping", errand.topic


def _in_turn(*several: Sequence[Errand]) -> list[Errand]:
    """One of each, then the next of each, so that neither kind keeps the other waiting."""
    longest = max(map(len, several), default=0)
    return [errands[at] for at in range(longest) for errands in several if at < len(errands)]
