"""Which encoding a body is really in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse import charset

RUSSIAN = "<?xml version='1.0' encoding='{}'?><t>Новости Оренбурга</t>"


@pytest.mark.parametrize(
    "encoding", ["windows-1251", "koi8-r", "utf-8", "utf-16-le", "utf-16-be", "utf-32-le"]
)
def test_the_declared_encoding_is_used(encoding: str) -> None:
    text = RUSSIAN.format(encoding)
    assert charset.decode(text.encode(encoding)) == (text, "")


def test_a_byte_order_mark_overrules_what_is_declared() -> None:
    text = RUSSIAN.format("koi8-r")
    for encoding in ("utf-16", "utf-8-sig", "utf-32"):
        assert charset.decode(text.encode(encoding), "text/xml; charset=iso-8859-1")[0] == text


def test_the_content_type_overrules_the_document() -> None:
    body = RUSSIAN.format("koi8-r").encode("windows-1251")
    assert "Новости" in charset.decode(body, "application/rss+xml;charset=Windows-1251")[0]


def test_a_servers_default_does_not_overrule_the_document() -> None:
    body = RUSSIAN.format("windows-1251").encode("windows-1251")
    assert "Новости" in charset.decode(body, "text/xml; charset=ISO-8859-1")[0]
    assert "Новости" in charset.decode(body, "text/xml")[0], "no us-ascii for text/xml (RFC 7303, 3)"


def test_valid_utf_8_is_utf_8_whatever_is_said() -> None:
    text, note = charset.decode("<t>Müller – Łódź</t>".encode(), "text/xml; charset=iso-8859-1")
    assert text == "<t>Müller – Łódź</t>"
    assert "iso8859-1" in note


def test_undeclared_latin_1_is_read_as_windows_1252() -> None:
    assert charset.decode("<t>psychologie – été</t>".encode("cp1252"))[0] == "<t>psychologie – été</t>"


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    body = "Łódź i Kraków, ".encode() * 20 + b"\xc5"
    assert charset.decode(body)[0].startswith("Łódź i Kraków")


@pytest.mark.parametrize("label", ["no-such-thing", "base64", "utf-7", "idna", "\udcff"])
def test_an_unknown_or_silly_charset_is_ignored(label: str) -> None:
    assert charset.decode(b"<t>plain</t>", f"text/xml; charset={label}")[0] == "<t>plain</t>"


@given(st.binary(), st.text())
def test_decoding_never_fails(body: bytes, content_type: str) -> None:
    charset.decode(body, content_type)
