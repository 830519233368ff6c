"""Polls: Source ──fetch──▶ Response ──refine──▶ Items ──decide──▶ PollResult ──record──▶ Change."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from aggregator import polling
from aggregator.compiled import Compiled
from aggregator.model import (
    Claim,
    Failure,
    Polled,
    PollResult,
    Refined,
    Response,
    Source,
    SourceState,
    Subscription,
)
from aggregator.model.seams import Fetch, Refine
from aggregator.parse import known_entries
from aggregator.parse.fingerprints import fingerprint
from aggregator.parse.known_entries import Cut
from aggregator.pipeline.context import Context
from aggregator.pipeline.records import Recorder
from aggregator.polling import answers
from aggregator.websub import subscriber


class Turns:
    """Lets `at_once` in together; who is in for longer than `slow` makes room for another."""

    def __init__(self, at_once: int, slow: timedelta) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._slow = slow.total_seconds()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for room, and take it until the end of the block or until it is overdue."""
        await self._room.acquire()
        overdue = asyncio.get_running_loop().call_later(self._slow, self._room.release)
        try:
            yield
        finally:
            if overdue.when() > asyncio.get_running_loop().time():  # else it made room, or is about to
                overdue.cancel()
                self._room.release()


AT_ONCE = 256  # polls under way that are not slow yet; a host's share of them is bounded by the fetcher
SLOW = timedelta(seconds=5)  # from here on a poll makes room for another: no slow host keeps others waiting
LOGGED = 1_000_000  # lines of the log of polls that are kept at least
LOGGED_PER_SOURCE = 1_000  # and on an average of each source, where there are many
LONG = 1_000_000  # bytes of a body that take long enough to look through for others to notice
PIECE = 1_000  # rows that are looked at or dropped at once, so that others get their turn at the store


@dataclass
class Poller:
    """Takes a claimed source from its server into the store."""

    context: Context
    fetch: Fetch
    refine: Refine
    chance: Callable[[], float]  # uniform in [0, 1)
    factor: float | None = None  # the K that keeps all polls within the budget; None without one
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.context)

    async def poll(self, claims: Iterable[Claim]) -> None:
        """Poll claimed sources, many at once; the bound per host is the fetcher's.

        Where the store fails, so does this, and what is under way is given up rather than recorded halfway.
        """
        turns = Turns(AT_ONCE, SLOW)
        tasks = [asyncio.ensure_future(self._poll_in_turn(turns, claim)) for claim in claims]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _poll_in_turn(self, turns: Turns, claim: Claim) -> None:
        async with turns.turn():
            await self.poll_one(claim)

    async def poll_one(self, claim: Claim) -> None:
        """Take one source from its server into the store; a failure is recorded like any other result.

        Where an edit to the configuration came between claim and poll, the claim is given back.
        """
        compiled, began = self.context.compiled, self.context.clock()
        source = compiled.config.by_id.get(claim.source)
        if source is None:
            await self.context.in_thread(self.context.store.release, [claim])
            return
        request = polling.request(source, claim.memory, compiled.reader(source), began)
        result = polling.lacking(source) or await self.fetch(request)
        poll = await self._judge(compiled, source, claim, result)
        change = await self.recorder.record(poll)
        self.context.observe(Polled(source, poll, change, self.context.clock() - began))

    async def _judge(
        self, compiled: Compiled, source: Source, claim: Claim, result: Response | Failure
    ) -> PollResult:
        reader = compiled.reader(source)
        if isinstance(result, Failure) or result.status == 304:
            arrived = answers.Arrived(result, reader)
        elif answers.is_known(claim.memory, body := fingerprint(result), reader):
            arrived = answers.Arrived(result, reader, fingerprint=body)
        else:
            read = await self._read(compiled, source, claim.memory, result)
            arrived = replace(read, fingerprint=body)
        subscription = await self._subscription(source, claim.memory)
        return answers.decide(
            source,
            claim,
            arrived,
            now=self.context.clock(),
            chance=self.chance(),
            factor=self.factor,
            subscription=subscription,
        )

    async def _subscription(self, source: Source, memory: SourceState) -> Subscription | None:
        """The subscription that works, if any does; the store is asked only where the feed names a hub."""
        if self.context.pushes is None or not source.polling.push or not subscriber.offer(memory).hubs:
            return None
        known = await self.context.in_thread(self.context.pushes.of, source.id)
        return next((one for one in known if subscriber.works(one, self.context.clock())), None)

    async def _read(
        self, compiled: Compiled, source: Source, memory: SourceState, response: Response
    ) -> answers.Arrived:
        """What is new in a body: known entries are cut out first, and often nothing is left to parse."""
        reader = compiled.reader(source)
        known: frozenset[str] = frozenset() if memory.unreadable else frozenset(memory.marks)
        cut = await self._cut(response, reader, known) if response.status == 200 else Cut(response.body)
        if cut.is_known:
            return answers.Arrived(response, reader, marks=cut.marks)
        refined = await self.refine(source, replace(response, body=cut.body, edges=memory.edges))
        if isinstance(refined, Refined) and refined.learned and cut.known:
            cut = await self._cut(response, reader, ())
            refined = await self.refine(source, replace(response, body=cut.body, edges=refined.edges))
        if isinstance(refined, Failure):
            return answers.Arrived(response, reader, refined)
        if refined.unread and not cut.known:
            return answers.Arrived(response, reader, _unread(refined, response))
        if response.status == 226:  # it holds new entries alone: those known stay known
            return answers.Arrived(
                response, reader, refined, compiled.tag(source, refined, self.context.clock())
            )
        refined = replace(
            refined, entries=len(cut.marks) or refined.entries, notes=(*refined.notes, *cut.notes)
        )
        marks = () if refined.fragile else cut.marks  # without any it is read whole next time
        return answers.Arrived(
            response, reader, refined, compiled.tag(source, refined, self.context.clock()), marks
        )

    async def _cut(self, response: Response, reader: str, known: Collection[str]) -> Cut:
        """The body without what is known of it; a long one in a thread, as others are waiting."""
        if len(response.body) < LONG:
            return known_entries.cut(response, reader, known)
        return await asyncio.to_thread(known_entries.cut, response, reader, known)

    async def forget_polls(self) -> None:
        """Keep the log of polls from growing without end."""
        keep = max(LOGGED, LOGGED_PER_SOURCE * len(self.context.compiled.config.sources))
        while await self.context.in_thread(self.context.store.forget_polls, keep, PIECE):
            pass

    async def retune(self) -> None:
        """Fit the interval of all sources to the budget of requests, by what is known of their rates."""
        compiled, budget = self.context.compiled, self.context.compiled.config.polling.requests_per_hour
        if budget is None:
            self.factor = None
            return
        rates, after = list[tuple[float, float]](), ""
        while known := await self.context.in_thread(self.context.store.sources, after, PIECE):
            rates += (
                (polling.per_day(memory), compiled.config.by_id[id].weight)
                for id, memory in known
                if id in compiled.config.by_id
            )
            after, _ = known[-1]
        self.factor = polling.budget_factor(rates, budget, polling=compiled.config.polling)


def _unread(refined: Refined, response: Response) -> Failure:
    """A feed of which no entry could be read, as a failure of its source."""
    return Failure("format", refined.unread, response.status, response.headers, response.requests)
