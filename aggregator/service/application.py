"""Builds the app: the one place that knows which adapter stands behind which port."""

import asyncio
import logging
import random
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aggregator import __version__, polling
from aggregator.adapters import http
from aggregator.adapters.disk import Folder
from aggregator.adapters.outage import Outages
from aggregator.adapters.precompressed import Precompressed
from aggregator.adapters.processes import Processes
from aggregator.adapters.resolver import SystemNames
from aggregator.compiled import compile_config
from aggregator.model import Config, Event, Site
from aggregator.model.seams import Observe
from aggregator.pipeline import Context, Pipeline
from aggregator.pipeline.announcements import Announcing
from aggregator.service.missing_feeds import Missing, mention, missing
from aggregator.service.settings import Settings, now
from aggregator.service.troubles import Troubles
from aggregator.store.sqlite import SqliteStore

_log = logging.getLogger("aggregator")


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that polls and publishes, opened under one configuration."""

    settings: Settings
    pipeline: Pipeline
    store: SqliteStore
    precompressed: Precompressed
    troubles: Troubles = field(default_factory=Troubles)
    outages: Outages | None = None
    taken_out: set[Missing] = field(default_factory=set)  # what is published and was said to be missing


@asynccontextmanager
async def open_application(
    settings: Settings, cfg: Config, observe: Observe, *, staying: bool = False
) -> AsyncIterator[Application]:
    """Everything needed to poll and publish under a configuration, closed in order at the end.

    Where it is `staying` open, what the first new feed needs is loaded beside all else.
    """
    async with AsyncExitStack() as stack:
        refine = await stack.enter_async_context(Processes())
        if staying:
            refine.make_ready()
        compiled = compile_config(cfg)
        store = SqliteStore.open(settings.database)
        stack.callback(store.close)
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        stack.callback(thread.shutdown)
        await asyncio.get_running_loop().run_in_executor(thread, store.sync, cfg.sources, now())
        folder = Folder(settings.feeds)
        precompressed = Precompressed(folder, _log.error)
        stack.callback(precompressed.close)
        precompressed.want(cfg.site.precompress)
        names, us = SystemNames(), http.user_agent(cfg.site, __version__)
        fetch = await stack.enter_async_context(http.open_fetch(us, resolver=names))
        outages = Outages(fetch, now, names.resolve, lambda: _hosts(pipeline.context.compiled.config))
        pipeline = Pipeline.of(
            Context(
                compiled=compiled,
                store=store,
                thread=thread,
                observe=both(observe, precompressed.observe),
                clock=now,
                namespace=store.namespace(_namespace(cfg.site)),
                pushes=store.pushes,
                announcing=Announcing(store.hub, now),
            ),
            fetch=outages.fetch,
            refine=refine,
            write=folder.write,
            remove=folder.remove,
            exists=folder.exists,
            chance=random.random,
        )
        pipeline.context.names = await pipeline.context.in_thread(pipeline.publisher.named, compiled)
        app = Application(settings, pipeline, store, precompressed, outages=outages)
        mention(await pipeline.context.in_thread(missing, store, cfg, now()), app.taken_out)
        yield app


async def resume(app: Application) -> None:
    """Go on with another database, which took the place of the one that was open."""
    pipeline, store = app.pipeline, app.store
    cfg = pipeline.context.compiled.config
    await pipeline.context.in_thread(store.sync, cfg.sources, now())
    pipeline.context.namespace = await pipeline.context.in_thread(store.namespace, _namespace(cfg.site))
    await pipeline.poller.retune()
    await pipeline.publisher.catch_up()


def _hosts(cfg: Config) -> Iterator[str]:
    return (polling.host(source.feed) for source in cfg.sources)


def both(one: Observe, other: Observe) -> Observe:
    """Tells two observers of everything, one after the other."""

    def observe(event: Event) -> None:
        one(event)
        other(event)

    return observe


def _namespace(site: Site) -> str:
    """A tag: URI prefix (RFC 4151) for a first start, unlike that of any other installation."""
    host = urlsplit(site.url).hostname or "localhost"
    if not any(char.isalpha() for char in host) or ":" in host:
        host = "localhost"  # an IP address is no tagging entity
    return f"tag:{host},{now():%Y-%m-%d}:{uuid.uuid4().hex[:12]}"
