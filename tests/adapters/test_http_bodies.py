import asyncio
import gzip
import lzma
import resource
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import timedelta

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters import decoders, http
from aggregator.adapters.http import Limits
from aggregator.model import Failure, Request, Response
from tests.adapters.recorder import LOOPBACK, Answer, Recorder, for_ever, reply, then_hang_up
from tests.examples import examples

BODY = b"<rss>" + bytes(range(256)) * 300 + b"</rss>"
QUICK = Limits(total=timedelta(seconds=0.6), idle=timedelta(seconds=0.2), connect=timedelta(seconds=0.5))


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODED = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY[:100]) + gzip.compress(BODY[100:]) + b"\0" * 8,
    "deflate": zlib.compress(BODY),
    "Deflate": raw_deflate(BODY),
    "br": brotli.compress(BODY),
    "zstd": zstd.compress(BODY),
    "ZSTD": zstd.compress(BODY[:100]) + zstd.compress(BODY[100:]),
    "identity": BODY,
    "utf-8": BODY,
}


def get(answer: Answer, limits: Limits | None = None) -> Response | Failure:
    async def main() -> Response | Failure:
        async with Recorder({"*": answer}) as server, http.open_fetch("x", limits=limits) as fetch:
            request = Request(server.url(), pause_per_host=timedelta(0), allow_private=LOOPBACK)
            result = await fetch(request)
            assert len(server.hits) == result.requests == 1
            return result

    return asyncio.run(main())


# ── content codings ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("coding", CODED)
def test_every_coding_is_undone(coding: str) -> None:
    result = get(reply(200, CODED[coding], ("Content-Encoding", coding)))
    assert isinstance(result, Response)
    assert result.body == BODY


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate", "br", "zstd"])
def test_a_body_that_ends_in_the_middle_of_its_coding_is_a_failure(coding: str) -> None:
    cut = CODED[coding][: len(CODED[coding]) * 2 // 3]
    result = get(reply(200, cut, ("Content-Encoding", coding), ("Connection", "close"), length=False))
    assert isinstance(result, Failure)
    assert "cut short" in result.sentence


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_what_its_coding_says_is_a_failure(coding: str) -> None:
    result = get(reply(200, b"\x0f<rss>plain</rss>", ("Content-Encoding", coding)))
    assert isinstance(result, Failure)
    assert result.kind == "format"


@pytest.mark.parametrize("coding", ["lzma", "gzip, lzma", "compress"])
def test_a_coding_nobody_asked_for_is_a_failure(coding: str) -> None:
    result = get(reply(200, lzma.compress(BODY), ("Content-Encoding", coding)))
    assert isinstance(result, Failure)
    assert "did not ask for" in result.sentence


@pytest.mark.parametrize(
    "coding", ["x-unknown", "lzma", "ISO-8859-1", "gzip", "deflate", "br", "zstd", "gzip, br"]
)
@pytest.mark.parametrize(
    "plain",
    [
        b"<rss version='2.0'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?><feed/>",
        b"\r\n  <?xml version='1.0'?><rdf/>",
        "<?xml version='1.0' encoding='utf-16'?><feed/>".encode("utf-16"),
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        BODY,
    ],
)
def test_plain_text_that_is_said_to_be_coded_is_read(plain: bytes, coding: str) -> None:
    result = get(reply(200, plain, ("Content-Encoding", coding)))
    assert isinstance(result, Response)
    assert result.body == plain


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("deflate", gzip.compress(BODY)),
        ("gzip", zlib.compress(BODY)),
        ("x-unknown", gzip.compress(BODY)),
        ("gzip, utf-8", gzip.compress(BODY)),
        ("gzip, gzip", gzip.compress(BODY)),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY))),
        ("gzip, br", brotli.compress(gzip.compress(BODY))),
    ],
)
def test_a_body_that_is_coded_otherwise_or_more_than_once_is_unpacked(coding: str, body: bytes) -> None:
    result = get(reply(200, body, ("Content-Encoding", coding)))
    assert isinstance(result, Response)
    assert result.body == BODY


def test_two_lines_of_content_encoding_are_one_list() -> None:
    twice = ("Content-Encoding", "gzip"), ("Content-Encoding", "br")
    result = get(reply(200, brotli.compress(gzip.compress(BODY)), *twice))
    assert isinstance(result, Response)
    assert result.body == BODY


def test_a_bomb_between_two_codings_is_refused_in_little_memory() -> None:
    nothing = zlib.compressobj(wbits=31)
    empty = nothing.compress(b"\0\0\0\xff\xff" * 4_000_000) + nothing.flush()  # blocks that hold nothing
    answer = reply(200, empty, ("Content-Encoding", "deflate, gzip"))
    tracemalloc.start()
    try:
        result = get(answer, Limits(body=5 * 1024 * 1024))
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert isinstance(result, Failure)
    assert "before its last coding is undone" in result.sentence


def test_codings_beyond_three_are_refused() -> None:
    result = get(reply(200, BODY, ("Content-Encoding", "gzip, gzip, gzip, gzip")))
    assert isinstance(result, Failure)


def test_a_file_in_gzip_is_unpacked_without_a_header_and_behind_one() -> None:
    packed = gzip.compress(BODY)
    for answer in (reply(200, packed), reply(200, gzip.compress(packed), ("Content-Encoding", "gzip"))):
        result = get(answer)
        assert isinstance(result, Response)
        assert result.body == BODY


