"""The parts of an archive: what goes into one, what stays, and when a part is printed anew."""

from datetime import datetime

import pytest

from aggregator.model import ArchiveDocument, Retagged, Rulings, Selection, Tag, Withdrawal
from aggregator.store import Store
from tests.store.given import DAY, HOUR, MINUTE, NOW, recorded, tagged

LATER = NOW + HOUR


def unsealed(store: Store, feed: str = "korea", *besides: str, most: int = 9) -> list[str]:
    return [one.item.key for one in store.unsealed(feed, besides, most, backfill=False)]


def backfill(store: Store, feed: str = "korea") -> list[str]:
    return [one.item.key for one in store.unsealed(feed, (), 9, backfill=True)]


def seal(store: Store, *keys: str, feed: str = "korea") -> ArchiveDocument:
    ids = [one.id for one in store.entries(Selection(topic=feed)) if one.item.key in keys]
    assert store.seal(feed, ids) == len(keys)
    return store.parts(feed)[-1]


def held(store: Store, part: ArchiveDocument) -> list[str]:
    return [one.item.key for one in store.part_entries(part)]


def print_all(store: Store) -> None:
    for part in store.parts_behind(99):
        store.part_printed(part, "edition-1")
    assert store.parts_behind(99) == ()


def behind(store: Store) -> list[tuple[str, int]]:
    return [(part.feed, part.number) for part in store.parts_behind(99)]


@pytest.fixture
def filled(store: Store) -> Store:
    """Four items of the flow, an hour apart, the oldest first."""
    recorded(store, "north")
    items = (tagged(str(n), published=NOW - (9 - n) * HOUR, topics=["korea"]) for n in range(1, 5))
    recorded(store, "north", *items, at=NOW + MINUTE)
    return store


def test_what_no_part_holds_is_told_oldest_first(filled: Store) -> None:
    assert unsealed(filled) == ["1", "2", "3", "4"]
    assert unsealed(filled, most=2) == ["1", "2"]
    shown = [one.id for one in filled.entries(Selection(topic="korea", newest=2))]
    assert unsealed(filled, "korea", *shown) == ["1", "2"]
    assert unsealed(filled, "peace") == []


def test_a_part_holds_what_it_was_sealed_with_newest_first(filled: Store) -> None:
    part = seal(filled, "1", "2", "3")
    assert (part.feed, part.number, part.updated) == ("korea", 1, NOW - 6 * HOUR)
    assert held(filled, part) == ["3", "2", "1"]
    assert unsealed(filled) == ["4"]
    assert unsealed(filled, "all") == ["1", "2", "3", "4"]


def test_what_a_part_holds_is_not_sealed_again_and_nothing_makes_no_part(filled: Store) -> None:
    first = seal(filled, "1", "2")
    ids = [one.id for one in filled.part_entries(first)]
    assert filled.seal("korea", ids) == 0
    assert filled.seal("korea", ["nowhere"]) == 0
    assert filled.newest_part("korea") == 1
    assert filled.newest_part("peace") == 0


def test_parts_are_numbered_feed_by_feed(filled: Store) -> None:
    seal(filled, "1")
    assert seal(filled, "2").number == 2
    ids = [one.id for one in filled.entries(Selection())]
    filled.seal("all", ids)
    assert [part.number for part in filled.parts("all")] == [1]


def test_a_correction_is_to_be_sealed_anew_and_stays_in_its_part(filled: Store) -> None:
    part = seal(filled, "1", "2")
    print_all(filled)
    recorded(filled, "north", tagged("1", title="Corrected", topics=["korea"]), at=LATER)
    assert unsealed(filled) == ["1", "3", "4"]
    assert behind(filled) == []
    again = seal(filled, "1")
    assert (again.number, again.updated) == (2, LATER)
    assert held(filled, part) == ["2", "1"]
    assert [one.item.title for one in filled.part_entries(again)] == ["Corrected"]


def test_parts_are_to_be_printed_until_they_were(filled: Store) -> None:
    part = seal(filled, "1")
    assert filled.unprinted_parts("korea") == (part,)
    assert filled.unprinted_parts("all") == ()
    assert behind(filled) == [("korea", 1)]
    filled.part_printed(part, "edition-1")
    assert filled.unprinted_parts("korea") == filled.parts_behind(9) == ()


def test_what_leaves_a_feed_leaves_its_parts_and_may_return(filled: Store) -> None:
    part = seal(filled, "1", "2")
    print_all(filled)
    retag(filled, "1", at=LATER)
    assert behind(filled) == [("korea", 1)]
    assert held(filled, part) == ["2"]
    retag(filled, "1", "korea", at=LATER + 30 * DAY)
    assert held(filled, part) == ["2"]
    assert backfill(filled) == ["1"]


def retag(store: Store, key: str, *topics: str, at: datetime) -> None:
    numbers = [number for number, one in store.iter_items() if one.item.key == key]
    (stored,) = store.stored(numbers)
    tags = tuple(Tag(topic, 1) for topic in topics)
    rules = stored.tagged.rules
    store.retag([Retagged(stored.number, stored.hash, rules, rules, tags, shown=True)], at)


