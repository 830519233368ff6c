"""The seams, as plain callables."""

from collections.abc import Awaitable, Callable
from datetime import datetime

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
