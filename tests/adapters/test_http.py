import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from aggregator.adapters import http
from aggregator.model import Failure, Request, Response, Site, Validators
from aggregator.model.seams import Fetch
from tests.adapters.recorder import LOOPBACK, Answer, Hit, Names, Recorder, chosen, reply, then_hang_up

T = TypeVar("T")
FEED = reply(200, b"<rss/>", ("ETag", '"a"'), ("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT"))
NAMES = Names(
    {name: [["127.0.0.1"]] for name in ("a.test", "b.test", "c.test")} | {"later.test": [["127.0.0.1"]]}
)


def asked(url: str, validators: Validators = Validators(), *headers: tuple[str, str]) -> Request:  # noqa: B008
    return Request(url, validators, headers, pause_per_host=timedelta(0), allow_private=LOOPBACK)


def with_server(answers: Mapping[str, Answer], use: Callable[[Recorder, Fetch], Awaitable[T]]) -> T:
    async def main() -> T:
        async with Recorder(answers) as server, http.open_fetch("the agent", resolver=NAMES) as fetch:
            return await use(server, fetch)

    return asyncio.run(main())


def one(
    answers: Mapping[str, Answer], path: str = "/feed", *headers: tuple[str, str]
) -> tuple[Response | Failure, list[Hit]]:
    async def use(server: Recorder, fetch: Fetch) -> tuple[Response | Failure, list[Hit]]:
        return await fetch(asked(server.url(path), Validators(), *headers)), server.hits

    return with_server(answers, use)


# ── what is sent ────────────────────────────────────────────────────────────────────────────────


def test_the_first_contact_sends_no_validators_no_cookies_and_no_referer() -> None:
    result, hits = one({"/feed": FEED})
    assert isinstance(result, Response)
    assert (result.status, result.body, result.requests, result.moved_to) == (200, b"<rss/>", 1, None)
    (hit,) = hits
    assert {name.lower() for name, _ in hit.headers} == {"host", "accept", "accept-encoding", "user-agent"}
    assert hit.header("User-Agent") == "the agent"
    assert hit.header("Accept-Encoding") == "gzip, br, zstd"
    accept = hit.header("Accept") or ""
    assert "application/atom+xml" in accept
    assert accept.endswith("*/*;q=0.1")


def test_response_headers_keep_their_order_with_names_in_lower_case() -> None:
    result, _ = one({"/feed": reply(200, b"x", ("X-B", "1"), ("x-A", "2"), ("X-B", "3"))})
    assert isinstance(result, Response)
    assert result.headers[:3] == (("x-b", "1"), ("x-a", "2"), ("x-b", "3"))


def test_validators_return_byte_for_byte_and_as_one_set() -> None:
    odd = Validators('W/"a b,\'c\\", ünquoted', "sometime  last tuesday")

    async def use(server: Recorder, fetch: Fetch) -> tuple[Response | Failure, Hit]:
        return await fetch(asked(server.url("/feed"), replace(odd, url=server.url("/feed")))), server.hits[0]

    result, hit = with_server({"/feed": reply(304, b"", ("ETag", '"b"'))}, use)
    assert isinstance(result, Response)
    assert (result.status, result.body, result.header("etag")) == (304, b"", '"b"')
    assert (hit.header("If-None-Match") or "").encode("latin-1").decode() == odd.etag
    assert hit.header("If-Modified-Since") == odd.last_modified


def test_an_etag_that_is_no_text_is_not_sent_mangled() -> None:
    async def use(server: Recorder, fetch: Fetch) -> list[Hit]:
        first = await fetch(asked(server.url("/feed")))
        assert isinstance(first, Response)
        await fetch(asked(server.url("/feed"), Validators(first.header("etag"), "then", first.url)))
        return server.hits

    hits = with_server({"/feed": reply(200, b"x", ("ETag", '"\xe9"'))}, use)
    assert hits[1].header("If-None-Match") is None
    assert hits[1].header("If-Modified-Since") == "then"


@pytest.mark.parametrize("etag", ['"a\x01b"', "*"])
def test_an_etag_that_cannot_be_sent_or_means_any_document_is_not_sent(etag: str) -> None:
    async def use(server: Recorder, fetch: Fetch) -> Hit:
        first = await fetch(asked(server.url("/feed")))
        assert isinstance(first, Response)
        await fetch(asked(server.url("/feed"), Validators(first.header("etag"), None, first.url)))
        return server.hits[1]

    assert with_server({"/feed": reply(200, b"x", ("ETag", etag))}, use).header("If-None-Match") is None


