"""Which reader takes a body, and what to say of a body that none takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from aggregator.model import Failure, Response
from aggregator.parse import charset, jsonfeed, refusals
from aggregator.parse.drafts import Parsed
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
