"""A small hub, an outlet that names it, and this program between them, all on loopback."""

import asyncio
import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web as server

from aggregator import web
from aggregator.model import (
    Config,
    Event,
    Failure,
    Polled,
    Polling,
    PollLogLine,
    Refined,
    Response,
    Site,
    Source,
)
from aggregator.parse.refinement import refine
from aggregator.service.application import Application, both, open_application
from aggregator.service.push_receiver import WebReceiver
from aggregator.service.settings import Settings, now
from aggregator.service.subscriber import Subscriber

LOOPBACK = ("127.0.0.0/8",)


def rss(*titles: str, hub: str = "", topic: str = "", at: datetime | None = None) -> bytes:
    """A feed with an item for each title, all of the same date."""
    links = f'<atom:link rel="hub" href="{hub}"/>' if hub else ""
    links += f'<atom:link rel="self" href="{topic}"/>' if topic else ""
    date = (at or now() - timedelta(minutes=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    items = "".join(
        f"<item><guid isPermaLink='false'>{one}</guid><title>{one}</title><pubDate>{date}</pubDate></item>"
        for one in titles
    )
    start = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Outlet</title>'
    return f"{start}{links}{items}</channel></rss>".encode()


@dataclass
class Hub:
    """Verifies and pushes; `answer` is the status of every request, 202 to take it."""

    answer: int = 202
    lease: str = "864000"
    verifies: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    asked: list[server.Request] = field(default_factory=list)
    verified: list[tuple[int, str, Mapping[str, str]]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    @property
    def callback(self) -> str:
        return self.forms[-1]["hub.callback"]

    async def ask(self, request: server.Request) -> server.Response:
        """Verify within the request, as the hastiest hubs do."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        self.asked.append(request)
        if self.answer == 202 and self.verifies:
            await self.verify(form)
        return server.Response(status=self.answer, headers=self.headers)

    async def verify(self, form: Mapping[str, str], **changes: str) -> int:
        """Ask the callback; what it answered is remembered."""
        challenge = secrets.token_hex()
        query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": challenge}
        query |= {"hub.lease_seconds": self.lease}
        query |= {name.replace("_", ".", 1): value for name, value in changes.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.get(form["hub.callback"], params=query) as answer,
        ):
            text = await answer.text()
            self.verified.append((answer.status, text, dict(answer.headers)))
            assert answer.status != 200 or text == query["hub.challenge"]
            return answer.status

    async def push(
        self, body: bytes, method: str = "sha256", secret: str = "", headers: Mapping[str, str] | None = None
    ) -> int:
        """Push to the subscriber asked for last; the status it answered."""
        key = (secret or next(form["hub.secret"] for form in self.forms if "hub.secret" in form)).encode()
        fields = {"Content-Type": "application/rss+xml", **(headers or {})}
        if method:
            fields["X-Hub-Signature"] = f"{method}={hmac.new(key, body, method).hexdigest()}"
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.callback, data=body, headers=fields) as answer,
        ):
            return answer.status


@dataclass
class Watch:
    """A clock that can be put forward."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return now() + self.ahead


@dataclass
class Scene:
    """All of it, and what happened."""

    app: Application
    subscriber: Subscriber
    hub: Hub
    outlet: "Outlet"
    events: list[Event]
    settings: Settings
    watch: Watch

    def clock(self) -> datetime:
        return self.watch.now()

    async def poll(self) -> PollLogLine:
        """Poll the source, and do what follows from that."""
        pipeline, store = self.app.pipeline, self.app.store
        await pipeline.poller.poll(
            await pipeline.context.in_thread(store.claim, self.clock(), timedelta(minutes=9), 1, ["outlet"])
        )
        await self.tick()
        return store.polls("outlet", 1)[0]

    async def tick(self) -> None:
        await self.subscriber.tick()
        await self.subscriber.settled()

    async def take(self, **changes: object) -> None:
        """Put an edit of the source's polling in force."""
        source = self.app.pipeline.context.compiled.config.sources[0]
        edited = replace(source, polling=replace(source.polling, **changes))  # type: ignore[arg-type]
        self.app.pipeline.context.compiled = replace(
            self.app.pipeline.context.compiled,
            config=replace(self.app.pipeline.context.compiled.config, sources=(edited,)),
        )
        await self.subscriber.look_over()
        await self.tick()

    def titles(self) -> list[str]:
        return sorted(tagged.item.title for _, tagged in self.app.store.iter_items())

    def polls(self) -> list[Polled]:
        return [event for event in self.events if isinstance(event, Polled)]


@dataclass
class Outlet:
    """Serves one feed and counts who asks."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    asked: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed"

    async def answer(self, request: server.Request) -> server.Response:
        self.asked += 1
        if request.headers.get("If-None-Match") and self.status == 304:
            return server.Response(status=304, headers=self.headers)
        return server.Response(body=self.body, headers={"ETag": '"1"', **self.headers})


async def inline(source: Source, response: Response) -> Refined | Failure:
    """Refines without a child process."""
    return refine(source, response)


@asynccontextmanager
async def serving(path: str, answer: Callable[[server.Request], object]) -> AsyncIterator[int]:
    application = server.Application()
    application.router.add_route("*", path, answer)  # type: ignore[arg-type]
    async with web.serve(application, "127.0.0.1", 0, drain=0.1) as port:
        yield port


@asynccontextmanager
async def scene(folder: Path, **polling: object) -> AsyncIterator[Scene]:
    """An outlet with one item, whose feed names the hub, and this program, which has polled nothing yet."""
    settings = Settings(folder / "sources.yaml", folder / "data.db", folder / "feeds")
    hub, outlet, events = Hub(), Outlet(), list[Event]()
    watch = Watch()
    receiver = WebReceiver(settings, watch.now)
    ours = web.app(folder / "feeds", clock=now, receiver=receiver)
    async with (
        serving("/hub", hub.ask) as hub.port,
        serving("/feed", outlet.answer) as outlet.port,
        web.serve(ours, "127.0.0.1", 0, drain=0.1) as port,
    ):
        outlet.body = rss("first", hub=hub.url, topic=outlet.url)
        how = Polling(allow_private=LOOPBACK, push=True, pause_per_host=timedelta())
        how = replace(how, **polling)  # type: ignore[arg-type]
        sources = (Source("outlet", outlet.url, polling=how),)
        cfg = Config(Site("Wire", f"http://127.0.0.1:{port}/"), how, sources, {}, ())
        with closing(receiver):
            async with open_application(settings, cfg, events.append) as opened:
                subscriber = Subscriber(opened.pipeline, opened.store.pushes)
                opened.pipeline.poller.refine = inline
                opened.pipeline.context.observe = both(opened.pipeline.context.observe, subscriber.observe)
                it = Scene(opened, subscriber, hub, outlet, events, settings, watch)
                opened.pipeline.context.clock = it.clock
                await subscriber.look_over()
                try:
                    yield it
                finally:
                    await subscriber.stop()


def on_scene(folder: Path, play: Callable[[Scene], object], **polling: object) -> None:
    """Run a test on a scene of its own."""

    async def main() -> None:
        async with scene(folder, **polling) as it:
            await play(it)  # type: ignore[misc]

    asyncio.run(main())
