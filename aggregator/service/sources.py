"""How the sources fare, all or one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator import polling
from aggregator.errors import InputError
from aggregator.model import PollLogLine, Source, SourceState
from aggregator.polling import SourceHealth
from aggregator.service.inspection import opened_store, read_rules
from aggregator.service.settings import Settings, now
from aggregator.text.nearest import nearest
from aggregator.websub import subscriber
from aggregator.websub.subscriber import Fares


@dataclass(frozen=True, slots=True)
class Faring:
    """A source, what is remembered of it (None: it was never seen), and how it and its hubs fare."""

    source: Source
    memory: SourceState | None
    health: SourceHealth
    pushed: Fares | None = None  # None where no hub was asked


def sources_health(settings: Settings) -> tuple[Faring, ...]:
    """How every configured source fares, in the order of the file."""
    return faring(settings, read_rules(settings).sources)


def source_log(settings: Settings, id: str, limit: int) -> tuple[Faring, tuple[PollLogLine, ...]]:
    """How one source fares, and its last polls, newest first; InputError for an unknown id."""
    cfg = read_rules(settings)
    if id not in cfg.by_id:
        near = nearest(id, cfg.by_id)
        hint = f"did you mean {near}?" if near else "`aggregator sources` lists them."
        raise InputError(f"There is no source {id!r} in {settings.config}; {hint}")
    (one,) = faring(settings, [cfg.by_id[id]])
    if one.memory is None:
        return one, ()
    with opened_store(settings) as store:
        return one, store.polls(id, limit)


def faring(settings: Settings, sources: Sequence[Source]) -> tuple[Faring, ...]:
    """How these sources fare, in their order; what a store remembers of them where there is one."""
    moment, known, pushed = now(), dict[str, SourceState](), dict[str, Fares | None]()
    if settings.database.exists():
        with opened_store(settings) as store:
            known = dict(store.sources())
            pushed = {id: subscriber.fares(store.pushes.of(id), moment) for id in store.pushes.offered()}
    memories = [(source, known.get(source.id)) for source in sources]
    return tuple(
        Faring(one, memory, _health(one, memory, moment, pushed.get(one.id)), pushed.get(one.id))
        for one, memory in memories
    )


def _health(one: Source, memory: SourceState | None, moment: datetime, pushed: Fares | None) -> SourceHealth:
    works = pushed is not None and pushed.state == "works"
    return polling.health(one, memory, moment, pushed=works)
