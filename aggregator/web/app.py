"""The web application: the published folder over HTTP, and `/health`."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from aiohttp import web

from aggregator.model.seams import Clock
from aggregator.web import headers
from aggregator.web.documents import AT_HAND, Documents, never
from aggregator.web.files import DocumentFiles, no_link
from aggregator.web.health import Health, all_is_well, health_handler
from aggregator.web.hub import PATH as HUB
from aggregator.web.hub import Desk, HubEndpoint
from aggregator.web.push import PATH as PUSH
from aggregator.web.push import PushEndpoint, Receiver
from aggregator.web.responses import DateLine
from aggregator.web.search import PATH, Search, Searches


def app(
    root: Path,
    *,
    clock: Clock,
    health: Health = all_is_well,
    redirects: Callable[[], Mapping[str, str]] = dict,
    gone: Callable[[], Collection[str]] = frozenset,
    is_over: Callable[[str], bool] = never,
    noindex: Callable[[str], bool] = lambda name: False,
    search: Search | None = None,
    hub: Desk | None = None,
    receiver: Receiver | None = None,
) -> web.Application:
    """What serves the documents below `root`, which another process may write.

    `redirects` maps old names of feeds to new ones, `gone` names feeds that have ended ("kim", "sources/x");
    both are asked only when a document is missing. `is_over` says of a path whether a document that may still
    be there is one of those. `noindex` says of a path whether search engines must
    pass over it, as they must over republished full text. Without `search` nothing is searched, without
    `hub` nothing can be subscribed to, without `receiver` nothing can be pushed to us.
    """
    files = DocumentFiles(root, clock, noindex, link=hub.link if hub is not None else no_link)
    documents = Documents(files, DateLine(clock), redirects, gone, is_over)
    application = web.Application()
    application.router.add_route("*", "/health", health_handler(health))
    if search is not None:
        searches = Searches(search, clock)
        application.router.add_route("*", PATH, searches.answer)
        application.on_cleanup.append(searches.close)
    if hub is not None:
        subscribing = HubEndpoint(hub, clock)
        application.router.add_route("*", HUB, subscribing.answer)
        application.on_cleanup.append(subscribing.close)
    if receiver is not None:
        callbacks = PushEndpoint(receiver)
        application.router.add_route("*", PUSH, callbacks.answer)
        application.on_cleanup.append(callbacks.close)
    application.router.add_route("*", "/{path:.*}", documents.answer)
    application.on_response_prepare.append(_sign)
    application[AT_HAND] = documents.at_hand
    application.on_cleanup.append(documents.close)
    return application


async def _sign(_: web.Request, response: web.StreamResponse) -> None:
    """Whatever else aiohttp answers carries our headers, and does not name its versions."""
    response.headers.update(headers.ALWAYS)