def test_validators_go_to_the_origin_that_issued_them_alone() -> None:
    async def use(server: Recorder, fetch: Fetch) -> list[Hit]:
        issued = Validators('"a"', None, server.url("/feed", "a.test"))
        await fetch(asked(server.url("/feed", "b.test"), issued))
        await fetch(asked(server.url("/to-a", "b.test"), issued))
        return server.hits

    def to_a(hit: Hit) -> bytes:
        port = (hit.header("Host") or "").rpartition(":")[2]
        return reply(302, b"", ("Location", f"http://a.test:{port}/feed"))

    hits = with_server({"/feed": FEED, "/to-a": chosen(to_a)}, use)
    assert [(hit.path, hit.header("If-None-Match")) for hit in hits] == [
        ("/feed", None),
        ("/to-a", None),
        ("/feed", '"a"'),
    ]


def test_the_operators_headers_replace_ours_but_not_what_makes_a_request_conditional() -> None:
    _, hits = one(
        {"/feed": FEED},
        "/feed",
        ("authorization", "Bearer x"),
        ("user-agent", "special"),
        ("If-None-Match", '"mine"'),
        ("Accept-Encoding", "lzma"),
    )
    assert hits[0].header("Authorization") == "Bearer x"
    assert [value for name, value in hits[0].headers if name.lower() == "user-agent"] == ["special"]
    assert hits[0].header("If-None-Match") is None
    assert hits[0].header("Accept-Encoding") == "gzip, br, zstd"


def test_credentials_in_the_address_are_sent_but_never_returned() -> None:
    async def use(server: Recorder, fetch: Fetch) -> tuple[Response | Failure, list[Hit]]:
        url = server.url("/feed").replace("http://", "http://us%40er:p%3Aw@")
        return await fetch(asked(url)), server.hits

    moved = reply(301, b"", ("Location", "/new"))
    result, hits = with_server({"/feed": moved, "/new": FEED}, use)
    assert isinstance(result, Response)
    assert "er:" not in result.url
    assert result.moved_to is None
    assert [hit.header("Authorization") for hit in hits] == ["Basic dXNAZXI6cDp3"] * 2


def test_the_user_agent_names_whom_to_write_to() -> None:
    site = Site("Wire", "https://wire.example.org/", contact="desk@example.org")
    assert http.user_agent(site, "0.1") == "aggregator/0.1 (+desk@example.org)"
    assert http.user_agent(replace(site, contact=""), "0.1") == "aggregator/0.1 (+https://wire.example.org/)"
    assert http.user_agent(replace(site, contact="a)\r\nX: y"), "0.1") == "aggregator/0.1 (+aX:y)"


# ── one request per poll ────────────────────────────────────────────────────────────────────────


def test_a_dropped_connection_is_not_asked_again() -> None:
    result, hits = one({"/feed": then_hang_up(b"")})
    assert isinstance(result, Failure)
    assert (result.kind, result.requests, len(hits)) == ("network", 1, 1)


def test_a_reused_connection_that_is_dropped_is_not_asked_again() -> None:
    async def use(server: Recorder, fetch: Fetch) -> tuple[Response | Failure, list[Hit]]:
        await fetch(asked(server.url("/feed")))
        return await fetch(asked(server.url("/drop"))), server.hits

    result, hits = with_server({"/feed": FEED, "/drop": then_hang_up(b"")}, use)
    assert isinstance(result, Failure)
    assert [(hit.path, hit.connection) for hit in hits] == [("/feed", 1), ("/drop", 1)]


def test_one_connection_serves_several_sources_of_a_host() -> None:
    async def use(server: Recorder, fetch: Fetch) -> int:
        for number in range(5):
            await fetch(asked(server.url(f"/{number}")))
        return server.connections

    assert with_server({"*": FEED}, use) == 1


