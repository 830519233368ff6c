"""One pass: poll what is due or named, publish, stop."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.errors import InputError
from aggregator.model import Change, Claim, Config, Derived, Event, Polled, Published, Quarantined
from aggregator.model.seams import Observe, Watching
from aggregator.service import configuration
from aggregator.service.application import Application, open_application
from aggregator.service.backfill import fill
from aggregator.service.hub import open_distribution
from aggregator.service.settings import Settings, now
from aggregator.text.nearest import nearest

LEASE = timedelta(minutes=10)
DELIVERING = timedelta(seconds=10)  # that a pass waits for subscribers' servers


@dataclass(frozen=True, slots=True, repr=False)  # asyncio reprs what the main task returns; this is large
class PollReport:
    """What a pass did."""

    polled: tuple[Polled, ...]
    published: tuple[Published, ...]
    left_alone: tuple[str, ...]  # named, but their servers want no poll yet
    next_due: datetime | None = None  # when there is something to poll again; None for no sources

    @property
    def failed(self) -> tuple[Polled, ...]:
        """The sources that could not be read."""
        return tuple(event for event in self.polled if event.poll.outcome == "failed")

    @property
    def unreached(self) -> tuple[Polled, ...]:
        """The sources that were due while this machine reached no host."""
        return tuple(event for event in self.polled if event.poll.outcome == "unreached")

    @property
    def waiting(self) -> tuple[str, ...]:
        """The sources whose servers want to be left alone, or said so in this pass (429)."""
        told = (event.source.id for event in self.polled if event.poll.outcome == "waiting")
        return (*self.left_alone, *told)

    @property
    def unpublished(self) -> tuple[Published, ...]:
        """The feeds that could not be written."""
        return tuple(event for event in self.published if event.failure)

    def change(self) -> Change:
        """New and corrected items of the whole pass."""
        changes = [event.change for event in self.polled if event.change is not None]
        return Change(sum(one.new for one in changes), sum(one.corrected for one in changes))

    def written(self) -> int:
        """How many documents changed."""
        return sum(len(event.written) for event in self.published)


async def poll_once(
    settings: Settings, names: Sequence[str], *, everything: bool, force: bool, watching: Watching
) -> PollReport:
    """Poll what is due, or the named sources, or all; then publish what changed."""
    cfg = configuration.put_in_force(settings)
    only = _named(cfg, names, everything)
    events: list[Event] = []

    async with open_application(settings, cfg, events.append) as app:
        await app.pipeline.publisher.catch_up()
        await fill(app)
        claims = app.store.claim(now(), LEASE, len(cfg.sources), only)
        asked, waiting = _polite(claims, force)
        app.store.release(waiting)
        with _watched(app, watching(len(asked), "polling"), events):
            await app.pipeline.poller.poll(asked)
        with _watched(app, watching(len(app.store.stale(now())), "publishing"), events):
            await app.pipeline.publisher.publish()
        await app.pipeline.poller.forget_polls()
        await _deliver(app)
        next_due = app.store.next_due()
    return PollReport(
        tuple(event for event in events if isinstance(event, Polled)),
        tuple(event for event in events if isinstance(event, Published)),
        tuple(claim.source for claim in waiting),
        next_due,
    )


@dataclass(frozen=True, slots=True, repr=False)
class PublishReport:
    """What was published, and the entries that are left out of all of it, whenever they were found wrong."""

    published: tuple[Published, ...]
    left_out: tuple[Quarantined, ...]


async def publish_once(settings: Settings, *, everything: bool, watching: Watching) -> PublishReport:
    """Bring feeds/ up to date with the store."""
    cfg = configuration.put_in_force(settings)
    async with open_application(settings, cfg, lambda event: None) as app:
        await app.pipeline.publisher.catch_up()
        await fill(app)
        if everything:
            await app.pipeline.publisher.mark_all()
        with _watched(app, watching(len(app.store.stale(now())), "publishing"), []):
            published = await app.pipeline.publisher.publish()
        await _deliver(app)
        return PublishReport(published, app.store.quarantined())


@contextmanager
def _watched(
    app: Application, watching: AbstractContextManager[Observe], events: list[Event]
) -> Iterator[None]:
    """What happens meanwhile is shown, and kept for the report."""
    with watching as watch:

        def observe(event: Event) -> None:
            events.append(_without_items(event))
            watch(event)

        app.pipeline.context.observe = observe
        try:
            yield
        finally:
            app.pipeline.context.observe = events.append


def _without_items(event: Event) -> Event:
    """An event as a report needs it; all that many sources brought would fill the memory."""
    if isinstance(event, Polled):
        return replace(event, poll=replace(event.poll, tagged=(), derived=Derived()))
    return event


async def _deliver(app: Application) -> None:
    """Deliver what is due to subscribers, where no other process does; what takes longer waits."""
    async with open_distribution(app) as distribution:
        await distribution.finish(DELIVERING)


def _named(cfg: Config, names: Sequence[str], everything: bool) -> tuple[str, ...] | None:
    known = [source.id for source in cfg.sources]
    for name in names:
        if name not in known:
            near = nearest(name, known)
            some = ", ".join(known[:10]) + (" …" if len(known) > 10 else "")
            hint = f"; did you mean {near}?" if near else f"; there are: {some}"
            raise InputError(f"there is no source {name!r} in the configuration{hint}")
    if everything:
        return tuple(known)
    return tuple(names) or None


def _polite(claims: Sequence[Claim], force: bool) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Those that may be asked now, and those whose servers asked us to come back later, or never (410)."""
    moment = now()

    def waits(claim: Claim) -> bool:
        until = claim.memory.not_before
        return claim.memory.gone or (until is not None and until > moment)

    if force:
        return tuple(claims), ()
    return tuple(c for c in claims if not waits(c)), tuple(c for c in claims if waits(c))
