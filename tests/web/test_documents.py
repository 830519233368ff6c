"""What a client sees of the published folder."""

import asyncio
import gzip
import os
from pathlib import Path

import pytest

from tests.web.served import NOON, Answer, Client, ask, with_site

TYPES = {
    "/": "text/html; charset=utf-8",
    "/diplomacy.atom": "application/atom+xml; charset=utf-8",
    "/diplomacy.rss": "application/rss+xml; charset=utf-8",
    "/diplomacy.json": "application/feed+json",
    "/withdrawn.json": "application/json",
    "/topics.opml": "text/x-opml; charset=utf-8",
    "/style.css": "text/css; charset=utf-8",
    "/icon.png": "image/png",
}


@pytest.mark.parametrize(("path", "media_type"), TYPES.items())
def test_every_kind_of_document_has_its_media_type(root: Path, path: str, media_type: str) -> None:
    answer = ask(root, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Server"] == "aggregator"


def test_accept_never_decides_what_is_served(root: Path) -> None:
    answer = ask(root, "/diplomacy.atom", Accept="text/html")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert "Accept," not in answer.headers["Vary"] + ","


def test_each_coding_has_a_strong_etag_of_its_own(root: Path) -> None:
    async def etags(client: Client) -> list[str]:
        codings = ["identity", "gzip", "zstd", "br"]
        answers = [await client.ask("/diplomacy.atom", Accept_Encoding=coding) for coding in codings]
        for coding, answer in zip(codings, answers, strict=True):
            assert answer.headers.get("Content-Encoding", "identity") == coding
            assert answer.headers["Content-Length"] == str(len(answer.body))
            assert answer.headers["Vary"].startswith("Accept-Encoding")
        assert gzip.decompress(answers[1].body) == answers[0].body
        return [answer.headers["ETag"] for answer in answers]

    seen = with_site(root, etags)
    assert len(set(seen)) == 4
    assert all(etag.startswith('"') and etag.endswith('"') for etag in seen)
    assert with_site(root, etags) == seen, "ETags survive a restart"


def test_bytes_that_stay_keep_their_etag_though_the_file_was_replaced(root: Path) -> None:
    async def twice(client: Client) -> tuple[Answer, Answer]:
        before = await client.ask("/diplomacy.atom")
        copy = root / "copy"
        copy.write_bytes((root / "diplomacy.atom").read_bytes())
        os.utime(copy, (1, 1))
        copy.replace(root / "diplomacy.atom")
        return before, await client.ask("/diplomacy.atom")

    before, after = with_site(root, twice)
    assert before.headers["ETag"] == after.headers["ETag"]
    assert before.headers["Last-Modified"] == after.headers["Last-Modified"]


def test_a_replaced_file_is_served_at_the_next_request(root: Path) -> None:
    async def versions(client: Client) -> list[bytes]:
        seen = []
        for number in range(5):
            fresh = root / "fresh"
            fresh.write_text(f"<rss><channel><title>{number}</title></channel></rss>")
            fresh.replace(root / "diplomacy.rss")
            seen.append((await client.ask("/diplomacy.rss")).body)
        return seen

    assert len(set(with_site(root, versions))) == 5


def test_two_versions_within_a_second_differ_in_last_modified(root: Path) -> None:
    async def dates(client: Client) -> set[str]:
        seen = set()
        for number in range(3):
            (root / "diplomacy.rss").write_text(f"<rss>{number}</rss>")
            os.utime(root / "diplomacy.rss", ns=(10**18, 10**18 + number))
            seen.add((await client.ask("/diplomacy.rss")).headers["Last-Modified"])
        return seen

    assert len(with_site(root, dates)) == 3


def test_last_modified_is_never_later_than_now(root: Path) -> None:
    os.utime(root / "diplomacy.atom", (NOON.timestamp() + 9999, NOON.timestamp() + 9999))
    answer = ask(root, "/diplomacy.atom")
    assert answer.headers["Last-Modified"] == answer.headers["Date"] == "Thu, 01 Jan 2099 12:00:00 GMT"


@pytest.mark.parametrize("path", ["/", "/diplomacy.atom", "/nothing", "/health"])
def test_head_has_the_headers_of_get_and_no_body(root: Path, path: str) -> None:
    async def both(client: Client) -> tuple[Answer, Answer]:
        get = await client.ask(path, Accept_Encoding="gzip")
        return get, await client.ask(path, "HEAD", Accept_Encoding="gzip")

    get, head = with_site(root, both)
    assert head.status == get.status
    assert {**head.headers, "Date": ""} == {**get.headers, "Date": ""}
    assert head.body == b""


def test_a_connection_serves_on_after_a_head_and_a_304(root: Path) -> None:
    async def many(client: Client) -> bytes:
        head = b"HEAD /diplomacy.atom HTTP/1.1\r\nHost: x\r\n\r\n"
        unchanged = b"GET /diplomacy.rss HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n"
        return await client.send(
            head + unchanged + b"GET /withdrawn.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )

    answer = with_site(root, many)
    assert [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1")] == [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 304 Not Modified",
        b"HTTP/1.1 200 OK",
    ]
    assert answer.endswith(b"\r\n\r\n[]")


def test_a_client_of_http_1_0_is_served_and_may_keep_its_connection(root: Path) -> None:
    async def old(client: Client) -> tuple[bytes, bytes]:
        once = await client.send(b"GET /withdrawn.json HTTP/1.0\r\n\r\n")
        kept = b"GET /withdrawn.json HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        return once, await client.send(kept + b"GET /withdrawn.json HTTP/1.0\r\n\r\n")

    once, twice = with_site(root, old)
    assert once.endswith(b"[]")
    assert b"keep-alive" not in once
    assert twice.count(b"Connection: keep-alive") == 1
    assert twice.count(b"\r\n\r\n[]") == 2


def test_an_unusable_accept_encoding_is_406(root: Path) -> None:
    assert ask(root, "/diplomacy.atom", Accept_Encoding="identity;q=0").status == 406


def test_tiny_documents_are_not_compressed_unless_they_must_be(root: Path) -> None:
    assert "Content-Encoding" not in ask(root, "/withdrawn.json", Accept_Encoding="gzip").headers
    forced = ask(root, "/withdrawn.json", Accept_Encoding="gzip, identity;q=0")
    assert gzip.decompress(forced.body) == b"[]"


def test_feeds_may_be_read_by_other_sites_and_pages_may_not(root: Path) -> None:
    feed, page = ask(root, "/diplomacy.json", Origin="https://a.example"), ask(root, "/")
    assert feed.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in feed.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in page.headers


def test_a_preflight_is_answered(root: Path) -> None:
    answer = ask(
        root,
        "/diplomacy.json",
        "OPTIONS",
        Origin="https://a.example",
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers="if-none-match",
    )
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_pages_let_no_foreign_script_run(root: Path) -> None:
    headers = ask(root, "/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert {"Referrer-Policy", "Permissions-Policy"} <= set(headers)


def test_only_the_page_for_frames_may_be_framed_elsewhere(root: Path) -> None:
    (root / "diplomacy").mkdir(exist_ok=True)
    for name in ("embed.html", "2.html"):
        (root / "diplomacy" / name).write_text("<!doctype html><title>Diplomacy</title>")
    framed, page = ask(root, "/diplomacy/embed.html").headers, ask(root, "/diplomacy/2.html").headers
    assert framed["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "script-src 'self'" in framed["Content-Security-Policy"]
    assert framed["X-Robots-Tag"] == "noindex"
    assert page["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "X-Robots-Tag" not in page


def test_the_script_for_other_sites_is_theirs_to_load_and_to_keep_for_a_day(root: Path) -> None:
    (root / "embed.js").write_text("customElements;" * 100)
    answer = ask(root, "/embed.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert ask(root, "/embed.js", If_None_Match=answer.headers["ETag"]).status == 304


def test_everything_says_how_long_it_keeps(root: Path) -> None:
    for path in ("/", "/diplomacy.atom", "/style.css"):
        assert "max-age=" in ask(root, path).headers["Cache-Control"]


def test_full_text_is_kept_from_search_engines(root: Path) -> None:
    async def both(client: Client) -> tuple[Answer, Answer]:
        return await client.ask("/diplomacy.html"), await client.ask("/sources/wire.html")

    topic, source = with_site(root, both, noindex=lambda name: name.startswith("diplomacy"))
    assert topic.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in source.headers


def test_many_who_ask_at_once_get_the_same(root: Path) -> None:
    async def herd(client: Client) -> set[tuple[int, bytes]]:
        asked = (client.ask("/diplomacy.atom", Accept_Encoding="br") for _ in range(200))
        return {(answer.status, answer.body) for answer in await asyncio.gather(*asked)}

    assert len(with_site(root, herd)) == 1


# ── a person opens a feed ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("feed", "page"),
    [
        ("/diplomacy.atom", "diplomacy.html"),
        ("/diplomacy.json", "diplomacy.html"),
        ("/all.atom", "all.html"),
        ("/sources/wire.rss", "wire.html"),
    ],
)
def test_a_feed_opened_in_a_browser_leads_to_its_page(root: Path, feed: str, page: str) -> None:
    answer = ask(root, feed, Sec_Fetch_Dest="document")
    assert (answer.status, answer.headers["Location"]) == (303, page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Sec-Fetch-Dest" in answer.headers["Vary"]
    assert "Sec-Fetch-Dest" in ask(root, feed).headers["Vary"]


def test_raw_shows_the_source_in_a_browser_and_is_the_feed_for_all_others(root: Path) -> None:
    seen = ask(root, "/diplomacy.atom?raw", Sec_Fetch_Dest="document")
    assert (seen.status, seen.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert ask(root, "/diplomacy.atom?raw").headers["Content-Type"].startswith("application/atom+xml")


def test_a_feed_without_a_page_is_shown(root: Path) -> None:
    assert ask(root, "/diplomacy/archive/000001.atom", Sec_Fetch_Dest="document").status == 200
    assert ask(root, "/withdrawn.json", Sec_Fetch_Dest="document").status == 200
    assert ask(root, "/nothing.atom", Sec_Fetch_Dest="document").status == 404


def test_a_script_that_fetches_a_feed_gets_the_feed(root: Path) -> None:
    assert ask(root, "/diplomacy.json", Sec_Fetch_Dest="empty").status == 200
