"""What the hub does at a callback, and what the answer means for the store."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from aggregator.model import Answered, Call, Config, Delivery, Ping
from aggregator.outputs import FORMATS
from aggregator.pipeline import Pipeline
from aggregator.store import Callbacks, HubStore
from aggregator.websub import hub

_log = logging.getLogger("aggregator.hub")
EVERYWHERE = ("0.0.0.0/0", "::/0")  # the operator named the other hub, so it may be anywhere
_FAILED = "The callback took no news for days."
_MEDIA_TYPES = {format.suffix: format.media_type for format in FORMATS}

Errand = Call | Delivery | Ping


@dataclass(frozen=True, slots=True)
class Errands:
    """Runs errands; whatever the other side does ends in the store, as done or as due again."""

    pipeline: Pipeline
    store: HubStore
    callbacks: Callbacks
    challenge: Callable[[], str] = lambda: secrets.token_urlsafe(32)

    @property
    def config(self) -> Config:
        """What is in force."""
        return self.pipeline.context.compiled.config

    def host(self, errand: Errand) -> str:
        """Where an errand leads."""
        where = self.config.hub.address if isinstance(errand, Ping) else errand.callback
        return urlsplit(where).hostname or ""

    async def run(self, errand: Errand) -> None:
        """Do one; raises only what the store raises."""
        match errand:
            case Call():
                await self._call(errand)
            case Delivery():
                await self._deliver(errand)
            case Ping():
                await self._ping(errand)

    async def _call(self, call: Call) -> None:
        challenge, in_thread = self.challenge(), self.pipeline.context.in_thread
        answered = await self.callbacks.get(hub.call_url(call, challenge), self.config.hub.allow_private)
        now, host = self.pipeline.context.clock(), self.host(call)
        if call.mode != "denied" and hub.answers_challenge(answered.status, answered.body, challenge):
            if await in_thread(self.store.verified, call, now, hub.bounds_for(call.asker)):
                _log.info("%s %sd: %s", host, call.mode, call.address)
            return
        again = None
        if answered.is_undecided:
            again = hub.next_call(now, call.tries + 1, self.pipeline.poller.chance(), answered.wait)
        if again is not None:
            await in_thread(self.store.call_again, call, again)
            return
        await in_thread(self.store.drop, call)
        if call.mode != "denied":
            why = answered.sentence or "Its answer was not the challenge."
            _log.debug("%s was not %sd, %s: %s", host, call.mode, call.address, why)

    async def _deliver(self, delivery: Delivery) -> None:
        config, in_thread = self.config, self.pipeline.context.in_thread
        answered = await self.callbacks.post(
            delivery.callback, delivery.body, _headers(delivery, config), config.hub.allow_private
        )
        now = self.pipeline.context.clock()
        if answered.took_it:
            await in_thread(self.store.delivered, delivery, now)
        elif answered.status == 410:
            await in_thread(self.store.end, delivery, now)
            _log.info("%s wants no more news of %s", self.host(delivery), delivery.topic)
        elif again := self._next(delivery, answered):
            await in_thread(self.store.deliver_again, delivery, again, now)
            if not delivery.tries:
                _log.info("%s does not take news: %s", self.host(delivery), answered.sentence)
        else:
            await in_thread(self.store.end, delivery, now, _FAILED)
            _log.warning("%s took no news of %s for days and is dropped", self.host(delivery), delivery.topic)

    async def _ping(self, ping: Ping) -> None:
        config, in_thread = self.config, self.pipeline.context.in_thread
        form = {"hub.mode": "publish", "hub.url": f"{config.site.url}{ping.topic}"}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode("ascii")
        answered = await self.callbacks.post(config.hub.address, body, headers, EVERYWHERE)
        now = self.pipeline.context.clock()
        if answered.took_it:
            await in_thread(self.store.pinged, ping)
        elif again := self._next(ping, answered):
            await in_thread(self.store.ping_again, ping, again, now)
            if not ping.tries:
                _log.warning("the hub cannot be notified of news in %s: %s", ping.topic, answered.sentence)
        else:
            await in_thread(self.store.pinged, ping)

    def _next(self, errand: Delivery | Ping, answered: Answered) -> datetime | None:
        now, chance = self.pipeline.context.clock(), self.pipeline.poller.chance()
        return hub.next_try(now, errand.tries + 1, errand.failing_since, chance, answered.wait)


def _headers(delivery: Delivery, config: Config) -> dict[str, str]:
    """What goes with a notification (WebSub, 7)."""
    suffix = "." + delivery.topic.rpartition(".")[2]
    topic = f"{config.site.url}{delivery.topic}"
    headers = {
        "Content-Type": _MEDIA_TYPES[suffix],
        "Link": hub.link(config.hub.address, topic),
    }
    if delivery.secret:
        headers["X-Hub-Signature"] = hub.signature(
            delivery.body, delivery.secret, delivery.callback, config.hub.sha1_for
        )
    return headers
