"""The hub at work: does what is due at callbacks; one process of this machine at a time."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator import __version__
from aggregator.adapters import http
from aggregator.adapters.callbacks import open_callbacks
from aggregator.adapters.process_lock import Turn
from aggregator.feeds.selection import FeedNames
from aggregator.model import Call, Config, Delivery, Event, Published
from aggregator.service.application import Application
from aggregator.service.hub_worker import Errand, Errands
from aggregator.service.troubles import Troubles
from aggregator.text.quantities import counted
from aggregator.websub.hub.offers import offered

_log = logging.getLogger("aggregator.hub")
# Requests under way: news, what failed before, questions; so that none waits for servers of another kind.
ROOM = {"news": 48, "again": 16, "call": 32}
PER_HOST = 4  # of each of these kinds
PER_ASKER = 12  # questions, so that no one's callbacks that do not answer take all the room
LOOK = timedelta(seconds=1)  # between two looks at what other processes stored
EXPIRY = timedelta(minutes=1)  # between two looks at leases
DRAIN = timedelta(seconds=0.5)  # that a stop waits for what is under way
TROUBLE = timedelta(seconds=10)  # until what could not be stored is done once more
_Key = tuple[str, int | str]  # of an errand: no other with the same runs beside it
_ENDED = "This feed is not published any more."


@asynccontextmanager
async def open_distribution(app: Application) -> AsyncIterator["Distribution"]:
    """Delivers what an application announces; looks at once after each publication."""
    pipeline, site = app.pipeline, app.pipeline.context.compiled.config.site
    async with open_callbacks(http.user_agent(site, __version__)) as callbacks:
        errands = Errands(pipeline, app.store.hub, callbacks)
        distribution = Distribution(errands, Turn(app.settings.hub_turn), app.troubles)
        tell = pipeline.context.observe

        def observe(event: Event) -> None:
            tell(event)
            distribution.wake(event)

        pipeline.context.observe = observe
        yield distribution


@asynccontextmanager
async def hub_at_work(app: Application) -> AsyncIterator[None]:
    """Let the hub work for as long as the block lasts."""
    async with open_distribution(app) as distribution:
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
    troubles: Troubles = field(default_factory=Troubles)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: dict[_Key, asyncio.Task[None]] = field(default_factory=dict)
    _lanes: Counter[str] = field(default_factory=Counter)
    _shares: Counter[tuple[str, str]] = field(default_factory=Counter)  # under way, by lane and host or asker
    _tidied: tuple[Config, FeedNames] | None = None
    _expired: datetime | None = None

    def wake(self, event: Event) -> None:
        """Look at once after a publication; an observer."""
        if isinstance(event, Published):
            self._news.set()

    async def run(self) -> None:
        """Work until cancelled, which gives up what is under way."""
        try:
            while True:
                await self.troubles.guard("tidying the hub", self._tidy())
                await self.troubles.guard("the hub", self._start())
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
                    await self.troubles.guard("the hub", self._start())
                    while self._under_way:
                        await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)
                        await self.troubles.guard("the hub", self._start())
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
        now = pipeline.context.clock()
        names, last = pipeline.context.names, self._tidied
        if last is None or config is not last[0] or names is not last[1]:
            topics = offered(config, names)
            await pipeline.context.in_thread(store.rename, topics.renamed)
            await pipeline.context.in_thread(store.end_others, topics.paths, now, _ENDED)
            if subscriptions := await pipeline.context.in_thread(store.subscriptions):
                _log.info("%s at the hub", counted(subscriptions, "subscription"))
            self._tidied = config, names
        if self._expired is None or not self._expired <= now < self._expired + EXPIRY:
            await pipeline.context.in_thread(store.expire, now)
            self._expired = now

    async def _start(self) -> None:
        """Start what is due, as far as there is room; what is under way is still due."""
        if not self.errands.config.hub.address or not self.turn.take():
            return
        for lane, errands in (await self.errands.pipeline.context.in_thread(self._due)).items():
            for errand in errands:
                key, shares = _key(errand), self._shares_of(errand, lane)
                if self._lanes[lane] >= ROOM[lane]:
                    break
                within = all(self._shares[share] < most for share, most in shares.items())
                if key not in self._under_way and within:
                    self._lanes[lane] += 1
                    self._shares.update(shares.keys())
                    self._under_way[key] = asyncio.create_task(self._run(errand, key, lane, shares.keys()))

    def _shares_of(self, errand: Errand, lane: str) -> dict[tuple[str, str], int]:
        """What an errand takes a share of, and how many may have one at a time."""
        shares = {(lane, f"host {self.errands.host(errand)}"): PER_HOST}
        if isinstance(errand, Call):
            shares[lane, f"asker {errand.asker}"] = PER_ASKER
        return shares

    def _due(self) -> Mapping[str, Sequence[Errand]]:
        """What may be started, by lane."""
        store, now = self.errands.store, self.errands.pipeline.context.clock()
        if not self.errands.config.hub.own:
            return {"news": store.pings(now)}
        return {
            "news": store.deliveries(now, PER_HOST, ROOM["news"], again=False),
            "again": store.deliveries(now, PER_HOST, ROOM["again"], again=True),
            "call": store.calls(now, 2 * PER_HOST),
        }

    async def _run(self, errand: Errand, key: _Key, lane: str, shares: Collection[tuple[str, str]]) -> None:
        try:
            if not await self.troubles.guard("delivering", self.errands.run(errand)):
                await asyncio.sleep(TROUBLE.total_seconds())
        finally:
            del self._under_way[key]
            self._lanes[lane] -= 1
            self._shares.subtract(shares)
            self._shares += Counter()  # forgets those that have none
            if self._lanes[lane] <= ROOM[lane] // 2:  # else a look would find little room
                self._news.set()


def _key(errand: Errand) -> _Key:
    match errand:
        case Delivery():
            return "subscription", errand.subscription
        case Call():
            return "call", errand.id
    return "ping", errand.topic
