"""What stops one piece of work stops no other, and is reported once while it lasts."""

import logging
from collections.abc import Coroutine

from aggregator.errors import AggregatorError

_log = logging.getLogger("aggregator")


class Troubles:
    """Remembers what was reported last, by the name of the work."""

    def __init__(self) -> None:
        self._reported: dict[str, str] = {}

    async def guard(self, name: str, work: Coroutine[object, object, None]) -> None:
        """Do the work; report what stops it. The next tick tries again."""
        try:
            await work
        except AggregatorError as error:
            if str(error) != self._reported.get(name):
                _log.error("%s", error)
            self._reported[name] = str(error)
        except Exception:
            _log.exception("a fault of the program itself; please report it")
        else:
            self._reported.pop(name, None)
