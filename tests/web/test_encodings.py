import gzip
import sys

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters.codings import BROTLI, CODINGS, GZIP, IDENTITY, ZSTD, Coding
from aggregator.web.encodings import acceptable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, IDENTITY),
        ("", IDENTITY),
        ("gzip", GZIP),
        ("x-gzip", GZIP),
        ("GZip", GZIP),
        ("gzip, deflate, br, zstd", BROTLI),
        ("gzip, zstd", ZSTD),
        ("gzip;q=1.0, br;q=0.5", GZIP),
        ("gzip;q=0", IDENTITY),
        ("gzip ; q=0.5 , br ; q=0", GZIP),
        ("identity;q=1, gzip;q=0.5", IDENTITY),
        ("identity;q=0.5, gzip;q=0.8", GZIP),
        ("identity;q=0, gzip", GZIP),
        ("*", BROTLI),
        ("br;q=0, *", ZSTD),
        ("gzip, *;q=0", GZIP),
        ("deflate", IDENTITY),
        ("gzip;q=nonsense", IDENTITY),
        ("gzip;q=7, br;q=-1, zstd;q=nan", IDENTITY),
        (",,;;q=1,gzip", GZIP),
    ],
)
def test_the_best_coding_is_what_the_client_prefers_and_then_what_is_smallest(
    header: str | None, best: Coding
) -> None:
    assert acceptable(header)[0] is best


@pytest.mark.parametrize("header", ["identity;q=0", "*;q=0", "identity;q=0, deflate"])
def test_a_client_can_rule_out_every_coding(header: str) -> None:
    assert acceptable(header) == ()


@given(st.text())
def test_any_header_yields_codings_without_repetition(header: str) -> None:
    codings = acceptable(header)
    assert len(set(codings)) == len(codings)
    assert set(codings) <= set(CODINGS)


@given(st.binary())
def test_what_is_encoded_decodes_to_the_same_bytes(body: bytes) -> None:
    assert gzip.decompress(GZIP.encode(body)) == body
    assert brotli.decompress(BROTLI.encode(body)) == body
    assert zstd.decompress(ZSTD.encode(body)) == body
    assert IDENTITY.encode(body) == body


def test_the_same_bytes_are_always_encoded_to_the_same_bytes() -> None:
    body = b"talks " * 1000
    for coding in CODINGS:
        assert coding.encode(body) == coding.encode(body)
