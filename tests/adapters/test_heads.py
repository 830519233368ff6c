import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters import heads


def rewritten(*lines: str, end: str = "\r\n") -> heads.ResponseHead:
    return heads.rewritten(end.join([*lines, "", ""]).encode("latin-1"))


def fields(head: heads.ResponseHead) -> list[str]:
    return head.data.decode("latin-1").split("\r\n")[1:-2]


def test_a_head_as_the_grammar_has_it_stays_as_it_is() -> None:
    for data in (
        b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 5\r\nX-Empty:\r\n\r\n',
        b"HTTP/1.0 404 \r\nX: \xe9\r\n\r\n",
        b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n",
    ):
        assert heads.rewritten(data) == heads.ResponseHead(data, int(data[9:12]))


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("HTTP/1.1 200", "HTTP/1.1 200 "),
        ("HTTP/1.1  200   all is well", "HTTP/1.1 200 all is well"),
        ("http/1.1 200 ok", "HTTP/1.1 200 ok"),
        ("HTTP/2 200", "HTTP/1.1 200 "),
        ("HTTP/1.2 200 OK", "HTTP/1.1 200 OK"),
        ("HTTP/1.0 200 OK", "HTTP/1.0 200 OK"),
        ("HTTP/0.9 200 OK", "HTTP/1.0 200 OK"),
        ("ICY 200 OK", "HTTP/1.0 200 OK"),
    ],
)
def test_status_lines_are_read_as_browsers_read_them(line: str, written: str) -> None:
    assert rewritten(line, "Content-Length: 5, 5").data.decode().split("\r\n")[0] == written


@pytest.mark.parametrize(
    "line", ["HTTP/1.1 99 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 OK", "HTTP/1.1 -20 OK", "XTP 200"]
)
def test_a_status_line_without_a_status_is_refused_with_its_reason(line: str) -> None:
    with pytest.raises(heads.HeadError, match="status line"):
        rewritten(line)


@pytest.mark.parametrize(
    "said",
    [
        ["Content-Length: 5, 5"],
        ["Content-Length: 5,5 ,\t5"],
        ["Content-Length: 5", "content-length:5 "],
        ["Content-Length: 5, 05"],
        ["Content-Length: ", "Content-Length: 5"],
        ["Content-Length:", " 5"],
    ],
)
def test_a_length_that_is_repeated_is_one(said: list[str]) -> None:
    head = rewritten("HTTP/1.1 200 OK", *said, "X: y")
    assert fields(head) == ["X: y", "Content-Length: 5"]
    assert head.reusable


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (["Content-Length: 5", "Content-Length: 6"], "two lengths of its answer, 5 and 6"),
        (["Content-Length: 6, 5"], "two lengths of its answer, 5 and 6"),
        (["Content-Length: five"], "Content-Length is 'five'"),
        (["Content-Length: -5"], "Content-Length is '-5'"),
        (["Content-Length: 5\0"], "Content-Length is"),
        (["Content-Length: 99999999999999999999"], "Content-Length is"),
        (["no colon"], "has no colon: 'no colon'"),
    ],
)
def test_what_is_ambiguous_is_refused_with_its_reason(said: list[str], reason: str) -> None:
    with pytest.raises(heads.HeadError, match=reason):
        rewritten("HTTP/1.1 200 OK", *said)


@pytest.mark.parametrize(
    ("said", "kept", "reusable"),
    [
        (["Content-Length: 5", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked"], False),
        (["Transfer-Encoding: Chunked", "Content-Length: 5"], ["Transfer-Encoding: chunked"], False),
        (
            ["Transfer-Encoding: gzip", "Transfer-Encoding: chunked"],
            ["Transfer-Encoding: gzip, chunked"],
            True,
        ),
        (["Transfer-Encoding: chunked, chunked"], ["Transfer-Encoding: chunked"], True),
        (["Transfer-Encoding: identity", "Content-Length: 5"], ["Content-Length: 5"], True),
        (["Transfer-Encoding: gzip", "Content-Length: 5"], ["Transfer-Encoding: gzip"], False),
    ],
)
def test_a_transfer_coding_overrides_the_length(said: list[str], kept: list[str], reusable: bool) -> None:
    head = rewritten("HTTP/1.1 200 OK", *said)
    assert (fields(head), head.reusable) == (kept, reusable)


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "103 Early Hints"])
def test_an_answer_that_has_no_body_announces_none(status: str) -> None:
    for said, reusable in (
        ("Content-Length: 9", False),
        ("Transfer-Encoding: chunked", False),
        ("X: y", True),
    ):
        head = rewritten(f"HTTP/1.1 {status}", 'ETag: "a"', said)
        assert fields(head) == ['ETag: "a"', *(["X: y"] if said == "X: y" else [])]
        assert head.reusable == reusable


def test_folded_lines_are_joined_and_what_precedes_the_first_is_left_out() -> None:
    head = rewritten("HTTP/1.1 200 OK", " lost: y", "X-Long: a ", "  b", "\tc", "ETag:", ' "a"')
    assert fields(head) == ["X-Long: a b c", 'ETag: "a"']


def test_names_that_are_none_and_values_with_nul_are_left_out() -> None:
    head = rewritten("HTTP/1.1 200 OK", "X-A : 1", "My Name: 2", ": 3", "X\xe9: 4", "X-B: a\0b", "X-C: a\rb")
    assert fields(head) == ["X-A: 1", "X-C: a b"]


def test_lines_may_end_in_bare_line_feeds() -> None:
    head = rewritten("HTTP/1.1 200 OK", "X: y", "Content-Length: 5", end="\n")
    assert head.data == b"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\n"
    assert head.bare_line_feeds


def test_an_end_is_found_however_lines_end() -> None:
    assert heads.end(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nbody") == 25
    assert heads.end(b"HTTP/1.1 200 OK\nX: y\n\nbody") == 22
    assert heads.end(b"HTTP/1.1 200 OK\r\n\nbody") == 18
    assert heads.end(b"HTTP/1.1 200 OK\r\nX: y\r\n") is None


def test_what_is_no_answer_is_refused_before_its_end() -> None:
    for noise in (b"<html>", b"SSH-2.0-OpenSSH_9.2\r\n", b"220 ready"):
        with pytest.raises(heads.HeadError, match="does not begin with a status line"):
            heads.examine(noise)
    with pytest.raises(heads.TlsAnswerError):
        heads.examine(b"\x15\x03\x01\x00\x02\x02\x28")
    heads.examine(b"HTT")


@given(st.binary(max_size=300))
def test_any_bytes_are_rewritten_to_what_the_grammar_allows_or_refused(noise: bytes) -> None:
    data = b"HTTP/1.1 200 OK\r\n" + noise + b"\r\n\r\n"
    try:
        head = heads.rewritten(data[: heads.end(data)])
    except heads.HeadError:
        return
    assert heads.rewritten(head.data).data == head.data
