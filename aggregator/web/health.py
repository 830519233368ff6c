"""`/health`: whether the program is well, for a load balancer or a monitor."""

import json
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from aggregator.web import headers, pages

Health = Callable[[], Mapping[str, object]]
OK = "ok"


def nothing_to_add() -> Mapping[str, object]:
    """The health of a process that only serves."""
    return {}


def health_handler(health: Health) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """What answers `/health` by what `health` says; it must be quick, for it is asked on the event loop."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.method not in ("GET", "HEAD"):
            return pages.not_allowed(request.path)
        return _answer(_state(health))

    return handle


def _state(health: Health) -> Mapping[str, object]:
    try:
        return {"status": OK, **health()}
    except Exception as error:
        return {"status": "failing", "reason": f"health cannot be told: {type(error).__name__}"}


def _answer(state: Mapping[str, object]) -> web.Response:
    return web.Response(
        status=200 if state["status"] == OK else 503,
        text=json.dumps(state, ensure_ascii=False, default=str) + "\n",
        content_type="application/json",
        headers={**headers.ALWAYS, "Cache-Control": headers.NOT_CACHED},
    )
