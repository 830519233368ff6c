"""A site with a hub, its outlets, subscribers and another hub, in memory; time passes when told."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import feedparser

from aggregator.adapters.process_lock import Turn
from aggregator.compiled import compile_config
from aggregator.model import Answered, Config, Hub, Subscribing
from aggregator.pipeline.announcements import Announcing
from aggregator.service.hub import Distribution
from aggregator.service.hub_worker import Errands
from aggregator.websub.hub import BOUNDS
from tests.fakes.hub import MemoryHub
from tests.pipeline.test_journey import CONFIG, Journey, rss

SITE = "https://wire.example.org/"
Mode = Literal["subscribe", "unsubscribe"]
OWN = replace(CONFIG, hub=Hub(f"{SITE}hub", own=True, sha1_for=("https://old.example/",)))
FEED, A_MINUTE = "https://daily.example/feed", timedelta(minutes=1)
READER = "https://reader.example/cb?id=7"


@dataclass(frozen=True)
class Post:
    """What a callback was sent."""

    url: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def titles(self) -> list[str]:
        return [entry.title for entry in feedparser.parse(self.body).entries]


@dataclass
class Servers:
    """Every server there is: confirms what it is asked, and answers a post with the status of its host."""

    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    confirm: Callable[[str], str] = lambda challenge: challenge
    under_way: Counter[str] = field(default_factory=Counter)
    most: int = 0  # under way at one host
    wait: timedelta | None = None

    async def get(self, url: str, allow_private: tuple[str, ...]) -> Answered:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.asked.append(query)
        while "slow" in url and not self.posts:
            await asyncio.sleep(0)
        status = self.statuses.get(urlsplit(url).hostname or "", 200)
        return Answered(status, self.confirm(query.get("hub.challenge", "")).encode())

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], allow_private: tuple[str, ...]
    ) -> Answered:
        host = urlsplit(url).hostname or ""
        self.under_way[host] += 1
        self.most = max(self.most, self.under_way[host])
        await asyncio.sleep(0)
        self.under_way[host] -= 1
        self.posts.append(Post(url, body, headers))
        return Answered(self.statuses.get(host, 200), wait=self.wait, sentence="It is down.")


class Wire(Journey):
    """The journey with a hub behind it."""

    def __init__(self, folder: Path, config: Config = OWN) -> None:
        super().__init__(config)
        self.hub = MemoryHub()
        self.servers = Servers()
        self.pipeline.context.announcing = Announcing(self.hub, lambda: self.world.now)
        errands = Errands(self.pipeline, self.hub, self.servers)
        self.distribution = Distribution(errands, Turn(folder / "turn"))
        self.world.bodies = {FEED: rss("Peace talks resume")}

    def ask(
        self, topic: str = "peace.atom", callback: str = READER, mode: Mode = "subscribe", secret: str = ""
    ) -> None:
        wish = Subscribing(mode, topic, SITE + topic, callback, timedelta(days=10), secret)
        assert self.hub.ask(wish, self.world.now, BOUNDS) is None
        self.deliver()

    def deliver(self, after: timedelta = timedelta(0)) -> list[Post]:
        """What is posted once that much time has passed."""
        self.world.now += after
        before = len(self.servers.posts)
        asyncio.run(self.distribution.finish(timedelta(seconds=5)))
        return self.servers.posts[before:]

    def publish(self, *titles: str, source: str = "daily") -> list[Post]:
        """What is posted once the outlet has these articles."""
        self.world.now += A_MINUTE
        self.world.bodies[FEED] = rss(*titles)
        self.cycle((source,))
        return self.deliver()

    def edit(self, config: Config) -> None:
        self.pipeline.context.compiled = compile_config(config)
        asyncio.run(self.distribution._tidy())

    def take(self, config: Config) -> None:
        """Put a configuration in force as the running program does, and publish by it."""
        self.world.now += A_MINUTE
        self.store.sync(config.sources, self.world.now)
        compiled = compile_config(config)
        self.pipeline.context.names = self.pipeline.publisher.named(compiled)
        self.edit(config)
        self.cycle(())
        asyncio.run(self.distribution._tidy())
