"""The same item from poll to poll, different items in one document."""

from datetime import UTC, datetime

from aggregator.model import Head, Pace
from aggregator.parse import identity, normalization
from aggregator.parse.drafts import Draft, Parsed, Passage

HEAD = Head(page="https://outlet.example/", feed="https://outlet.example/feed")


def draft(id: str = "", url: str = "", title: str = "", text: str = "", day: int = 0) -> Draft:
    published = datetime(2026, 11, day, tzinfo=UTC) if day else None
    return Draft(id=id, url=url, title=Passage(title), content=Passage(text, True), published=published)


def keys(*drafts: Draft) -> tuple[str, ...]:
    return identity.keys(drafts, HEAD)


def test_within_a_source_the_id_decides_never_the_url() -> None:
    five = [draft(id=f"n{number}", url="https://outlet.example/live", title="Live") for number in range(5)]
    assert len(set(keys(*five))) == 5
    corrected, moved = (
        draft("n1", "https://outlet.example/a", "A"),
        draft("n1", "https://outlet.example/b", "B"),
    )
    assert keys(corrected) == keys(moved)


def test_an_id_that_moved_to_https_is_the_same_id() -> None:
    assert keys(draft(id="http://outlet.example/?p=7")) == keys(draft(id="https://outlet.example/?p=7"))


def test_entries_on_one_link_without_ids_are_told_apart_by_their_titles() -> None:
    first, second = (
        draft(url="https://outlet.example/blog", title="One"),
        draft(url="https://outlet.example/blog", title="Two"),
    )
    assert keys(first, second) == (*keys(first), *keys(second))
    assert len(set(keys(first, second))) == 2


def test_a_corrected_comma_makes_no_new_item() -> None:
    before, after = (draft(url="https://outlet.example/a", title=title) for title in ("So, yes", "So – yes!"))
    assert keys(before) == keys(after)


def test_entries_without_id_and_link_are_known_by_title_and_date() -> None:
    told, retold = draft(title="Moon", text="full", day=1), draft(title="Moon", text="nearly full", day=1)
    assert keys(told) == keys(retold)
    assert keys(told) != keys(draft(title="Moon", text="full", day=2))
    assert len(set(keys(told, retold))) == 2, "side by side they are two"


def test_an_id_given_to_every_entry_by_mistake_loses_none_of_them() -> None:
    window = [draft("same", f"https://outlet.example/{number}", f"Story {number}") for number in range(6)]
    assert set(keys(*window[:4])) & set(keys(*window[2:])) == set(keys(*window[2:4], window[4])[:2])
    assert len(set(keys(*window[:4])) | set(keys(*window[2:]))) == 6


def test_placeholders_and_the_feeds_own_address_are_no_ids() -> None:
    for id in ("0", "null", "https://outlet.example", "https://outlet.example/feed"):
        one, two = (draft(id, f"https://outlet.example/{number}", f"Story {number}") for number in (1, 2))
        assert keys(one) != keys(two)


def items(*drafts: Draft) -> list[tuple[str, str]]:
    parsed = Parsed(head=HEAD, drafts=drafts, pace=Pace())
    return [(item.title, item.id) for item in normalization.items(parsed, "outlet").items]


def test_of_two_entries_with_one_id_the_newer_stays_and_without_dates_the_later() -> None:
    assert items(draft("a", title="new", day=2), draft("a", title="old", day=1)) == [("new", "")]
    assert items(draft("a", title="first"), draft("b", title="b"), draft("a", title="last")) == [
        ("b", ""),
        ("last", ""),
    ]


def test_an_id_that_is_an_iri_is_kept_unless_several_items_share_it() -> None:
    assert items(draft("tag:outlet.example,2026:1", title="t")) == [("t", "tag:outlet.example,2026:1")]
    assert items(draft("no iri", title="t")) == [("t", "")]
    shared = [draft("urn:x:same", f"https://outlet.example/{number}", f"Story {number}") for number in (1, 2)]
    assert items(*shared) == [("Story 1", ""), ("Story 2", "")]
