import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.adapters.hosts import BlockedError, Hosts
from tests.adapters import virtual

SECOND = timedelta(seconds=1)


class Log:
    """When requests began and ended, by name, from zero."""

    def __init__(self, hosts: Hosts) -> None:
        self.hosts = hosts
        self.began: list[tuple[str, float]] = []
        self.ended: list[tuple[str, float]] = []
        self.running = self.most = 0
        self._zero = asyncio.get_running_loop().time()

    async def request(
        self, host: str, takes: float, *, at_once: int = 2, pause: timedelta = SECOND, name: str = ""
    ) -> None:
        async with self.hosts.turn(host, at_once, pause):
            self.began.append((name or host, self.now()))
            self.running += 1
            self.most = max(self.most, self.running)
            await asyncio.sleep(takes)
            self.running -= 1
        self.ended.append((name or host, self.now()))

    def now(self) -> float:
        return round(asyncio.get_running_loop().time() - self._zero, 3)


def test_never_more_than_two_at_once_and_a_second_after_each_beginning_and_end() -> None:
    async def main() -> Log:
        log = Log(Hosts())
        await asyncio.gather(*(log.request("a", takes) for takes in (2.5, 2.8, 2.8, 1, 1)))
        return log

    log = virtual.run(main())
    assert log.most == 2
    assert [when for _, when in log.began] == [0, 1, 3.5, 4.8, 7.3]


def test_a_quick_host_is_asked_once_a_second() -> None:
    async def main() -> Log:
        log = Log(Hosts())
        await asyncio.gather(*(log.request("a", 0) for _ in range(4)))
        return log

    assert [when for _, when in virtual.run(main()).began] == [0, 1, 2, 3]


def test_without_a_pause_only_the_number_at_once_bounds() -> None:
    async def main() -> Log:
        log = Log(Hosts())
        await asyncio.gather(*(log.request("a", 1, at_once=3, pause=timedelta(0)) for _ in range(6)))
        return log

    assert [when for _, when in virtual.run(main()).began] == [0, 0, 0, 1, 1, 1]


def test_a_slow_host_keeps_no_other_waiting() -> None:
    async def main() -> Log:
        log = Log(Hosts())
        slow = [log.request("slow", 60) for _ in range(50)]
        quick = [log.request(f"quick{number}", 0.1) for number in range(200)]
        tasks = [asyncio.ensure_future(one) for one in (*slow, *quick)]
        await asyncio.sleep(1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return log

    assert sum(name.startswith("quick") for name, when in virtual.run(main()).ended if when <= 0.1) == 200


def test_first_come_first_served() -> None:
    async def main() -> Log:
        log = Log(Hosts())
        await asyncio.gather(*(log.request("a", 0.5, at_once=1, name=str(n)) for n in range(5)))
        return log

    assert [name for name, _ in virtual.run(main()).began] == list("01234")


def test_idle_hosts_are_forgotten_after_their_pause() -> None:
    async def main() -> tuple[int, int]:
        hosts = Hosts()
        log = Log(hosts)
        await asyncio.gather(*(log.request(f"host{number}", 0.1) for number in range(1000)))
        just_after = len(hosts)
        await asyncio.sleep(2)
        return just_after, len(hosts)

    assert virtual.run(main()) == (1000, 0)


def test_a_pause_outlives_the_request_that_asked_for_it() -> None:
    async def main() -> list[tuple[str, float]]:
        log = Log(Hosts())
        await log.request("a", 0)
        await asyncio.sleep(0.3)
        await log.request("a", 0)
        return log.began

    assert [when for _, when in virtual.run(main())] == [0, 1]


def test_one_who_gives_up_waiting_leaves_the_place_to_the_next() -> None:
    async def main() -> list[tuple[str, float]]:
        log = Log(Hosts())
        tasks = [asyncio.ensure_future(log.request("a", 1, at_once=1, name=str(n))) for n in range(3)]
        await asyncio.sleep(0.5)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return log.began

    assert virtual.run(main()) == [("0", 0), ("2", 2)]


def test_one_who_gives_up_just_as_the_turn_comes_gives_it_back() -> None:
    async def main() -> list[tuple[str, float]]:
        log = Log(Hosts())
        async with log.hosts.turn("a", 1, timedelta(0)):
            fickle = asyncio.ensure_future(log.request("a", 0, at_once=1, pause=timedelta(0), name="fickle"))
            await asyncio.sleep(1)
        fickle.cancel()
        await asyncio.gather(fickle, return_exceptions=True)
        await log.request("a", 0, at_once=1, name="next")
        return log.began

    assert virtual.run(main()) == [("next", 1)]


def test_a_blocked_host_refuses_those_who_wait_and_those_who_come_until_the_block_ends() -> None:
    async def main() -> tuple[list[timedelta], list[tuple[str, float]]]:
        hosts = Hosts()
        log = Log(hosts)
        refused = []
        running = asyncio.ensure_future(log.request("a", 5, at_once=1, name="running"))
        waiting = asyncio.ensure_future(log.request("a", 1, at_once=1, name="waiting"))
        await asyncio.sleep(1)
        hosts.block("a", timedelta(seconds=30))
        with pytest.raises(BlockedError) as told:
            await waiting
        refused.append(told.value.remaining)
        await asyncio.sleep(9)
        with pytest.raises(BlockedError) as told:
            await log.request("a", 1)
        refused.append(told.value.remaining)
        await running
        await asyncio.sleep(21)
        await log.request("a", 1, name="later")
        await asyncio.sleep(5)
        assert len(hosts) == 0
        return refused, log.began

    refused, began = virtual.run(main())
    assert [round(one.total_seconds()) for one in refused] == [30, 21]
    assert began == [("running", 0), ("later", 31)]


def test_a_block_ends_by_the_clock_too_for_the_machine_may_sleep_meanwhile() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)

    async def main() -> list[tuple[str, float]]:
        nonlocal at
        log = Log(Hosts(lambda: at))
        log.hosts.block("a", timedelta(hours=1))
        with pytest.raises(BlockedError):
            await log.request("a", 1)
        at += timedelta(hours=1)
        await log.request("a", 1)
        return log.began

    assert virtual.run(main()) == [("a", 0)]
