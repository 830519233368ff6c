"""What the desk withdraws, holds and pins, and what outlets take back themselves, in every store."""

from dataclasses import replace
from datetime import datetime

import pytest

from aggregator.model import (
    Change,
    Deleted,
    Entry,
    Hold,
    Pin,
    Rulings,
    Selection,
    SourceState,
    StaleFeed,
    Validators,
    Withdrawal,
)
from aggregator.query import compile_query
from aggregator.store import Store
from tests.store.given import DAY, HOUR, NOW, claimed, poll, recorded, tagged

URL = "https://north.example/talks"
ID = "https://north.example/?p=1"
LATER = NOW + HOUR
WITHDRAWN = Rulings(withdrawn=(Withdrawal(URL, "it was invented"),))
HELD = Rulings(held=(Hold(URL, "the lawyers read it first"),))


def everywhere(store: Store) -> list[str]:
    """The titles that any feed, search or look into the store still shows."""
    feeds = (Selection(), Selection(source="north"), Selection(source="south"), Selection(topic="korea"))
    shown = [entry.item.title for feed in feeds for entry in store.entries(feed)]
    shown += [one.item.title for _, one in store.iter_items()]
    shown += [entry.item.title for entry in found(store, "talks")]
    return shown + [entry.item.title for entry in store.find("talks")]


def found(store: Store, text: str, held: bool = False) -> list[Entry]:
    query = compile_query(text, {}, ["korea"])
    return list(store.search(query, NOW, limit=9, most=99, spent=lambda: False, held=held).entries)


def told(store: Store, feed: str = "all") -> list[tuple[str, datetime, str]]:
    return [(one.id, one.at, one.reason) for one in store.withdrawn(feed, NOW - DAY, 50)]


def stale(store: Store) -> set[str]:
    return {one.feed for one in store.stale(NOW)}


def publish_all(store: Store, at: datetime = NOW) -> None:
    for one in store.stale(at):
        store.published(one, "as printed", at, None)


def taken_back(store: Store, *keys: str, at: datetime = LATER, when: datetime = LATER) -> Change:
    claim = claimed(store, "north", at)
    change = store.record(replace(poll(claim, at=at), deleted=tuple(Deleted(key, when) for key in keys)))
    assert change is not None
    return change


@pytest.fixture
def known(store: Store) -> Store:
    """A story with a copy, and another one of the same topic, all published."""
    recorded(
        store, "north", tagged("1", id=ID, url=URL, title="Talks", published=NOW - HOUR, topics=["korea"])
    )
    recorded(store, "north", tagged("2", title="Another", published=NOW - DAY, topics=["korea"]))
    recorded(store, "south", tagged("s", source="south", id=ID, url=URL, title="Talks"))
    publish_all(store)
    return store


# ── withdrawn ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [URL, ID, "HTTPS://north.example:443/talks?utm_source=mail"])
def test_a_withdrawn_story_goes_with_every_copy_and_each_feed_tells_of_it(known: Store, name: str) -> None:
    rulings = Rulings(withdrawn=(Withdrawal(name, "it was invented"),))
    feeds = {"all", "sources/north", "sources/south", "korea"}
    assert known.rule(rulings, LATER) == feeds
    assert stale(known) == feeds
    assert "Talks" not in everywhere(known)
    assert "Another" in everywhere(known)
    for feed in feeds:
        assert told(known, feed) == [(ID, LATER, "it was invented")]
    (one,) = known.withdrawn("", NOW, 50)
    assert (set(one.feeds), one.by, one.silent, one.published) == (feeds, "desk", False, NOW - HOUR)


def test_putting_the_same_rulings_in_force_again_changes_nothing(known: Store) -> None:
    known.rule(WITHDRAWN, LATER)
    publish_all(known, LATER)
    assert known.rule(WITHDRAWN, LATER + HOUR) == frozenset()
    assert stale(known) == set()
    assert told(known) == [(ID, LATER, "it was invented")]


