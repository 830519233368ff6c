"""Versions of what reads, tags and prints: each changes with all the code and data that it is made of.

Which modules that are follows from their imports, so that no list of them has to be kept.
"""

import hashlib
import platform
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable

READING = ("aggregator.parse",)
TAGGING = ("aggregator.topics.tagging",)
PRINTING = ("aggregator.outputs", "aggregator.feeds")
LIBRARIES = {
    READING: ("feedparser", "idna", "lxml", "nh3", "webencodings"),
    TAGGING: ("ahocorasick_rs", "RapidFuzz"),
    PRINTING: ("ahocorasick_rs", "feedgen", "idna", "Jinja2", "lxml", "nh3"),
}
"""The distributions that take part in each."""

_PACKAGE = "aggregator"
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(aggregator[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)"
    rb"|import[ \t]+(aggregator[\w.]*))",
    re.MULTILINE,
)
_REMARK = re.compile(rb"#[^\n]*")


@cache
def reading() -> str:
    """That of the normalization: bodies read with another one are read again."""
    return _version(READING)


@cache
def tagging() -> str:
    """That of the query language: items tagged with another one are compared by the next plan."""
    return _version(TAGGING)


@cache
def printing() -> str:
    """That of all that decides what documents look like, and whether they pass."""
    return _version(PRINTING)


def modules(roots: Iterable[str]) -> frozenset[str]:
    """The names of the modules at or below these, and of all modules of ours that they import."""
    waiting = [name for root in roots for name in _below(root)]
    found = set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imported(name)
    return frozenset(found)


def digest(besides: str, places: Iterable[Traversable]) -> str:
    """Changes with a text and with the files at these places, all in the folders among them."""
    hashed = hashlib.sha256(besides.encode())
    for place in places:
        for file in _files(place):
            hashed.update(f"\n{file.name}\n".encode())
            hashed.update(file.read_bytes())
    return hashed.hexdigest()[:16]


def _version(roots: tuple[str, ...]) -> str:
    names = sorted(modules(roots))
    libraries = [(name, metadata.version(name)) for name in LIBRARIES[roots]]
    python = platform.python_version_tuple()[:2]  # its tables of characters and HTML entities
    return digest(repr((python, libraries, names)), [*map(_file, names), *_data(names)])


def _below(root: str) -> Iterator[str]:
    """A module and, of a package, those in it."""
    yield root
    place = _place(root)
    if place.is_dir():
        for entry in place.iterdir():
            name = entry.name.removesuffix(".py")
            if _is_module(entry) and name != "__init__":
                yield from _below(f"{root}.{name}")


@cache
def _imported(module: str) -> tuple[str, ...]:
    """The modules of ours that a module names in its imports."""
    found: list[str] = []
    for package, names, plain in _IMPORT.findall(_file(module).read_bytes()):
        origin = (package or plain).decode()
        listed = _REMARK.sub(b"", names).strip(b"() \t\r\n").decode().split(",")
        for name in {one.split()[0] for one in listed if one.strip()} or {""}:
            inner = f"{origin}.{name}"
            found.append(inner if name and _is_known(inner) else origin)
    return tuple(found)


def _is_known(module: str) -> bool:
    package, _, name = module.rpartition(".")
    return _place(package).is_dir() and any(
        _is_module(place) for place in (_place(module), _place(package) / f"{name}.py")
    )


def _is_module(place: Traversable) -> bool:
    if place.is_dir():
        return (place / "__init__.py").is_file()
    return place.name.endswith(".py") and place.is_file()


def _place(module: str) -> Traversable:
    """The folder of a package; for any other module one that is not there."""
    inner = module.removeprefix(_PACKAGE).strip(".")
    return files(_PACKAGE).joinpath(*inner.split(".")) if inner else files(_PACKAGE)


def _file(module: str) -> Traversable:
    place = _place(module)
    if place.is_dir():
        return place / "__init__.py"
    package, _, name = module.rpartition(".")
    return _place(package) / f"{name}.py"


def _data(names: Iterable[str]) -> Iterator[Traversable]:
    """What lies beside modules and is no module: templates, word lists, schemas."""
    folders = {name if _place(name).is_dir() else name.rpartition(".")[0] for name in names}
    for folder in sorted(folders - {_PACKAGE}):
        for entry in sorted(_place(folder).iterdir(), key=lambda entry: entry.name):
            if not _is_module(entry) and entry.name != "__pycache__":
                yield entry


def _files(place: Traversable) -> Iterator[Traversable]:
    if place.is_file():
        yield place
    elif place.name != "__pycache__":
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
            yield from _files(entry)