def test_cookies_are_not_kept() -> None:
    async def use(server: Recorder, fetch: Fetch) -> list[Hit]:
        await fetch(asked(server.url("/feed", "a.test")))
        await fetch(asked(server.url("/feed", "a.test")))
        return server.hits

    hits = with_server({"/feed": reply(200, b"x", ("Set-Cookie", "id=1; Path=/"))}, use)
    assert [hit.header("Cookie") for hit in hits] == [None, None]


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    result, hits = one({"/feed": FEED})
    assert isinstance(result, Response)
    assert len(hits) == 1


# ── redirects ───────────────────────────────────────────────────────────────────────────────────


def to(status: int, location: str) -> bytes:
    return reply(status, b"elsewhere", ("Location", location))


@pytest.mark.parametrize(
    ("chain", "adopted"),
    [
        ((301,), True),
        ((308,), True),
        ((301, 308, 301), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 302), False),
        ((302, 301), False),
    ],
)
def test_a_move_is_told_only_for_an_unbroken_chain_of_301_and_308(
    chain: tuple[int, ...], adopted: bool
) -> None:
    answers = {f"/{number}": to(status, f"/{number + 1}") for number, status in enumerate(chain)}
    result, hits = one({**answers, f"/{len(chain)}": FEED}, "/0")
    assert isinstance(result, Response)
    assert result.url.endswith(f"/{len(chain)}")
    assert result.requests == len(hits) == len(chain) + 1
    assert result.moved_to == (result.url if adopted else None)


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("/feed", "in a circle"),
        ("", "without saying where to"),
        ("mailto:a@b", "no http"),
        ("http://[::bad", "no http"),
        ("http://xn--/", "no http"),
        ("javascript:alert(1)", "no http"),
        ("file:///etc/passwd", "no http"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_a_failure(location: str, sentence: str) -> None:
    result, hits = one({"/feed": to(302, location)})
    assert isinstance(result, Failure)
    assert (result.kind, result.requests, len(hits)) == ("http", 1, 1)
    assert sentence in result.sentence


def test_redirects_in_a_wider_circle_and_without_end_are_given_up() -> None:
    circle, hits = one({"/feed": to(302, "/b"), "/b": to(302, "/feed")})
    assert isinstance(circle, Failure)
    assert len(hits) == circle.requests == 2
    endless, hits = one({"*": chosen(lambda hit: to(302, hit.path + "x"))})
    assert isinstance(endless, Failure)
    assert "more than 5 times" in endless.sentence
    assert len(hits) == endless.requests == 6


@pytest.mark.parametrize("location", ["?page=2", "//a.test:{port}/feed?page=2", " /feed?page=2 "])
def test_relative_targets_are_resolved(location: str) -> None:
    def choose(hit: Hit) -> bytes:
        port = (hit.header("Host") or "").rpartition(":")[2]
        return FEED if "page" in hit.path else to(302, location.format(port=port))

    result, hits = one({"/feed": chosen(choose)})
    assert isinstance(result, Response)
    assert hits[1].path == "/feed?page=2"


def test_credentials_do_not_follow_to_another_origin_nor_come_back() -> None:
    def choose(hit: Hit) -> bytes:
        port = (hit.header("Host") or "").rpartition(":")[2]
        return (
            to(302, f"http://b.test:{port}/b") if hit.path == "/feed" else to(302, f"http://a.test:{port}/c")
        )

    async def use(server: Recorder, fetch: Fetch) -> list[Hit]:
        await fetch(
            asked(server.url("/feed", "a.test"), Validators(), ("Authorization", "x"), ("X-Key", "y"))
        )
        return server.hits

    hits = with_server({"/feed": chosen(choose), "/b": chosen(choose), "/c": FEED}, use)
    assert [(hit.path, hit.header("Authorization"), hit.header("X-Key")) for hit in hits] == [
        ("/feed", "x", "y"),
        ("/b", None, None),
        ("/c", None, None),
    ]


# ── what is no feed ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (204, "204"),
        (206, "206"),
        (226, "226"),
        (304, "304"),
        (401, "login"),
        (403, "refuses us"),
        (404, "no feed at this address"),
        (410, "gone for good"),
        (418, "418"),
        (429, "less often"),
        (500, "500"),
        (503, "503"),
        (799, "799"),
    ],
)
def test_every_other_status_is_a_sentence_that_keeps_the_headers(status: int, words: str) -> None:
    result, hits = one({"/feed": reply(status, b"", ("Retry-After", "77"))})
    assert isinstance(result, Failure)
    assert (result.kind, result.status, result.header("retry-after")) == ("http", status, "77")
    assert result.host == "127.0.0.1"
    assert words in result.sentence
    assert len(hits) == 1


