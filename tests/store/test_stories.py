"""One article at several outlets, and ids that are claimed by whom they do not belong to."""

from dataclasses import replace

import pytest

from aggregator.model import Copy, Selection, Source, Tagged
from aggregator.store import Store
from tests.store.given import DAY, HOUR, NAMESPACE, NOW, recorded, tagged

ID = "https://wire.example/1"
URL = "https://wire.example/articles/1"
LONG = " ".join(f"word{n} of a long report" for n in range(20))


def test_two_sources_with_the_same_id_for_the_same_address_share_one_entry(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL, text=LONG, topics=["korea"]))
    address = URL + "?utm_source=rss"
    copy = tagged(
        "x", source="south", id=ID, url=address, title="Other headline", text=LONG, topics=["peace"]
    )
    change = recorded(store, "south", copy, at=NOW + HOUR)
    assert change.feeds == {"all", "sources/north", "sources/south", "korea", "peace"}
    (entry,) = store.entries(Selection())
    assert (entry.id, entry.item.source, entry.arrived) == (ID, "north", NOW)
    assert entry.copies == (Copy("south", "The South Paper", copy.item.url),)
    assert [tag.topic for tag in entry.tags] == ["korea", "peace"]
    assert store.counts() == {"sources": 3, "items": 2, "stories": 1}


def test_two_sources_with_the_same_id_and_title_share_one_entry(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL, title="Talks  Begin"))
    recorded(store, "south", tagged("x", source="south", id=ID, title="talks begin"))
    assert store.counts()["stories"] == 1


def test_a_shared_story_stands_in_each_feed_where_and_since_it_came_there(store: Store) -> None:
    recorded(store, "north")
    recorded(store, "south")
    first = tagged("1", id=ID, url=URL, text=LONG, published=NOW - DAY, topics=["korea"])
    recorded(store, "north", first)
    topics = ["korea", "peace"]
    copy = tagged("x", source="south", id=ID, url=URL, text=LONG, published=NOW - HOUR, topics=topics)
    recorded(store, "south", copy, at=NOW + HOUR)
    places = {}
    for selection in (Selection(topic="korea"), Selection(topic="peace"), Selection(source="south")):
        (entry,) = store.entries(selection)
        places[selection.topic or selection.source] = (entry.listed, entry.changed)
    assert places == {
        "korea": (NOW - DAY, NOW),
        "peace": (NOW - HOUR, NOW + HOUR),
        "south": (NOW - HOUR, NOW + HOUR),
    }


def test_a_foreign_claim_to_a_published_id_gets_a_minted_one(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL, title="Original"))
    thief = tagged("x", source="south", id=ID, url="https://south.example/", title="Something else")
    recorded(store, "south", thief)
    first, second = sorted(store.entries(Selection()), key=lambda entry: entry.item.source)
    assert (first.id, first.item.title, first.copies) == (ID, "Original", ())
    assert second.id.startswith(f"{NAMESPACE}/south/")


def test_a_third_source_joins_the_story_that_it_is_a_copy_of(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL, title="Original"))
    recorded(store, "south", tagged("x", source="south", id=ID, title="Something else"))
    recorded(store, "east", tagged("y", source="east", id=ID, title="Something else"))
    by_lead = {entry.item.source: entry for entry in store.entries(Selection())}
    assert [copy.source for copy in by_lead["south"].copies] == ["east"]
    assert by_lead["north"].copies == ()


def test_within_a_source_the_key_decides_whatever_items_look_like(store: Store) -> None:
    twins = [tagged(str(n), id=ID, url=URL, title="The same") for n in range(3)]
    recorded(store, "north", *twins[:2])
    recorded(store, "south", tagged("x", source="south", id=ID, url=URL, title="The same"))
    recorded(store, "north", twins[2], at=NOW + HOUR)
    entries = store.entries(Selection())
    assert len(entries) == len({entry.id for entry in entries}) == 3
    assert sorted(len(entry.copies) for entry in entries) == [0, 0, 1]


def test_the_same_address_alone_makes_no_story(store: Store) -> None:
    recorded(store, "north", tagged("1", url=URL, title="The same"))
    recorded(store, "south", tagged("1", source="south", url=URL, title="The same"))
    assert store.counts()["stories"] == 2