def test_what_was_withdrawn_is_not_taken_in_again_from_any_source(known: Store) -> None:
    known.rule(WITHDRAWN, LATER)
    again = tagged("1", id=ID, url=URL, title="Talks, corrected", topics=["korea"])
    assert recorded(known, "north", again, at=LATER).new == 0
    assert (
        recorded(known, "north", tagged("9", url=f"{URL}?utm_medium=rss", title="Talks"), at=LATER).new == 0
    )
    east = tagged("e", source="east", id=ID, url="https://east.example/copy", title="Talks")
    assert recorded(known, "east", east, at=LATER).new == 0
    assert "Talks" not in everywhere(known)
    assert (
        recorded(known, "east", tagged("f", source="east", title="Talks of another kind"), at=LATER).new == 1
    )


def test_what_comes_after_its_withdrawal_is_never_taken_in(store: Store) -> None:
    store.rule(WITHDRAWN, NOW)
    assert recorded(store, "north", tagged("1", url=URL), tagged("2")) == Change(
        1, 0, frozenset({"all", "sources/north"})
    )
    assert [entry.item.key for entry in store.entries(Selection())] == ["2"]
    assert told(store) == []


def test_a_story_that_is_corrected_into_a_withdrawn_address_goes_too(store: Store) -> None:
    store.rule(WITHDRAWN, NOW)
    recorded(store, "north", tagged("1", url=f"{URL}-draft", title="Talks"))
    change = recorded(store, "north", tagged("1", url=URL, title="Talks"), at=LATER)
    assert "all" in change.feeds
    assert everywhere(store) == []
    assert len(told(store)) == 1


def test_an_address_that_other_stories_share_keeps_nothing_else_out(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL), tagged("2", id=f"{ID}2", url=URL))
    store.rule(Rulings(withdrawn=(Withdrawal(ID, "wrong"),)), LATER)
    assert [entry.item.key for entry in store.entries(Selection())] == ["2"]
    assert recorded(store, "north", tagged("3", id=f"{ID}3", url=URL), at=LATER).new == 1


def test_a_withdrawal_that_is_taken_back_lets_the_entry_come_again_under_its_id(known: Store) -> None:
    known.rule(WITHDRAWN, LATER)
    known.rule(Rulings(), LATER + HOUR)
    assert told(known) == []
    item = tagged("1", id=ID, url=URL, title="Talks", published=NOW - HOUR, topics=["korea"])
    assert recorded(known, "north", item, at=NOW + DAY).new == 1
    (entry,) = [one for one in known.entries(Selection(topic="korea")) if one.item.title == "Talks"]
    assert (entry.id, entry.updated, entry.published) == (ID, NOW + DAY, NOW - HOUR)


def remembered(store: Store, source: str) -> SourceState:
    memory = store.memory(source)
    assert memory is not None
    return memory


def read_once(store: Store, source: str) -> None:
    """Let a source be remembered as one that was read, with validators."""
    claim = claimed(store, source)
    read = replace(
        poll(claim).memory, validators=Validators('"1"'), body_hash="abc", marks=("m",), refiner="r", rate=3.0
    )
    store.record(replace(poll(claim), memory=read))


def test_the_sources_that_carried_it_are_read_whole_once_and_no_others(known: Store) -> None:
    for source in ("north", "south", "east"):
        read_once(known, source)
    known.rule(WITHDRAWN, LATER)
    known.rule(Rulings(), LATER)
    for source in ("north", "south"):
        state = remembered(known, source)
        assert (state.validators, state.body_hash, state.marks, state.rate) == (Validators(), "", (), 3.0)
    assert remembered(known, "east").body_hash == "abc"


def test_a_source_whose_copy_was_turned_away_is_read_whole_too(known: Store) -> None:
    known.rule(WITHDRAWN, LATER)
    recorded(known, "east", tagged("e", source="east", url=URL))
    read_once(known, "east")
    known.rule(Rulings(), LATER)
    assert remembered(known, "east").body_hash == ""


def test_a_poll_under_way_cannot_bring_back_that_a_source_was_read(known: Store) -> None:
    known.rule(WITHDRAWN, LATER)
    claim = claimed(known, "north")
    known.rule(Rulings(), LATER)
    assert known.record(poll(claim)) is None


def test_another_reason_reaches_every_feed_that_tells_of_it(known: Store) -> None:
    known.rule(WITHDRAWN, LATER)
    publish_all(known, LATER)
    quiet = Rulings(withdrawn=(Withdrawal(URL, "a court asked for it", silent=True),))
    assert "korea" in known.rule(quiet, LATER + HOUR)
    assert told(known) == [(ID, LATER, "a court asked for it")]
    assert known.withdrawn("all", NOW, 9)[0].silent


