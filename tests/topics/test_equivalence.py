"""The matcher equals the plain reference on whatever hypothesis can think of, and on real texts."""

import pickle
from collections.abc import Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from aggregator.errors import QueryError
from aggregator.model import Item, Tag, Topic
from aggregator.query import RulesError, compile_query, field_text
from aggregator.topics import Rules, compile_rules, explain
from tests.examples import examples
from tests.query.writing import LISTS, TOPICS, any_text, items, queries, topics
from tests.topics import reference


def compiled(topics: Sequence[Topic]) -> Rules:
    try:
        return compile_rules(topics, LISTS)
    except RulesError as error:
        useless = (
            "contradicts itself",
            "only says what must not be there",
            "matches everything",
            "points are needed",
        )
        for problem in error.problems:
            if not any(words in problem.message for words in useless):
                raise
        assume(False)
        raise


def points(tags: Sequence[Tag]) -> dict[str, int]:
    return {tag.topic: tag.points for tag in tags}


@examples(150)
@given(topics(), st.lists(items(), min_size=1, max_size=4), st.lists(st.sampled_from(TOPICS), max_size=1))
def test_tagging_equals_the_reference(made: list[Topic], some: list[Item], granted: list[str]) -> None:
    rules = compiled(made)
    for item in some:
        assert points(rules.tag(item, granted)) == reference.tagged(rules.topics, item, granted)


@examples(150)
@given(queries(), st.lists(items(), min_size=1, max_size=4))
def test_a_query_holds_where_the_reference_holds(text: str, some: list[Item]) -> None:
    try:
        query = compile_query(text, LISTS)
    except QueryError:
        assume(False)
        return
    long = compile_query(f"({text}) OR ({' '.join(f'zz{number}' for number in range(20))})", LISTS)
    for item in some:
        assert query.holds(item) == long.holds(item) == reference.holds(query.tree, item)


@examples(100)
@given(topics(), items())
def test_every_reason_points_at_its_words_and_the_points_add_up(made: list[Topic], item: Item) -> None:
    for tag in compiled(made).tag(item):
        assert sum(reason.points for reason in tag.reasons) == tag.points
        for reason in tag.reasons:
            if reason.field:
                assert field_text(item, reason.field)[reason.start : reason.end] == reason.words != ""


@examples(80)
@given(topics(), items(), st.lists(st.sampled_from(TOPICS), max_size=1))
def test_explain_agrees_with_the_tags(made: list[Topic], item: Item, granted: list[str]) -> None:
    rules = compiled(made)
    tags = {tag.topic: tag for tag in rules.tag(item, granted)}
    for verdict in explain(rules, item, granted):
        assert verdict.tagged == (verdict.topic in tags)
        assert bool(verdict.how) == verdict.tagged
        assert bool(verdict.missing) == (verdict.how != "own points")
        if verdict.how == "own points":
            assert verdict.points == tags[verdict.topic].points


@examples(30)
@given(topics(), items())
def test_rules_that_were_pickled_tag_alike(made: list[Topic], item: Item) -> None:
    rules = compiled(made)
    copy = pickle.loads(pickle.dumps(rules))
    assert copy.version == rules.version
    assert copy.tag(item) == rules.tag(item)


@examples(100)
@given(st.text() | any_text)
def test_whatever_is_typed_is_a_query_or_a_clear_error(text: str) -> None:
    try:
        compile_query(text, LISTS)
    except QueryError as error:
        problems = error.problems
    else:
        return
    assert problems
    assert all(problem.message and problem.column >= 1 for problem in problems)
