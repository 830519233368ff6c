"""A web server on loopback that plays several news outlets, whose feeds move while you watch."""

import hashlib
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from types import TracebackType
from typing import Self

from aiohttp import web

from aggregator.demo import sources, stories
from aggregator.demo.formats import FORMATS, body, page
from aggregator.demo.picture import png
from aggregator.demo.stories import OUTLETS, SampleOutlet, Story
from aggregator.model.seams import Clock

FALTERING = "harbour-post"  # for half a minute of every three its feed is an error page
_ROUND, _FALTERS = timedelta(minutes=3), timedelta(seconds=30)
_OUTLETS = {outlet.id: outlet for outlet in OUTLETS}


class SampleOutlets:
    """The sample outlets, open within `async with`; what they say depends on `clock` alone.

    Feeds have an ETag and a Last-Modified and answer 304 to who has them already.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opened = clock().replace(microsecond=0)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1)
        self.base = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{site.port}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def config_text(self, site_url: str) -> str:
        """A whole sources.yaml that reads these outlets and publishes at `site_url`."""
        return sources.config_text(OUTLETS, self.base, site_url)

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/pictures/{name}.png", self._picture)
        application.router.add_get("/{outlet}/", self._front_page)
        application.router.add_get("/{outlet}/{story}.html", self._story)
        application.router.add_get("/{outlet}/{file}", self._feed)
        return application

    def _told(self, outlet: SampleOutlet) -> tuple[Story, ...]:
        return stories.at(outlet.id, self._opened, self._clock())

    async def _feed(self, request: web.Request) -> web.Response:
        outlet = _outlet(request)
        if request.match_info["file"] != outlet.file:
            raise web.HTTPNotFound
        if outlet.id == FALTERING and (self._clock() - self._opened) % _ROUND >= _ROUND - _FALTERS:
            return _html("We are setting the type anew. Come back in a minute.", outlet.language)
        return _conditional(request, outlet, self._told(outlet), self.base)

    async def _story(self, request: web.Request) -> web.Response:
        outlet = _outlet(request)
        for story in self._told(outlet):
            if story.id == request.match_info["story"]:
                text = f"<h1>{escape(story.title)}</h1><p>{escape(story.author)}, {escape(outlet.title)}</p>"
                return _html(text + body(story), outlet.language)
        raise web.HTTPNotFound

    async def _front_page(self, request: web.Request) -> web.Response:
        outlet = _outlet(request)
        links = (
            f'<li><a href="{page(outlet, story, self.base)}">{escape(story.title)}</a></li>'
            for story in self._told(outlet)
        )
        return _html(f"<h1>{escape(outlet.title)}</h1><ul>{''.join(links)}</ul>", outlet.language)

    async def _picture(self, request: web.Request) -> web.Response:
        return web.Response(body=png(request.match_info["name"]), content_type="image/png")


def _outlet(request: web.Request) -> SampleOutlet:
    outlet = _OUTLETS.get(request.match_info["outlet"])
    if outlet is None:
        raise web.HTTPNotFound
    return outlet


def _conditional(
    request: web.Request, outlet: SampleOutlet, told: tuple[Story, ...], base: str
) -> web.Response:
    """The feed, or a 304 for who has it (RFC 9110, 13.2.2)."""
    write, media_type = FORMATS[outlet.file]
    text = write(outlet, told, base).encode()
    changed = max(story.updated for story in told)
    etag = hashlib.sha256(text).hexdigest()[:16]
    headers = {"ETag": f'"{etag}"', "Last-Modified": format_datetime(changed, usegmt=True)}
    if request.if_none_match is not None:
        known = any(held.value == etag for held in request.if_none_match)
    else:
        known = request.if_modified_since is not None and request.if_modified_since >= changed
    if known:
        return web.Response(status=304, headers=headers)
    return web.Response(body=text, headers={**headers, "Content-Type": f"{media_type}; charset=utf-8"})


def _html(text: str, language: str) -> web.Response:
    return web.Response(
        text=f'<!doctype html><html lang="{language}"><title>A sample outlet</title>{text}</html>',
        charset="utf-8",
        content_type="text/html",
    )
