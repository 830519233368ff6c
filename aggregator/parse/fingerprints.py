"""Whether anything changed in a document that is worth parsing it again for."""

import hashlib
import re

from aggregator.model import Response

# What changes around the entries from poll to poll and means nothing for them; RSS 1.0 lists them in `items`.
# A comment that holds markup or two hyphens is none to every parser, so it stays.
_VOLATILE = re.compile(
    rb"<((?:\w+:)?(?:lastBuildDate|pubDate|updated|modified|date|generator))\b[^<>]*>[^<]*</\1\s*>"
    rb"|</?rdf:li\b[^<>]*>|<!--[^<-]*(?:-[^<-]+)*-->"
)
_ENTRY = re.compile(rb"(?i)</?(?:[^\s<>/:]+:)?(?:item|entry)(?=[\s/>])[^<>]*>")
_TAIL = 4_096  # bytes in which the end of the last entry is found
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")


def fingerprint(response: Response) -> str:
    """Equal for answers that read alike: equal bytes, but for dates, comments and space around all entries.

    It needs no sound document: all from the first tag of an entry to the last counts as it stands, and so
    does all JSON.
    """
    body = response.body.strip()
    first, last = _entries(body)
    around = (response.header("content-type"), steady(body[:first]), steady(body[last:]))
    digest = hashlib.sha256()  # most processors have instructions for it
    digest.update(repr(around).encode("utf-8", "surrogatepass"))
    digest.update(memoryview(body)[first:last])
    return digest.hexdigest()[:32]


def steady(xml: bytes) -> bytes:
    """What stands around entries, without what changes there and means nothing."""
    return b" ".join(_VOLATILE.sub(b"", xml).split()).replace(b"> <", b"><")


def _entries(body: bytes) -> tuple[int, int]:
    """Where the first entry begins, and where the last one has ended for sure."""
    if _JSON.match(body) or b"\0" in body:  # UTF-16 has those
        return 0, len(body)
    first = _ENTRY.search(body)
    if first is None:
        return len(body), len(body)
    tags = list(_ENTRY.finditer(body, max(first.start(), len(body) - _TAIL)))
    has_ended = bool(tags) and tags[-1][0].startswith(b"</")
    return first.start(), tags[-1].end() if has_ended else len(body)
