"""Answers that the grammar allows, or that every browser reads, from servers that send them byte by byte."""

import asyncio
import gzip
from collections.abc import Sequence
from datetime import timedelta

import pytest

from aggregator.adapters import http
from aggregator.adapters.http import Limits
from aggregator.model import Failure, Request, Response, Validators
from tests.adapters.recorder import LOOPBACK, Hit, Recorder, Talk, reply, then_hang_up

BODY = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
SIZE = str(len(BODY))
QUICK = Limits(total=timedelta(seconds=2), idle=timedelta(seconds=0.5))


def answer(*fields: str, status: str = "HTTP/1.1 200 OK", body: bytes = BODY, end: str = "\r\n") -> bytes:
    return end.join([status, *fields, "", ""]).encode("latin-1") + body


def chunks(*bodies: bytes, end: bytes = b"\r\n", trailers: bytes = b"") -> bytes:
    written = b"".join(b"%x%s%s%s" % (len(one), end, one, end) for one in bodies)
    return written + b"0" + end + trailers + end


def in_pieces(data: bytes, size: int) -> Talk:
    async def talk(hit: Hit, writer: asyncio.StreamWriter) -> bool:
        for place in range(0, len(data), size):
            writer.write(data[place : place + size])
            await writer.drain()
            await asyncio.sleep(0)
        return b"Connection: close" not in data

    return talk


def get(data: bytes | Talk, *, conditional: bool = False, times: int = 2) -> list[Response | Failure]:
    """What so many polls of one server brought, one after another; each is a single request."""

    async def main() -> list[Response | Failure]:
        async with Recorder({"*": data}) as server, http.open_fetch("x", limits=QUICK) as fetch:
            url = server.url("/feed")
            validators = Validators('"a"', None, url) if conditional else Validators()
            request = Request(url, validators, pause_per_host=timedelta(0), allow_private=LOOPBACK)
            results = [await fetch(request) for _ in range(times)]
            assert len(server.hits) == sum(one.requests for one in results) == times
            return results

    return asyncio.run(main())


