"""Known entries are cut out of a document before it is parsed: feedparser costs more than all the rest.

A cut entry is seen, not gone. Whether an entry is known is told by its mark: a hash of its bytes and of
everything around the entries that they may inherit or be cleaned by. Entries that cannot be told apart by
themselves are never cut; documents whose parts could mean something else on their own are left whole.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from aggregator.model import Response
from aggregator.parse.identity import NO_ID

MOST = 5_000
"""Entries of one document beyond which it is left whole."""

_PARTS = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(/?)((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?=[\s/>])[^>]*>", re.S
)
# What changes around the entries from poll to poll and means nothing for them; RSS 1.0 lists them in `items`.
_VOLATILE = re.compile(
    rb"<((?:\w+:)?(?:lastBuildDate|pubDate|updated|modified|date|generator))\b[^>]*>[^<]*</\1\s*>"
    rb"|<items>.*?</items>|<!--.*?-->",
    re.S,
)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]+)")
_IDS = (
    re.compile(rb"<(?:\w+:)?guid\b[^>]*>(.*?)</(?:\w+:)?guid\s*>", re.S),
    re.compile(rb"<(?:\w+:)?id\b[^>]*>(.*?)</(?:\w+:)?id\s*>", re.S),
    re.compile(rb"""^<[^>]*?\brdf:about\s*=\s*["']([^"']+)"""),
)
_LINK = re.compile(rb"<link\b[^>]*>(.*?)</link\s*>", re.S)
_TITLE = re.compile(rb"<title\b[^>]*>(.*?)</title\s*>", re.S)
_PLAIN = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


@dataclass(frozen=True, slots=True)
class Document:
    """A document with the places of its entries: `marks` has one for each, "" for one that is never cut."""

    body: bytes
    spans: tuple[tuple[int, int], ...]
    marks: tuple[str, ...]

    def without(self, known: Collection[str]) -> bytes:
        """The document less the entries whose marks are known."""
        kept, at = [], 0
        for (start, end), mark in zip(self.spans, self.marks, strict=True):
            if mark and mark in known:
                kept.append(self.body[at:start])
                at = end
        return b"".join((*kept, self.body[at:]))

    def is_known(self, known: Collection[str]) -> bool:
        """Whether nothing would be left to parse."""
        return all(mark and mark in known for mark in self.marks)


def document(response: Response, reader: str) -> Document | None:
    """The entries of a body, or None where it has to be parsed whole; `reader` decides how it is read."""
    body = response.body
    if not _is_utf8(response) or (spans := _spans(body)) is None:
        return None
    around = hashlib.blake2b(f"{reader} {response.url}".encode("utf-8", "surrogatepass"), digest_size=16)
    around.update(b"".join(_VOLATILE.sub(b"", _outside(body, spans)).split()))
    salt = around.digest()
    entries = [body[start:end] for start, end in spans]
    names = [_name(entry) for entry in entries]
    times = Counter(names)
    marks = (
        _mark(entry, salt) if name and times[name] == 1 else ""
        for entry, name in zip(entries, names, strict=True)
    )
    return Document(body, spans, tuple(marks))


def _mark(entry: bytes, salt: bytes) -> str:
    return hashlib.blake2b(entry, digest_size=9, key=salt).hexdigest()


def _is_utf8(response: Response) -> bool:
    """Whether the bytes are UTF-8 and nothing says otherwise, so that every part reads alike on its own."""
    declared = _ENCODING.match(response.body)
    header = _CHARSET.search(response.header("content-type") or "")
    said = [declared[1].decode("ascii", "replace")] if declared else []
    said += [header[1]] if header else []
    if any(name.lower() not in _PLAIN for name in said) or b"\0" in response.body:
        return False
    try:
        response.body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _spans(body: bytes) -> tuple[tuple[int, int], ...] | None:
    """Where the entries are; None if there are none, or if they are nested, cut off or too many."""
    spans: list[tuple[int, int]] = []
    opened: tuple[int, bytes] | None = None
    for part in _PARTS.finditer(body):
        slash, name = part[1], part[2]
        if name is None:
            continue  # within CDATA or a comment nothing opens or closes
        if slash:
            if opened is None or opened[1] != name:
                return None
            spans.append((opened[0], part.end()))
            opened = None
        elif opened is not None or part[0].endswith(b"/>") or len(spans) == MOST:
            return None
        else:
            opened = part.start(), name
    return tuple(spans) if spans and opened is None else None


def _outside(body: bytes, spans: tuple[tuple[int, int], ...]) -> bytes:
    edges = [0, *(place for span in spans for place in span), len(body)]
    return b"".join(body[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _name(entry: bytes) -> bytes:
    """What the entry's key follows from (see `identity`); b"" where it needs more than the entry alone."""
    for pattern in _IDS:
        if found := pattern.search(entry):
            id = _bare(found[1])
            return b"" if id.decode("utf-8", "replace").lower() in NO_ID else re.sub(rb"^https?:", b"", id)
    link, title = _LINK.search(entry), _TITLE.search(entry)
    return _bare(link[1]) + b" " + _bare(title[1]).lower() if link and title else b""


def _bare(text: bytes) -> bytes:
    return text.replace(b"<![CDATA[", b"").replace(b"]]>", b"").strip()