def test_an_id_of_our_own_namespace_is_nobody_elses_to_give(store: Store) -> None:
    recorded(store, "north", tagged("1"))
    (ours,) = store.entries(Selection())
    recorded(store, "south", tagged("x", source="south", id=ours.id))
    recorded(store, "south", tagged("y", source="south", id=f"{NAMESPACE}/all"))
    ids = {entry.id for entry in store.entries(Selection(source="south"))}
    assert all(id.startswith(f"{NAMESPACE}/south/") for id in ids)
    assert len(ids) == 2


def test_a_corrected_copy_leaves_the_lead_as_it_is(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, url=URL, text=LONG, topics=["korea"]))
    recorded(store, "south", tagged("x", source="south", id=ID, url=URL, text=LONG, topics=["peace"]))
    (before,) = store.entries(Selection())
    moved = tagged("x", source="south", id=ID, url=URL, title="Corrected", text=LONG, topics=["diplomacy"])
    change = recorded(store, "south", moved, at=NOW + HOUR)
    (after,) = store.entries(Selection())
    assert (after.item, after.updated, after.changed) == (before.item, before.updated, before.changed)
    assert [tag.topic for tag in after.tags] == ["korea", "diplomacy"]
    assert change.feeds >= {"korea", "peace", "diplomacy"}
    assert store.entries(Selection(topic="peace")) == ()


def test_a_copy_of_two_stories_joins_the_older_one(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, title="One"), tagged("2", id=ID, url=URL, title="Two"))
    recorded(store, "south", tagged("x", source="south", id=ID, url=URL, title="One"))
    copied = [entry.item.key for entry in store.entries(Selection()) if entry.copies]
    assert copied == ["1"]


def test_what_a_copy_is_recognised_by_follows_a_correction(store: Store) -> None:
    recorded(store, "north", tagged("1", id=ID, title="One"))
    recorded(store, "north", tagged("1", id=ID, title="Two"), at=NOW + HOUR)
    recorded(store, "east", tagged("y", source="east", id=ID, title="Two"))
    (entry,) = store.entries(Selection())
    assert [copy.source for copy in entry.copies] == ["east"]


def worded(key: str, source: str, title: str, text: str) -> Tagged:
    one = tagged(key, source=source, id=ID, url=ID, title=title)
    return replace(one, item=replace(one.item, text=text))


def test_another_text_under_a_known_id_is_an_entry_of_its_own_and_reported(store: Store) -> None:
    recorded(store, "north", worded("1", "north", "Talks begin", LONG))
    forged = " ".join(f"lie{n} about them all" for n in range(20))
    recorded(store, "south", worded("x", "south", "Talks begin", forged))
    ids = {entry.item.source: entry.id for entry in store.entries(Selection())}
    assert ids["north"] == ID
    assert ids["south"] not in ("", ID)
    (line,) = store.polls("south", 1)
    assert any("the id of another source" in note for note in line.notes)


@pytest.mark.parametrize("order", [("north", "south"), ("south", "north")])
def test_the_feed_of_a_source_shows_its_own_version_whoever_was_first(
    store: Store, order: tuple[str, str]
) -> None:
    for place, source in enumerate(order):
        own = worded("1", source, f"The {source} title", f"{LONG} {source}")
        recorded(store, source, own, at=NOW + place * HOUR)
    (entry,) = store.entries(Selection())
    for source in order:
        (shown,) = store.entries(Selection(source=source))
        assert (shown.id, shown.item.title) == (entry.id, f"The {source} title")
    corrected = worded("1", order[1], "A corrected title", f"{LONG} {order[1]}")
    recorded(store, order[1], corrected, at=NOW + 5 * HOUR)
    (shown,) = store.entries(Selection(source=order[1]))
    assert (shown.item.title, shown.changed) == ("A corrected title", NOW + 5 * HOUR)
    (entry,) = store.entries(Selection())
    assert entry.item.title == f"The {order[0]} title"


