"""What stops one piece of work stops no other, and is reported once while it lasts."""

import logging
from collections.abc import Coroutine

from aggregator.errors import AggregatorError

_log = logging.getLogger("aggregator")


class Troubles:
    """Remembers what stops which piece of work; one cause that stops several of them is reported once."""

    def __init__(self) -> None:
        self._reported: dict[str, str] = {}  # by the name of the work

    @property
    def sentences(self) -> tuple[str, ...]:
        """What stops any work now, each cause once."""
        return tuple(dict.fromkeys(self._reported.values()))

    async def guard(self, name: str, work: Coroutine[object, object, None]) -> bool:
        """Do the work; report what stops it, and say whether nothing did. Whoever calls tries again."""
        try:
            await work
        except AggregatorError as error:
            if str(error) not in self._reported.values():
                _log.error("%s", error)
            self._reported[name] = str(error)
            return False
        except Exception:
            _log.exception("a fault of the program itself; please report it")
            return False
        self._reported.pop(name, None)
        return True
