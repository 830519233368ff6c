"""What counts as the same over the years: a later version of the program changes no hash by itself."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds import selection
from aggregator.items import sameness
from aggregator.items.sameness import value_digest
from aggregator.model import Author, Feed, Head, Item

ITEM = Item("daily", "1", title="War and peace", authors=(Author("Ann"), Author("Bob", "https://b.example/")))
FEED = Feed("world", "tag:x,2026:world", "World", "", "topic", datetime(2026, 3, 1, tzinfo=UTC))


def earlier() -> object:
    """A noun as one version of the program knows it."""

    @dataclass(frozen=True)
    class Noun:
        title: str
        parts: tuple[Author, ...] = ()

    return Noun("T", (Author("Ann"),))


def later(query: str = "") -> object:
    """The same noun in the next version."""

    @dataclass(frozen=True)
    class Noun:
        title: str
        added: tuple[str, ...] = field(default_factory=tuple)
        parts: tuple[Author, ...] = ()
        query: str = ""

    return Noun("T", parts=(Author("Ann"),), query=query)


def test_a_field_that_a_later_version_adds_changes_nothing_until_it_is_used() -> None:
    assert value_digest(later()) == value_digest(earlier())
    assert value_digest(later("q")) != value_digest(earlier())


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=3))
def test_whatever_a_noun_says_is_told_apart(names: list[tuple[str, str]]) -> None:
    authors = tuple(Author(name, url) for name, url in names)
    same = authors == ITEM.authors
    assert (value_digest(replace(ITEM, authors=authors)) == value_digest(ITEM)) is same


def test_the_head_of_a_feed_is_no_part_of_an_item_and_updated_none_of_a_feed() -> None:
    assert sameness.content_hash(replace(ITEM, head=Head(title="Other"))) == sameness.content_hash(ITEM)
    assert sameness.content_hash(replace(ITEM, title="Other")) != sameness.content_hash(ITEM)
    moved = datetime(2027, 3, 1, tzinfo=UTC)
    assert selection.fingerprint(replace(FEED, updated=moved)) == selection.fingerprint(FEED)
    assert selection.fingerprint(replace(FEED, title="Other")) != selection.fingerprint(FEED)
