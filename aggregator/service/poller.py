"""The poller: claims what is due each second, publishes what went stale, drains when told to stop."""

import asyncio
import logging
from datetime import datetime, timedelta

from aggregator.adapters.log import unpublished
from aggregator.model import Claim
from aggregator.pipeline.polls import AT_ONCE, SLOW
from aggregator.polling import LATE
from aggregator.service.application import Application, resume
from aggregator.service.health import Report
from aggregator.text.quantities import counted

_log = logging.getLogger("aggregator")
LEASE = timedelta(minutes=10)
PRINTING = timedelta(seconds=1)  # that a stop waits for documents once the polls have ended
MOST = 2000  # polls under way, slow or not


class PollLoop:
    """Starts work and returns at once, so that no tick is ever late because of the one before."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._polls: set[asyncio.Task[bool]] = set()
        self._quick: set[asyncio.Task[bool]] = set()  # those of them that began a short while ago
        self._claiming: asyncio.Task[bool] | None = None
        self._printing: asyncio.Task[bool] | None = None
        self._troubles = app.troubles
        self._causes: set[str] = set()  # that keep feeds from being published, and were reported
        self._print_until: datetime | None = None
        self._ticked: datetime | None = None
        self._woke = True  # after a stop or a sleep, and the polls that were missed are still to be spread
        self._generation = app.store.generation
        self._report = Report(app.settings, app.pipeline.context.clock)
        self._is_offline = False  # no host can be reached, and polls are left undone
        self._set_back = False  # the clock was, and what was planned by it is still to be planned anew

    async def tick(self) -> None:
        """What the scheduler calls every second."""
        before, self._ticked = self._ticked, self._app.pipeline.context.clock()
        unpublished = (trouble.sentence for trouble in self._app.pipeline.publisher.troubles.values())
        self._report.renew(tuple(dict.fromkeys((*self._troubles.sentences, *unpublished))))
        self._woke |= before is not None and self._ticked - before > LATE
        self._set_back |= before is not None and before - self._ticked > LATE
        if self._claiming is None or self._claiming.done():
            self._claiming = asyncio.create_task(self._troubles.guard("claiming", self._claim()))
        if self._printing is None or self._printing.done():
            self._printing = asyncio.create_task(self._troubles.guard("publishing", self._publish()))

    async def drain(self, patience: timedelta) -> None:
        """Let the polls under way end, and publish what came in.

        What does not end keeps its lease: it may have been asked already, so the next start waits with it.
        Feeds that are not printed in time stay stale, and are printed by the next start.
        """
        self._print_until = self._app.pipeline.context.clock() + patience + PRINTING
        if self._claiming is not None:
            await self._claiming
        if self._polls:
            _log.info("stopping: waiting for %s to end", counted(len(self._polls), "poll"))
            await asyncio.wait(self._polls, timeout=patience.total_seconds())
        unfinished = tuple(self._polls)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        if self._printing is not None:
            await self._printing
        await self._troubles.guard("publishing", self._publish())

    async def _claim(self) -> None:
        pipeline, store = self._app.pipeline, self._app.store
        if store.generation != self._generation:
            await resume(self._app)
            self._generation = store.generation
        if self._set_back:
            await pipeline.context.in_thread(
                store.sync, pipeline.context.compiled.config.sources, pipeline.context.clock()
            )
            self._set_back = False
            _log.warning("the clock was set back; sources are polled once more and planned by its new time")
        room = self._room()
        if self._woke:
            missed = await pipeline.context.in_thread(store.put_off, pipeline.context.clock())
            self._woke = False
            if missed:
                were = "was" if missed == 1 else "were"
                what = f"{counted(missed, 'poll')} {were} missed while the program was off"
                _log.info("%s; they follow one by one", what)
        if room <= 0:
            return
        for claim in await pipeline.context.in_thread(store.claim, pipeline.context.clock(), LEASE, room):
            task = asyncio.create_task(self._troubles.guard("polling", self._poll(claim)))
            for under_way in (self._polls, self._quick):
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            asyncio.get_running_loop().call_later(SLOW.total_seconds(), self._quick.discard, task)

    def _room(self) -> int:
        """How many sources may be claimed: now and then one while no host can be reached."""
        outages, was_offline = self._app.outages, self._is_offline
        self._is_offline = outages is not None and outages.is_on
        self._woke |= was_offline and not self._is_offline
        if outages is not None and self._is_offline:
            return int(outages.may_try())
        return min(AT_ONCE - len(self._quick), MOST - len(self._polls))

    async def _poll(self, claim: Claim) -> None:
        await self._app.pipeline.poller.poll_one(claim)

    async def _publish(self) -> None:
        """Publish what went stale; what stands in the way is said once for each cause while it lasts."""
        pipeline = self._app.pipeline
        for cause, sentence in unpublished(await pipeline.publisher.publish(self._is_late)).items():
            if cause not in self._causes:
                _log.error("%s", sentence)
            self._causes.add(cause)
        if self._causes and not pipeline.publisher.troubles:
            self._causes.clear()
            _log.info("everything is published again")

    def _is_late(self) -> bool:
        return self._print_until is not None and self._app.pipeline.context.clock() > self._print_until
