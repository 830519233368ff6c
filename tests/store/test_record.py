"""What one poll changes."""

from dataclasses import replace

from aggregator.model import Change, Entry, Failure, PollLogLine, Selection
from aggregator.polling.bodies import derive
from aggregator.query import compile_query
from aggregator.store import Store
from tests.store.given import DAY, HOUR, MINUTE, NAMESPACE, NOW, claimed, poll, recorded, tagged

ALL = Selection()


def only(store: Store) -> Entry:
    (entry,) = store.entries(ALL)
    return entry


def test_a_new_item_gets_its_id_its_dates_and_its_tags(store: Store) -> None:
    recorded(store, "north")
    given = tagged("1", id="https://north.example/?p=1", published=NOW - HOUR, topics=["korea"])
    change = recorded(store, "north", given)
    assert change == Change(new=1, feeds=frozenset({"all", "sources/north", "korea"}))
    assert only(store) == Entry(
        id="https://north.example/?p=1",
        item=given.item,
        published=NOW - HOUR,
        updated=NOW - HOUR,
        listed=NOW - HOUR,
        arrived=NOW,
        tags=given.tags,
        changed=NOW,
    )


def test_an_item_without_a_usable_id_gets_a_minted_one_for_ever(store: Store) -> None:
    recorded(store, "north", tagged("1"))
    minted = only(store).id
    assert minted.startswith(f"{NAMESPACE}/north/")
    recorded(store, "north", tagged("1", id="https://north.example/?p=1", title="Corrected"), at=NOW + HOUR)
    assert only(store).id == minted


def test_an_unchanged_item_keeps_its_dates_tags_and_rules_and_marks_nothing(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    before = only(store)
    again = tagged("1", topics=["peace"], rules="rules-2")
    assert recorded(store, "north", again, at=NOW + HOUR) == Change()
    assert only(store) == before
    assert [one.rules for _, one in store.iter_items()] == ["rules-1"]


def test_a_feed_whose_own_head_moved_changes_no_item(store: Store) -> None:
    given = tagged("1")
    recorded(store, "north", given)
    moved = replace(given, item=replace(given.item, head=replace(given.item.head, updated=NOW)))
    assert recorded(store, "north", moved, at=NOW + HOUR) == Change()
    assert only(store).item == given.item


def test_a_corrected_item_keeps_its_place_and_moves_its_updated(store: Store) -> None:
    recorded(store, "north", tagged("1", published=NOW - DAY, topics=["korea"]))
    corrected = tagged("1", title="Corrected", published=NOW - HOUR, topics=["peace"], rules="rules-2")
    change = recorded(store, "north", corrected, at=NOW + HOUR)
    assert (change.new, change.corrected) == (0, 1)
    entry = only(store)
    assert (entry.published, entry.listed, entry.arrived) == (NOW - DAY, NOW - DAY, NOW)
    assert (entry.updated, entry.changed) == (NOW + HOUR, NOW + HOUR)
    assert (entry.item, entry.tags) == (corrected.item, corrected.tags)
    assert store.entries(Selection(topic="korea")) == ()
    assert [one.rules for _, one in store.iter_items()] == ["rules-2"]


def test_the_first_poll_of_a_source_lists_old_items_by_their_publication(store: Store) -> None:
    recorded(store, "north", tagged("1", published=NOW - 99 * DAY))
    assert only(store).listed == NOW - 99 * DAY


def test_an_item_that_comes_much_too_late_is_listed_by_its_arrival(store: Store) -> None:
    recorded(store, "north")
    recorded(store, "north", tagged("1", published=NOW - 3 * DAY), at=NOW + HOUR)
    assert (only(store).published, only(store).listed) == (NOW - 3 * DAY, NOW + HOUR)


def test_a_failed_poll_stores_the_next_state_and_a_line_in_the_log_alone(store: Store) -> None:
    claim = claimed(store, "north")
    failure = Failure("http", "The server answered 500.", status=500)
    assert store.record(poll(claim, outcome="failed", failure=failure)) == Change()
    memory = store.memory("north")
    assert memory is not None
    assert memory.polled == NOW
    (line,) = store.polls("north", 9)
    assert (line.outcome, line.failure) == ("failed", "The server answered 500.")
    assert store.stale(NOW) == ()


def test_the_log_says_when_a_source_was_asked_what_was_new_and_when_that_was_published(store: Store) -> None:
    recorded(store, "north", tagged("1", published=NOW - HOUR), tagged("2", published=NOW - DAY))
    recorded(store, "north", tagged("1", title="Corrected"), tagged("3"), at=NOW + HOUR)
    recorded(store, "south", tagged("1", source="south"))
    newest, first = store.polls("north", 9)
    assert first == PollLogLine(
        at=NOW, outcome="new", status=200, size=1000, new=2, published=(NOW - HOUR, NOW - DAY)
    )
    assert (newest.new, newest.corrected, newest.published) == (1, 1, (NOW + HOUR,))
    assert store.polls("north", 1) == (newest,)


def test_the_oldest_lines_of_the_log_go_piece_by_piece(store: Store) -> None:
    for hours in range(5):
        recorded(store, "south" if hours == 3 else "north", at=NOW + hours * HOUR)
    assert store.forget_polls(keep=2, limit=2)
    assert not store.forget_polls(keep=2, limit=2)
    assert not store.forget_polls(keep=2, limit=2)
    assert [line.at for line in store.polls("north", 9)] == [NOW + 4 * HOUR]
    assert [line.at for line in store.polls("south", 9)] == [NOW + 3 * HOUR]
    recorded(store, "north", at=NOW + 5 * HOUR)
    assert len(store.polls("north", 9)) == 2


def test_an_empty_log_has_nothing_to_forget(store: Store) -> None:
    assert not store.forget_polls(keep=0, limit=9)


def test_the_same_key_at_two_sources_is_two_items(store: Store) -> None:
    recorded(store, "north", tagged("1"))
    recorded(store, "south", tagged("1", source="south"))
    assert store.counts() == {"sources": 3, "items": 2, "stories": 2}


def test_a_key_that_comes_twice_in_a_poll_is_stored_once(store: Store) -> None:
    assert recorded(store, "north", tagged("1"), tagged("1", title="Other")).new == 1
    assert only(store).item.title == "Title of 1"


def test_text_that_no_encoding_can_hold_comes_back_as_it_went_in(store: Store) -> None:
    given = tagged(
        "\ud800", id="https://x.example/\ud800", url="https://x.example/\udfff", title="\ud83d \x00"
    )
    recorded(store, "north", given)
    assert only(store).item == given.item
    assert only(store).id.startswith(NAMESPACE)


def test_items_are_read_in_batches_in_the_order_of_arrival(store: Store) -> None:
    given = [tagged(str(n), topics=["korea"]) for n in range(5)]
    recorded(store, "north", *given[:3])
    recorded(store, "north", *given[3:], at=NOW + MINUTE)
    first = store.iter_items(limit=2)
    rest = store.iter_items(after=first[-1][0], limit=9)
    assert [one for _, one in first + rest] == given
    assert store.iter_items(after=rest[-1][0]) == ()


def test_what_was_derived_before_is_worked_out_alike_where_it_is_missing(store: Store) -> None:
    given = tagged("1", title="Łódź hosts talks")
    first = replace(poll(claimed(store, "north"), given), derived=derive([given.item]))
    change = store.record(first)
    assert change is not None
    assert change.new == 1
    assert recorded(store, "north", given, at=NOW + HOUR) == Change()
    found = store.search(compile_query("lodz"), NOW, limit=9, most=9, spent=lambda: False)
    assert [entry.item for entry in found.entries] == [given.item]
