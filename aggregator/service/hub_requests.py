"""Asks hubs to push what is new in a source's feed, to go on doing so, and to stop."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from aggregator import config, polling
from aggregator.model import Failure, Mode, Offer, Request, Source, Subscription
from aggregator.pipeline import Pipeline
from aggregator.store import Pushes
from aggregator.websub import subscriber
from aggregator.websub.subscriber import Step

_log = logging.getLogger("aggregator")
_SECRET, _TOKEN = 48, 32  # random bytes

P = ParamSpec("P")
T = TypeVar("T")


class Asking:
    """Takes the steps that `subscriber.plan` decides on; `pushes` remembers each before a hub hears of it."""

    def __init__(self, pipeline: Pipeline, pushes: Pushes) -> None:
        self._pipeline = pipeline
        self._pushes = pushes

    async def attend(self, id: str) -> None:
        """Do what is to be done about the subscriptions of a source; where a hub refuses, ask the next."""
        await self._give_up_waiting(id)
        source, offer = await self._wanted(id)
        refused = True
        while refused:
            known = await self._in_thread(self._pushes.of, id)
            steps = subscriber.plan(offer, self._callbacks(), known, self._now())
            refused = any([await self._take(source, offer, step) for step in steps])

    async def _give_up_waiting(self, id: str) -> None:
        """Take a hub's long silence for a refusal."""
        now, chance = self._now(), self._pipeline.poller.chance()

        def late(one: Subscription) -> Subscription | None:
            state = subscriber.overdue(one, now, chance)
            return state if state != one else None

        for one in await self._in_thread(self._pushes.of, id):
            if await self._in_thread(self._pushes.change, one.token, late):
                _log.info("%s: %s did not verify that we subscribe", id, polling.host(one.hub))

    async def _wanted(self, id: str) -> tuple[Source, Offer]:
        """A source and the hubs that may push it: none where the operator or its server do not want any."""
        source = self._pipeline.context.compiled.config.source(id)
        memory = await self._in_thread(self._pipeline.context.store.memory, id)
        if memory is None or memory.gone or not source.feed or not source.polling.push:
            return source, Offer()
        return source, subscriber.offer(memory)

    async def _take(self, source: Source, offer: Offer, step: Step) -> bool:
        """Take a step; whether a hub refused to push."""
        one = step.subscription
        if one is None:
            one = self._new(source.id, step.hub, offer.topic)
            await self._in_thread(self._pushes.add, one)
        if step.verb == "forget":
            await self._in_thread(self._pushes.forget, one.token)
            return False
        return await self._ask(source, one, "unsubscribe" if step.verb == "leave" else "subscribe")

    def _new(self, source: str, hub: str, topic: str) -> Subscription:
        callback = f"{self._callbacks()}{secrets.token_urlsafe(_TOKEN)}"
        return Subscription(source, hub, topic, callback, secrets.token_urlsafe(_SECRET), self._now())

    async def _ask(self, source: Source, one: Subscription, mode: Mode) -> bool:
        """Ask a hub, unless something else happened meanwhile; it may verify that before it answers."""
        state = subscriber.asked(one, mode, self._now())
        if not await self._in_thread(
            self._pushes.change, one.token, lambda known: state if known == one else None
        ):
            return False
        answer = await self._pipeline.poller.fetch(_request(source, one, mode))
        if not isinstance(answer, Failure):
            return False
        if answer.kind == "offline":
            await self._wait_for_network(one, state)
            return False
        if mode == "unsubscribe":  # what it pushes still is answered with 410
            await self._in_thread(self._pushes.forget, one.token)
            return False
        _log.info("%s: no push (WebSub) from this outlet: %s", source.id, answer.sentence)
        await self._refused(one, answer)
        return True

    async def _wait_for_network(self, one: Subscription, asked: Subscription) -> None:
        """Take back what was to be asked while this machine reached no host."""
        again = replace(one, next=self._now() + polling.TRY_AGAIN)
        await self._in_thread(self._pushes.change, one.token, lambda known: again if known == asked else None)

    async def _refused(self, one: Subscription, failure: Failure) -> None:
        now, chance = self._now(), self._pipeline.poller.chance()
        wait = polling.retry_after(failure, now) or timedelta()

        def refused(known: Subscription) -> Subscription | None:
            if known.pending != "subscribe":
                return None
            return subscriber.refused(known, failure.sentence, now=now, chance=chance, wait=wait)

        await self._in_thread(self._pushes.change, one.token, refused)

    def _callbacks(self) -> str:
        return f"{self._pipeline.context.compiled.config.site.url}push/"

    def _now(self) -> datetime:
        return self._pipeline.context.clock()

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._pipeline.context.in_thread(work, *args, **kwargs)


def _request(source: Source, one: Subscription, mode: Mode) -> Request:
    """The form that asks a hub (WebSub, 5.1); nothing of what the operator tells the source's own server."""
    form = [("hub.mode", mode), ("hub.topic", one.topic), ("hub.callback", one.callback)]
    if mode == "subscribe":
        form += [
            ("hub.lease_seconds", str(subscriber.LEASE // timedelta(seconds=1))),
            ("hub.secret", one.secret),
        ]
    # A feed that anybody may read must not send us to addresses that only we can reach.
    is_private = not config.is_reachable(source.feed)
    return Request(
        one.hub,
        at_once_per_host=source.polling.at_once_per_host,
        pause_per_host=source.polling.pause_per_host,
        allow_private=source.polling.allow_private if is_private else (),
        form=tuple(form),
    )