def test_tombstones_are_told_since_a_moment_and_the_latest_first(store: Store) -> None:
    names = [f"{URL}/{number}" for number in range(3)]
    recorded(store, "north", *(tagged(str(number), url=name) for number, name in enumerate(names)))
    for number in range(3):
        gone = tuple(Withdrawal(name, name) for name in names[: number + 1])
        store.rule(Rulings(withdrawn=gone), NOW + number * DAY)
    assert [one.reason for one in store.withdrawn("all", NOW, 9)] == [names[2], names[1]]
    assert [one.reason for one in store.withdrawn("all", NOW - DAY, 2)] == [names[2], names[1]]


def test_a_renamed_topic_goes_on_telling_of_what_was_withdrawn(known: Store) -> None:
    known.rule(WITHDRAWN, LATER)
    publish_all(known, LATER)
    while known.rename_topic("korea", "north-korea", LATER):
        pass
    assert told(known, "north-korea") == [(ID, LATER, "it was invented")]
    assert told(known, "korea") == []
    assert "north-korea" in stale(known)


# ── corrections ─────────────────────────────────────────────────────────────────────────────────


def test_a_correction_keeps_the_id_and_moves_updated_and_nothing_keeps_the_old_words(store: Store) -> None:
    recorded(
        store, "north", tagged("1", title="Talks failed", content="<p>old words</p>", published=NOW - HOUR)
    )
    (before,) = store.entries(Selection())
    recorded(
        store, "north", tagged("1", title="Talks held", content="<p>new</p>", published=NOW - HOUR), at=LATER
    )
    (after,) = store.entries(Selection())
    assert (after.id, after.published, after.updated) == (before.id, before.published, LATER)
    assert (found(store, "failed"), store.find("failed")) == ([], ())


# ── held ────────────────────────────────────────────────────────────────────────────────────────


def test_a_held_story_leaves_silently_and_the_desk_still_finds_it(known: Store) -> None:
    assert known.rule(HELD, LATER) == {"all", "sources/north", "sources/south", "korea"}
    assert [entry.item.title for entry in known.entries(Selection())] == ["Another"]
    assert (told(known), found(known, "talks")) == ([], [])
    assert len(found(known, "talks", held=True)) == 1
    (entry,) = known.find("talks")
    assert (entry.held, entry.id) == (True, ID)
    assert not known.find("another")[0].held


def test_a_hold_waits_for_an_item_that_comes_later(store: Store) -> None:
    store.rule(HELD, NOW)
    assert recorded(store, "north", tagged("1", url=URL, topics=["korea"])).new == 1
    assert store.entries(Selection()) == ()
    assert [entry.held for entry in store.find(URL)] == [True]


def test_what_is_released_comes_as_new(store: Store) -> None:
    store.rule(HELD, NOW)
    recorded(store, "north", tagged("1", url=URL, published=NOW - HOUR, topics=["korea"]))
    released = NOW + 10 * DAY
    assert store.rule(Rulings(), released) == {"all", "sources/north", "korea"}
    for feed in (Selection(), Selection(topic="korea")):
        (entry,) = store.entries(feed)
        assert (entry.changed, entry.listed, entry.published) == (released, released, NOW - HOUR)
    assert len(found(store, "title")) == 1


def test_a_held_story_can_be_withdrawn_and_no_feed_tells_of_it(known: Store) -> None:
    known.rule(HELD, LATER)
    known.rule(replace(HELD, withdrawn=WITHDRAWN.withdrawn), LATER)
    assert "Talks" not in everywhere(known)
    assert told(known) == []
    assert [one.feeds for one in known.withdrawn("", NOW, 9)] == [()]


# ── pinned ──────────────────────────────────────────────────────────────────────────────────────


