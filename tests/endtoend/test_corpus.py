"""All recorded feeds through the whole program, as a person would run it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests import judges
from tests.endtoend import corpus
from tests.endtoend.program import Program
from tests.examples import some
from tests.outlets import Outlets, running

pytestmark = corpus.needs_corpus


@dataclass
class Taken:
    """The corpus polled twice."""

    outlets: Outlets
    program: Program
    first: dict[str, Any]
    documents: dict[str, bytes]
    stamps: dict[str, int]
    second: dict[str, Any]
    asked_again: int

    def source(self, path: str) -> dict[str, Any]:
        id = corpus.source_id(path)
        return next(one for one in self.first["polled"] if one["source"] == id)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    program = Program(tmp_path_factory.mktemp("corpus"))
    with running(Outlets(dict(some(corpus.bodies(corpus.FEEDS).items(), 1)))) as outlets:
        program.configure({corpus.source_id(path): outlets.url(path) for path in outlets.bodies})
        first = program.facts("poll")
        documents, stamps, asked = program.documents(), program.stamps(), len(outlets.log)
        second = program.facts("poll", "--all")
        yield Taken(outlets, program, first, documents, stamps, second, len(outlets.log) - asked)


def test_every_feed_that_feedparser_can_read_is_taken_in(taken: Taken) -> None:
    unread = {one["source"]: one["failure"] for one in taken.first["polled"] if one["failure"]}
    readable = [
        path
        for path, body in taken.outlets.bodies.items()
        if corpus.source_id(path) in unread and corpus.entries(body)
    ]
    assert readable == []


def test_each_unreadable_feed_gets_one_clear_sentence(taken: Taken) -> None:
    for one in taken.first["polled"]:
        if one["failure"]:
            assert "\n" not in one["failure"]
            assert len(one["failure"]) > 20


def test_each_source_was_asked_exactly_once_and_again_exactly_once(taken: Taken) -> None:
    asked = Counter(one.path for one in taken.outlets.log)
    assert set(asked.values()) == {2}
    assert taken.asked_again == len(taken.outlets.bodies)


def test_the_second_round_is_all_conditional_and_all_304(taken: Taken) -> None:
    read = {one["source"] for one in taken.first["polled"] if not one["failure"]}
    again = taken.outlets.log[-taken.asked_again :]
    judged = [one for one in again if corpus.source_id(one.path) in read]
    assert all("If-None-Match" in one.headers for one in judged)
    assert {one.status for one in judged} == {304}


def test_the_second_round_writes_no_file_and_moves_no_date(taken: Taken) -> None:
    assert taken.second["written"] == []
    assert taken.program.stamps() == taken.stamps
    assert taken.program.documents() == taken.documents


@pytest.mark.parametrize("kind", ["atom", "rss", "json", "html"])
def test_every_published_document_is_valid(taken: Taken, kind: str) -> None:
    judge = {
        "atom": judges.atom_faults,
        "rss": judges.rss_faults,
        "json": judges.json_faults,
        "html": judges.html_faults,
    }[kind]
    found = {
        path: faults
        for path, body in taken.documents.items()
        if path.endswith(f".{kind}") and (faults := judge(body))
    }
    assert found == {}


def test_source_feeds_hold_the_newest_entries_that_feedparser_counts(taken: Taken) -> None:
    short = {}
    for path, body in taken.outlets.bodies.items():
        counted, said = corpus.entries(body), taken.source(path)
        if said["failure"]:
            continue
        feed = json.loads(taken.documents[f"sources/{corpus.source_id(path)}.json"])
        expected = min(counted, 500)
        if len(feed["items"]) < expected and said["new"] < counted:
            short[path] = (len(feed["items"]), said["new"], counted)
    duplicates = {path: numbers for path, numbers in short.items() if numbers[1] < numbers[2] * 0.5}
    assert duplicates == {}
