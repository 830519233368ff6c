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
    assert note == "The feed is declared as windows-1252 but was read as utf-8."


def test_undeclared_latin_1_is_read_as_windows_1252() -> None:
    text, note = charset.decode("<t>psychologie – été</t>".encode("cp1252"))
    assert text == "<t>psychologie – été</t>"
    assert note == "The feed declares no encoding and is not UTF-8; it was read as windows-1252."


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    body = "Łódź i Kraków, ".encode() * 20 + b"\xc5"
    assert charset.decode(body)[0].startswith("Łódź i Kraków")


@pytest.mark.parametrize("label", ["no-such-thing", "base64", "utf-7", "idna", "\udcff"])
def test_an_unknown_or_silly_charset_is_ignored(label: str) -> None:
    assert charset.decode(b"<t>plain</t>", f"text/xml; charset={label}")[0] == "<t>plain</t>"


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("x-sjis", "cp932", "港の新しい船①"),
        ("MS_Kanji", "cp932", "港"),
        ("x-cp1251", "cp1251", "Паром"),
        ("latin1", "cp1252", "été – “oui”"),
        ("ks_c_5601-1987", "cp949", "평양의 봄 똠"),
        ("x-gbk", "gb18030", "港口"),
        ("csISO2022JP", "iso2022_jp", "港"),
        ("x-euc-jp", "euc_jisx0213", "港①"),
        ("logical", "iso8859-8", "שלום"),
        ("koi", "koi8-r", "Паром"),
        ("dos-874", "cp874", "เรือ"),
        ("unicode-1-1-utf-8", "utf-8", "Łódź"),
        ("x-mac-roman", "mac-roman", "été"),
        ("x-windows-949", "cp949", "평양"),
    ],
)
@pytest.mark.parametrize("place", ["header", "declaration"])
def test_labels_mean_what_they_mean_to_browsers(place: str, label: str, codec: str, words: str) -> None:
    declared = f"<?xml version='1.0' encoding='{label}'?>" if place == "declaration" else ""
    content_type = f"text/xml; charset={label}" if place == "header" else "text/xml"
    text = f"{declared}<t>{words}</t>"
    assert charset.decode(text.encode(codec), content_type) == (text, "")


def test_an_unknown_label_is_named_and_the_other_claim_is_used() -> None:
    text = RUSSIAN.format("windows-1251")
    decoded, note = charset.decode(text.encode("windows-1251"), "text/xml; charset=klingon-7")
    assert decoded == text
    assert note == "The declared encoding “klingon-7” is unknown; the feed was read as windows-1251."
    assert "klingon-7" in charset.decode(RUSSIAN.format("klingon-7").encode())[1]


def test_one_bad_byte_does_not_make_another_encoding_of_it() -> None:
    body = "<t>Паром снова ходит".encode("windows-1251") + b"\x98</t>"
    text, note = charset.decode(body, "text/xml; charset=windows-1251")
    assert text.startswith("<t>Паром снова ходит")
    assert note == "Bytes that are not windows-1251 were replaced."


@given(st.binary(), st.text())
def test_decoding_never_fails(body: bytes, content_type: str) -> None:
    charset.decode(body, content_type)
