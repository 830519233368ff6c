"""How many polls are under way at once."""

import asyncio
from datetime import timedelta

from aggregator.pipeline.polls import Turns
from tests.adapters import virtual


class Guests:
    """Some who want a turn each, and stay until they are told to leave."""

    def __init__(self, turns: Turns, *names: str) -> None:
        self.inside: list[str] = []
        self._leave = {name: asyncio.Event() for name in names}
        self._stays = {name: asyncio.create_task(self._stay(turns, name)) for name in names}

    async def _stay(self, turns: Turns, name: str) -> None:
        async with turns.turn():
            self.inside.append(name)
            await self._leave[name].wait()
        self.inside.remove(name)

    async def leave(self, name: str) -> None:
        self._leave[name].set()
        await self._stays[name]
        await settled()

    async def all_leave(self) -> None:
        for left in self._leave.values():
            left.set()
        await asyncio.gather(*self._stays.values())


async def settled() -> None:
    """All that is ready has run."""
    for _ in range(9):
        await asyncio.sleep(0)


def test_who_comes_when_all_places_are_taken_waits_until_one_is_left() -> None:
    async def night() -> None:
        guests = Guests(Turns(2, slow=timedelta(hours=1)), "a", "b", "c", "d")
        await settled()
        assert guests.inside == ["a", "b"]
        await guests.leave("b")
        assert guests.inside == ["a", "c"]
        await guests.all_leave()

    virtual.run(night())


def test_who_is_slow_keeps_nobody_waiting() -> None:
    async def night() -> None:
        guests = Guests(Turns(1, slow=timedelta(seconds=5)), "a", "b", "c")
        await asyncio.sleep(4.5)
        assert guests.inside == ["a"]
        await asyncio.sleep(1)
        assert guests.inside == ["a", "b"]
        await asyncio.sleep(5)
        assert guests.inside == ["a", "b", "c"]
        await guests.all_leave()

    virtual.run(night())


def test_who_made_room_by_being_slow_makes_no_more_by_leaving() -> None:
    async def night() -> None:
        guests = Guests(Turns(1, slow=timedelta(seconds=5)), "slow", "b", "c")
        await asyncio.sleep(6)
        await guests.leave("slow")
        assert guests.inside == ["b"]
        await guests.leave("b")
        assert guests.inside == ["c"]
        await guests.all_leave()

    virtual.run(night())
