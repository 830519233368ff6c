"""What is explained agrees with what is stored."""

from collections.abc import Sequence

from hypothesis import given, reject
from hypothesis import strategies as st

from aggregator.model import Item, Reason, Tag, Tagged, Topic
from aggregator.query import RulesError
from aggregator.topics import compile_rules
from aggregator.topics.advice import Explanation, TopicExplained, explain_stored
from tests.examples import examples
from tests.query import writing

KOREA = Topic("korea", "Korea", match="korea\n2 points: pyongyang", implies=("asia",))
ASIA = Topic("asia", "Asia", match="asia")
ITEM = Item("daily", "1", title="Korea and Pyongyang")


def explained(
    topics: Sequence[Topic], item: Item, stored: Sequence[Tag], shown: Sequence[Tag] | None = None
) -> Explanation:
    rules = compile_rules(topics, {})
    return explain_stored(
        rules, topics, Tagged(item, tuple(stored), "r"), (), stored if shown is None else shown
    )


def topic(explanation: Explanation, id: str) -> TopicExplained:
    return next(one for one in explanation.topics if one.verdict.topic == id)


@given(writing.topics(), writing.items(), st.lists(st.sampled_from(writing.TOPICS), unique=True))
@examples(150)
def test_the_reasons_that_are_stored_are_those_that_are_explained(
    topics: list[Topic], item: Item, granted: list[str]
) -> None:
    try:
        rules = compile_rules(topics, writing.LISTS)
    except RulesError:  # some query contradicts itself
        reject()
    tags = {tag.topic: tag for tag in rules.tag(item, granted)}
    stored = Tagged(item, tuple(tags.values()), rules.version)
    found = explain_stored(rules, topics, stored, granted, stored.tags)
    assert {one.verdict.topic for one in found.topics if one.verdict.tagged} == tags.keys()
    for one in found.topics:
        assert (one.stored, one.note) == (one.verdict.tagged, "")
        reasons = tuple(mark.reason for mark in one.marks)
        if one.verdict.how == "own points":
            assert (reasons, one.verdict.points) == (
                tags[one.verdict.topic].reasons,
                tags[one.verdict.topic].points,
            )
        elif one.verdict.tagged:
            assert tags[one.verdict.topic].reasons == tuple(reason for reason in reasons if not reason.line)


def test_a_topic_that_earlier_rules_gave_shows_the_words_it_was_given_for() -> None:
    old = Reason(7, 1, "title", 0, 5, "Korea")
    one = topic(explained([ASIA], ITEM, [Tag("asia", 1, (old,))]), "asia")
    assert [mark.reason for mark in one.marks] == [old]
    assert one.note == "stored, tagged by earlier rules; `aggregator apply` would remove it"


def test_a_topic_that_is_gone_is_told() -> None:
    one = topic(explained([ASIA], ITEM, [Tag("sport", 1)]), "sport")
    assert (one.verdict.needed, one.stored, one.note.startswith("stored, but its topic is gone")) == (
        0,
        True,
        True,
    )


def test_what_the_desk_decided_is_shown_as_stored() -> None:
    by_hand = Reason(0, 0, "", 0, 0, "by hand: our own reporter says so")
    made = explained(
        [KOREA, ASIA, Topic("sport", "S", match="football")], ITEM, [], [Tag("sport", 0, (by_hand,))]
    )
    assert topic(made, "sport").note.startswith("put here by hand")
    assert [mark.reason for mark in topic(made, "sport").marks] == [by_hand]
    rules = compile_rules([KOREA, ASIA], {})
    tags = rules.tag(ITEM)
    removed = explained([KOREA, ASIA], ITEM, tags, [tag for tag in tags if tag.topic != "asia"])
    assert topic(removed, "asia").note.startswith("taken out by hand")


def test_a_reason_whose_text_was_corrected_since_has_no_surroundings() -> None:
    old = Reason(1, 1, "title", 200, 205, "Korea")
    (mark,) = topic(explained([ASIA], ITEM, [Tag("asia", 1, (old,))]), "asia").marks
    assert (mark.before, mark.after) == ("", "")


def test_topics_that_have_the_item_come_first_and_in_their_order() -> None:
    short = Topic("y", "Y", match="korea\nnothing", points_needed=2)
    topics = [Topic("z", "Z", match="nothing"), ASIA, KOREA, short]
    order = [one.verdict.topic for one in explained(topics, ITEM, []).topics]
    assert order == ["asia", "korea", "y", "z"]