def test_an_unannounced_file_in_gzip_that_is_damaged_stays_as_it_came() -> None:
    for body in (gzip.compress(BODY)[:-20], b"\x1f\x8b\x08 and so on"):
        result = get(reply(200, body))
        assert isinstance(result, Response)
        assert result.body == body


def test_an_unannounced_file_in_gzip_is_unpacked_up_to_the_limit_alone() -> None:
    result = get(reply(200, gzip.compress(bytes(3 << 20))), Limits(body=1 << 20))
    assert isinstance(result, Failure)
    assert result.kind == "size"


def test_an_empty_body_needs_no_coding() -> None:
    for coding in ("gzip", "deflate", "br", "zstd"):
        result = get(reply(200, b"", ("Content-Encoding", coding)))
        assert isinstance(result, Response)
        assert result.body == b""


@given(
    body=st.binary(max_size=3000),
    coding=st.sampled_from(["gzip", "deflate", "br", "zstd"]),
    step=st.integers(1, 500),
)
def test_decoding_does_not_depend_on_where_the_network_cuts(body: bytes, coding: str, step: int) -> None:
    compress = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
    coded = compress[coding](body)
    decoder = decoders.decoder([coding])
    parts = [piece for at in range(0, len(coded), step) for piece in decoder.feed(coded[at : at + step])]
    decoder.finish()
    assert b"".join(parts) == body


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_garbage_raises_nothing_but_a_coding_error(body: bytes, coding: str) -> None:
    decoder = decoders.decoder([coding])
    try:
        list(decoder.feed(body))
        decoder.finish()
    except decoders.CodingError:
        pass


# ── bombs ───────────────────────────────────────────────────────────────────────────────────────


def zeros(coding: str, mebibytes: int) -> Iterator[bytes]:
    """So many MiB of zeros, compressed."""
    block = bytes(1024 * 1024)
    if coding == "br":
        stream = brotli.Compressor(quality=1)
        yield from (stream.process(block) for _ in range(mebibytes))
        yield stream.finish()
    elif coding == "zstd":
        packer = zstd.ZstdCompressor(level=1)
        yield from (packer.compress(block) for _ in range(mebibytes))
        yield packer.flush()
    else:
        wbits = {"gzip": 31, "deflate": 15}[coding]
        deflate = zlib.compressobj(1, wbits=wbits)
        yield from (deflate.compress(block) for _ in range(mebibytes))
        yield deflate.flush()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_refused_at_the_cap_in_little_memory(coding: str) -> None:
    bomb = b"".join(zeros(coding, 256))
    assert len(bomb) < 2 * 1024 * 1024
    answer = reply(200, bomb, ("Content-Encoding", coding))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    result = get(answer, Limits(body=5 * 1024 * 1024))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(result, Failure)
    assert (result.kind, "5 MB" in result.sentence) == ("size", True)
    assert peak < 25 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_thousands_of_empty_parts_are_not_unpacked() -> None:
    for coding, part in (("gzip", gzip.compress(b"")), ("zstd", zstd.compress(b""))):
        result = get(reply(200, part * 5000, ("Content-Encoding", coding)))
        assert isinstance(result, Failure)
        assert "parts" in result.sentence


def test_a_zstd_window_larger_than_8_mib_is_refused() -> None:
    wide = zstd.compress(
        bytes(32 * 1024 * 1024),
        options={zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0},
    )
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    streamed = packer.compress(bytes(1000)) + packer.flush()
    for body in (wide, streamed):
        assert isinstance(get(reply(200, body, ("Content-Encoding", "zstd"))), Failure)


# ── bounds of size and time ─────────────────────────────────────────────────────────────────────


def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not() -> None:
    limits = Limits(body=1000)
    for headers in ((), (("Connection", "close"),)):
        fits = get(reply(200, b"x" * 1000, *headers, length=not headers), limits)
        assert isinstance(fits, Response)
        over = get(reply(200, b"x" * 1001, *headers, length=not headers), limits)
        assert isinstance(over, Failure)
        assert over.kind == "size"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), "size"),  # endless
        (for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.02), "network"),  # dripping
        (for_ever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.02), "network"),  # dripping headers
        (for_ever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.02), "network"),  # never the answer itself
        (then_hang_up(b"", after=5), "network"),  # silent
        (then_hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", after=5), "network"),
        (then_hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "network"),
        (then_hang_up(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), "network"),
        (then_hang_up(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"), "http"),
        (then_hang_up(b"SSH-2.0-OpenSSH_9.2\r\n"), "http"),
        (then_hang_up(b"<html>hello</html>"), "http"),
        (then_hang_up(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"), "http"),
        (then_hang_up(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n"), "http"),
        (then_hang_up(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n"), "http"),
        (then_hang_up(b"HTTP/1.1 200 " + b"y" * 1_000_000 + b"\r\n\r\n"), "http"),
    ],
)
def test_every_way_to_answer_badly_is_one_sentence_in_bounded_time(answer: Answer, kind: str) -> None:
    result = get(answer, QUICK)
    assert isinstance(result, Failure)
    assert result.kind == kind
    assert result.sentence.count(".") >= 1


def test_a_body_without_a_length_ends_with_its_connection() -> None:
    result = get(then_hang_up(b"HTTP/1.0 200 OK\r\n\r\n<rss/>"))
    assert isinstance(result, Response)
    assert result.body == b"<rss/>"


def test_no_answer_of_random_bytes_raises() -> None:
    @given(st.binary(max_size=200))
    @examples(40)
    def check(noise: bytes) -> None:
        get(then_hang_up(b"HTTP/1.1 200 OK\r\n" + noise), QUICK)
        get(then_hang_up(noise), QUICK)

    check()
