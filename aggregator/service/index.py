"""Indexes what an earlier version left, while the program runs."""

import logging

from aggregator.errors import AggregatorError
from aggregator.service.application import House
from aggregator.text.quantities import counted

_log = logging.getLogger("aggregator")
MEANWHILE = 50  # items indexed in one transaction


async def index_meanwhile(house: House) -> None:
    """Index what an earlier version left, batch by batch between whatever else touches the store."""
    try:
        left = await house.pipeline.in_thread(house.store.index, MEANWHILE)
        if left:
            _log.info("%s are being indexed; until then searches may miss some", counted(left, "item"))
        while left:
            left = await house.pipeline.in_thread(house.store.index, MEANWHILE)
    except AggregatorError as error:
        _log.error("%s", error)