def test_a_correction_of_the_lead_moves_nothing_in_the_feeds_of_its_copies(store: Store) -> None:
    recorded(store, "north", worded("1", "north", "Talks begin", LONG))
    recorded(store, "south", worded("1", "south", "Talks open", LONG), at=NOW + HOUR)
    recorded(store, "east", worded("1", "east", "Talks go on", LONG), at=NOW + HOUR)
    before = [store.entries(Selection(source=source)) for source in ("south", "east")]
    recorded(store, "north", worded("1", "north", "Talks begin, late", LONG), at=NOW + 5 * HOUR)
    for source, (entry,) in zip(("south", "east"), before, strict=True):
        (after,) = store.entries(Selection(source=source))
        assert (after.item, after.updated, after.changed) == (entry.item, entry.updated, entry.changed)
    for selection in (Selection(), Selection(source="north")):
        (entry,) = store.entries(selection)
        assert (entry.item.title, entry.changed) == ("Talks begin, late", NOW + 5 * HOUR)


OTHER = " ".join(f"claim{n} that nobody made" for n in range(20))


def ids_and_titles(store: Store, source: str = "") -> dict[str, str]:
    return {entry.id: entry.item.title for entry in store.entries(Selection(source=source))}


def test_a_lead_that_takes_another_text_speaks_for_its_copies_no_longer(store: Store) -> None:
    recorded(store, "south", worded("x", "south", "Talks begin", LONG))
    recorded(store, "north", worded("1", "north", "Talks begin", LONG), at=NOW + HOUR)
    assert ids_and_titles(store) == {ID: "Talks begin"}
    forged = worded("x", "south", "They all lie", OTHER)
    change = recorded(store, "south", forged, at=NOW + 2 * HOUR)
    (own,) = ids_and_titles(store, "north")
    assert own.startswith(f"{NAMESPACE}/north/")
    assert ids_and_titles(store) == {ID: "They all lie", own: "Talks begin"}
    assert ids_and_titles(store, "south") == {ID: "They all lie"}
    assert change.feeds >= {"all", "sources/north", "sources/south"}
    (entry,) = store.entries(Selection(source="north"))
    assert (entry.updated, entry.changed, entry.copies) == (NOW + HOUR, NOW + 2 * HOUR, ())


def test_a_copy_that_takes_another_text_is_an_entry_of_its_own_and_reported(store: Store) -> None:
    recorded(store, "north", worded("1", "north", "Talks begin", LONG))
    recorded(store, "south", worded("x", "south", "Talks begin", LONG), at=NOW + HOUR)
    recorded(store, "south", worded("x", "south", "They all lie", OTHER), at=NOW + 2 * HOUR)
    (own,) = ids_and_titles(store, "south")
    assert own.startswith(f"{NAMESPACE}/south/")
    assert ids_and_titles(store, "north") == {ID: "Talks begin"}
    assert ids_and_titles(store) == {ID: "Talks begin", own: "They all lie"}
    (line,) = store.polls("south", 1)
    assert any("no longer the article of another source" in note for note in line.notes)
    recorded(store, "south", worded("x", "south", "Talks begin", LONG), at=NOW + 3 * HOUR)
    assert set(ids_and_titles(store)) == {ID, own}  # no published id moves


def test_copies_that_are_left_by_their_lead_stay_one(store: Store) -> None:
    for place, source in enumerate(("south", "north", "east")):
        recorded(store, source, worded("1", source, "Talks begin", LONG), at=NOW + place * HOUR)
    recorded(store, "south", worded("1", "south", "They all lie", OTHER), at=NOW + 5 * HOUR)
    by_lead = {entry.item.source: entry for entry in store.entries(Selection())}
    assert set(by_lead) == {"south", "north"}
    assert [copy.source for copy in by_lead["north"].copies] == ["east"]


def test_a_correction_that_keeps_the_text_parts_no_copies(store: Store) -> None:
    recorded(store, "north", worded("1", "north", "Flood kills 10 people", LONG))
    recorded(store, "south", worded("x", "south", "Flood kills 10 people", LONG))
    recorded(
        store, "north", worded("1", "north", "Flood kills 12 people", f"{LONG} More soon."), at=NOW + HOUR
    )
    assert ids_and_titles(store) == {ID: "Flood kills 12 people"}
    assert store.counts()["stories"] == 1


