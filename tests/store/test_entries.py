"""Which entries a feed shows, and how an operator finds one."""

from dataclasses import replace
from datetime import datetime

from aggregator.model import Entry, Selection
from aggregator.store import Store
from tests.store.given import DAY, HOUR, MINUTE, NOW, recorded, tagged


def keys(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.item.key for entry in entries]


def test_entries_are_newest_first_and_ties_by_id(store: Store) -> None:
    ids = ["https://n.example/c", "https://n.example/a", "https://n.example/b"]
    recorded(store, "north", *(tagged(id, id=id, published=NOW - DAY) for id in ids))
    recorded(store, "north", tagged("new", published=NOW), at=NOW + MINUTE)
    assert keys(store.entries(Selection())) == ["new", *sorted(ids)]
    assert keys(store.entries(Selection(newest=2))) == ["new", "https://n.example/a"]


def test_a_feed_shows_its_own_topic_or_source_alone(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]), tagged("2", topics=["peace", "korea"]))
    recorded(store, "south", tagged("3", source="south", topics=["peace"]), at=NOW + MINUTE)
    assert keys(store.entries(Selection(topic="peace"))) == ["3", "2"]
    assert sorted(keys(store.entries(Selection(source="north")))) == ["1", "2"]
    assert store.entries(Selection(topic="all-quiet")) == ()
    assert store.entries(Selection(source="nowhere")) == ()


def backlog(store: Store) -> None:
    """Ten items an hour apart, the third oldest of them corrected ten days later."""
    recorded(store, "north")
    recorded(store, "north", *(tagged(str(n), published=NOW - n * HOUR) for n in range(10)))
    recorded(store, "north", tagged("7", title="Corrected"), at=NOW + 10 * DAY)


def shown(store: Store, window: datetime, most: int = 500) -> list[str]:
    return keys(store.entries(Selection(newest=3, window=window, most=most)))


def test_what_changed_in_the_window_is_shown_though_it_is_not_among_the_newest(store: Store) -> None:
    backlog(store)
    assert shown(store, window=NOW + 9 * DAY) == ["0", "1", "2", "7"]


def test_what_arrived_in_the_window_is_shown_though_it_is_not_among_the_newest(store: Store) -> None:
    backlog(store)
    assert shown(store, window=NOW - MINUTE) == [str(n) for n in range(10)]


def test_an_entry_leaves_when_its_change_is_as_old_as_the_window(store: Store) -> None:
    backlog(store)
    assert shown(store, window=NOW + 10 * DAY) == ["0", "1", "2"]


def test_where_the_window_holds_too_much_the_latest_changes_are_shown(store: Store) -> None:
    backlog(store)
    assert shown(store, window=NOW - MINUTE, most=5) == ["0", "1", "2", "3", "7"]
    assert shown(store, window=NOW - MINUTE, most=2) == ["0", "1"]


def test_a_late_correction_counts_from_when_we_saw_it(store: Store) -> None:
    recorded(store, "north", *(tagged(str(n), published=NOW - n * HOUR) for n in range(4)))
    late = tagged("3", title="Corrected", updated=NOW + DAY)
    recorded(store, "north", late, at=NOW + 20 * DAY)
    assert shown(store, window=NOW + 13 * DAY) == ["0", "1", "2", "3"]
    (entry,) = store.find("Corrected")
    assert (entry.updated, entry.changed) == (NOW + DAY, NOW + 20 * DAY)


def test_what_has_no_date_in_a_first_poll_is_listed_behind_what_has_one(store: Store) -> None:
    undated, later = tagged("about"), tagged("contact")
    dated = [tagged(str(n), published=NOW - n * DAY) for n in range(1, 3)]
    recorded(store, "north", undated, *dated, later)
    assert keys(store.entries(Selection())) == ["1", "2", "about", "contact"]
    recorded(store, "north", tagged("new"), at=NOW + HOUR)  # in a later poll it is new indeed
    assert keys(store.entries(Selection())) == ["new", "1", "2", "about", "contact"]
    assert store.find("Title of about")[0].published == NOW


def test_a_first_poll_without_any_date_keeps_the_order_of_the_document(store: Store) -> None:
    recorded(store, "north", *map(tagged, "cab"))
    assert keys(store.entries(Selection())) == ["c", "a", "b"]


def test_what_has_no_date_in_a_first_poll_stands_behind_all_sources_dated_entries(store: Store) -> None:
    recorded(store, "south", tagged("old", source="south", published=NOW - 400 * DAY))
    recorded(store, "north", tagged("about"), tagged("contact"))
    assert keys(store.entries(Selection())) == ["old", "about", "contact"]


def test_an_entry_is_found_by_its_id(store: Store) -> None:
    given = tagged("1", id="https://n.example/?p=1", url="https://n.example/one", topics=["korea"])
    recorded(store, "north", given, tagged("2", url="https://n.example/?p=1"))
    assert keys(store.find("https://n.example/?p=1")) == ["1"]


def test_an_entry_is_found_by_any_spelling_of_its_address(store: Store) -> None:
    recorded(store, "north", tagged("1", url="https://n.example/one"), tagged("2", url="https://n.example/2"))
    assert keys(store.find("http://www.n.example/one/?utm_source=x#top")) == ["1"]


def test_entries_are_found_by_words_of_their_title(store: Store) -> None:
    older = tagged("1", title="Peace  Talks in Geneva", published=NOW - DAY)
    recorded(
        store,
        "north",
        older,
        tagged("2", title="More peace talks", published=NOW),
        tagged("3", title="Piece"),
    )
    assert keys(store.find("PEACE talks")) == ["2", "1"]
    assert store.find("100% of_peace") == ()


def test_items_are_read_from_the_last_to_arrive_backwards(store: Store) -> None:
    for number in range(5):
        recorded(store, "north", tagged(str(number)), at=NOW + number * MINUTE)
    first = store.latest_items(2)
    rest = store.latest_items(9, before=first[-1][0])
    assert [one.item.key for _, one in first + rest] == ["4", "3", "2", "1", "0"]
    assert store.latest_items(9, before=rest[-1][0]) == ()


def test_a_story_has_the_items_of_all_its_sources_with_their_tags(store: Store) -> None:
    first = tagged("1", id="https://w.example/1", title="Same", topics=["korea"], rules="old")
    recorded(store, "north", first)
    copy = replace(first, item=replace(first.item, source="south", key="x"), tags=(), rules="new")
    recorded(store, "south", copy)
    assert store.story_items("https://w.example/1") == (first, copy)
    assert store.story_items("https://w.example/2") == ()


def test_nothing_is_found_by_nothing(store: Store) -> None:
    recorded(store, "north", tagged("1"))
    assert store.find("") == store.find("  ") == ()


def test_a_copy_is_found_as_its_story(store: Store) -> None:
    first = tagged("1", id="https://w.example/1", title="Same", url="https://w.example/1")
    recorded(store, "north", first)
    copy = replace(first.item, source="south", key="x", url="https://south.example/copy")
    recorded(store, "south", replace(first, item=copy))
    assert keys(store.find("https://south.example/copy")) == ["1"]
