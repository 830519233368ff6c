"""The sample outlets behave like real ones, and what they say moves while one watches."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import aiohttp
import feedparser
import pytest
from multidict import CIMultiDictProxy

from aggregator import config
from aggregator.demo import SampleOutlets
from aggregator.demo.stories import CORRECTED_AFTER, EVERY, OUTLETS, SampleOutlet, at

OPENED = datetime(2026, 11, 22, 9, tzinfo=UTC)
T = TypeVar("T")


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = OPENED

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Reader:
    """Reads the outlets as a poller does."""

    outlets: SampleOutlets
    session: aiohttp.ClientSession

    async def read(self, path: str, **validators: str) -> tuple[int, bytes, CIMultiDictProxy[str]]:
        headers = {name.replace("_", "-"): value for name, value in validators.items()}
        async with self.session.get(self.outlets.base + path, headers=headers) as response:
            return response.status, await response.read(), response.headers


def visit(use: Callable[[Reader], Awaitable[T]], clock: Hands | None = None) -> T:
    async def run() -> T:
        async with SampleOutlets(clock or Hands()) as outlets, aiohttp.ClientSession() as session:
            return await use(Reader(outlets, session))

    return asyncio.run(run())


async def status_and_body(reader: Reader, path: str) -> tuple[int, bytes]:
    status, body, _ = await reader.read(path)
    return status, body


def read(path: str) -> tuple[int, bytes]:
    return visit(lambda reader: status_and_body(reader, path))


def feed(outlet: SampleOutlet) -> str:
    return f"{outlet.id}/{outlet.file}"


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_every_feed_can_be_read_and_tells_its_stories_newest_first(outlet: SampleOutlet) -> None:
    status, body = read(feed(outlet))
    told = [story.title for story in at(outlet.id, OPENED, OPENED)]
    assert status == 200
    assert told
    if outlet.file.endswith(".json"):
        assert [item["title"] for item in json.loads(body)["items"]] == told
    else:
        parsed = feedparser.parse(io.BytesIO(body))
        assert not parsed.bozo
        assert [entry.title for entry in parsed.entries] == told


def test_the_feeds_come_in_five_formats_and_three_languages() -> None:
    versions = {feedparser.parse(io.BytesIO(read(feed(outlet))[1])).version for outlet in OUTLETS}
    assert versions >= {"rss20", "atom10", "rss10"}
    assert {outlet.language for outlet in OUTLETS} == {"en", "es", "ko"}


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_who_has_a_feed_gets_a_304(outlet: SampleOutlet) -> None:
    async def again(reader: Reader) -> list[int]:
        _, _, headers = await reader.read(feed(outlet))
        by_etag = await reader.read(feed(outlet), If_None_Match=headers["ETag"])
        by_date = await reader.read(feed(outlet), If_Modified_Since=headers["Last-Modified"])
        other = await reader.read(feed(outlet), If_None_Match='"x"')
        nonsense = await reader.read(feed(outlet), If_Modified_Since="yesterday")
        return [by_etag[0], by_date[0], other[0], nonsense[0]]

    assert visit(again) == [304, 304, 200, 200]


def test_a_new_story_appears_every_half_minute_without_end() -> None:
    def told(now: datetime) -> set[str]:
        return {story.id for outlet in OUTLETS for story in at(outlet.id, OPENED, now)}

    for number in range(1, 40):
        now = OPENED + EVERY * number
        assert len(told(now) - told(now - timedelta(seconds=1))) == 1


def test_a_new_story_changes_the_validators() -> None:
    clock = Hands()

    async def later(reader: Reader) -> int:
        _, _, headers = await reader.read("meridian-courier/feed.xml")
        clock.now += EVERY
        return (await reader.read("meridian-courier/feed.xml", If_None_Match=headers["ETag"]))[0]

    assert visit(later, clock) == 200


def test_a_story_is_corrected_in_place() -> None:
    def summit(now: datetime) -> tuple[str, bool]:
        story = next(story for story in at("han-river-review", OPENED, now) if story.id == "summit-date")
        return story.title, story.updated > story.published

    before, after = summit(OPENED), summit(OPENED + CORRECTED_AFTER)
    assert before[0] != after[0]
    assert (before[1], after[1]) == (False, True)


def test_an_agencys_text_has_one_id_at_two_outlets() -> None:
    ids = [
        {entry.id for entry in feedparser.parse(io.BytesIO(read(path)[1])).entries}
        for path in ("meridian-courier/feed.xml", "harbour-post/news.rss")
    ]
    assert ids[0] & ids[1] == {"tag:agency.example,2026:envoys-geneva"}


def test_one_feed_falters_now_and_then() -> None:
    clock = Hands()
    clock.now += timedelta(minutes=2, seconds=40)
    assert b"<rss" not in read_at(clock, "harbour-post/news.rss")
    clock.now += timedelta(seconds=30)
    assert b"<rss" in read_at(clock, "harbour-post/news.rss")


def read_at(clock: Hands, path: str) -> bytes:
    """What an outlet that opened at nine says at the clock's time."""
    now, clock.now = clock.now, OPENED

    async def use(reader: Reader) -> bytes:
        clock.now = now
        return (await reader.read(path))[1]

    return visit(use, clock)


def test_stories_and_pictures_are_where_the_feeds_say() -> None:
    async def follow(reader: Reader) -> list[tuple[int, bytes]]:
        body = (await reader.read("meridian-courier/feed.xml"))[1]
        entry = next(e for e in feedparser.parse(io.BytesIO(body)).entries if "media_content" in e)
        paths = [url.removeprefix(reader.outlets.base) for url in (entry.link, entry.media_content[0]["url"])]
        return [await status_and_body(reader, path) for path in (*paths, "meridian-courier/")]

    story, picture, front = visit(follow)
    assert (story[0], picture[0], front[0]) == (200, 200, 200)
    assert b"nothing in it happened" in story[1]
    assert picture[1].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "path", ["nobody/feed.xml", "meridian-courier/other.xml", "meridian-courier/x.html", ""]
)
def test_what_no_outlet_has_is_404(path: str) -> None:
    assert read(path)[0] == 404


def test_the_configuration_is_valid_and_names_every_outlet() -> None:
    async def text(reader: Reader) -> str:
        return reader.outlets.config_text("http://127.0.0.1:8080/")

    made = config.load_text(visit(text), {}, "sources.yaml")
    assert [source.id for source in made.sources] == [outlet.id for outlet in OUTLETS]
    assert made.site.url == "http://127.0.0.1:8080/"
    assert made.polling.allow_private == ("127.0.0.0/8",)
    assert len(made.topics) == 5
