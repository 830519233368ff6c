"""The order of a feed's entries at a glance, and stretches of it."""

from aggregator.model import Decision, Selection
from aggregator.store import Store
from tests.store.given import DAY, HOUR, MINUTE, NOW, recorded, tagged


def backlog(store: Store) -> None:
    """Ten items an hour apart, of two topics."""
    items = [tagged(str(n), published=NOW - n * HOUR, topics=["peace", "korea"]) for n in range(10)]
    recorded(store, "north", *items)


def versions(store: Store, feed: str = "peace") -> dict[str, str]:
    return {line.id: line.version for line in store.outline(feed, 100)}


def test_an_outline_has_the_order_of_the_entries(store: Store) -> None:
    backlog(store)
    for feed, selection in (
        ("all", Selection()),
        ("peace", Selection(topic="peace")),
        ("sources/north", Selection(source="north")),
    ):
        assert [line.id for line in store.outline(feed, 100)] == [one.id for one in store.entries(selection)]
    assert [line.id for line in store.outline("peace", 3)] == list(versions(store))[:3]
    assert store.outline("all-quiet", 3) == ()


def test_a_stretch_follows_what_is_skipped(store: Store) -> None:
    backlog(store)
    whole = store.entries(Selection(topic="peace"))
    assert store.stretch("peace", 3, 4) == whole[3:7]
    assert store.stretch("peace", 8, 4) == whole[8:]
    assert store.stretch("peace", 10, 4) == ()


def test_a_version_stays_while_the_entry_does(store: Store) -> None:
    backlog(store)
    before = versions(store)
    recorded(store, "north", tagged("new", published=NOW), at=NOW + MINUTE)
    recorded(store, "north", tagged("3", published=NOW - 3 * HOUR, topics=["peace", "korea"]), at=NOW + HOUR)
    assert versions(store) == before


def test_a_version_tells_a_correction(store: Store) -> None:
    backlog(store)
    before = versions(store)
    recorded(store, "north", tagged("3", title="Corrected", topics=["peace", "korea"]), at=NOW + DAY)
    after = versions(store)
    assert [n for n, id in enumerate(before) if after[id] != before[id]] == [3]


def test_a_version_tells_another_topic_and_another_copy(store: Store) -> None:
    shared = "https://n.example/shared"
    recorded(store, "north", tagged("1", id=shared, url=shared, topics=["peace"]))
    before = versions(store)
    recorded(store, "south", tagged("1", source="south", id=shared, url=shared), at=NOW + MINUTE)
    copied = versions(store)
    assert copied.keys() == before.keys()
    assert copied != before
    store.decide([Decision(shared, "korea", True, "by hand")], NOW + HOUR)
    assert versions(store) != copied
