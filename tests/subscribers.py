"""A WebSub subscriber on loopback, in a thread of its own: confirms what it is asked, keeps what comes."""

import asyncio
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.loopback import on_loopback


@dataclass(frozen=True, slots=True)
class Sent:
    """A notification as it arrived."""

    body: bytes
    headers: dict[str, str]
    at: float  # time.time()


@dataclass
class Subscriber:
    """Its callback is `url`; while it is `deaf` it takes notifications in and does not answer."""

    sent: list[Sent] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    deaf: bool = False
    _news: threading.Condition = field(default_factory=threading.Condition)

    def subscribe(self, hub: str, topic: str, mode: str = "subscribe", **fields: str) -> int:
        """Ask a hub; the status it answers."""
        named = {"hub.mode": mode, "hub.topic": topic, "hub.callback": self.url}
        named |= {f"hub.{name}": value for name, value in fields.items()}
        request = urllib.request.Request(hub, urllib.parse.urlencode(named).encode())
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def wait(self, *, asked: int = 0, sent: int = 0, seconds: float = 15) -> bool:
        """Whether it was asked and sent so much in time."""
        with self._news:
            return self._news.wait_for(
                lambda: len(self.asked) >= asked and len(self.sent) >= sent, timeout=seconds
            )

    async def answer(self, request: web.Request) -> web.Response:
        """The challenge, or 204 for a notification."""
        if request.method == "GET":
            with self._news:
                self.asked.append(dict(request.query))
                self._news.notify_all()
            return web.Response(text=request.query.get("hub.challenge", ""))
        body = await request.read()
        with self._news:
            self.sent.append(Sent(body, dict(request.headers), time.time()))
            self._news.notify_all()
        while self.deaf:
            await asyncio.sleep(0.02)
        return web.Response(status=204)


@contextmanager
def listening(subscriber: Subscriber) -> Iterator[Subscriber]:
    """The subscriber's server for the time of the block, on a free port of 127.0.0.1."""
    application = web.Application()
    application.router.add_route("*", "/callback", subscriber.answer)
    with on_loopback(application) as origin:
        subscriber.url = f"{origin}/callback?id=7"
        yield subscriber
