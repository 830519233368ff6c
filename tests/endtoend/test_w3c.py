"""The W3C feed validator, where one is at hand: FEEDVALIDATOR names the `src` folder of w3c/feedvalidator.

It is a judge, no part of the project; it needs html5lib and rdflib beside itself.
"""

import io
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.endtoend import corpus
from tests.endtoend.program import Program
from tests.outlets import Outlets, running

VALIDATOR = os.environ.get("FEEDVALIDATOR", "")
pytestmark = [
    corpus.needs_corpus,
    pytest.mark.skipif(not VALIDATOR, reason="FEEDVALIDATOR names no W3C feed validator"),
]
# Of the design: tombstones, titles alone, equal dates. Of outlets: ids, broken signs, missing texts.
UNAVOIDABLE = {
    "UnknownNamespace", "MissingTextualContent", "DuplicateUpdated",
    "SchemeNotIANARegistered", "NonCanonicalURI", "BadCharacters",
}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(tmp_path_factory.mktemp("w3c"))
    with running(Outlets(corpus.bodies(corpus.FEEDS))) as outlets:
        program.configure({corpus.source_id(path): outlets.url(path) for path in outlets.bodies})
        program.run("poll")
    return program


def events(path: Path, feeds: Path) -> Iterator[Any]:
    """What the validator says of a document, at the level of its web site."""
    if VALIDATOR not in sys.path:
        sys.path.append(VALIDATOR)
    validator = import_module("feedvalidator")
    said = validator.validateStream(
        io.BytesIO(path.read_bytes()),
        firstOccurrenceOnly=0,
        base=f"https://wire.example.org/{path.relative_to(feeds)}",
        contentType="application/atom+xml" if path.suffix == ".atom" else "application/rss+xml",
    )
    yield from import_module("feedvalidator.compatibility").AA(said["loggedEvents"])


def feeds(program: Program, ending: str) -> list[Path]:
    return sorted(program.feeds.rglob(f"*.{ending}"))


def test_no_feed_has_an_error_or_a_warning_that_could_be_avoided(published: Program) -> None:
    judged = [*feeds(published, "atom"), *feeds(published, "rss")]
    said = Counter(
        type(event).__name__ for path in judged for event in events(path, published.feeds) if counts(event)
    )
    assert set(said) <= UNAVOIDABLE
    assert len(judged) > 240


def test_no_entry_and_no_author_was_dropped_for_it(published: Program) -> None:
    with sqlite3.connect(published.database) as database:
        ((stored,),) = database.execute("SELECT count(*) FROM stories")
    database.close()
    entries = [entry for path in feeds(published, "atom") for entry in etree.parse(path).iterfind("{*}entry")]
    assert len({entry.findtext("{*}id") for entry in entries}) == stored
    assert all(entry.findtext("{*}author/{*}name") for entry in entries)


def counts(event: Any) -> bool:
    """Whether it is an error or a warning, and no mere remark."""
    return bool({"Error", "Warning"} & {kind.__name__ for kind in type(event).__mro__})
