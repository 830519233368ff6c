"""Entries that could not be published."""

from dataclasses import replace

from aggregator.model import Quarantined
from aggregator.store import Store
from tests.store.given import HOUR, MINUTE, NOW

BROKEN = Quarantined("urn:x:1", "first", "published is no RFC 3339 date", NOW)


def test_what_was_found_wrong_is_remembered_the_first_first(empty: Store) -> None:
    later = Quarantined("urn:x:0", "first", "an author has no name", NOW + HOUR)
    empty.quarantine([later, BROKEN])
    assert empty.quarantined() == (BROKEN, later)


def test_the_same_version_keeps_its_moment_and_another_takes_its_place(empty: Store) -> None:
    empty.quarantine([BROKEN])
    empty.quarantine([replace(BROKEN, since=NOW + MINUTE)])
    assert empty.quarantined() == (BROKEN,)
    corrected = replace(BROKEN, version="second", since=NOW + HOUR)
    empty.quarantine([corrected])
    assert empty.quarantined() == (corrected,)


def test_what_is_readmitted_is_forgotten(empty: Store) -> None:
    empty.quarantine([BROKEN, replace(BROKEN, entry="urn:x:2")])
    empty.readmit(["urn:x:2", "urn:x:3"])
    assert empty.quarantined() == (BROKEN,)
