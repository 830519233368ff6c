"""What the desk decides, and what other rules make of history."""

from dataclasses import replace
from datetime import datetime

from aggregator.model import Decision, Entry, Retagged, Selection, Tag
from aggregator.store import Store
from tests.store.given import DAY, HOUR, NOW, recorded, tagged

URL = "https://north.example/talks"
LATER = NOW + 30 * DAY


def added(item: str = URL, topic: str = "peace") -> Decision:
    return Decision(item, topic, True, "by hand: it is about peace")


def removed(item: str = URL, topic: str = "korea") -> Decision:
    return Decision(item, topic, False, "by hand: it is not")


def only(store: Store) -> Entry:
    (entry,) = store.entries(Selection())
    return entry


def topics(store: Store) -> list[str]:
    return [tag.topic for tag in only(store).tags]


def stale(store: Store) -> set[str]:
    return {one.feed for one in store.stale(LATER)}


def publish_all(store: Store) -> None:
    for one in store.stale(LATER):
        store.published(one, "print", NOW, None)


def retagged(store: Store, *topics: str, rules: str = "rules-2", at: datetime = LATER) -> frozenset[str]:
    """Give every stored item these topics, as other rules would."""
    batch = [
        Retagged(one.number, one.hash, one.tagged.rules, rules, tagged("", topics=topics).tags, shown=True)
        for one in store.stored(store.tagged_otherwise(lambda source: rules))
    ]
    return store.retag(batch, at)


# ── by hand ─────────────────────────────────────────────────────────────────────────────────────


def test_an_item_is_put_into_a_topic_and_taken_out_of_one_by_hand(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL, topics=["korea"]))
    publish_all(store)
    assert store.decide([added(), removed()], LATER) == {"all", "sources/north", "korea", "peace"}
    assert stale(store) == {"all", "sources/north", "korea", "peace"}
    assert topics(store) == ["peace"]
    assert [reason.words for reason in only(store).tags[0].reasons] == ["by hand: it is about peace"]
    assert store.entries(Selection(topic="korea")) == ()
    assert store.entries(Selection(topic="peace")) == (only(store),)


def test_a_decision_is_undone_by_taking_it_back(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL, topics=["korea"]))
    before = only(store)
    store.decide([added(), removed()], LATER)
    store.decide([], LATER)
    assert only(store) == before
    assert store.entries(Selection(topic="peace")) == ()


def test_deciding_the_same_again_changes_nothing(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL, topics=["korea"]))
    store.decide([added()], LATER)
    publish_all(store)
    assert store.decide([added()], LATER) == frozenset()
    assert stale(store) == set()


def test_a_decision_about_one_item_leaves_the_others_alone(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL), tagged("2", url=f"{URL}/2", topics=["korea"]))
    store.decide([added(), removed(f"{URL}/3")], LATER)
    assert [entry.item.key for entry in store.entries(Selection(topic="peace"))] == ["1"]
    assert [entry.item.key for entry in store.entries(Selection(topic="korea"))] == ["2"]


def test_an_item_is_named_by_its_id_too(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    store.decide([removed(only(store).id)], LATER)
    assert topics(store) == []


def test_an_address_is_recognised_however_it_is_written(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL, topics=["korea"]))
    store.decide([removed("HTTPS://north.example:443/talks?utm_source=mail")], LATER)
    assert topics(store) == []


def test_a_decision_waits_for_an_item_that_comes_later(store: Store) -> None:
    store.decide([added(), removed()], NOW)
    change = recorded(store, "north", tagged("1", url=URL, topics=["korea"]))
    assert change.feeds == {"all", "sources/north", "peace"}
    assert topics(store) == ["peace"]


def test_a_decision_survives_corrections_even_of_the_address(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL, topics=["korea"]))
    store.decide([added(), removed()], LATER)
    recorded(store, "north", tagged("1", url=f"{URL}-2", title="New", topics=["korea"]), at=NOW + HOUR)
    assert topics(store) == ["peace"]


