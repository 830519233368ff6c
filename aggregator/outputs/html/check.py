"""The rules of our HTML pages."""

import re
from collections.abc import Iterable, Iterator

from aggregator.outputs.checks import markup, values, xml

_DOCTYPE = "<!doctype html>"
_ENTRY = re.compile(r"<article\b.*?</article>", re.DOTALL)


def read(body: bytes, entries: bool) -> tuple[None, Iterable[tuple[str, str]]]:
    """The faults of a page, without its articles if they were examined before; ids are not in it."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise xml.UnreadableError("it is no UTF-8") from None
    return None, [("", sentence) for sentence in _faults(text if entries else _ENTRY.sub("", text))]


def _faults(text: str) -> Iterator[str]:
    if not text.lower().startswith(_DOCTYPE):
        yield "it does not begin with a document type"
    if character := values.forbidden(text):
        yield f"it holds a forbidden character: {character}"
    yield from markup.page(text[len(_DOCTYPE) :])
