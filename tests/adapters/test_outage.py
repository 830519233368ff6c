"""Failures of our own network, told from those of sources, in virtual time."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from aggregator.adapters.outage import Outages
from aggregator.model import Failure, Request, Response
from tests.adapters import virtual

T = TypeVar("T")
START = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Internet:
    """Hosts that answer, and those that do not, by what becomes of a request to them."""

    def __init__(self, *, works: bool = True, names: bool = True) -> None:
        self.works, self.names = works, names  # the way out, and the name service
        self.dead: dict[str, str] = {}  # hosts that are down: "name" not found, "refused", "slow"
        self.asked: list[str] = []
        self.looked_up: list[str] = []
        self.outages = Outages(self.fetch, self.now, self.look_up, lambda: [f"h{n}.test" for n in range(50)])

    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    async def fetch(self, request: Request) -> Response | Failure:
        host = request.url.split("/")[2]
        self.asked.append(host)
        await asyncio.sleep(0.05)
        is_name = not host[0].isdigit()
        if is_name and not self.names:
            return Failure("network", "No name service.", None, (), 0, host, unreached=True, local=True)
        if not self.works or host in self.dead:
            await asyncio.sleep(15 if self.dead.get(host) == "slow" else 0.05)
            return Failure("network", "It is down.", None, (), 0, host, unreached=True)
        return Response(request.url, 200, (), b"")

    async def look_up(self, name: str) -> Sequence[object]:
        self.looked_up.append(name)
        await asyncio.sleep(0.05)
        if not self.names or self.dead.get(name) == "name":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [name]

    async def ask(self, *hosts: str) -> list[str]:
        """What became of requests to hosts that were made together: "ok", or the kind of failure."""
        results = await asyncio.gather(*(self.outages.fetch(Request(f"http://{host}/")) for host in hosts))
        return [one.kind if isinstance(one, Failure) else "ok" for one in results]


def run(use: Callable[[Internet], Awaitable[T]], **internet: bool) -> T:
    async def main() -> T:
        return await use(Internet(**internet))

    return virtual.run(main())


ALL = [f"h{n}.test" for n in range(42)]


@pytest.mark.parametrize("internet", [{"names": False}, {"works": False}])
def test_a_first_minute_without_network_counts_against_no_source_and_is_one_line(
    internet: dict[str, bool], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def use(net: Internet) -> None:
        assert set(await net.ask(*ALL)) == {"offline"}
        assert net.outages.is_on
        for _ in range(30):
            await asyncio.sleep(10)
            assert set(await net.ask(*ALL)) == {"offline"}
        assert len(net.asked) <= 42 + 16  # a host every twenty seconds
        net.names = net.works = True
        await asyncio.sleep(20)
        assert await net.ask("h1.test") == ["ok"]
        assert not net.outages.is_on
        assert set(await net.ask(*ALL)) == {"ok"}

    run(use, **internet)
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith("no host can be reached (")
    assert second.startswith("h1.test was reached")


def test_sources_that_are_down_among_others_fail_themselves(caplog: pytest.LogCaptureFixture) -> None:
    async def use(net: Internet) -> None:
        net.dead = {"h1.test": "name", "h2.test": "refused", "h3.test": "slow", "h4.test": "refused"}
        results = dict(zip(ALL, await net.ask(*ALL), strict=True))
        assert {host for host, result in results.items() if result != "ok"} == set(net.dead)
        assert set(results.values()) == {"ok", "network"}
        assert len(net.asked) == 42

    run(use)
    assert not caplog.records


def test_slow_failures_beside_quick_answers_are_judged_by_those() -> None:
    async def use(net: Internet) -> None:
        net.dead = dict.fromkeys(ALL[:9], "refused")
        await net.ask("h20.test")
        assert await net.ask(*ALL[:9]) == ["network"] * 9

    run(use)


@pytest.mark.parametrize("how", ["name", "refused"])
def test_a_source_that_is_down_at_a_quiet_hour_fails_itself(
    how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def use(net: Internet) -> None:
        net.dead = {"h1.test": how, "h2.test": how}
        for _ in range(5):
            await asyncio.sleep(3600)
            assert await net.ask("h1.test") == ["network"]
            assert await net.ask("h2.test") == ["network"]
            assert len(net.looked_up) < 60
            await asyncio.sleep(3600)
            assert await net.ask("h3.test") == ["ok"]

    run(use)
    assert not caplog.records


def test_a_name_service_that_goes_away_between_two_polls_is_noticed_at_the_first() -> None:
    async def use(net: Internet) -> None:
        assert await net.ask("h1.test", "h2.test") == ["ok", "ok"]
        net.names = False
        await asyncio.sleep(5)
        assert await net.ask("h3.test") == ["offline"]
        assert await net.ask("127.0.0.1") == ["ok"]  # who needs no name is asked
        assert net.outages.is_on
        net.names = True
        await asyncio.sleep(30)
        assert await net.ask("h3.test") == ["ok"]

    run(use)


def test_a_name_service_outage_is_one_line_for_six_thousand_sources(caplog: pytest.LogCaptureFixture) -> None:
    async def use(net: Internet) -> None:
        await net.ask("h1.test")
        net.names = False
        kinds = [
            await net.ask(*(f"x{n}.test" for n in range(start, start + 256))) for start in range(0, 6000, 256)
        ]
        assert {kind for some in kinds for kind in some} == {"offline"}
        assert len(net.asked) < 300

    run(use)
    assert len(caplog.records) == 1


def test_a_way_out_that_goes_away_is_noticed_after_some_hosts_in_a_row() -> None:
    async def use(net: Internet) -> None:
        await net.ask(*ALL)
        net.works = False
        await asyncio.sleep(10)
        kinds = [(await net.ask(host))[0] for host in ALL[:12]]
        assert kinds == ["network"] * 9 + ["offline"] * 3
        net.works = True
        await asyncio.sleep(20)
        assert await net.ask("h1.test") == ["ok"]
        net.works = False
        await asyncio.sleep(120)
        assert [(await net.ask(host))[0] for host in ALL[:4]] == ["network", "network", "offline", "offline"]

    run(use)


def test_what_says_nothing_of_the_network_does_not_end_an_outage() -> None:
    async def use(net: Internet) -> None:
        await net.ask(*ALL)
        assert net.outages.is_on

        async def kept_away(request: Request) -> Response | Failure:
            return Failure("http", "Asked later.", 429, (), 0, "h1.test")

        net.outages._fetch = kept_away
        await asyncio.sleep(20)
        await net.ask("h1.test")
        assert net.outages.is_on

    run(use, works=False)


def test_a_cancelled_request_keeps_no_failure_waiting() -> None:
    async def use(net: Internet) -> None:
        net.dead = {"h1.test": "slow", "h2.test": "refused"}
        slow = asyncio.ensure_future(net.ask("h1.test"))
        quick = asyncio.ensure_future(net.ask("h2.test"))
        await asyncio.sleep(1)
        assert not quick.done()
        slow.cancel()
        await asyncio.wait([slow])
        await asyncio.sleep(0.2)
        assert quick.done()

    run(use)