def test_a_decision_survives_retagging(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL))
    store.decide([added(), removed()], LATER)
    retagged(store, "korea", "war")
    assert topics(store) == ["war", "peace"]
    assert store.entries(Selection(topic="korea")) == ()


def test_a_copy_at_another_outlet_cannot_bring_a_topic_back(store: Store) -> None:
    id = "https://north.example/?p=1"
    recorded(store, "north", tagged("1", id=id, url=URL, topics=["korea"]))
    store.decide([removed()], LATER)
    recorded(store, "south", tagged("1", source="south", id=id, url=URL, topics=["korea"]), at=NOW + HOUR)
    assert topics(store) == []
    assert store.entries(Selection(topic="korea")) == ()


def test_what_the_rules_found_stands_beside_the_reason_of_the_desk(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL, topics=["peace"]))
    store.decide([added()], LATER)
    (tag,) = only(store).tags
    assert [reason.words for reason in tag.reasons] == ["Title", "by hand: it is about peace"]
    ((_, item),) = store.iter_items()
    assert item.tags == (tag,)
    assert [one.tags for one in store.story_items(only(store).id)] == [tagged("1", topics=["peace"]).tags]


# ── by other rules ──────────────────────────────────────────────────────────────────────────────


def test_the_store_knows_which_rules_tagged_what(store: Store) -> None:
    recorded(store, "north", tagged("1"), tagged("2"), tagged("3", rules="rules-2"))
    recorded(store, "south", tagged("1", source="south", published=NOW - DAY))
    assert store.rules_versions() == {
        ("north", "rules-1"): 2,
        ("north", "rules-2"): 1,
        ("south", "rules-1"): 1,
    }
    by_rules_2 = store.stored(store.tagged_otherwise({"north": "rules-2", "south": "rules-1"}.__getitem__))
    assert [(one.tagged.item.source, one.tagged.item.key) for one in by_rules_2] == [
        ("north", "2"),
        ("north", "1"),
    ]
    late = store.tagged_otherwise(lambda source: "rules-3", since=NOW - HOUR)
    assert [one.tagged.item.source for one in store.stored(late)] == ["north"] * 3


def test_stored_items_say_what_was_decided_but_show_what_the_rules_said(store: Store) -> None:
    given = tagged("1", url=URL, topics=["korea"])
    recorded(store, "north", given)
    store.decide([added(), removed()], LATER)
    (stored,) = store.stored(store.tagged_otherwise(lambda source: "rules-2"))
    assert stored.tagged == given
    assert stored.decided == {"korea", "peace"}


