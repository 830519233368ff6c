"""What hubs verify and push, on its way from the web part into the store."""

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import random

from aggregator import polling
from aggregator.adapters import decoders
from aggregator.model import Notice, Subscription
from aggregator.model.seams import Clock
from aggregator.service.settings import Settings, now
from aggregator.store.sqlite import SqlitePushes
from aggregator.web.push import MOST
from aggregator.websub import subscriber

_log = logging.getLogger("aggregator.web")
MOST_KEPT = 64 * 1024 * 1024  # bytes that wait to be taken in
_WEAK = "Its hub signs with SHA-1, which proves nothing about the content; the feed itself is asked."


@dataclass(slots=True)
class WebReceiver:
    """A `web.Receiver` over a connection of its own, which is opened with the first question.

    A push is answered once it is stored; the poller takes it in from there, in whatever process that runs.
    """

    settings: Settings
    clock: Clock = now
    _pushes: SqlitePushes | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        """Let go of the connection."""
        if self._pushes is not None:
            self._pushes.close()

    def is_known(self, token: str) -> bool:
        """Whether a hub has business at that callback: we subscribe there, or asked to."""
        known = self._known(token)
        return known is not None and (bool(known.pending) or subscriber.believed(known, self.clock()))

    def confirms(self, token: str, query: Mapping[str, str]) -> bool:
        """Whether we asked for what the hub verifies; a denial is taken note of."""
        pushes, mode, topic = self._opened(), query.get("hub.mode", ""), query.get("hub.topic", "")
        if pushes is None or pushes.subscription(token) is None:
            return False

        reason, lease = query.get("hub.reason", ""), query.get("hub.lease_seconds", "")
        moment, chance = self.clock(), random()  # noqa: S311 - it only spreads

        def decide(one: Subscription) -> Subscription | None:
            if mode == "denied":
                return subscriber.denied(one, topic, reason, now=moment, chance=chance)
            return subscriber.confirmed(one, mode, topic, lease, now=moment, chance=chance)

        state = pushes.change(token, decide)
        if state is not None:
            _log.info("%s: %s", state.source, _said(state))
        return state is not None

    def take(self, token: str, fields: Mapping[str, str], body: bytes) -> int:
        """Keep a push; 202 also for one that is ignored, so that nobody learns by trying what is signed well.

        410 where the subscription has ended, 503 while too much waits.
        """
        known, pushes = self._known(token), self._opened()
        if known is None or pushes is None:
            return 410
        plain = _decoded(fields.get("content-encoding", ""), body)
        seal = subscriber.seal(known.secret, (body, plain), fields.get("x-hub-signature"))
        moment = self.clock()
        if not subscriber.believed(known, moment):
            return 202 if known.pending else 410
        if seal == "none":
            pushes.change(token, lambda one: subscriber.unsigned(one, moment))
            return 202
        trusted = seal == "strong"
        notice = Notice(
            known.source,
            moment,
            plain if trusted else b"",
            fields.get("content-type", "") if trusted else "",
            "" if trusted else _WEAK,
        )
        if not pushes.keep(notice, MOST_KEPT):
            return 503
        brought = bool(notice.body)
        pushes.change(
            token, lambda one: subscriber.pushed(one, moment) if brought else replace(one, hinted=moment)
        )
        return 202

    def _known(self, token: str) -> Subscription | None:
        pushes = self._opened()
        return pushes.subscription(token) if pushes is not None else None

    def _opened(self) -> SqlitePushes | None:
        """The subscriptions; None while there is no store yet."""
        with self._opening:
            if self._pushes is None and self.settings.database.exists():
                self._pushes = SqlitePushes.open(self.settings.database)
            return self._pushes


def _said(state: Subscription) -> str:
    host = polling.host(state.hub)
    if state.until is not None:
        return f"{host} pushes what is new until {state.until:%Y-%m-%d %H:%M} UTC"
    return state.trouble or f"{host} pushes no more"


def _decoded(coding: str, body: bytes) -> bytes:
    """The body without its content coding, bounded; as it was sent where it has another than it says."""
    decoded = bytearray()
    with suppress(decoders.CodingError):
        decoder = decoders.decoder([coding])
        for piece in decoder.feed(body):
            decoded += piece
            if len(decoded) > MOST:
                return b""  # the feed itself is asked
        decoder.finish()
        return bytes(decoded)
    return body
