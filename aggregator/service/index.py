"""Indexes what an earlier version left, while the program runs."""

import logging

from aggregator.errors import AggregatorError
from aggregator.service.application import Application
from aggregator.text.quantities import counted

_log = logging.getLogger("aggregator")
MEANWHILE = 50  # items indexed in one transaction


async def index_meanwhile(app: Application) -> None:
    """Index what an earlier version left, batch by batch between whatever else touches the store."""
    try:
        left = await app.pipeline.context.in_thread(app.store.index, MEANWHILE)
        if left:
            _log.info("%s are being indexed; until then searches may miss some", counted(left, "item"))
        while left:
            left = await app.pipeline.context.in_thread(app.store.index, MEANWHILE)
    except AggregatorError as error:
        _log.error("%s", error)
