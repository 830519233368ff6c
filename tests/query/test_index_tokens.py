"""What an index looks up for a query is in every item that the query holds for."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aggregator.errors import QueryError
from aggregator.model import Item
from aggregator.query import AllOf, AnyOf, Carries, Dated, Literal, Need, compile_query, literals
from aggregator.query.index_tokens import Lookup, lookups, tokens
from aggregator.query.item_view import texts
from aggregator.query.operators import marks
from aggregator.text.folding import fold
from tests.examples import examples
from tests.query.writing import LISTS, any_text, items, queries

NOW = datetime(2026, 1, 3, tzinfo=UTC)
TOPICS = ("one", "two")
TOKEN = re.compile("[a-z0-9\x80-\U0010ffff]+")  # how an index splits
scripts = st.text("aUs1 .-'’é北京한이ไทย้アーｶ゛・々\u3099אمّﬁ🕊_", max_size=12)
extra = st.sampled_from(["topic:one", "topic:two", "newer:2d", "newer:9y", "-topic:one"])


def kept(text: str) -> set[str]:
    return set(TOKEN.findall(tokens(text)))


def test_signs_separate_words_be_they_few_or_many() -> None:
    lines = [chr(code) for code in range(0x2500, 0x2600)]
    assert kept("Łódź│été…") == {"lodz", "ete"}
    assert kept("".join(f"{line}щит" for line in lines)) == {"щит"}
    assert kept("".join(f"{line}한국" for line in lines)) == {"한국", "국"}


def there(found: Lookup, known: set[str]) -> bool:
    return found.token in known or (found.open_end and any(one.startswith(found.token) for one in known))


def met(need: Need, item: Item, tags: tuple[str, ...]) -> bool:
    """Whether an index that keeps an item's tokens would select it."""
    match need:
        case Literal():
            known = {token for name in need.fields for text in texts(item, name) for token in kept(text)}
            return all(there(found, known) for found in lookups(need.text, need.open_end))
        case Carries():
            return need.mark in [*marks(item), *(f"topic:{tag}" for tag in tags)]
        case Dated():
            when = item.published
            if when is None:
                return False
            return (need.since is None or when >= need.since) and (need.until is None or when <= need.until)
        case AllOf():
            return all(met(part, item, tags) for part in need.parts)
        case AnyOf():
            return any(met(part, item, tags) for part in need.parts)
    return True


@examples(200)
@given(queries(extra), st.lists(items(), min_size=1, max_size=3), st.sets(st.sampled_from(TOPICS)))
def test_an_index_finds_every_item_that_a_query_holds_for(
    text: str, some: list[Item], tags: set[str]
) -> None:
    try:
        query = compile_query(text, LISTS)
    except QueryError:
        assume(False)
        return
    need = literals(query, NOW)
    for item in some:
        if query.holds(item, NOW, tags):
            assert met(need, item, tuple(tags))


@examples(200)
@given(any_text | scripts | st.text(), st.data())
def test_whatever_part_of_a_text_is_looked_for_its_tokens_are_kept(text: str, data: st.DataObject) -> None:
    folded = fold(text).text
    assume(folded)
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    phrase = data.draw(st.sampled_from([folded[start:end], data.draw(scripts | any_text)]))
    open_end = data.draw(st.booleans())
    item = Item("a", "k", title=text)
    try:
        query = compile_query(f'"{phrase}"{"*" * open_end}')
    except QueryError:
        assume(False)
        return
    if query.holds(item):
        assert met(literals(query), item, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim’s U.S.-led talks, don't", {"kim", "us", "led", "talks", "don", "t"}),
        ("Łódź и Москва", {"lodz", "и", "москва"}),
        ("북한이 3월", {"북한", "한이", "이", "3", "월"}),
        ("北京 US制裁", {"北京", "京", "us", "制裁", "裁"}),
        ("🕊 — …", set()),
    ],
)
def test_words_are_kept_whole_and_runs_as_pairs(text: str, expected: set[str]) -> None:
    assert kept(text) == expected


@pytest.mark.parametrize(
    ("phrase", "open_end", "expected"),
    [
        ("north korea", False, [Lookup("north"), Lookup("korea")]),
        ("north korea", True, [Lookup("north"), Lookup("korea", True)]),
        ("c++", True, [Lookup("c")]),
        ("북한", True, [Lookup("북한")]),
        ("北", False, [Lookup("北", True)]),
        ("☮", False, []),
    ],
)
def test_a_phrase_is_looked_up_word_by_word(phrase: str, open_end: bool, expected: list[Lookup]) -> None:
    assert list(lookups(phrase, open_end)) == expected
