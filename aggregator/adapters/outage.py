"""Tells failures of this machine's own network from those of sources, so that they count against none."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from itertools import chain

from aggregator import polling
from aggregator.model import Failure, Request, Response
from aggregator.model.seams import Clock, Fetch

_log = logging.getLogger("aggregator")
LookUp = Callable[[str], Awaitable[Sequence[object]]]
"""Asks the name service for the addresses of a host; OSError where there are none."""
TRY_EVERY = 20.0  # seconds between two hosts that are tried while none can be reached
_MINUTE = 60.0
_HOSTS = 3  # in a row that failed, with none reached in the last minute
_IN_A_ROW = 10  # hosts that failed since one was reached, however short a time ago
_PATIENCE = 5.0  # seconds that a failure waits for what becomes of the requests beside it
_OTHERS = 5  # names that are looked up to see whether the name service works
_OUTAGE = (
    "no host can be reached (%s): check this machine's network and name service; nothing is counted against"
    " the sources, and a few hosts are tried each minute until one answers"
)
_LITERAL = re.compile(r"\s*https?://(?:[^/@]*@)?(?:\[|\d+\.\d+\.\d+\.\d+(?:[:/?#]|$))", re.IGNORECASE)
_NOT_ASKED = "It was not asked, because no host can be reached from this machine at the moment."


@dataclass(slots=True)
class _Streak:
    """Failures one after another, none of them answered in between."""

    reached: float = float("-inf")  # when it last ended
    failed: dict[str, int] = field(default_factory=dict)  # how often, by host
    is_outage: bool = False

    def add(self, host: str) -> None:
        self.failed[host] = self.failed.get(host, 0) + 1

    def end(self, now: float) -> None:
        """Begin anew, for a host was reached."""
        self.reached, self.is_outage = now, False
        self.failed.clear()

    def judge(self, now: float, *, suspect: bool) -> bool:
        """Whether this is an outage; `suspect` says that each failure of it may be ours."""
        alone = not 0 <= now - self.reached <= _MINUTE
        enough = len(self.failed) >= _HOSTS or (suspect and sum(self.failed.values()) >= _HOSTS)
        self.is_outage |= (alone and enough) or len(self.failed) >= _IN_A_ROW
        return self.is_outage or (alone and suspect)


class Outages:
    """A `Fetch` whose failures are of kind "offline" where the fault is this machine's.

    That is believed where no name of another host can be looked up, and where the last three hosts failed
    before a server was reached, the last minute being without success. A failure waits for the requests
    beside it, some seconds at most, before it is judged. During an outage a host is tried every 20 seconds.
    """

    def __init__(
        self,
        fetch: Fetch,
        clock: Clock,
        look_up: LookUp,
        hosts: Callable[[], Iterable[str]] = lambda: (),
    ) -> None:
        self._fetch, self._clock = fetch, clock  # the clock goes on while the machine sleeps
        self._look_up, self._known = look_up, hosts
        self._hosts, self._names = _Streak(), _Streak()  # of all hosts, and of those that have a name
        self._under_way = 0
        self._waiting = 0  # of these, failures that are not judged yet
        self._settled: asyncio.Future[None] | None = None
        self._name_service: asyncio.Task[bool] | None = None
        self._answered: deque[str] = deque(maxlen=_OTHERS)  # addresses
        self._tried = float("-inf")
        self._is_reported = False

    @property
    def is_on(self) -> bool:
        """Whether no host can be reached, or none by its name."""
        return self._names.is_outage or self._hosts.is_outage

    def may_try(self) -> bool:
        """Whether it is time to try another host during an outage."""
        return not 0 <= self._now() - self._tried < TRY_EVERY

    async def fetch(self, request: Request) -> Response | Failure:
        """Ask, and judge what comes of it."""
        if self.is_on and not self._is_let_through(polling.host(request.url)):
            return Failure("offline", _NOT_ASKED, requests=0, host=polling.host(request.url))
        self._under_way += 1
        try:
            result = await self._fetch(request)
            if isinstance(result, Failure) and result.unreached:
                return await self._judged(polling.host(request.url), result)
            if result.requests or (isinstance(result, Failure) and result.kind == "tls"):
                self._reached(request.url)
            return result
        finally:
            self._under_way -= 1
            if self._settled is not None:
                self._settle()

    def _is_let_through(self, host: str) -> bool:
        """Whether a host is asked during an outage: now and then, or as it needs no name service."""
        if not self._hosts.is_outage and not _is_name(host):
            return True
        if not self.may_try():
            return False
        self._tried = self._now()
        return True

    def _reached(self, url: str) -> None:
        now = self._now()
        self._hosts.end(now)
        if _LITERAL.match(url) is None:
            self._names.end(now)
            self._answered.append(url)
        if self._is_reported and not self.is_on:
            self._is_reported = False
            _log.info("%s was reached; sources are polled as usual again", polling.host(url))
        if self._settled is not None:
            self._settle(reached=True)

    async def _judged(self, host: str, failure: Failure) -> Failure:
        streaks = [self._hosts, self._names] if _is_name(host) else [self._hosts]
        for streak in streaks:
            streak.add(host)
        await self._wait()
        works = await self._name_service_works(host) if host in self._names.failed else None
        self._names.is_outage |= works is False and host in self._names.failed
        suspect = failure.local and works is None
        ours = [one.judge(self._now(), suspect=suspect) for one in streaks if host in one.failed]
        if not any(ours):
            return failure
        cause = failure.sentence.partition(";")[0].rstrip(".")
        if self.is_on and not self._is_reported:
            self._is_reported = True
            _log.warning(_OUTAGE, cause)
        advised = "no other host was reached either, so it does not count against the source"
        return replace(failure, kind="offline", sentence=f"{cause}; {advised}.")

    async def _wait(self) -> None:
        """Until a host is reached, or nothing is under way that is not waiting too; not for long."""
        self._waiting += 1
        if self._settled is None:
            self._settled = asyncio.get_running_loop().create_future()
        settled = self._settled
        self._settle()
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(settled), _PATIENCE)
        finally:
            self._waiting -= 1

    def _settle(self, *, reached: bool = False) -> None:
        if self._settled is not None and (reached or self._waiting >= self._under_way):
            self._settled.set_result(None)
            self._settled = None

    async def _name_service_works(self, host: str) -> bool | None:
        """Whether the name of another host can be looked up; None where none is known."""
        if self._name_service is None or self._name_service.done():
            others = self._others(host)
            if not others:
                return None
            self._name_service = asyncio.create_task(self._find_any(others))
        return await asyncio.shield(self._name_service)

    def _others(self, host: str) -> list[str]:
        """Hosts that have a name, those first that were reached last."""
        found: list[str] = []
        answered = (polling.host(url) for url in reversed(self._answered))
        for one in chain(answered, self._known()):
            if len(found) == _OTHERS:
                break
            if one not in (host, *found) and _is_name(one):
                found.append(one)
        return found

    async def _find_any(self, names: Sequence[str]) -> bool:
        looking = [asyncio.ensure_future(self._look_up(name)) for name in names]
        try:
            for found in asyncio.as_completed(looking, timeout=_PATIENCE):
                with suppress(OSError):  # a timeout, too
                    if await found:
                        return True
            return False
        finally:
            for one in looking:
                one.cancel()
            await asyncio.gather(*looking, return_exceptions=True)

    def _now(self) -> float:
        return self._clock().timestamp()


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
