"""Turns of many that wait for others: so many at once, but none who is slow keeps the rest waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta


class Turns:
    """Lets `at_once` in together; who is in for longer than `slow` makes room for another."""

    def __init__(self, at_once: int, slow: timedelta) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._slow = slow.total_seconds()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for room, and take it until the end of the block or until it is overdue."""
        await self._room.acquire()
        overdue = asyncio.get_running_loop().call_later(self._slow, self._room.release)
        try:
            yield
        finally:
            if overdue.when() > asyncio.get_running_loop().time():  # else it made room, or is about to
                overdue.cancel()
                self._room.release()
