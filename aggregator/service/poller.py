"""The poller: claims what is due each second, publishes what went stale, drains when told to stop."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta

from aggregator.errors import AggregatorError
from aggregator.model import Claim
from aggregator.service.house import House, now

_log = logging.getLogger("aggregator")
LEASE = timedelta(minutes=10)
AT_ONCE = 256  # polls under way; a host's share of them is bounded by the fetcher


class Poller:
    """Starts work and returns at once, so that no tick is ever late because of the one before."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._polls: dict[asyncio.Task[None], Claim] = {}
        self._claiming: asyncio.Task[None] | None = None
        self._printing: asyncio.Task[None] | None = None
        self._trouble = ""

    async def tick(self) -> None:
        """What the scheduler calls every second."""
        if self._claiming is None or self._claiming.done():
            self._claiming = asyncio.create_task(self._guarded(self._claim()))
        if self._printing is None or self._printing.done():
            self._printing = asyncio.create_task(self._guarded(self._publish()))

    async def drain(self, patience: timedelta) -> None:
        """Let the polls under way end, give back what does not, and publish what came in."""
        if self._claiming is not None:
            await self._claiming
        if self._polls:
            _log.info("stopping: waiting for %d polls under way", len(self._polls))
            await asyncio.wait(self._polls, timeout=patience.total_seconds())
        unfinished = dict(self._polls)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        pipeline = self._house.pipeline
        await self._guarded(pipeline.in_thread(self._house.store.release, list(unfinished.values())))
        if self._printing is not None:
            await self._printing
        await self._guarded(self._publish())

    async def _claim(self) -> None:
        room = AT_ONCE - len(self._polls)
        if room <= 0:
            return
        pipeline = self._house.pipeline
        for claim in await pipeline.in_thread(self._house.store.claim, now(), LEASE, room):
            task = asyncio.create_task(self._guarded(self._poll(claim)))
            self._polls[task] = claim
            task.add_done_callback(self._polls.pop)

    async def _poll(self, claim: Claim) -> None:
        await self._house.pipeline.poll([claim])

    async def _publish(self) -> None:
        await self._house.pipeline.publish()

    async def _guarded(self, work: Coroutine[object, object, None]) -> None:
        """Report what stops one piece of work, once while it lasts; the next tick tries again."""
        try:
            await work
        except AggregatorError as error:
            if str(error) != self._trouble:
                _log.error("%s", error)
            self._trouble = str(error)
        except Exception:
            _log.exception("a fault of the program itself; please report it")
        else:
            self._trouble = ""
