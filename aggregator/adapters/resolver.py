"""Host names looked up by the system, each in its own thread, so that dead name servers hold nobody up."""

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

_AT_ONCE = 100


class SystemNames(AbstractResolver):
    """`getaddrinfo` without the event loop's few shared threads; a shutdown waits for no look-up."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name; socket.gaierror where there are none."""
        async with self._room:
            found = await _in_thread(host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, address in found
            if kind in (socket.AF_INET, socket.AF_INET6)
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


async def _in_thread(host: str, port: int, family: socket.AddressFamily) -> list[Any]:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Any]] = loop.create_future()

    def settle(found: list[Any] | None, error: OSError | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(found or [])

    def look_up() -> None:
        found, error = None, None
        try:
            found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        except OSError as problem:
            error = problem
        except ValueError:  # a name that cannot be encoded
            error = socket.gaierror(socket.EAI_NONAME, "no such name")
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, found, error)

    threading.Thread(target=look_up, name=f"look up {host}"[:60], daemon=True).start()
    return await answer
