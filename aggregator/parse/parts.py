"""A document taken apart: its entries, and what stands around them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aggregator.parse.identity import NO_ID, letters

MOST = 5_000
"""Entries of one document beyond which it is not taken apart."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a document consists of, whatever its format."""

    entries: tuple[bytes, ...]
    names: tuple[str, ...]  # see `name`
    around: bytes  # all that entries may inherit or be cleaned by, less what changes and means nothing
    written: Callable[[Sequence[bool]], bytes]  # the document with those entries that True is given for


def name(id: str, title: str) -> str:
    """Equal for entries whose keys may be equal, or are told apart by comparing them (see `identity`)."""
    id = re.sub(r"^https?:", "", id.strip())
    return f"id {id}" if id and id.lower() not in NO_ID else f"title {letters(title)}"