READ: dict[str, bytes] = {
    "lower-case reason": answer(f"Content-Length: {SIZE}", status="HTTP/1.1 200 all is well!"),
    "no reason": answer(f"Content-Length: {SIZE}", status="HTTP/1.1 200"),
    "a reason that is no ascii": answer(f"Content-Length: {SIZE}", status="HTTP/1.1 200 D\xe9j\xe0 vu"),
    "old version": answer("Connection: close", status="HTTP/1.0 200 OK"),
    "odd version": answer(f"Content-Length: {SIZE}", "Connection: close", status="HTTP/1.2 200 OK"),
    "lower-case version": answer(f"Content-Length: {SIZE}", "Connection: close", status="http/1.1 200 ok"),
    "blank lines before": b"\r\n\r\n" + answer(f"Content-Length: {SIZE}"),
    "bytes behind the end": answer(f"Content-Length: {SIZE}", body=BODY + b"\r\n<!-- cached -->\x00\xff"),
    "bytes behind the last chunk": answer("Transfer-Encoding: chunked", body=chunks(BODY) + b"\r\njunk"),
    "a second answer behind the end": answer(f"Content-Length: {SIZE}")
    + answer("Content-Length: 0", body=b""),
    "equal lengths in a list": answer(f"Content-Length: {SIZE}, {SIZE}"),
    "equal lengths in two lines": answer(f"Content-Length: {SIZE}", f"content-length:  {SIZE}"),
    "length and chunks": answer("Content-Length: 7", "Transfer-Encoding: chunked", body=chunks(BODY)),
    "chunks and length": answer("Transfer-Encoding: CHUNKED", "Content-Length: 99999", body=chunks(BODY)),
    "identity": answer("Transfer-Encoding: identity", f"Content-Length: {SIZE}"),
    "chunks of gzip": answer("Transfer-Encoding: gzip, chunked", body=chunks(gzip.compress(BODY))),
    "small chunks": answer("Transfer-Encoding: chunked", body=chunks(*(bytes([byte]) for byte in BODY))),
    "padded chunks": answer(
        "Transfer-Encoding: chunked", body=b"%x  ;a=b\r\n%s\r\n000\r\n\r\n" % (len(BODY), BODY)
    ),
    "trailers": answer("Transfer-Encoding: chunked", body=chunks(BODY, trailers=b'ETag: "no"\r\nX: y\r\n')),
    "a line of 60 KB": answer("Content-Security-Policy: " + "a" * 60_000, f"Content-Length: {SIZE}"),
    "three lines of 64 KB": answer(*["X: " + "a" * 64_000] * 3, f"Content-Length: {SIZE}"),
    "a thousand lines": answer(*(f"X-{n}: y" for n in range(1000)), f"Content-Length: {SIZE}"),
    "folded lines": answer("X-Long: a", " b", "\tc", f"Content-Length: {SIZE}"),
    "a folded length": answer("Content-Length:", f"  {SIZE}"),
    "bare line feeds": answer(f"Content-Length: {SIZE}", end="\n"),
    "bare line feeds between chunks": answer(
        "Transfer-Encoding: chunked",
        body=chunks(BODY[:9], BODY[9:], end=b"\n", trailers=b"ETag: 9\n"),
        end="\n",
    ),
    "an invalid cookie": answer(
        f"Content-Length: {SIZE}", "Set-Cookie: a b=\x01; ;;=\xff,,,", "Set-Cookie: =\0"
    ),
    "values that are no ascii": answer(f"Content-Length: {SIZE}", "X-A: D\xc3\xa9j\xc3\xa0", "X-B: \xe9\xff"),
    "names that are none": answer(f"Content-Length: {SIZE}", "My Name: y", "X\xe9: y", ": y", "X(1): y"),
    "space before a colon": answer(f"Content-Length : {SIZE}"),
    "a header of the first websockets": answer(f"Content-Length: {SIZE}", "Sec-WebSocket-Key1: y"),
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    + answer(f"Content-Length: {SIZE}"),
    "many interim answers": b"HTTP/1.1 102 Processing\r\n\r\n" * 3000 + answer(f"Content-Length: {SIZE}"),
    "an upgrade that was offered": answer(
        f"Content-Length: {SIZE}", "Upgrade: h2,h2c", "Connection: Upgrade"
    ),
    "all there is, as a part": answer(
        f"Content-Length: {SIZE}",
        f"Content-Range: bytes 0-{len(BODY) - 1}/{SIZE}",
        status="HTTP/1.1 206 Part",
    ),
    "accepted": answer(f"Content-Length: {SIZE}", status="HTTP/1.1 202 Accepted"),
}


@pytest.mark.parametrize("name", READ)
def test_an_odd_answer_is_read(name: str) -> None:
    for result in get(READ[name]):
        assert isinstance(result, Response), result
        assert result.body == BODY


@pytest.mark.parametrize("size", [1, 7, 64])
def test_where_the_network_cuts_makes_no_difference(size: int) -> None:
    for name, data in READ.items():
        if len(data) < 2000:
            (result,) = get(in_pieces(data, size), times=1)
            assert isinstance(result, Response), (name, result)
            assert result.body == BODY, name


@pytest.mark.parametrize(
    "fields",
    [
        [f"Content-Length: {SIZE}"],
        ["Transfer-Encoding: chunked"],
        ["Connection: close"],
        ["X: y"],
        [f"Content-Length: {SIZE}", f"Content-Length: {SIZE}"],
    ],
)
@pytest.mark.parametrize("body", [b"", BODY, chunks(BODY), b"<html>" + bytes(100_000)])
@pytest.mark.parametrize("size", [16, 1_000_000])
def test_a_304_may_announce_or_send_a_body(fields: Sequence[str], body: bytes, size: int) -> None:
    data = answer('ETag: "b"', *fields, status="HTTP/1.1 304 Not Modified", body=body[:2000])
    for result in get(in_pieces(data, size), conditional=True):
        assert isinstance(result, Response), result
        assert (result.status, result.body, result.header("etag")) == (304, b"", '"b"')


