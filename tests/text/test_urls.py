"""Addresses: absolute, harmless, comparable; ids as they are."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.text import urls

BASE = "https://news.example/a/b?c"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/x", "https://news.example/x"),
        ("../x y", "https://news.example/x%20y"),
        ("?q=1", "https://news.example/a/b?q=1"),
        ("#part", "https://news.example/a/b?c#part"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("\\\\cdn.example\\x?a\\b", "https://cdn.example/x?a%5Cb"),
        ("http:/\\cdn.example/x", "http://cdn.example/x"),
        (" \n\x01https://x.example/a\nb\t ", "https://x.example/ab"),
        ("HTTPS://X.Example:443", "https://x.example/"),
        ("http://x.example:8080/", "http://x.example:8080/"),
        ("http://user:secret@x.example/a@b", "http://x.example/a@b"),
        ("https://x.example/é?ü=%20%zz#ß", "https://x.example/%C3%A9?%C3%BC=%20%25zz#%C3%9F"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("https://x.example/%2fa%C3%A9", "https://x.example/%2fa%C3%A9"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(url: str, expected: str) -> None:
    assert urls.absolute(url, BASE) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "javascript:alert(1)",
        "java\nscript:x",
        "\x01javascript:x",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "mailto:a@x.example",
        "ftp://x.example/",
        "feed://x.example/",
        "about:blank",
        "http://",
        "http:///",
        "http://[zz]/",
        "http://x.example:99999/",
        "http://a b/",
        "http://x..example/",
        "http://%00/",
        "tel:1",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    assert urls.absolute(url, BASE) == ""


def test_nothing_is_relative_to_nothing() -> None:
    assert urls.absolute("/x", "") == ""
    assert urls.absolute("/x", "javascript:x") == ""
    assert urls.absolute("/x", "http://[zz]/") == ""


def test_mail_is_admitted_where_it_is_asked_for() -> None:
    assert (
        urls.absolute("MAILTO:desk@x.example?subject=a b", mail=True) == "mailto:desk@x.example?subject=a%20b"
    )
    assert urls.absolute("mailto:nobody", mail=True) == ""
    assert urls.absolute("javascript:x@y", mail=True) == ""


@given(st.text())
@example("http://u:p@x.example\\@y.example/")
@example("http:x.example%2f@y")
def test_an_absolute_address_is_absolute_for_good(url: str) -> None:
    once = urls.absolute(url, BASE)
    assert once == urls.absolute(once, "https://other.example/")
    assert once == "" or once.startswith(("https://", "http://"))
    assert once.isascii()
    assert not set(once) & set(" <>\"'\n\t") - {"'"}
    assert urls.public(once) == once


@pytest.mark.parametrize(
    "id",
    [
        "https://x.example/?p=1",
        "HTTP://X.example/ü",
        "tag:x.example,2026:a",
        "urn:uuid:1-2",
        "urn:isbn:1#f",
        "info:doi/10.1",
        "yt:video:abc",
        "oai:arXiv.org:1",
        "http://x.example/a%20b",
    ],
)
def test_a_usable_id_stays_byte_for_byte(id: str) -> None:
    assert urls.iri(id) == id


@pytest.mark.parametrize(
    "id",
    [
        "",
        "123",
        "?p=1",
        "/a",
        "post-1",
        "a b",
        " https://x.example/",
        "https://x.example/\n",
        "javascript:x",
        "data:,x",
        "http://u:p@x.example/",
        "http:///x",
        "http:x",
        "https://x.example/%zz",
        "https://x.example/<b>",
        "tag:",
        "tag:https://x.example/1",
        "tag:x.example:1",
        "tag:x.example,26:1",
        "urn:x",
        "Interview: a talk",
        "id:7",
        "tag:x\u200b.example,2026:1",
        "https://x.example/a b",
    ],
)
def test_an_id_that_is_no_iri_is_refused(id: str) -> None:
    assert urls.iri(id) == ""


@given(st.text())
def test_an_id_is_taken_whole_or_not_at_all(id: str) -> None:
    assert urls.iri(id) in ("", id)


def test_a_public_address_has_no_credentials() -> None:
    assert urls.public("https://u:p@x.example:8/a@b?c@d") == "https://x.example:8/a@b?c@d"
    assert urls.public("https://u:p@w@x.example/") == "https://x.example/"
    assert urls.public("mailto:a@x.example") == "mailto:a@x.example"


@pytest.mark.parametrize(
    "variant",
    [
        "https://x.example/a?id=7",
        "http://www.x.example:80/a/?id=7#top",
        "https://X.EXAMPLE/a?utm_source=rss&id=7&fbclid=z",
        "https://x.example/a/amp/?id=7",
        "https://amp.x.example/a?id=7&amp=1",
        "https://x.example/%61?id=7",
        "https://m.x.example/a?id=%37",
        "https://u:p@x.example/a?id=7&outputType=amp",
    ],
)
def test_addresses_of_one_article_compare_equal(variant: str) -> None:
    assert urls.canonical(variant) == "https://x.example/a?id=7"


@pytest.mark.parametrize(
    "other",
    [
        "https://x.example/a",
        "https://x.example/a?id=8",
        "https://x.example/A?id=7",
        "https://y.example/a?id=7",
        "https://x.example/a/b?id=7",
        "https://blog.x.example/a?id=7",
        "https://x.example/camp?id=7",
    ],
)
def test_addresses_of_different_articles_do_not(other: str) -> None:
    assert urls.canonical(other) != "https://x.example/a?id=7"


def test_what_is_no_address_has_no_canonical_form() -> None:
    assert urls.canonical("tag:x.example,2026:1") == ""


@given(st.text().map(lambda text: "https://x.example/" + text))
def test_a_canonical_form_is_its_own(url: str) -> None:
    assert urls.canonical(urls.canonical(url)) == urls.canonical(url)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("www.outlet.example/a/b", "https://www.outlet.example/a/b"),
        ("outlet.example/a?x=1#y", "https://outlet.example/a?x=1#y"),
        ("WWW.Outlet.example", "https://www.outlet.example/"),
        ("news.outlet.example/a", "https://news.outlet.example/a"),
        ("outlet.example.org/a", "https://www.outlet.example/feed/outlet.example.org/a"),
        ("other.example/a", "https://www.outlet.example/feed/other.example/a"),
        ("outlet.html", "https://www.outlet.example/feed/outlet.html"),
    ],
)
def test_an_address_that_begins_with_the_host_of_its_feed_lacks_only_its_scheme(
    written: str, meant: str
) -> None:
    assert urls.absolute(written, "https://www.outlet.example/feed/rss.xml") == meant