def test_a_pinned_story_stands_first_in_its_topic_until_its_time(known: Store) -> None:
    recorded(known, "north", *(tagged(f"n{n}", topics=["korea"]) for n in range(3)), at=LATER)
    another = known.find("another")[0].id
    pins = Rulings(pinned=(Pin(another, "korea", NOW + DAY),))
    assert known.rule(pins, LATER) == {"korea"}
    shown = known.entries(Selection(topic="korea", newest=2, pinned=LATER))
    assert shown[0].item.title == "Another"
    assert (shown[0].pinned, {one.pinned for one in shown[1:]}) == (NOW + DAY, {None})
    assert known.entries(Selection(topic="korea", pinned=NOW + DAY)) == known.entries(
        Selection(topic="korea")
    )
    assert all(one.pinned is None for one in known.entries(Selection(pinned=LATER)))
    assert known.rule(Rulings(), LATER) == {"korea"}


def test_a_pin_puts_nothing_into_a_topic_that_it_is_not_in(known: Store) -> None:
    known.rule(Rulings(pinned=(Pin(URL, "peace", NOW + DAY),)), LATER)
    assert known.entries(Selection(topic="peace", pinned=LATER)) == ()


# ── taken back by its outlet ────────────────────────────────────────────────────────────────────


def test_an_outlet_takes_its_own_entry_back(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL, title="Talks", topics=["korea"]))
    assert taken_back(store, "1", "unknown").feeds == {"all", "sources/north", "korea"}
    assert everywhere(store) == []
    assert told(store, "korea") == [(ID, LATER, "")]
    assert [one.by for one in store.withdrawn("", NOW, 9)] == ["outlet"]
    assert taken_back(store, "1").feeds == frozenset()
    assert recorded(store, "north", tagged("1", id=ID, url=URL), at=LATER).new == 0


def test_a_copy_at_another_outlet_stays_when_one_takes_its_own_back(known: Store) -> None:
    assert taken_back(known, "1").feeds == {"all", "sources/north", "sources/south", "korea"}
    (entry,) = known.entries(Selection(source="south"))
    assert (entry.id, entry.item.source, entry.copies, entry.updated) == (ID, "south", (), LATER)
    assert told(known, "sources/north") == [(ID, LATER, "")]
    assert (told(known, "all"), told(known, "sources/south")) == ([], [])


def test_an_outlet_cannot_take_back_what_is_anothers(known: Store) -> None:
    assert taken_back(known, "s").feeds == frozenset()
    assert "Talks" in everywhere(known)


def test_an_entry_that_its_outlet_touches_later_is_revived_under_its_id(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL, title="Talks", topics=["korea"]))
    taken_back(store, "1")
    before = tagged("1", id=ID, url=URL, title="Talks", updated=LATER)
    assert recorded(store, "north", before, at=NOW + DAY).new == 0
    touched = tagged("1", id=ID, url=URL, title="Talks", updated=LATER + HOUR)
    assert "korea" in recorded(store, "north", touched, at=NOW + DAY).feeds
    (entry,) = store.entries(Selection())
    assert (entry.id, entry.updated) == (ID, NOW + DAY)
    assert (told(store), told(store, "korea"), store.withdrawn("", NOW, 9)) == ([], [], ())
    assert taken_back(store, "1").feeds == frozenset()


def test_an_entry_and_its_tombstone_in_one_document_are_judged_by_their_times(store: Store) -> None:
    claim = claimed(store, "north")
    items = (tagged("1", updated=NOW - 2 * HOUR), tagged("2", updated=NOW))
    change = store.record(
        replace(poll(claim, *items), deleted=(Deleted("1", NOW - HOUR), Deleted("2", NOW - HOUR)))
    )
    assert change is not None
    assert change.new == 1
    assert [entry.item.key for entry in store.entries(Selection())] == ["2"]


# ── feeds that have ended ───────────────────────────────────────────────────────────────────────


def test_a_feed_that_was_published_and_forgotten_is_gone_until_it_returns(store: Store) -> None:
    store.mark(["korea", "peace"], NOW)
    for one in store.stale(NOW):
        if one.feed == "korea":
            store.published(one, "as printed", NOW, None)
    for feed in ("korea", "peace", "never"):
        store.forget_feed(feed)
        store.forget_feed(feed)
    assert store.gone_feeds() == ("korea",)
    store.mark(["korea"], LATER)
    (again,) = [one for one in store.stale(LATER) if one.feed == "korea"]
    store.published(StaleFeed("korea", again.revision, LATER), "as printed", LATER, None)
    assert store.gone_feeds() == ()
