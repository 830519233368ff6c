"""One body, read from its bytes to its items by the reader that takes it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import compress
from urllib.parse import urlsplit

from aggregator.model import Failure, Refined, Response, Source
from aggregator.parse import charset, jsonfeed, normalization, parts, refusals
from aggregator.parse.drafts import Parsed
from aggregator.parse.normalization import Normalized
from aggregator.parse.xml import documents


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of feed: `recognises` looks at the text; `read` takes it, the address it was read at and a base.

    The base is where relative addresses start from, unless something nearer is known.
    """

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[str, str, str], Parsed | None]


READERS = (
    Reader("JSON Feed", jsonfeed.recognises, jsonfeed.read),
    Reader("RSS, Atom, RDF or CDF", documents.recognises, documents.read),
)
"""The kinds of sources, in the order in which they are asked."""


def read(response: Response, base: str) -> Parsed | Failure:
    """The document that a response carries, or a Failure of kind "format" that says what it is instead."""
    if odd := refusals.of_bytes(response):
        return odd
    text, note = charset.decode(response.body, response.header("content-type") or "")
    for reader in READERS:
        if reader.recognises(text) and (parsed := reader.read(text, response.url, base)):
            return replace(parsed, notes=(*([note] if note else []), *parsed.notes))
    return refusals.of_text(text, response)


def refine(source: Source, response: Response) -> Refined | Failure:
    """The items in a body, or why there are none, as one sentence; never raises, whatever the body is."""
    try:
        parsed = read(response, _base(source, response.url))
        if isinstance(parsed, Failure):
            return parsed
        parsed = _bounded(parsed)
        found = normalization.items(parsed, source.id, response.edges)
        return Refined(
            head=parsed.head,
            items=found.items,
            pace=parsed.pace,
            format=parsed.format,
            entries=len(parsed.drafts),
            notes=(*parsed.notes, *_left_out(found)),
            unread=_unread(parsed, found) if not found.items else "",
            torn=parsed.torn,
            fragile=parsed.fragile,
            offer=parsed.offer,
            deleted=parsed.deleted,
            edges=found.edges,
            learned=found.learned,
        )
    except Exception as error:  # hostile input finds faults in any parser; a source never stops the program
        return _unreadable(response, error)


def _base(source: Source, url: str) -> str:
    """Where relative addresses start from: of a private source never the address that it is read at."""
    if not source.private:
        return url
    parts = urlsplit(url)
    return source.page or f"{parts.scheme}://{parts.hostname}/"


def _bounded(parsed: Parsed) -> Parsed:
    """The newest entries of a document that could not be taken apart."""
    if len(parsed.drafts) <= parts.NEWEST:
        return parsed
    chosen = compress(parsed.drafts, parts.newest(one.published or one.updated for one in parsed.drafts))
    return replace(parsed, drafts=tuple(chosen), notes=(*parsed.notes, parts.note(len(parsed.drafts))))


def _left_out(found: Normalized) -> tuple[str, ...]:
    reasons = (
        (found.blank, "without title, text, link and file"),
        (found.notices, "nothing but a notice of the site"),
    )
    return tuple(
        f"{'1 entry was' if count == 1 else f'{count:,} entries were'} left out: {why}."
        for count, why in reasons
        if count
    )


def _unread(parsed: Parsed, found: Normalized) -> str:
    """Why no entry of a document could be read; "" where it has none."""
    if found.blank:
        return (
            f"answered a feed whose entries say nothing (none of {found.blank:,} has a title, a text, a link "
            "or a file); look at the feed in a browser, and report it to the outlet."
        )
    if parsed.unread:
        why = f" ({parsed.notes[0].rstrip('.')})" if parsed.notes else ""
        return f"answered a feed none of whose entries could be read{why}; report it to the outlet."
    return ""


def _unreadable(response: Response, error: Exception) -> Failure:
    what = "needs more memory than there is" if isinstance(error, MemoryError) else "cannot be parsed"
    return Failure(
        kind="limits" if isinstance(error, MemoryError) else "format",
        sentence=f"answered a feed that {what} ({type(error).__name__}); if it opens elsewhere, report it.",
        status=response.status,
        headers=response.headers,
        requests=response.requests,
    )
