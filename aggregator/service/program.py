"""The program while it runs: poller and web, edits as they come, and an orderly end."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator import config, web
from aggregator.adapters import log
from aggregator.compiled import compile_config
from aggregator.errors import AggregatorError
from aggregator.model import Config
from aggregator.service import reloads
from aggregator.service.application import Application, both, open_application
from aggregator.service.backfill import fill_meanwhile
from aggregator.service.former_feeds import FormerFeeds
from aggregator.service.health import ProgramHealth
from aggregator.service.hub import hub_at_work
from aggregator.service.hub_desk import HubDesk
from aggregator.service.index import index_meanwhile
from aggregator.service.missing_feeds import mention, missing
from aggregator.service.plans import is_waiting
from aggregator.service.poller import PollLoop
from aggregator.service.push_receiver import WebReceiver
from aggregator.service.settings import Settings, now
from aggregator.service.subscriber import Subscriber
from aggregator.service.web_searches import WebSearch
from aggregator.text.quantities import counted

_log = logging.getLogger("aggregator")
_FEW = 5  # ids that a line of the log names
AGAIN = timedelta(seconds=5)  # until an edit that could not be stored is tried again
DRAIN = timedelta(seconds=4)  # for polls under way; printing may take another, answers of the web part 4


@dataclass(frozen=True, slots=True)
class ProgramParts:
    """Which parts of the program run, and where the web part listens."""

    poller: bool = True
    web: bool = True
    host: str = "127.0.0.1"
    port: int = 8080


Take = Callable[[Config], Awaitable[None]]
"""Puts a new configuration in force in one part of the program."""


async def run(settings: Settings, parts: ProgramParts, started: Callable[[], None] = lambda: None) -> None:
    """Run until SIGTERM or Ctrl-C; `started` is called when everything is up."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    start = reloads.read_or_last_good(settings)
    cfg, again = start.config, asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGHUP, _reload_or_end, again, stop, sys.stderr.isatty()
    )
    async with AsyncExitStack() as stack:
        takers: list[Take] = []
        if parts.web:
            takers.append(await stack.enter_async_context(_serving(settings, parts, cfg)))
        if parts.poller:
            takers.append(await stack.enter_async_context(_polling(settings, cfg, stop)))
        edits = reloads.edits(settings, start, stop, again)
        await stack.enter_async_context(_following(edits, takers, cfg, stop))
        _say(cfg, settings.config)
        started()
        await stop.wait()
        _log.info("stopping …")
    _log.info("stopped")


def _reload_or_end(again: asyncio.Event, stop: asyncio.Event, on_terminal: bool) -> None:
    """SIGHUP asks for the configuration to be read again; the end of our terminal sends it, too."""
    if on_terminal and not sys.stderr.isatty():
        stop.set()
    else:
        again.set()


@asynccontextmanager
async def _serving(settings: Settings, parts: ProgramParts, cfg: Config) -> AsyncIterator[Take]:
    shown, receiver = ServedConfig(cfg), WebReceiver(settings)
    ended = FormerFeeds(settings, lambda: shown.config, now)
    application = web.app(
        settings.feeds,
        clock=now,
        health=ProgramHealth(settings, now),
        redirects=ended.redirects,
        gone=ended,
        is_over=ended.is_over,
        noindex=shown.noindex,
        search=WebSearch(settings, lambda: shown.config),
        receiver=receiver,
        hub=HubDesk(settings, lambda: shown.config),
    )
    await ended.take(record=not parts.poller)

    async def take(cfg: Config) -> None:
        shown.config = cfg
        await ended.take(record=not parts.poller)

    with closing(receiver):
        async with web.serve(application, parts.host, parts.port):
            _log.info("serving %s at http://%s:%d/", settings.feeds, parts.host, parts.port)
            yield take


@asynccontextmanager
async def _polling(settings: Settings, cfg: Config, stop: asyncio.Event) -> AsyncIterator[Take]:
    async with open_application(settings, cfg, log.observe, staying=True) as app, hub_at_work(app):
        await app.pipeline.poller.retune()
        await app.pipeline.publisher.catch_up()
        poller = PollLoop(app)
        subscriber = Subscriber(app.pipeline, app.store.pushes, troubles=app.troubles)
        app.pipeline.context.observe = both(app.pipeline.context.observe, subscriber.observe)
        await subscriber.look_over()
        scheduler, ending = _jobs(app, poller, subscriber), asyncio.Event()

        def ended() -> bool:
            return stop.is_set() or ending.is_set()

        async def begin() -> None:
            """What was left behind is published before anything new comes in, while edits are followed."""
            await app.troubles.guard("publishing", _publish(app, ended))
            if not ended():
                scheduler.start()

        comparing = asyncio.create_task(_look_into_history(app, mention=True))

        async def take(cfg: Config) -> None:
            nonlocal comparing
            changed = await take_over(app, cfg)
            comparing.cancel()
            comparing = asyncio.create_task(_look_into_history(app, mention=changed))
            if scheduler.running:
                await poller.tick()
            await subscriber.look_over()

        beginning = asyncio.create_task(begin())
        indexing = asyncio.create_task(index_meanwhile(app))
        try:
            yield take
        finally:
            ending.set()
            await asyncio.gather(beginning, return_exceptions=True)
            if scheduler.running:
                scheduler.shutdown(wait=False)
            indexing.cancel()
            comparing.cancel()
            await subscriber.stop()
            await poller.drain(DRAIN)
            app.precompressed.close(finish=False)


