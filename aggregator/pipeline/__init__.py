"""The journey of an item: the one place that knows the order of the other packages.

Source ──fetch──▶ Response ──refine──▶ Items ──decide──▶ PollResult ──record──▶ Change
Change ──select──▶ Feed ──render──▶ Document ──write──▶ feeds/
"""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.model.seams import Exists, Fetch, Refine, Remove, Write
from aggregator.pipeline.context import Context
from aggregator.pipeline.polls import Poller
from aggregator.pipeline.publications import FRONT, RETRY, Publisher
from aggregator.pipeline.pushes import PushRecorder

__all__ = ["FRONT", "RETRY", "Context", "Pipeline", "Poller", "Publisher", "PushRecorder"]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A poller and a publisher that share one context."""

    context: Context
    poller: Poller
    publisher: Publisher

    @classmethod
    def of(
        cls,
        context: Context,
        *,
        fetch: Fetch,
        refine: Refine,
        chance: Callable[[], float],
        write: Write,
        remove: Remove,
        exists: Exists,
    ) -> "Pipeline":
        """The pipeline of a context; `chance` is uniform in [0, 1) and spreads polls."""
        return cls(context, Poller(context, fetch, refine, chance), Publisher(context, write, remove, exists))

    @property
    def pushes(self) -> PushRecorder:
        """Takes what hubs push the way of a poll."""
        return PushRecorder(self.poller)
