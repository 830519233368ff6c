"""Subscriptions in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from aggregator.model import Notice, Subscription
from aggregator.store import Store
from aggregator.store.pushes import Decide
from aggregator.websub import subscriber


class MemoryPushes:
    """`store.Pushes` without a disk; the contract tests hold it to what SqlitePushes does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Subscription] = {}
        self._notices: list[Notice] = []
        self._count = 0

    def add(self, subscription: Subscription) -> None:
        self._known[subscription.token] = subscription

    def subscription(self, token: str) -> Subscription | None:
        return self._known.get(token)

    def of(self, source: str) -> tuple[Subscription, ...]:
        return tuple(one for one in self._known.values() if one.source == source)

    def change(self, token: str, decide: Decide) -> Subscription | None:
        state = decide(self._known[token]) if token in self._known else None
        if state is not None:
            self._known[token] = state
        return state

    def forget(self, token: str) -> None:
        self._known.pop(token, None)

    def due(self, now: datetime) -> tuple[str, ...]:
        late = sorted((one.next, one.source) for one in self._known.values() if one.next <= now)
        return tuple(dict.fromkeys(source for _, source in late))

    def offered(self) -> tuple[str, ...]:
        named = {id for id, memory in self._store.sources() if subscriber.offer(memory).hubs}
        return tuple(sorted(named | {one.source for one in self._known.values()}))

    def keep(self, notice: Notice, most: int) -> bool:
        if sum(len(one.body) + 1000 for one in self._notices) >= most:
            return False
        self._count += 1
        self._notices.append(replace(notice, number=self._count))
        return True

    def notices(self, limit: int) -> tuple[Notice, ...]:
        oldest: dict[str, Notice] = {}
        for one in self._notices:
            oldest.setdefault(one.source, one)
        return tuple(oldest.values())[:limit]

    def next_notice(self, source: str) -> Notice | None:
        return next((one for one in self._notices if one.source == source), None)

    def done(self, notices: Iterable[Notice]) -> None:
        numbers = {one.number for one in notices}
        self._notices = [one for one in self._notices if one.number not in numbers]
