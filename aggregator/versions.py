"""Versions of rooms, which change with their code: what they made once is made again when they do."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable

import aggregator

_LIBRARIES = ("feedparser", "nh3", "lxml", "idna", "webencodings")  # which read and clean


@cache
def reading() -> str:
    """That of the normalization: bodies read with another one are read again."""
    libraries = [(name, metadata.version(name)) for name in _LIBRARIES]
    return digest(repr(libraries), files(aggregator) / "parse")


@cache
def printing() -> str:
    """That of all that decides what documents look like, and whether they pass."""
    package = files(aggregator)
    return digest(aggregator.__version__, package / "render", package / "gate", package / "parse" / "text.py")


def digest(besides: str, *places: Traversable) -> str:
    """Changes with a text and with the files at these places, all in the folders among them."""
    hashed = hashlib.sha256(besides.encode())
    for place in places:
        for file in _files(place):
            hashed.update(file.read_bytes())
    return hashed.hexdigest()[:16]


def _files(place: Traversable) -> Iterator[Traversable]:
    if place.is_file():
        yield place
    elif place.name != "__pycache__":
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
            yield from _files(entry)
