"""What polls and publications share: the configuration in effect, the store, and the thread that uses it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from aggregator.compiled import Compiled
from aggregator.feeds.selection import NO_NAMES, Definition, FeedNames
from aggregator.model.seams import Clock, Observe
from aggregator.pipeline.announcements import Announcing
from aggregator.store import Pushes, Store

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Context:
    """One for all parts of a pipeline; `thread` runs whatever touches the store, one thing at a time."""

    compiled: Compiled
    store: Store
    thread: Executor
    observe: Observe
    clock: Clock
    namespace: str  # prefix of the ids minted here
    announcing: Announcing | None = None  # stores what is new for subscribers; None where nobody delivers it
    pushes: Pushes | None = None  # hubs that push to us; None where nobody subscribes to any
    names: FeedNames = NO_NAMES  # what became of feeds that had other names, or have ended

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what touches the store where it may wait without stopping the rest."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, lambda: work(*args, **kwargs))

    def identified(self, definition: Definition) -> Definition:
        """A feed with the id that it has also where it was renamed."""
        identity = self.names.identities.get(definition.name, "")
        return replace(definition, identity=identity) if identity else definition
