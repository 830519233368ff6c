"""Known entries are cut out of a document before it is parsed: feedparser costs more than all the rest.

A cut entry is seen, not gone. Whether an entry is known is told by its mark: a hash of its bytes, of all
entries that only a comparison tells from it, and of everything around the entries that they may inherit or be
cleaned by. Documents whose parts could mean something else on their own are left whole.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from aggregator.model import Response
from aggregator.parse import charset, jsonfeed
from aggregator.parse.parts import Parts, note
from aggregator.parse.xml import ranges


@dataclass(frozen=True, slots=True)
class Cut:
    """A document without its known entries."""

    body: bytes  # what is left to parse; as it came where nothing was cut out
    marks: tuple[str, ...] = ()  # one for each entry that is read; none where it has to be parsed whole
    known: int = 0  # entries that were cut out
    notes: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether all its entries were cut out."""
        return 0 < len(self.marks) == self.known


def cut(response: Response, reader: str, known: Collection[str]) -> Cut:
    """The body less the entries whose marks are known; `reader` stands for what decides how it is read.

    Of very many entries the newest alone are read: the others are cut out, too, and have no marks.
    """
    text, _ = charset.decode(response.body, response.header("content-type") or "")
    take_apart = jsonfeed.take_apart if jsonfeed.recognises(text) else ranges.take_apart
    parts = take_apart(text)
    if parts is None:
        return Cut(response.body)
    marks = _marks(parts, f"{reader} {response.url}")
    kept = [mark not in known for mark in marks]
    notes = (note(len(marks) + parts.left_out),) if parts.left_out else ()
    is_whole = all(kept) and not parts.left_out
    return Cut(response.body if is_whole else parts.written(kept), marks, kept.count(False), notes)


def _marks(parts: Parts, context: str) -> tuple[str, ...]:
    salt = hashlib.blake2b(context.encode("utf-8", "surrogatepass"), digest_size=16)
    salt.update(parts.around)
    key = salt.digest()
    of_name = {name: hashlib.blake2b(key=key, digest_size=6) for name in parts.names}
    for name, entry in zip(parts.names, parts.entries, strict=True):
        of_name[name].update(entry)
    return tuple(of_name[name].hexdigest() for name in parts.names)
