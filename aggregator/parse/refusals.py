"""One clear sentence on a body that is no feed: what it is instead, and what to do."""

import re
from html import unescape

from aggregator.model import Failure, Response
from aggregator.parse import jsonfeed
from aggregator.parse.xml import prolog
from aggregator.text import characters, urls

_KINDS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data inside the answer"),
    (b"ID3", "a sound file"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x20ftyp", "a video"),
)
_LINK = re.compile(r"(?i)<link\b([^>]{1,2000})>")
_ATTRIBUTE = re.compile(r"(?i)\b(rel|type|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_LOOK = "check the source's feed address"


def of_bytes(response: Response) -> Failure | None:
    """A Failure for a body that is empty or a known kind of file, else None."""
    body = response.body
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return _failure(
            response, f"answered nothing (an empty body) instead of a feed; {_LOOK} if this lasts"
        )
    kind = next((kind for start, kind in _KINDS if body.startswith(start)), "")
    return _failure(response, f"answered {kind} instead of a feed; {_LOOK}") if kind else None


def of_text(text: str, response: Response) -> Failure:
    """A Failure for text that no reader took."""
    start = text[:262_144].lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return _failure(response, f"{_json(text)}; {_LOOK}")
    markup = start[max(0, start.find("<", 0, 4_096)) :]
    if prolog.is_html(markup):
        return _failure(response, f"answered an HTML page instead of a feed; {_advice(start, response.url)}")
    if root := prolog.root(markup):
        return _failure(response, f"answered XML that is no feed (<{root}>); {_LOOK}")
    return _failure(response, f"answered text that is no feed; {_LOOK}")


def _json(text: str) -> str:
    if fault := jsonfeed.fault(text):
        return f"answered JSON that is broken ({fault})"
    return "answered JSON that is no JSON Feed (no `version`, no `items`)"


def discovered(page: str, url: str) -> str:
    """The first feed that an HTML page names for autodiscovery, absolute, or ""."""
    for match in _LINK.finditer(page):
        given = {name.lower(): unescape("".join(values)) for name, *values in _ATTRIBUTE.findall(match[1])}
        is_feed = given.get("type", "").lower().strip() in _FEED_TYPES
        if is_feed and "alternate" in given.get("rel", "").lower().split():
            return urls.absolute(given.get("href", ""), url)
    return ""


def _advice(page: str, url: str) -> str:
    found = characters.one_line(discovered(page, url))[:500]
    return f"that page names the feed {found}" if found else "look for the feed address on the page"


def _failure(response: Response, sentence: str) -> Failure:
    return Failure(
        kind="format",
        sentence=f"{sentence}.",
        status=response.status,
        headers=response.headers,
        requests=response.requests,
    )
