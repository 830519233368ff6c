"""Servers that mean harm, each an answer of the recorder; what they try, and how a poll of them may end."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.adapters.recorder import Answer, Hit, Talk, for_ever, reply, then_hang_up
from tests.adapters.test_http_bodies import zeros

GIBIBYTES = 2
SECRET = "the-secret-of-this-machine"
"""What stands in the file that some feeds try to read."""


@dataclass(frozen=True)
class Attack:
    """An answer, and the kind of failure that it is, "" where it is read all the same; or one of several."""

    answer: Answer
    kinds: frozenset[str]


def _rss(item: str, before: str = "", encoding: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}<rss version="2.0"><channel><title>Harm</title>'
        f'<item><title>Kept</title><guid isPermaLink="false">1</guid>{item}</item></channel></rss>'
    )


def _sent(text: str | bytes, *kinds: str, content_type: str = "application/xml") -> Attack:
    body = text if isinstance(text, bytes) else text.encode()
    return Attack(reply(200, body, ("Content-Type", content_type)), frozenset(kinds or [""]))


def _told(talk: Talk, kind: str) -> Attack:
    return Attack(talk, frozenset([kind]))


def _bomb(coding: str) -> Attack:
    async def talk(hit: Hit, writer: asyncio.StreamWriter) -> bool:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nConnection: close\r\n\r\n".encode())
        for piece in zeros(coding, 1024 * GIBIBYTES):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        return False

    return _told(talk, "size")


def _entities(levels: int, each: int) -> str:
    lines = ['<!ENTITY e0 "lol">']
    lines += [f'<!ENTITY e{n} "{f"&e{n - 1};" * each}">' for n in range(1, levels)]
    return f"<!DOCTYPE rss [{''.join(lines)}]>"


def attacks(url: Callable[[str], str], secret: str) -> dict[str, Attack]:
    """All of them by name; `url` makes addresses of paths that nobody may ask for, `secret` is a file's."""
    external = f'<!DOCTYPE rss [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY h SYSTEM "{url("/entity")}">]>'
    parameter = f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{url("/parameter")}"> %p;]>'
    return {
        **{f"bomb-{coding}": _bomb(coding) for coding in ("gzip", "br", "zstd")},
        "bomb-inside": _sent(b"".join(zeros("gzip", 64)), "size"),
        "endless": _told(for_ever(b"HTTP/1.1 200 OK\r\n\r\n<rss>", b"<item>" * 10_000), "size"),
        "dripping": _told(for_ever(b"HTTP/1.1 200 OK\r\n\r\n<rss>", b" ", 0.05), "network"),
        "headers": _told(then_hang_up(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n"), "http"),
        "laughs": _sent(_rss("<description>&e9;</description>", _entities(10, 10))),
        "blowup": _sent(
            _rss(
                f"<description>{'&x;' * 20_000}</description>",
                f'<!DOCTYPE rss [<!ENTITY x "{"y" * 50_000}">]>',
            )
        ),
        "external": _sent(_rss("<description>&f; &h;</description>", external)),
        "parameter": _sent(_rss("<description>x</description>", parameter)),
        "dtd-http": _sent(_rss("", f'<!DOCTYPE rss SYSTEM "{url("/dtd")}">')),
        "dtd-file": _sent(_rss("", f'<!DOCTYPE rss SYSTEM "file://{secret}">')),
        "xinclude": _sent(
            _rss(
                f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>'
            )
        ),
        "stylesheet": _sent(_rss("", f'<?xml-stylesheet type="text/xsl" href="{url("/xsl")}"?>')),
        "nested-xml": _sent(_rss("<a>" * 100_000 + "</a>" * 100_000), "", "limits"),
        "nested-html": _sent(_rss(f"<description>{'&lt;div&gt;' * 100_000}deep</description>")),
        "nested-json": _sent(
            b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 100_000,
            "format",
            content_type="application/json",
        ),
        "categories": _sent(_rss("".join(f"<category>c{n}</category>" for n in range(20_000))), "", "limits"),
        "attributes": _sent(_rss(f"<a {' '.join(f'a{n}=' for n in range(20_000))}/>")),
        "path": _sent(secret, "format"),
        "file-url": _sent(f"file://{secret}", "format"),
        "http-url": _sent(url("/body"), "format"),
        "nothing": _sent(" \n", "format"),
        **{f"charset-{name}": one for name, one in _charsets()},
    }


def _charsets() -> Iterator[tuple[str, Attack]]:
    """Feeds that lie about their characters; codecs of Python that decode no text are among the names."""
    for name in (
        "utf-16",
        "utf-7",
        "ebcdic-cp-us",
        "idna",
        "zip",
        "rot13",
        "unicode_escape",
        "nosuch",
        "undefined",
    ):
        yield (
            name,
            _sent(
                _rss("<description>x</description>", encoding=name), content_type=f"text/xml; charset={name}"
            ),
        )
    yield "mixed", _sent(_rss("<description>caf\xe9</description>").encode("latin-1"))