def _jobs(app: Application, poller: PollLoop, subscriber: Subscriber) -> AsyncIOScheduler:
    """What is done each second and each hour, once the scheduler is started."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    every = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(poller.tick, "interval", seconds=1, next_run_time=now(), **every)
    scheduler.add_job(subscriber.tick, "interval", seconds=1, **every)
    scheduler.add_job(app.pipeline.poller.retune, "interval", hours=1, **every)
    scheduler.add_job(app.pipeline.poller.forget_polls, "interval", hours=1, **every)
    return scheduler


async def _publish(app: Application, stop: Callable[[], bool]) -> None:
    await app.pipeline.publisher.publish(stop)


@asynccontextmanager
async def _following(
    edits: AsyncIterator[Config], takers: Sequence[Take], before: Config, stop: asyncio.Event
) -> AsyncIterator[None]:
    last = before

    async def take(cfg: Config) -> None:
        nonlocal last
        if await take_by_all(takers, cfg, stop):
            _log.info("configuration reloaded: %s", changes(last, cfg))
            last = cfg

    watching = asyncio.create_task(follow(edits, take))
    watching.add_done_callback(_report_fault)
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(watching, return_exceptions=True)


async def follow(edits: AsyncIterator[Config], take: Take) -> None:
    """Put every edit in force as it comes; one that takes long gives way to the next."""
    taking: asyncio.Task[None] | None = None
    async for cfg in edits:
        if taking is not None:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
        taking = asyncio.create_task(take(cfg))  # type: ignore[arg-type]
        taking.add_done_callback(_report_fault)
    if taking is not None:
        await asyncio.gather(taking, return_exceptions=True)


async def take_by_all(
    takers: Sequence[Take], cfg: Config, stop: asyncio.Event, again: timedelta = AGAIN
) -> bool:
    """Put an edit in force in every part, over and over where the store does not let it; False at a stop.

    What stands in the way is said once while it lasts.
    """
    said = ""
    while not stop.is_set():
        try:
            for take in takers:
                await take(cfg)
            return True
        except AggregatorError as error:
            if str(error) != said:
                _log.error("the edit has not taken effect yet; it is tried again until it does: %s", error)
            said = str(error)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), again.total_seconds())
    return False


def _report_fault(watching: asyncio.Task[None]) -> None:
    if not watching.cancelled() and (error := watching.exception()):
        _log.error("a fault of the program itself, an edit did not take effect: %r; please report it", error)


async def take_over(app: Application, cfg: Config) -> bool:
    """Put a new configuration in force: for new items at once, for the documents at the next tick.

    True where its rules are other ones than before.
    """
    before, compiled = app.pipeline.context.compiled, await asyncio.to_thread(compile_config, cfg)
    with app.pipeline.publisher.issuer.editing():
        await app.pipeline.context.in_thread(app.store.sync, cfg.sources, now())
        names = await app.pipeline.context.in_thread(app.pipeline.publisher.named, compiled)
        app.pipeline.context.compiled, app.pipeline.context.names = compiled, names
        mention(await app.pipeline.context.in_thread(missing, app.store, cfg, now()), app.taken_out)
        app.precompressed.want(cfg.site.precompress)
        await app.pipeline.poller.retune()
        await app.pipeline.publisher.put_in_force()
    await app.pipeline.publisher.rename_topics()
    return not compiled.tagging.tags_like(before.tagging)


async def _look_into_history(app: Application, *, mention: bool) -> None:
    """Fill topics that are new; then say that history was tagged by other rules, if it was."""
    await fill_meanwhile(app)
    if mention and await app.pipeline.context.in_thread(
        is_waiting, app.store, app.pipeline.context.compiled.tagging
    ):
        _log.info(
            "the rules changed, and stored items still have the earlier topics: see `aggregator plan`, then "
            "`aggregator apply`"
        )


@dataclass(slots=True)
class ServedConfig:
    """What the web part needs to know of the configuration in force."""

    config: Config

    def noindex(self, path: str) -> bool:
        """Whether a document may hold an outlet's full text, which is the outlet's to be found by."""
        if path.endswith((".html", ".opml")):
            return False
        full = {source.id for source in self.config.sources if source.republish == "full"}
        folder, _, name = path.rpartition("/")
        if folder == "sources":
            id = name.partition(".")[0]
            return id in full or id not in self.config.by_id  # its last documents may
        return bool(full)


def changes(before: Config, after: Config) -> str:
    """What an edit changed, in words: "topic climate added, source x removed"."""
    parts: list[str] = []
    for noun, was, then in (
        ("source", before.by_id, after.by_id),
        ("topic", {one.id: one for one in before.topics}, {one.id: one for one in after.topics}),
    ):
        verbs = {
            "added": then.keys() - was.keys(),
            "removed": was.keys() - then.keys(),
            "changed": {id for id in was.keys() & then.keys() if was[id] != then[id]},
        }
        parts += [_listed(noun, sorted(ids), verb) for verb, ids in verbs.items() if ids]
    parts += ["lists changed"] if before.lists != after.lists else []
    parts += ["settings of the site changed"] if before.site != after.site else []
    return ", ".join(parts) or "nothing that is read or published changed"


def _listed(noun: str, ids: Sequence[str], verb: str) -> str:
    if len(ids) > _FEW:
        return f"{counted(len(ids), noun)} {verb}"
    return f"{noun}{'s' if len(ids) > 1 else ''} {', '.join(ids)} {verb}"


def _say(cfg: Config, file: Path) -> None:
    sources, topics = counted(len(cfg.sources), "source"), counted(len(cfg.topics), "topic")
    _log.info("%s and %s", sources, topics)
    for hint in config.hints(cfg, str(file)):
        _log.warning("%s", hint)
