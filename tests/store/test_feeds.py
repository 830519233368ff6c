"""How far each published feed is behind."""

from aggregator.model import StaleFeed
from aggregator.store import Store
from tests.store.given import DAY, HOUR, MINUTE, NOW, recorded, tagged


def test_a_marked_feed_is_stale_until_it_was_published(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    (stale,) = empty.stale(NOW)
    assert (stale.feed, stale.since) == ("korea", NOW)
    empty.published(stale, "print-1", NOW, None)
    assert empty.stale(NOW) == ()
    assert empty.fingerprint("korea") == ("print-1", NOW)


def test_a_change_while_a_feed_was_printed_is_not_lost(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    (stale,) = empty.stale(NOW)
    empty.mark(["korea"], NOW + MINUTE)
    empty.published(stale, "print-1", NOW, None)
    (still,) = empty.stale(NOW)
    assert (still.since, still.revision) == (NOW + MINUTE, stale.revision + 1)


def test_a_slow_printer_does_not_replace_what_a_later_one_published(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    (early,) = empty.stale(NOW)
    empty.mark(["korea"], NOW + MINUTE)
    (late,) = empty.stale(NOW)
    empty.published(late, "late", NOW + MINUTE, None)
    empty.published(early, "early", NOW, None)
    assert empty.fingerprint("korea") == ("late", NOW + MINUTE)
    assert empty.stale(NOW) == ()


def test_the_oldest_mark_comes_first(empty: Store) -> None:
    empty.mark(["c"], NOW + MINUTE)
    empty.mark(["b", "a"], NOW)
    assert [stale.feed for stale in empty.stale(NOW)] == ["a", "b", "c"]


def test_a_feed_is_stale_when_its_next_change_has_come(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    (stale,) = empty.stale(NOW)
    empty.published(stale, "print-1", NOW, NOW + DAY)
    assert empty.stale(NOW + DAY - MINUTE) == ()
    assert empty.stale(NOW + DAY) == (StaleFeed("korea", stale.revision, NOW + DAY),)
    empty.published(empty.stale(NOW + DAY)[0], "print-2", NOW + DAY, None)
    assert empty.stale(NOW + 9 * DAY) == ()


def test_a_feed_behind_both_its_revision_and_the_clock_is_stale_once(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    empty.published(empty.stale(NOW)[0], "print-1", NOW, NOW + HOUR)
    empty.mark(["korea"], NOW + MINUTE)
    assert [stale.since for stale in empty.stale(NOW + DAY)] == [NOW + HOUR]


def test_updated_never_goes_back(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    empty.published(empty.stale(NOW)[0], "print-1", NOW, None)
    empty.mark(["korea"], NOW)
    empty.published(empty.stale(NOW)[0], "print-2", NOW - DAY, None)
    assert empty.fingerprint("korea") == ("print-2", NOW)


def test_only_published_feeds_are_known(empty: Store) -> None:
    empty.mark(["korea", "peace"], NOW)
    assert empty.known_feeds() == ()
    assert empty.fingerprint("korea") is None
    for stale in empty.stale(NOW):
        empty.published(stale, "print", NOW, None)
    assert empty.known_feeds() == ("korea", "peace")


def test_a_forgotten_feed_is_neither_known_nor_stale(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    empty.published(empty.stale(NOW)[0], "print", NOW, NOW + DAY)
    empty.mark(["korea"], NOW)
    empty.forget_feed("korea")
    empty.forget_feed("never-there")
    assert empty.known_feeds() == ()
    assert empty.stale(NOW + 9 * DAY) == ()
    assert empty.fingerprint("korea") is None


def test_a_printer_at_work_does_not_bring_a_forgotten_feed_back(empty: Store) -> None:
    empty.mark(["korea"], NOW)
    (stale,) = empty.stale(NOW)
    empty.forget_feed("korea")
    empty.published(stale, "print", NOW, None)
    assert empty.known_feeds() == ()
    empty.mark(["korea"], NOW)
    assert len(empty.stale(NOW)) == 1


def test_every_feed_that_shows_an_item_before_or_after_is_marked(store: Store) -> None:
    recorded(store, "north", tagged("1", topics=["korea", "peace"]))
    for stale in store.stale(NOW):
        store.published(stale, "print", NOW, None)
    corrected = tagged("1", title="Corrected", topics=["peace", "diplomacy"])
    change = recorded(store, "north", corrected, at=NOW + HOUR)
    marked = {stale.feed: stale.since for stale in store.stale(NOW)}
    assert set(marked) == {"all", "sources/north", "korea", "peace", "diplomacy"} == change.feeds
    assert set(marked.values()) == {NOW + HOUR}
