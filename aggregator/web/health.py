"""`/health`: whether the program is well, for a load balancer or a monitor."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import ip_address

from aiohttp import web

from aggregator.web import headers, pages

Health = Callable[[], Mapping[str, Sequence[str]]]
"""What is wrong: sentences by what they concern; nothing where all is well."""
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def all_is_well() -> Mapping[str, Sequence[str]]:
    """The health of a process that only serves."""
    return {}


def health_handler(health: Health) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """What answers `/health`: 200, or 503 with what is wrong; it is asked on the event loop, so it is quick.

    Whoever asks from this machine, and not through a proxy, reads the sentences; others what they concern.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.method == "OPTIONS":
            return pages.options(request.path)
        if request.method not in ("GET", "HEAD"):
            return pages.not_allowed(request.path)
        return _answer(_problems(health), in_full=_is_local(request))

    return handle


def _problems(health: Health) -> Mapping[str, Sequence[str]]:
    try:
        return health()
    except Exception as error:
        return {"serving": (f"health cannot be found out: {type(error).__name__}",)}


def _is_local(request: web.Request) -> bool:
    try:
        is_loopback = ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    return is_loopback and not any(name in request.headers for name in _PROXIED)


def _answer(problems: Mapping[str, Sequence[str]], *, in_full: bool) -> web.Response:
    state: dict[str, object] = {"status": "failing" if problems else "ok"}
    if problems:
        state["problems"] = problems if in_full else sorted(problems)
    return web.Response(
        status=503 if problems else 200,
        text=json.dumps(state, ensure_ascii=False) + "\n",
        content_type="application/json",
        headers={**headers.ALWAYS, "Cache-Control": headers.NOT_CACHED},
    )
