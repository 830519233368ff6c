"""Known entries are cut out of a document before it is parsed: feedparser costs more than all the rest.

A cut entry is seen, not gone. Whether an entry is known is told by its mark: a hash of its bytes, of all
entries that only a comparison tells from it, and of everything around the entries that they may inherit or be
cleaned by. Documents whose parts could mean something else on their own are left whole.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from aggregator.model import Response
from aggregator.parse import charset, jsonfeed, jsonparts, xmlparts
from aggregator.parse.parts import Parts


@dataclass(frozen=True, slots=True)
class Cut:
    """A document without its known entries."""

    body: bytes  # what is left to parse; as it came where nothing was cut out
    marks: tuple[str, ...] = ()  # one for each entry of the document; none where it has to be parsed whole
    is_known: bool = False  # whether all its entries were cut out


def cut(response: Response, reader: str, known: Collection[str]) -> Cut:
    """The body less the entries whose marks are known; `reader` stands for what decides how it is read."""
    text, _ = charset.decode(response.body, response.header("content-type") or "")
    take_apart = jsonparts.take_apart if jsonfeed.recognises(text) else xmlparts.take_apart
    parts = take_apart(text)
    if parts is None:
        return Cut(response.body)
    marks = _marks(parts, f"{reader} {response.url}")
    kept = [mark not in known for mark in marks]
    return Cut(response.body if all(kept) else parts.written(kept), marks, not any(kept))


def _marks(parts: Parts, context: str) -> tuple[str, ...]:
    salt = hashlib.blake2b(context.encode("utf-8", "surrogatepass"), digest_size=16)
    salt.update(parts.around)
    key = salt.digest()
    of_name = {name: hashlib.blake2b(key=key, digest_size=6) for name in parts.names}
    for name, entry in zip(parts.names, parts.entries, strict=True):
        of_name[name].update(entry)
    return tuple(of_name[name].hexdigest() for name in parts.names)
