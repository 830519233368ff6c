"""The poller: claims what is due each second, publishes what went stale, drains when told to stop."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime, timedelta

from aggregator.adapters.log import counted, unpublished
from aggregator.errors import AggregatorError
from aggregator.model import Claim
from aggregator.schedule import LATE
from aggregator.service.house import House

_log = logging.getLogger("aggregator")
LEASE = timedelta(minutes=10)
REST = timedelta(seconds=30)  # between two tries to publish while something stands in the way
AT_ONCE = 256  # polls under way; a host's share of them is bounded by the fetcher


class Poller:
    """Starts work and returns at once, so that no tick is ever late because of the one before."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._polls: set[asyncio.Task[None]] = set()
        self._claiming: asyncio.Task[None] | None = None
        self._printing: asyncio.Task[None] | None = None
        self._trouble = ""
        self._unpublished: tuple[str, ...] = ()
        self._rests_until = 0.0  # the loop's time
        self._ticked: datetime | None = None
        self._woke = True  # after a stop or a sleep, and the polls that were missed are still to be spread

    async def tick(self) -> None:
        """What the scheduler calls every second."""
        before, self._ticked = self._ticked, self._house.pipeline.clock()
        self._woke |= before is not None and self._ticked - before > LATE
        if self._claiming is None or self._claiming.done():
            self._claiming = asyncio.create_task(self._guarded(self._claim()))
        if self._printing is None or self._printing.done():
            self._printing = asyncio.create_task(self._guarded(self._publish()))

    async def drain(self, patience: timedelta) -> None:
        """Let the polls under way end, and publish what came in.

        What does not end keeps its lease: it may have been asked already, so the next start waits with it.
        """
        if self._claiming is not None:
            await self._claiming
        if self._polls:
            _log.info("stopping: waiting for %d polls under way", len(self._polls))
            await asyncio.wait(self._polls, timeout=patience.total_seconds())
        unfinished = tuple(self._polls)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        if self._printing is not None:
            await self._printing
        self._rests_until = 0.0
        await self._guarded(self._publish())

    async def _claim(self) -> None:
        pipeline, store = self._house.pipeline, self._house.store
        if self._woke:
            missed = await pipeline.in_thread(store.put_off, pipeline.clock())
            self._woke = False
            if missed:
                _log.info("%s missed; made one after another from now on", counted(missed, "poll"))
        room = AT_ONCE - len(self._polls)
        if room <= 0:
            return
        for claim in await pipeline.in_thread(store.claim, pipeline.clock(), LEASE, room):
            task = asyncio.create_task(self._guarded(self._poll(claim)))
            self._polls.add(task)
            task.add_done_callback(self._polls.discard)

    async def _poll(self, claim: Claim) -> None:
        await self._house.pipeline.poll([claim])

    async def _publish(self) -> None:
        """Publish what went stale; what stands in the way is said once, and tried again after a rest."""
        clock = asyncio.get_running_loop().time
        if clock() < self._rests_until:
            return
        trouble = unpublished(await self._house.pipeline.publish())
        if trouble:
            self._rests_until = clock() + REST.total_seconds()
        if trouble != self._unpublished:
            self._say(trouble)
        self._unpublished = trouble

    def _say(self, trouble: tuple[str, ...]) -> None:
        for sentence in trouble:
            _log.error("%s", sentence)
        if not trouble:
            _log.info("everything is published again")

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
