"""The seams, as plain callables."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from aggregator.model import Document, Event, Failure, Refined, Request, Response, Source

Clock = Callable[[], datetime]
Fetch = Callable[[Request], Awaitable[Response | Failure]]
Refine = Callable[[Source, Response], Awaitable[Refined | Failure]]
Write = Callable[[Document], bool]
"""Put a document in its place whole or not at all; True if its bytes changed."""
Remove = Callable[[str], bool]
"""Take a path and what lies under it away; True if it was there."""
Exists = Callable[[str], bool]
"""Whether a document stands at a path."""
Observe = Callable[[Event], None]


class Done(Protocol):
    """What to call when something is done, or several things are."""

    def __call__(self, more: int = 1) -> None:
        """`more` things are done."""


Counting = Callable[[int, str], AbstractContextManager[Done]]
"""Given how many things there are, and what is done with them, what to call as they are done."""
Watching = Callable[[int, str], AbstractContextManager[Observe]]
"""Given how many polls or feeds there are, and what is done with them, an observer for that time."""
