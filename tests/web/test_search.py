"""Searches over HTTP: feeds and a page, kept for a minute, bounded in number."""

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.errors import AggregatorError
from aggregator.web import Result
from aggregator.web.search import AT_ONCE, KEPT, LONGEST, MOST_WAITING
from tests.web.served import NOON, Answer, Client, ask, serving, with_site


class Searcher:
    """A search that says what it was asked; one for "wrong" has a mistake, one for "none" has no store."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.said = "found"
        self.free = threading.Event()
        self.free.set()

    def __call__(self, query: str, suffix: str) -> Result:
        self.asked.append((query, suffix))
        self.free.wait(5)
        if query == "none":
            raise AggregatorError("There is no store at /secret/path yet.")
        body = f"<feed>{self.said}: {query}</feed>".encode() * 50
        return Result(body, wrong=query == "wrong", complete=query != "slow")


@pytest.fixture
def searcher() -> Searcher:
    return Searcher()


def look(root: Path, searcher: Searcher, path: str, method: str = "GET", **headers: str) -> Answer:
    return with_site(root, lambda client: client.ask(path, method, **headers), search=searcher)


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        (".atom", "application/atom+xml; charset=utf-8"),
        (".rss", "application/rss+xml; charset=utf-8"),
        (".html", "text/html; charset=utf-8"),
    ],
)
def test_a_search_is_a_document_of_its_kind(root: Path, searcher: Searcher, suffix: str, kind: str) -> None:
    answer = look(root, searcher, f"/search{suffix}?q=%22north%20korea%22+-sport")
    assert searcher.asked == [('"north korea" -sport', suffix)]
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Search-Complete"] == "yes"


def test_a_search_that_ended_early_says_so(root: Path, searcher: Searcher) -> None:
    assert look(root, searcher, "/search.atom?q=slow").headers["Search-Complete"] == "no"


def test_who_has_the_result_already_is_sent_none(root: Path, searcher: Searcher) -> None:
    async def use(client: Client) -> None:
        first = await client.ask("/search.atom?q=talks", Accept_Encoding="gzip")
        assert first.headers["Content-Encoding"] == "gzip"
        again = await client.ask(
            "/search.atom?q=talks", If_None_Match=first.headers["ETag"], Accept_Encoding="gzip"
        )
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        since = first.headers["Last-Modified"]
        assert (await client.ask("/search.atom?q=talks", If_Modified_Since=since)).status == 304

    with_site(root, use, search=searcher)


def test_a_result_is_kept_for_a_minute(root: Path, searcher: Searcher) -> None:
    now = NOON

    def clock() -> datetime:
        return now

    async def use(client: Client) -> None:
        nonlocal now
        first = await client.ask("/search.atom?q=talks")
        now += timedelta(seconds=59)
        await client.ask("/search.atom?q=talks")
        assert len(searcher.asked) == 1
        now += timedelta(seconds=1)
        same = await client.ask("/search.atom?q=talks")
        assert len(searcher.asked) == 2
        assert same.headers["Last-Modified"] == first.headers["Last-Modified"]
        searcher.said, now = "other", now + timedelta(minutes=2)
        other = await client.ask("/search.atom?q=talks")
        assert other.headers["ETag"] != first.headers["ETag"]
        assert other.headers["Last-Modified"] != first.headers["Last-Modified"]

    with_site(root, use, search=searcher, clock=clock)


def test_the_same_search_of_many_is_done_once(root: Path, searcher: Searcher) -> None:
    async def use(client: Client) -> None:
        answers = await asyncio.gather(*(client.ask("/search.json?q=talks") for _ in range(20)))
        assert {answer.status for answer in answers} == {200}
        assert len(searcher.asked) == 1

    with_site(root, use, search=searcher)


def test_too_many_searches_are_put_off(root: Path, searcher: Searcher) -> None:
    async def use(client: Client) -> None:
        searcher.free.clear()
        room = AT_ONCE + MOST_WAITING
        asked = [asyncio.create_task(client.ask(f"/search.atom?q={n}")) for n in range(room + 5)]
        while sum(one.done() for one in asked) < 5:
            await asyncio.sleep(0.001)
        assert (await client.ask("/diplomacy.atom")).status == 200
        assert len(searcher.asked) == AT_ONCE
        searcher.free.set()
        answers = await asyncio.gather(*asked)
        busy = [answer for answer in answers if answer.status == 503]
        assert [answer.headers["Retry-After"] for answer in busy] == ["5"] * 5
        assert sum(answer.status == 200 for answer in answers) == room

    with_site(root, use, search=searcher)


def test_what_is_kept_is_bounded(root: Path, searcher: Searcher) -> None:
    async def use(client: Client) -> None:
        for n in range(KEPT + 1):
            await client.ask(f"/search.atom?q={n}")
        await client.ask(f"/search.atom?q={KEPT}")
        assert len(searcher.asked) == KEPT + 1
        await client.ask("/search.atom?q=0")
        assert len(searcher.asked) == KEPT + 2

    with_site(root, use, search=searcher)


@pytest.mark.parametrize(("path", "kind"), [("/search.atom", "text/plain"), ("/search.html", "text/html")])
def test_a_wrong_query_is_answered_with_what_is_wrong(
    root: Path, searcher: Searcher, path: str, kind: str
) -> None:
    answer = look(root, searcher, f"{path}?q=wrong")
    assert (answer.status, answer.headers["Content-Type"]) == (400, f"{kind}; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"found: wrong" in answer.body


def test_a_query_that_is_too_long_is_not_searched(root: Path, searcher: Searcher) -> None:
    assert look(root, searcher, f"/search.atom?q={'x' * (LONGEST + 1)}").status == 400
    assert searcher.asked == []


def test_without_a_store_it_says_later_and_tells_no_paths(root: Path, searcher: Searcher) -> None:
    answer = look(root, searcher, "/search.atom?q=none")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert b"secret" not in answer.body


def test_a_browser_that_opens_a_search_feed_is_sent_to_the_page(root: Path, searcher: Searcher) -> None:
    answer = look(root, searcher, "/search.atom?q=%22a%20b%22%26c", Sec_Fetch_Dest="document")
    assert (answer.status, answer.headers["Location"]) == (303, "search.html?q=%22a+b%22%26c")
    raw = look(root, searcher, "/search.atom?q=a&raw", Sec_Fetch_Dest="document")
    assert (raw.status, raw.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")


def test_searches_are_read_only(root: Path, searcher: Searcher) -> None:
    assert look(root, searcher, "/search.atom?q=a", "POST").status == 405
    assert look(root, searcher, "/search.atom?q=a", "OPTIONS").status == 204
    head = look(root, searcher, "/search.atom?q=a", "HEAD")
    assert (head.status, head.body) == (200, b"")


def test_without_a_search_there_is_none(root: Path) -> None:
    assert ask(root, "/search.atom?q=talks").status == 404


def test_the_searches_under_way_hold_up_no_shutdown(root: Path, searcher: Searcher) -> None:
    async def run() -> None:
        async with serving(root, {"drain": 0.05}, search=searcher) as client:
            searcher.free.clear()
            asked = asyncio.create_task(client.ask("/search.atom?q=talks"))
            while not searcher.asked:
                await asyncio.sleep(0.001)
            asked.cancel()
        searcher.free.set()

    asyncio.run(asyncio.wait_for(run(), 4))
