"""What the workshop derives beside the items is what everybody else would work out, and changes nothing."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters.processes import Processes
from aggregator.items import sameness
from aggregator.model import Failure, Item, Refined, Response, Source, Topic
from aggregator.parse import refinement
from aggregator.polling import bodies
from aggregator.query import tokens
from aggregator.query.item_view import FIELDS, View, levelled, texts
from aggregator.text.levelling import level
from tests.examples import examples
from tests.query.writing import any_text, items, topics
from tests.topics.test_equivalence import compiled

DOCUMENTS = sorted((Path(__file__).parents[1] / "parse" / "documents").iterdir())
SOURCE = Source("outlet", "https://outlet.example/feed")


def answer(body: bytes) -> Response:
    return Response(SOURCE.feed, 200, (), body)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.name))
def test_every_item_has_its_hash_and_every_text_is_levelled(path: Path) -> None:
    refined = bodies.refine(SOURCE, answer(path.read_bytes()))
    assert isinstance(refined, Refined)
    assert refined == refinement.refine(SOURCE, answer(path.read_bytes()))
    assert refined.derived.hashes == {item.key: sameness.content_hash(item) for item in refined.items}
    for item in refined.items:
        for field in FIELDS:
            for text in texts(item, field):
                assert refined.derived.levelled[text] == level(text)


def test_a_body_that_is_no_feed_stays_a_failure() -> None:
    assert isinstance(bodies.refine(SOURCE, answer(b"\x89PNG")), Failure)


def test_what_was_derived_arrives_from_the_child_with_the_items() -> None:
    async def one() -> Refined | Failure:
        async with Processes(workers=1) as processes:
            return await processes(SOURCE, answer(DOCUMENTS[1].read_bytes()))

    refined = asyncio.run(one())
    assert isinstance(refined, Refined)
    assert refined.derived == bodies.derive(refined.items)
    assert refined.derived.hashes


@examples(100)
@given(topics(), items())
def test_an_item_is_tagged_alike_when_its_texts_are_levelled_before(made: list[Topic], item: Item) -> None:
    rules, known = compiled(made), levelled([item])
    assert rules.tag(item, (), known) == rules.tag(item)
    assert View(item, FIELDS, known).cased == View(item).cased


@given(any_text | st.text())
def test_a_text_has_the_same_tokens_when_it_is_levelled_before(text: str) -> None:
    assert tokens(text, {text: level(text)}) == tokens(text)