def test_what_follows_an_answer_late_is_not_taken_for_the_next_one() -> None:
    def late(first: bytes) -> Talk:
        async def talk(hit: Hit, writer: asyncio.StreamWriter) -> bool:
            if hit.connection == 1:
                writer.write(first)
                await asyncio.sleep(0.05)
                writer.write(answer("Content-Length: 6", body=b"poison"))
                return True
            writer.write(answer(f"Content-Length: {SIZE}"))
            return True

        return talk

    for first in (
        answer(f"Content-Length: {SIZE}", status="HTTP/1.1 304 Not Modified", body=b""),
        answer("Content-Length: 5", "Transfer-Encoding: chunked", body=chunks(BODY)),
    ):
        results = get(late(first), conditional=True)
        assert isinstance(results[1], Response)
        assert results[1].body == BODY


def test_a_clean_answer_leaves_its_connection_to_the_next_request() -> None:
    async def main(data: bytes) -> int:
        async with Recorder({"*": data}) as server, http.open_fetch("x") as fetch:
            for _ in range(3):
                request = Request(server.url(), pause_per_host=timedelta(0), allow_private=LOOPBACK)
                assert isinstance(await fetch(request), Response)
            return server.connections

    assert asyncio.run(main(answer(f"Content-Length: {SIZE}, {SIZE}"))) == 1
    assert asyncio.run(main(answer("Transfer-Encoding: chunked", body=chunks(BODY)))) == 1
    assert asyncio.run(main(READ["bytes behind the end"])) == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (answer("Content-Length: 5", "Content-Length: 60"), "two lengths of its answer, 5 and 60"),
        (answer("Content-Length: 5, 60"), "two lengths of its answer, 5 and 60"),
        (answer("Content-Length: sixty"), "Content-Length is 'sixty'"),
        (answer("no colon"), "no colon"),
        (answer("X: " + "y" * 300_000), "larger than 256 KB"),
        (answer(*["X: y"] * 12_000), "Too many headers received"),
        (answer(status="HTTP/1.1 2000 OK"), "HTTP/1.1 2000 OK"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "SSH-2.0-OpenSSH"),
        (b"<html>hello</html>", "<html>hello"),
        (answer("Transfer-Encoding: chunked"), "chunk size"),
        (answer("Transfer-Encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"), "chunk size"),
        (answer("Transfer-Encoding: chunked", body=b"5\nhello\n-1\n\n", end="\n"), "chunk size"),
    ],
)
def test_what_is_refused_is_told_with_the_parsers_reason(data: bytes, reason: str) -> None:
    for result in get(data):
        assert isinstance(result, Failure)
        assert result.kind == "http"
        assert reason in result.sentence
        assert result.sentence.count("\n") == 0
        assert len(result.sentence) < 250


def test_a_body_that_ends_too_early_says_how_much_came() -> None:
    (result,) = get(then_hang_up(answer("Content-Length: 100")), times=1)
    assert isinstance(result, Failure)
    assert result.kind == "network"
    assert f"{SIZE} of 100 bytes" in result.sentence


def test_a_part_that_nobody_asked_for_is_refused() -> None:
    for fields in (
        [],
        ["Content-Range: bytes 0-59/600"],
        ["Content-Range: bytes 5-64/65"],
        ["Content-Range: x"],
    ):
        (result,) = get(answer(*fields, f"Content-Length: {SIZE}", status="HTTP/1.1 206 Part"), times=1)
        assert isinstance(result, Failure)
        assert "206" in result.sentence


@pytest.mark.parametrize(
    "data",
    [
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"\x15\x03\x03\x00\x02\x02\x46",
        reply(400, b"<center>The plain HTTP request was sent to HTTPS port</center>"),
        reply(400, b"Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"),
        b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    ],
)
def test_a_port_that_speaks_tls_is_said_to(data: bytes) -> None:
    (result,) = get(then_hang_up(data), times=1)
    assert isinstance(result, Failure)
    assert result.kind == "tls"
    assert "write https://" in result.sentence


def test_any_other_400_is_what_it_was() -> None:
    (result,) = get(reply(400, b"missing key"), times=1)
    assert isinstance(result, Failure)
    assert (result.kind, result.status) == ("http", 400)