def test_a_429_keeps_every_other_source_of_the_host_away_for_as_long_as_it_asks() -> None:
    async def use(server: Recorder, fetch: Fetch) -> tuple[list[Response | Failure], list[Hit]]:
        first = asked(server.url("/busy", "a.test"))
        others = [asked(server.url(f"/{n}", "a.test")) for n in range(5)]
        elsewhere = asked(server.url("/feed", "b.test"))
        results = await asyncio.gather(*(fetch(replace(one, at_once_per_host=1)) for one in (first, *others)))
        return [*results, await fetch(elsewhere)], server.hits

    results, hits = with_server(
        {"/busy": reply(429, b"", ("Retry-After", "120")), "*": FEED},
        use,
    )
    assert [hit.path for hit in hits] == ["/busy", "/feed"]
    for kept_away in results[1:6]:
        assert isinstance(kept_away, Failure)
        assert (kept_away.status, kept_away.requests, kept_away.host) == (429, 0, "a.test")
        assert kept_away.header("retry-after") in ("119", "120")
    assert isinstance(results[6], Response)


def test_a_429_with_a_date_is_measured_by_the_given_clock() -> None:
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    busy = reply(429, b"", ("Retry-After", "Sat, 21 Nov 2026 12:10:00 GMT"))

    async def main() -> Response | Failure:
        fetching = http.open_fetch("x", resolver=NAMES, clock=lambda: now)
        async with Recorder({"*": busy}) as server, fetching as fetch:
            await fetch(asked(server.url("/busy")))
            return await fetch(asked(server.url("/other")))

    result = asyncio.run(main())
    assert isinstance(result, Failure)
    assert result.header("retry-after") in ("599", "600")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://nosuch.test/", "network"),
        ("http://127.0.0.1:1/", "network"),
        ("ftp://a.test/", "address"),
        ("file:///etc/passwd", "address"),
        ("/etc/passwd", "address"),
        ("", "address"),
        ("http://", "address"),
        ("http://[::bad/", "address"),
        ("http://xn--/", "address"),
        ("http://a b/", "address"),
        ("http://a.test:99999/", "address"),
        ("http://a.test:0/", "address"),
        ("http://\udc80/", "address"),
    ],
)
def test_an_address_that_cannot_be_asked_is_one_sentence_and_no_request(url: str, kind: str) -> None:
    async def use(server: Recorder, fetch: Fetch) -> Response | Failure:
        return await fetch(asked(url))

    result = with_server({}, use)
    assert isinstance(result, Failure)
    assert (result.kind, result.requests) == (kind, 0)
    assert result.sentence.endswith(".")
    assert "Error" not in result.sentence


def test_a_header_that_cannot_be_sent_is_a_failure_too() -> None:
    result, hits = one({"/feed": FEED}, "/feed", ("X-Key", "a\r\nX-Other: b"))
    assert isinstance(result, Failure)
    assert (result.kind, result.requests, hits) == ("address", 0, [])
    assert "headers" in result.sentence


def test_cancelling_passes_through() -> None:
    async def use(server: Recorder, fetch: Fetch) -> None:
        task = asyncio.ensure_future(fetch(asked(server.url("/feed"))))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with_server({"/feed": then_hang_up(b"", after=30)}, use)


def test_slow_hosts_do_not_keep_healthy_ones_waiting() -> None:
    names = Names({f"slow{n}.test": [["127.0.0.1"]] for n in range(100)} | {"ok.test": [["127.0.0.1"]]})

    async def main() -> int:
        answers: dict[str, Answer] = {"/slow": then_hang_up(b"", after=30), "/feed": FEED}
        async with Recorder(answers) as server, http.open_fetch("x", resolver=names) as fetch:
            slow = [
                asyncio.ensure_future(fetch(asked(server.url("/slow", f"slow{n}.test")))) for n in range(100)
            ]
            healthy = await asyncio.wait_for(fetch(asked(server.url("/feed", "ok.test"))), 5)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            assert isinstance(healthy, Response)
            return healthy.status

    assert asyncio.run(main()) == 200