def test_a_third_source_is_compared_with_every_story_of_the_id_and_the_address(store: Store) -> None:
    recorded(store, "south", worded("x", "south", "They all lie", OTHER))
    recorded(store, "north", worded("1", "north", "Talks begin", LONG), at=NOW + HOUR)
    recorded(store, "east", worded("y", "east", "Talks have begun", LONG), at=NOW + 2 * HOUR)
    by_lead = {entry.item.source: entry for entry in store.entries(Selection())}
    assert [copy.source for copy in by_lead["north"].copies] == ["east"]
    assert by_lead["south"].copies == ()


def test_a_claim_to_a_published_id_with_another_address_and_title_is_reported(store: Store) -> None:
    recorded(store, "north", worded("1", "north", "Talks begin", LONG))
    thief = tagged("x", source="south", id=ID, url="https://south.example/9", title="Nothing", text=OTHER)
    recorded(store, "south", thief, tagged("y", source="south", id="https://south.example/y"))
    (line,) = store.polls("south", 1)
    assert [note for note in line.notes if "Nothing" in note and "another source" in note]
    assert len(line.notes) == 1
    assert not any(line.notes for line in store.polls("north", 1))


def test_twins_within_a_source_claim_nothing(store: Store) -> None:
    twins = [tagged(str(n), id=ID, url=f"{URL}/{n}", title=f"Part {n}") for n in range(2)]
    recorded(store, "north", *twins)
    assert store.polls("north", 1)[0].notes == ()


def test_many_claims_are_some_notes_and_a_count(store: Store) -> None:
    ids = [f"https://wire.example/{n}" for n in range(12)]
    recorded(store, "north", *(tagged(f"n{n}", id=id) for n, id in enumerate(ids)))
    recorded(store, "south", *(tagged(f"s{n}", source="south", id=id) for n, id in enumerate(ids)))
    notes = store.polls("south", 1)[0].notes
    assert len(notes) == 6
    assert notes[-1].startswith("7 more entries ")


def ranked(store: Store, **priorities: int) -> None:
    """Give sources these priorities, as an edit of the configuration does."""
    store.sync(
        [Source(id, f"https://{id}.example/feed", priority=rank) for id, rank in priorities.items()], NOW
    )


def published(store: Store, feed: str = "all") -> None:
    (stale,) = (one for one in store.stale(NOW) if one.feed == feed)
    store.published(stale, "printed", NOW, None)


def lead(store: Store) -> str:
    (entry,) = store.entries(Selection())
    assert entry.id == ID
    return entry.item.source


def copy(outlet: str) -> Tagged:
    return tagged("1", source=outlet, id=ID, url=URL, text=LONG, topics=["korea"])


@pytest.mark.parametrize(("north", "south", "leads"), [(0, 1, "south"), (1, 0, "north"), (5, 5, "north")])
def test_the_source_with_the_highest_priority_leads_a_story_that_nobody_has_seen(
    store: Store, north: int, south: int, leads: str
) -> None:
    ranked(store, north=north, south=south)
    recorded(store, "north", copy("north"))
    recorded(store, "south", copy("south"), at=NOW + HOUR)
    assert lead(store) == leads
    (entry,) = store.entries(Selection(source="north"))
    assert entry.item.source == "north"  # its own feed shows its own version


def test_a_published_story_keeps_its_lead(store: Store) -> None:
    ranked(store, north=0, south=9, east=99)
    recorded(store, "north", copy("north"))
    published(store)
    recorded(store, "south", copy("south"), at=NOW + HOUR)
    assert lead(store) == "north"
    recorded(store, "east", copy("east"), at=NOW + HOUR)
    assert lead(store) == "north"


def test_an_edited_priority_counts_for_what_comes_from_then_on(store: Store) -> None:
    ranked(store, north=0, south=0, east=0)
    recorded(store, "north", copy("north"))
    ranked(store, north=0, south=-1, east=7)
    recorded(store, "south", copy("south"))
    assert lead(store) == "north"
    recorded(store, "east", copy("east"))
    assert lead(store) == "east"


def test_what_is_published_of_other_feeds_or_before_does_not_count(store: Store) -> None:
    ranked(store, north=0, south=1)
    recorded(store, "north", tagged("0", topics=["peace"]))
    published(store)
    recorded(store, "north", copy("north"))
    published(store, "sources/north")
    recorded(store, "south", copy("south"))
    first = next(entry for entry in store.entries(Selection()) if entry.id == ID)
    assert first.item.source == "south"
