"""Our own web part on loopback, in a thread, with a log of what it answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web as http
from aiohttp.typedefs import Handler

from aggregator import web
from aggregator.web.documents import AT_HAND
from tests.loopback import in_a_thread


@dataclass
class Site:
    """Where it listens, and the status of each answer by path, in order."""

    origin: str = ""
    log: dict[str, list[int]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"{self.origin}{path}"

    def note(self, request: http.BaseRequest, answer: http.StreamResponse | None) -> None:
        """Remember an answer."""
        if answer is not None:
            self.log.setdefault(request.path, []).append(answer.status)


def _logged(application: http.Application, site: Site) -> http.Application:
    """The application, whose answers from memory and all others are noted."""
    at_hand = application[AT_HAND]

    def from_memory(request: http.BaseRequest) -> http.StreamResponse | None:
        answer = at_hand(request)
        site.note(request, answer)
        return answer

    @http.middleware
    async def others(request: http.Request, handler: Handler) -> http.StreamResponse:
        answer = await handler(request)
        site.note(request, answer)
        return answer

    application[AT_HAND] = from_memory
    application.middlewares.append(others)
    return application


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """The published folder served for the time of the block."""
    site = Site()
    application = _logged(web.app(folder, clock=lambda: datetime.now(UTC)), site)
    with in_a_thread(web.serve(application, "127.0.0.1", 0)) as port:
        site.origin = f"http://127.0.0.1:{port}"
        yield site
