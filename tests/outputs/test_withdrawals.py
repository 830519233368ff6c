"""What documents tell of entries that were withdrawn."""

from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest

from aggregator.model import Withdrawn
from tests import printing
from tests.judges import atom_faults, json_faults, rss_faults
from tests.outputs.samples import CONFIG, FEED

AT = datetime(2026, 3, 2, 12, 0, 0, 500, tzinfo=UTC)
GONE = Withdrawn(
    "https://gazette.example.com/?p=9&a=b", AT, AT, "desk", "A “court”\nasked for it & <b>won</b>."
)
ODD = Withdrawn("not an id", AT, AT, "outlet")
JUDGES = {".atom": atom_faults, ".rss": rss_faults, ".json": json_faults}


def documents(*withdrawn: Withdrawn) -> dict[str, bytes]:
    printed = printing.render(replace(FEED, withdrawn=withdrawn), CONFIG)
    return {"." + one.path.rpartition(".")[2]: one.body for one in printed if "/" not in one.path}


@pytest.mark.parametrize("ending", JUDGES)
def test_the_judges_find_nothing_and_no_entry_is_missing(ending: str) -> None:
    before, after = documents()[ending], documents(GONE, ODD)[ending]
    assert JUDGES[ending](after) == []
    if ending != ".json":
        ids = [entry.id for entry in feedparser.parse(before).entries]
        assert [entry.id for entry in feedparser.parse(after).entries] == [*ids, GONE.id]


def test_a_tombstone_is_no_older_than_the_emptied_entry_of_its_id() -> None:
    body = documents(GONE)[".atom"]
    entry = feedparser.parse(body).entries[-1]
    assert entry.updated == "2026-03-02T12:00:00+00:00"
    assert b'when="2026-03-02T12:00:00+00:00"' in body
    assert "A “court” asked for it & <b>won</b>." in entry.summary


def test_an_outlet_that_took_its_entry_back_is_named_as_the_cause() -> None:
    taken_back = replace(GONE, by="outlet", reason="")
    assert b"Taken back by the outlet that published it." in documents(taken_back)[".json"]


def test_without_withdrawals_nothing_speaks_of_them() -> None:
    assert [
        ending for ending, body in documents().items() if b"ithdrawn" in body or b"tombstones" in body
    ] == []