def test_retagging_moves_items_and_marks_the_feeds_that_show_them(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    recorded(store, "south", tagged("1", source="south", topics=["war"]))
    publish_all(store)
    north = store.stored(store.tagged_otherwise({"north": "rules-2", "south": "rules-1"}.__getitem__))
    tags = (Tag("peace", 1),)
    batch = [Retagged(one.number, one.hash, "rules-1", "rules-2", tags, shown=True) for one in north]
    assert store.retag(batch, LATER) == {"all", "sources/north", "korea", "peace"}
    assert stale(store) == {"all", "sources/north", "korea", "peace"}
    assert store.entries(Selection(topic="korea")) == ()
    assert [entry.tags for entry in store.entries(Selection(topic="peace"))] == [tags]
    assert store.tagged_otherwise({"north": "rules-2", "south": "rules-1"}.__getitem__) == ()


def test_items_whose_tags_stay_get_the_version_alone(store: Store) -> None:
    given = tagged("1", topics=["korea"])
    recorded(store, "north", given)
    publish_all(store)
    (stored,) = store.stored(store.tagged_otherwise(lambda source: "rules-2"))
    batch = [Retagged(stored.number, stored.hash, "rules-1", "rules-2", None)]
    assert store.retag(batch, LATER) == frozenset()
    assert stale(store) == set()
    assert [one for _, one in store.iter_items()] == [replace(given, rules="rules-2")]


def test_a_difference_that_no_reader_sees_marks_no_feed(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    publish_all(store)
    (stored,) = store.stored(store.tagged_otherwise(lambda source: "rules-2"))
    tags = (replace(stored.tagged.tags[0], points=7),)
    assert store.retag([Retagged(stored.number, stored.hash, "rules-1", "rules-2", tags)], LATER) == set()
    assert stale(store) == set()
    assert only(store).tags == tags


def test_what_was_corrected_meanwhile_is_left_alone(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    (stored,) = store.stored(store.tagged_otherwise(lambda source: "rules-2"))
    corrected = tagged("1", title="Corrected", topics=["war"], rules="rules-2")
    recorded(store, "north", corrected, at=NOW + HOUR)
    batch = [Retagged(stored.number, stored.hash, "rules-1", "rules-2", (Tag("peace", 1),), shown=True)]
    assert store.retag(batch, LATER) == frozenset()
    assert [one for _, one in store.iter_items()] == [corrected]


def test_what_was_retagged_meanwhile_is_left_alone(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea"]))
    (stored,) = store.stored(store.tagged_otherwise(lambda source: "rules-2"))
    retagged(store, "war", rules="rules-3")
    assert store.retag([Retagged(stored.number, stored.hash, "rules-1", "rules-2", None)], LATER) == set()
    assert [(one.rules, one.tags[0].topic) for _, one in store.iter_items()] == [("rules-3", "war")]


def test_retagged_history_stands_by_its_publication_and_is_not_announced(store: Store) -> None:
    recorded(store, "north")
    old = tagged("late", published=NOW - 9 * DAY, topics=["korea"])
    recorded(store, "north", old, at=NOW)
    retagged(store, "korea", "peace", at=LATER)
    (before,) = store.entries(Selection(topic="korea"))
    (entry,) = store.entries(Selection(topic="peace"))
    assert (before.listed, entry.listed) == (NOW, NOW - 9 * DAY)
    assert (entry.updated, entry.arrived, entry.changed) == (old.item.published, NOW, NOW)
    assert store.entries(Selection(topic="peace", newest=0, window=NOW + DAY)) == ()


def test_an_entry_keeps_its_place_in_a_feed_when_another_copy_comes(store: Store) -> None:
    id = "https://north.example/?p=1"
    recorded(store, "north", tagged("1", id=id, url=URL, published=NOW - DAY, topics=["korea"]))
    retagged(store, "peace")
    recorded(store, "south", tagged("1", source="south", id=id, url=URL, topics=["peace"]), at=NOW + HOUR)
    (entry,) = store.entries(Selection(topic="peace"))
    assert (entry.listed, len(entry.copies)) == (NOW - DAY, 1)


def test_a_renamed_topic_keeps_its_items_and_their_places(store: Store) -> None:
    recorded(store, "north")
    recorded(store, "north", tagged("late", published=NOW - 9 * DAY, topics=["kim", "korea"]), at=NOW)
    publish_all(store)
    (before,) = store.entries(Selection(topic="kim"))
    assert store.rename_topic("kim", "kim-jong-un", LATER) == 1
    assert store.rename_topic("kim", "kim-jong-un", LATER) == 0
    assert stale(store) == {"all", "sources/north", "korea", "kim", "kim-jong-un"}
    assert store.entries(Selection(topic="kim")) == ()
    (after,) = store.entries(Selection(topic="kim-jong-un"))
    assert (after.listed, after.changed) == (before.listed, before.changed)
    assert topics(store) == ["kim-jong-un", "korea"]


def test_without_items_there_is_nothing_to_retag(empty: Store) -> None:
    assert empty.tagged_otherwise(lambda source: "rules-1") == ()
    assert empty.stored(()) == ()
    assert empty.retag((), NOW) == frozenset()
    assert empty.rules_versions() == {}
    assert empty.decide((), NOW) == frozenset()


def test_several_items_of_one_address_are_decided_together(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL), tagged("2", url=URL))
    store.decide([added()], LATER)
    assert [[tag.topic for tag in one.tags] for _, one in store.iter_items()] == [["peace"], ["peace"]]