def test_what_is_withdrawn_leaves_every_part(filled: Store) -> None:
    korea = seal(filled, "1", "2")
    ids = [one.id for one in filled.entries(Selection())]
    filled.seal("all", ids)
    print_all(filled)
    (gone,) = [one.id for one in filled.part_entries(korea) if one.item.key == "1"]
    filled.rule(Rulings(withdrawn=(Withdrawal(gone, "libel"),)), LATER)
    assert sorted(behind(filled)) == [("all", 1), ("korea", 1)]
    assert held(filled, korea) == ["2"]


def test_a_part_that_changed_while_it_was_printed_is_printed_again(filled: Store) -> None:
    part = seal(filled, "1", "2")
    retag(filled, "1", at=LATER)
    filled.part_printed(part, "edition-1")
    assert filled.unprinted_parts("korea") == ()
    assert behind(filled) == [("korea", 1)]


def test_parts_that_another_edition_printed_come_after_those_that_an_entry_left(filled: Store) -> None:
    seal(filled, "1")
    seal(filled, "2")
    seal(filled, "3")
    print_all(filled)
    filled.reprint_older("edition-1")
    assert behind(filled) == []
    retag(filled, "1", at=LATER)
    filled.reprint_older("edition-2")
    filled.reprint_older("edition-2")
    assert behind(filled) == [("korea", 1), ("korea", 3), ("korea", 2)]


def test_missing_parts_are_printed_anew(filled: Store) -> None:
    seal(filled, "1")
    lost = seal(filled, "2")
    print_all(filled)
    filled.reprint([lost])
    assert behind(filled) == [("korea", 2)]


# ── backfill ────────────────────────────────────────────────────────────────────────────────────


def test_the_first_poll_is_backfill_listed_by_publication_and_unannounced(store: Store) -> None:
    old, new = (
        tagged("old", published=NOW - 30 * DAY, topics=["korea"]),
        tagged("new", published=NOW - DAY, topics=["korea"]),
    )
    recorded(store, "north", old, new)
    assert backfill(store) == ["old"]
    assert unsealed(store) == ["new"]
    entries = {one.item.key: one for one in store.entries(Selection(topic="korea"))}
    assert {(one.listed, one.changed) for one in entries.values()} == {
        (NOW - 30 * DAY, NOW - 30 * DAY),
        (NOW - DAY, NOW - DAY),
    }
    recorded(store, "north", tagged("late", published=NOW - 30 * DAY, topics=["korea"]), at=LATER)
    assert unsealed(store) == ["new", "late"]


def test_backfill_that_was_published_belongs_to_the_flow(store: Store) -> None:
    recorded(store, "north", tagged("old", published=NOW - 30 * DAY, topics=["korea"]))
    (stale,) = [one for one in store.stale(NOW) if one.feed == "korea"]
    store.published(stale, "print", NOW, None)
    assert (backfill(store), unsealed(store)) == ([], ["old"])
    assert backfill(store, "all") == ["old"]


def test_backfill_that_came_while_a_feed_was_printed_stays_backfill(store: Store) -> None:
    recorded(store, "north", tagged("old", published=NOW - 30 * DAY, topics=["korea"]))
    (stale,) = [one for one in store.stale(NOW) if one.feed == "korea"]
    other = tagged("x", source="south", published=NOW - 40 * DAY, topics=["korea"])
    recorded(store, "south", other)
    store.published(stale, "print", NOW, None)
    assert backfill(store) == ["x", "old"]


def test_a_correction_is_no_backfill(store: Store) -> None:
    recorded(store, "north", tagged("old", published=NOW - 30 * DAY, topics=["korea"]))
    recorded(store, "north", tagged("old", title="Corrected", topics=["korea"]), at=LATER)
    assert (backfill(store), unsealed(store)) == ([], ["old"])


# ── another name ────────────────────────────────────────────────────────────────────────────────


def test_a_renamed_topic_keeps_its_archive(filled: Store) -> None:
    seal(filled, "1", "2")
    print_all(filled)
    while filled.rename_topic("korea", "north-korea", LATER):
        pass
    assert filled.parts("korea") == ()
    (part,) = filled.parts("north-korea")
    assert held(filled, part) == ["2", "1"]
    assert behind(filled) == [("north-korea", 1)]
    assert unsealed(filled, "north-korea") == ["3", "4"]


def test_a_topic_that_has_an_archive_takes_in_another_as_backfill(filled: Store) -> None:
    seal(filled, "1", "2")
    retag(filled, "4", "peace", at=LATER)
    seal(filled, "4", feed="peace")
    while filled.rename_topic("korea", "peace", LATER):
        pass
    assert [held(filled, part) for part in filled.parts("peace")] == [["4"]]
    assert backfill(filled, "peace") == ["1", "2"]
    assert unsealed(filled, "peace") == ["3"]
