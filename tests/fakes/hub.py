"""What the hub remembers, in memory."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from types import EllipsisType
from urllib.parse import urlsplit

from aggregator.model import Announced, Call, Delivery, Ping, Subscribing
from aggregator.websub.hub import Bounds, Full

Key = tuple[str, str]  # topic and callback


@dataclass
class _Waiting:
    call: Call
    request: Subscribing
    due: datetime


@dataclass
class _Subscription:
    id: int
    request: Subscribing
    until: datetime
    waiting: list[tuple[int, bytes]] = field(default_factory=list)
    due: datetime | None = None
    tries: int = 0
    failing_since: datetime | None = None


@dataclass
class MemoryHub:
    """`store.HubStore` that finds everything by looking at everything."""

    waiting: dict[Key, _Waiting] = field(default_factory=dict)
    subscribed: dict[Key, _Subscription] = field(default_factory=dict)
    known: dict[str, Announced] = field(default_factory=dict)
    told: dict[str, tuple[Ping, datetime]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def ask(self, request: Subscribing, now: datetime, bounds: Bounds) -> Full | None:
        key = request.topic, request.callback
        self.waiting.pop(key, None)
        most = (bounds.pending, bounds.pending_per_host, bounds.pending_per_asker)
        if not _below(request, [one.request for one in self.waiting.values()], most):
            return "pending"
        if request.mode == "subscribe" and key not in self.subscribed and not self._has_room(request, bounds):
            return "subscriptions"
        call = Call(
            next(self.numbers),
            request.mode,
            request.address,
            request.callback,
            request.lease,
            asker=request.asker,
        )
        self.waiting[key] = _Waiting(call, request, now)
        return None

    def _has_room(self, request: Subscribing, bounds: Bounds) -> bool:
        most = (bounds.subscriptions, bounds.subscriptions_per_host, bounds.subscriptions_per_asker)
        return _below(request, [one.request for one in self.subscribed.values()], most)

    def calls(self, now: datetime, per_host: int) -> tuple[Call, ...]:
        oldest = sorted(
            (one for one in self.waiting.values() if one.due <= now), key=lambda one: (one.due, one.call.id)
        )

        kinds: dict[tuple[bool, str], list[int]] = {}
        for one in oldest:
            kinds.setdefault((one.call.tries > 0, one.request.asker), []).append(one.call.id)
        turns = {
            id: min(place, len(ids) - 1 - place) for ids in kinds.values() for place, id in enumerate(ids)
        }
        due = sorted(oldest, key=lambda one: (one.call.tries > 0, turns[one.call.id], one.due, one.call.id))
        hosts: Counter[str] = Counter()
        chosen = []
        for one in due:
            hosts[_host(one.request)] += 1
            if hosts[_host(one.request)] <= per_host:
                chosen.append(one.call)
        return tuple(chosen)

    def verified(self, call: Call, now: datetime, bounds: Bounds) -> bool:
        key = self._key(call)
        if key is None:
            return False
        request = self.waiting.pop(key).request
        if call.mode == "unsubscribe":
            self.subscribed.pop(key, None)
            return True
        known = self.subscribed.get(key)
        if known is None and not self._has_room(request, bounds):
            self._deny(request, now, "There is no room for more.")
            return False
        renewed = known or _Subscription(next(self.numbers), request, now)
        renewed.request, renewed.until, renewed.tries = request, now + request.lease, 0
        renewed.failing_since, renewed.due = None, now if renewed.waiting else None
        self.subscribed[key] = renewed
        return True

    def drop(self, call: Call) -> None:
        key = self._key(call)
        if key is not None:
            del self.waiting[key]

    def call_again(self, call: Call, at: datetime) -> None:
        key = self._key(call)
        if key is not None:
            one = self.waiting[key]
            one.call, one.due = replace(one.call, tries=one.call.tries + 1), at

    def wanted(self, topics: Collection[str], now: datetime) -> frozenset[str]:
        live = {topic for (topic, _), one in self.subscribed.items() if one.until > now}
        return frozenset(live & set(topics))

    def announced(self, feed: str) -> Announced | None:
        return self.known.get(feed)

    def announce(
        self,
        feed: str,
        announced: Announced,
        now: datetime,
        documents: Mapping[str, Sequence[bytes]],
        pings: Iterable[str] = (),
        *,
        before: Announced | EllipsisType | None = ...,
    ) -> bool:
        if before is not ... and self.known.get(feed) != before:
            return False
        for (topic, _), one in self.subscribed.items():
            if one.until > now and documents.get(topic):
                one.waiting += [(next(self.numbers), body) for body in documents[topic]]
                one.due = one.due or now
        for topic in pings:
            told = self.told.get(topic)
            ping = replace(told[0], revision=told[0].revision + 1) if told else Ping(topic, 1)
            self.told[topic] = ping, now
        self.known[feed] = announced
        return True

    def deliveries(self, now: datetime, per_host: int, limit: int, *, again: bool) -> tuple[Delivery, ...]:
        due = [
            (one.due, one)
            for one in self.subscribed.values()
            if one.due and one.due <= now < one.until and bool(one.tries) == again
        ]
        hosts: Counter[str] = Counter()
        chosen = []
        for _, one in sorted(due, key=lambda pair: (pair[0], pair[1].id)):
            hosts[_host(one.request)] += 1
            if hosts[_host(one.request)] <= per_host:
                id, body = one.waiting[0]
                of = one.request
                state = (one.tries, one.failing_since)
                chosen.append(Delivery(id, one.id, of.topic, of.callback, of.secret, body, *state))
        return tuple(chosen[:limit])

    def delivered(self, delivery: Delivery, now: datetime) -> None:
        for one in self.subscribed.values():
            if one.waiting and one.waiting[0][0] == delivery.id:
                del one.waiting[0]
                one.tries, one.failing_since, one.due = 0, None, now if one.waiting else None

    def deliver_again(self, delivery: Delivery, at: datetime, now: datetime) -> None:
        for one in self.subscribed.values():
            if one.id == delivery.subscription:
                one.tries, one.due, one.failing_since = one.tries + 1, at, one.failing_since or now

    def end(self, delivery: Delivery, now: datetime, reason: str = "") -> None:
        for key, one in list(self.subscribed.items()):
            if one.id == delivery.subscription:
                self._end(key, now, reason)

    def _end(self, key: Key, now: datetime, reason: str) -> None:
        request = self.subscribed.pop(key).request
        if reason and key not in self.waiting:
            self._deny(request, now, reason)

    def rename(self, renamed: Mapping[str, str]) -> None:
        for old, new in renamed.items():
            for key in [key for key in self.waiting if key[0] == old and (new, key[1]) not in self.waiting]:
                one = self.waiting.pop(key)
                one.request = replace(one.request, topic=new)
                self.waiting[new, key[1]] = one
            for key in [
                key for key in self.subscribed if key[0] == old and (new, key[1]) not in self.subscribed
            ]:
                subscription = self.subscribed.pop(key)
                subscription.request = replace(subscription.request, topic=new)
                self.subscribed[new, key[1]] = subscription

    def end_others(self, topics: Collection[str], now: datetime, reason: str) -> int:
        for key, waiting in list(self.waiting.items()):
            if key[0] not in topics and waiting.call.mode != "denied":
                self._deny(waiting.request, now, reason)
        others = [key for key in self.subscribed if key[0] not in topics]
        for key in others:
            self._end(key, now, reason)
        return len(others)

    def expire(self, now: datetime) -> int:
        ended = [key for key, one in self.subscribed.items() if one.until <= now]
        for key in ended:
            del self.subscribed[key]
        return len(ended)

    def pings(self, now: datetime) -> tuple[Ping, ...]:
        due = sorted((due, ping.topic) for ping, due in self.told.values() if due <= now)
        return tuple(self.told[topic][0] for _, topic in due)

    def pinged(self, ping: Ping) -> None:
        known = self.told.get(ping.topic)
        if known and known[0].revision == ping.revision:
            del self.told[ping.topic]

    def ping_again(self, ping: Ping, at: datetime, now: datetime) -> None:
        known = self.told.get(ping.topic)
        if known and known[0].revision == ping.revision:
            since = ping.failing_since or now
            self.told[ping.topic] = replace(ping, tries=ping.tries + 1, failing_since=since), at

    def subscriptions(self) -> int:
        return len(self.subscribed)

    def _key(self, call: Call) -> Key | None:
        return next((key for key, one in self.waiting.items() if one.call.id == call.id), None)

    def _deny(self, request: Subscribing, now: datetime, reason: str) -> None:
        call = Call(
            next(self.numbers),
            "denied",
            request.address,
            request.callback,
            timedelta(0),
            reason=reason,
            asker=request.asker,
        )
        self.waiting[request.topic, request.callback] = _Waiting(call, request, now)


def _host(request: Subscribing) -> str:
    return urlsplit(request.callback).hostname or ""


def _below(request: Subscribing, others: Sequence[Subscribing], most: tuple[int, int, int]) -> bool:
    counts = (
        len(others),
        sum(_host(one) == _host(request) for one in others),
        sum(one.asker == request.asker for one in others),
    )
    return all(count < bound for count, bound in zip(counts, most, strict=True))
