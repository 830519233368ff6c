"""Keeps our subscriptions at the hubs of sources, and takes in what they push."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta

from aggregator.model import Event, Notice, Polled, Subscription
from aggregator.pipeline import Pipeline
from aggregator.service.hub_requests import Asking
from aggregator.service.troubles import Troubles
from aggregator.store import Pushes
from aggregator.text.quantities import counted
from aggregator.websub import subscriber

_log = logging.getLogger("aggregator")
LEASE = timedelta(minutes=10)  # of a source while a push is taken in
AT_ONCE = 16  # pushes that are taken in, and as many sources whose hubs are asked

Tasks = dict[str, asyncio.Task[bool]]  # by source


class Subscriber:
    """Starts work each second and returns at once; what a stop interrupts waits in the store."""

    def __init__(self, pipeline: Pipeline, pushes: Pushes, *, troubles: Troubles | None = None) -> None:
        self._pipeline = pipeline
        self._pushes = pushes
        self._hubs = Asking(pipeline, pushes)
        self._troubles = troubles or Troubles()
        self._looking: asyncio.Task[bool] | None = None
        self._taking: Tasks = {}
        self._asking: Tasks = {}
        self._changed: dict[str, None] = {}  # sources whose feeds say something else of hubs, in order
        self._polled: list[Polled] = []  # polls that brought something new

    async def look_over(self) -> None:
        """Have every source looked at whose feed names a hub: after a start or an edit."""
        self._changed.update(dict.fromkeys(await self._pipeline.context.in_thread(self._pushes.offered)))

    def observe(self, event: Event) -> None:
        """Notice what polls find out about hubs, and what they find that was not pushed."""
        if not isinstance(event, Polled) or event.change is None:
            return
        offer = subscriber.offer(event.poll.memory)
        if offer != subscriber.offer(event.poll.claim.memory) or event.poll.memory.gone:
            self._changed[event.source.id] = None
        if event.change.new and offer.hubs:
            self._polled.append(event)

    async def tick(self) -> None:
        """What the scheduler calls every second."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._troubles.guard("looking for pushes", self._look()))

    async def settled(self) -> None:
        """Wait until all that was begun has ended."""
        while tasks := self._under_way():
            await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._under_way():
            task.cancel()
        await self.settled()

    def _under_way(self) -> list[asyncio.Task[bool]]:
        looking = [self._looking] if self._looking is not None and not self._looking.done() else []
        return [*looking, *self._taking.values(), *self._asking.values()]

    async def _look(self) -> None:
        polled, self._polled = self._polled, []
        for event in polled:
            await self._judge(event)
        for notice in await self._pipeline.context.in_thread(self._pushes.notices, AT_ONCE):
            if _is_free(self._taking, notice.source):
                self._begin(self._taking, notice.source, self._take_in_all(notice))
        due = await self._pipeline.context.in_thread(self._pushes.due, self._pipeline.context.clock())
        for source in (*self._changed, *due):
            if _is_free(self._asking, source):
                self._changed.pop(source, None)
                self._begin(self._asking, source, self._hubs.attend(source))

    def _begin(self, under_way: Tasks, source: str, work: Coroutine[object, object, None]) -> None:
        task = under_way[source] = asyncio.create_task(self._troubles.guard(f"pushes of {source}", work))
        task.add_done_callback(lambda _: under_way.pop(source))

    async def _judge(self, event: Polled) -> None:
        """Rely no longer on a hub whose subscription a poll was ahead of."""
        poll, change = event.poll, event.change
        now, chance = poll.at, self._pipeline.poller.chance()

        def judged(one: Subscription) -> Subscription | None:
            overlooked = (
                change is not None and subscriber.works(one, now) and subscriber.overlooked(one, poll, change)
            )
            return subscriber.missed(one, now, chance) if overlooked else None

        for one in await self._pipeline.context.in_thread(self._pushes.of, event.source.id):
            doubted = await self._pipeline.context.in_thread(self._pushes.change, one.token, judged)
            if doubted is not None and change is not None:
                found = counted(change.new, "item")
                _log.info("%s: a poll found %s that its hub had not pushed", event.source.id, found)

    async def _take_in_all(self, first: Notice) -> None:
        """Record what was pushed about a source, one after the other."""
        notice: Notice | None = first
        while notice is not None and await self._take_in(notice):
            notice = await self._pipeline.context.in_thread(self._pushes.next_notice, notice.source)

    async def _take_in(self, notice: Notice) -> bool:
        """Record a push; False while a poll of its source is under way. Of an unknown source, drop it."""
        pipeline = self._pipeline
        if notice.source in pipeline.context.compiled.config.by_id:
            claims = await pipeline.context.in_thread(
                pipeline.context.store.claim,
                pipeline.context.clock(),
                LEASE,
                1,
                [notice.source],
                overtake=False,
            )
            if not claims:
                return False
            try:
                await pipeline.pushes.take_in(claims[0], notice)
            except asyncio.CancelledError:
                await pipeline.context.in_thread(pipeline.context.store.release, claims)
                raise
        await pipeline.context.in_thread(self._pushes.done, [notice])
        return True


def _is_free(under_way: Tasks, source: str) -> bool:
    return source not in under_way and len(under_way) < AT_ONCE
