"""A server on loopback that answers as told, byte by byte, and records every request and connection."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp.abc import AbstractResolver, ResolveResult

LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclass(slots=True)
class Hit:
    """One request as it arrived; times are the loop's."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]  # as sent, latin-1
    connection: int
    began: float
    ended: float = float("inf")

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


Talk = Callable[[Hit, asyncio.StreamWriter], Awaitable[bool]]
"""Answers a request itself; True to go on listening on that connection."""
Answer = bytes | Talk


def chosen(choose: Callable[[Hit], bytes]) -> Talk:
    """An answer that depends on the request."""

    async def talk(hit: Hit, writer: asyncio.StreamWriter) -> bool:
        writer.write(choose(hit))
        await writer.drain()
        return True

    return talk


def then_hang_up(data: bytes, after: float = 0.0) -> Talk:
    """Bytes, then silence for so many seconds, then the end of the connection."""

    async def talk(hit: Hit, writer: asyncio.StreamWriter) -> bool:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(after)
        return False

    return talk


def for_ever(data: bytes, again: bytes, pause: float = 0.0) -> Talk:
    """Bytes, then other ones without end."""

    async def talk(hit: Hit, writer: asyncio.StreamWriter) -> bool:
        writer.write(data)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return talk


def reply(status: int = 200, body: bytes = b"", *headers: tuple[str, str], length: bool = True) -> bytes:
    """A whole answer; `length=False` leaves Content-Length out."""
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers)]
    if length and status not in (204, 304):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass
class Recorder:
    """Answers by path, `*` for any other; hangs up after an answer that says `Connection: close`."""

    answers: Mapping[str, Answer]
    tls: ssl.SSLContext | None = None
    address: str = "127.0.0.1"
    hits: list[Hit] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, self.address, self.port, ssl=self.tls, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    def url(self, path: str = "/", host: str = "") -> str:
        """The address of a path, at the server's own address or under another name."""
        return f"{'https' if self.tls else 'http'}://{host or self.address}:{self.port}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, RuntimeError):
                while await self._converse(reader, writer, number):
                    pass
        finally:
            writer.close()
            self._talks.discard(task)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        pairs = [line.partition(":")[::2] for line in head[1:] if line]
        loop = asyncio.get_running_loop()
        hit = Hit(method, path, tuple((name, value.strip(" ")) for name, value in pairs), number, loop.time())
        self.hits.append(hit)
        answer = self.answers.get(path.partition("?")[0]) or self.answers.get("*") or reply(404)
        try:
            if not isinstance(answer, bytes):
                return await answer(hit, writer)
            writer.write(answer)
            await writer.drain()
            return b"connection: close" not in answer.partition(b"\r\n\r\n")[0].lower()
        finally:
            hit.ended = loop.time()


class Names(AbstractResolver):
    """A name service: a name's answers one after another, the last for ever; records what was asked."""

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._names = names
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The next answer for a name; gaierror for an unknown one."""
        turns = self._names.get(host)
        if turns is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        addresses = turns[min(self.asked.count(host), len(turns) - 1)]
        self.asked.append(host)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to let go of."""
