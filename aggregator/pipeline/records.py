"""What was settled goes into the store: polls that wait for its thread are recorded together."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aggregator.model import Change, PollResult
from aggregator.pipeline.context import Context
from aggregator.store import Recorded

_TOGETHER = 256  # polls and items of one transaction: other work of the store waits for its end


@dataclass(frozen=True, slots=True)
class _Waiting:
    poll: PollResult
    recorded: asyncio.Future[Change | None]


@dataclass
class Recorder:
    """Takes the results of polls to the store, and tells each what it changed there."""

    context: Context
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _task: asyncio.Task[None] | None = None

    async def record(self, poll: PollResult) -> Change | None:
        """Store a poll: once this returns it is there for good. What keeps the store from it is raised.

        A poll whose task is cancelled before its turn is not stored; afterwards it is, unheard of.
        """
        waiting = _Waiting(poll, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._record_waiting())
        return await waiting.recorded

    async def _record_waiting(self) -> None:
        while self._waiting:
            for one, outcome in await self.context.in_thread(self._record_together):
                if one.recorded.done():  # cancelled meanwhile
                    continue
                if isinstance(outcome, Exception):
                    one.recorded.set_exception(outcome)
                else:
                    one.recorded.set_result(outcome)

    def _record_together(self) -> list[tuple[_Waiting, Recorded]]:
        """Record what waits by now, as much as may go together; in the thread."""
        batch = self._next_batch()
        try:
            outcomes = self.context.store.record_all([one.poll for one in batch])
        except Exception as error:
            return [(one, error) for one in batch]
        return list(zip(batch, outcomes, strict=True))

    def _next_batch(self) -> list[_Waiting]:
        batch, size = list[_Waiting](), 0
        while self._waiting and size < _TOGETHER:
            one = self._waiting.popleft()
            if not one.recorded.cancelled():
                batch.append(one)
                size += 1 + len(one.poll.tagged)
        return batch
