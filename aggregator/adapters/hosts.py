"""Turns at a host: so many requests at a time, and a pause between them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aggregator.model.seams import Clock


class BlockedError(Exception):
    """The host asked for no requests at all; `remaining` is for how long still."""

    def __init__(self, remaining: timedelta) -> None:
        super().__init__(f"blocked for {remaining}")
        self.remaining = remaining


@dataclass(slots=True, eq=False)
class _Waiter:
    turn: asyncio.Future[None]
    at_once: int
    pause: float  # seconds


@dataclass(slots=True)
class _Host:
    waiters: deque[_Waiter] = field(default_factory=deque)
    running: int = 0
    last: float = float("-inf")  # when a request last began or ended, by the loop's clock
    pause: float = 0.0  # the longest that was asked for; the host is remembered as long
    blocked_until: float = float("-inf")
    reopens: float = float("-inf")  # the same by the clock, which goes on while the machine sleeps
    timer: asyncio.TimerHandle | None = None


class Hosts:
    """Bounds requests per host, first come first served; a slow host keeps nobody else waiting.

    A request begins when fewer than `at_once` of its host are under way and `pause` has passed since the
    last one there began or ended. Time is the running loop's; a block ends by the clock as well, whichever
    comes first. An idle host is forgotten.
    """

    def __init__(self, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, name: str, at_once: int, pause: timedelta) -> AsyncIterator[None]:
        """Wait for a turn at a host and hold it; `BlockedError` if the host is, or is meanwhile."""
        await self._wait(name, at_once, pause.total_seconds())
        try:
            yield
        finally:
            self._leave(name)

    def block(self, name: str, wait: timedelta) -> None:
        """No turns at this host for a while; those who wait for one are told so."""
        host = self._hosts.setdefault(name, _Host())
        host.blocked_until = max(host.blocked_until, _now() + wait.total_seconds())
        host.reopens = max(host.reopens, (self._clock() + wait).timestamp())
        self._next(name)

    async def _wait(self, name: str, at_once: int, pause: float) -> None:
        host = self._hosts.setdefault(name, _Host())
        host.pause = max(host.pause, pause)
        waiter = _Waiter(asyncio.get_running_loop().create_future(), max(1, at_once), pause)
        host.waiters.append(waiter)
        self._next(name)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled() and waiter.turn.exception() is None:
                self._leave(name)
            elif waiter in host.waiters:
                host.waiters.remove(waiter)
                self._next(name)
            raise

    def _leave(self, name: str) -> None:
        host = self._hosts[name]
        host.running -= 1
        host.last = _now()
        self._next(name)

    def _next(self, name: str) -> None:
        """Give turns to all that may have one now; come back when the next may, or to forget the host."""
        host, now = self._hosts[name], _now()
        if host.timer is not None:
            host.timer.cancel()
            host.timer = None
        if (remaining := self._blocked(host, now)) > 0:
            self._refuse(host, remaining)
        while host.waiters and host.running < host.waiters[0].at_once:
            if now < host.last + host.waiters[0].pause:
                return self._come_back(name, host.last + host.waiters[0].pause)
            waiter = host.waiters.popleft()
            if not waiter.turn.done():
                waiter.turn.set_result(None)
                host.running, host.last = host.running + 1, now
        if host.waiters or host.running:
            return None
        idle_from = max(host.last + host.pause, host.blocked_until)
        if now < idle_from:
            return self._come_back(name, idle_from)
        del self._hosts[name]
        return None

    def _blocked(self, host: _Host, now: float) -> float:
        """For how many seconds still; not above zero for a host that is open."""
        remaining = host.blocked_until - now
        return remaining if remaining <= 0 else min(remaining, host.reopens - self._clock().timestamp())

    def _refuse(self, host: _Host, remaining: float) -> None:
        while host.waiters:
            waiter = host.waiters.popleft()
            if not waiter.turn.done():
                waiter.turn.set_exception(BlockedError(timedelta(seconds=remaining)))

    def _come_back(self, name: str, when: float) -> None:
        self._hosts[name].timer = asyncio.get_running_loop().call_at(when, self._next, name)


def _now() -> float:
    return asyncio.get_running_loop().time()
