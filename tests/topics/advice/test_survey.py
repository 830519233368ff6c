"""What is found out about rules by trying them on items."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from aggregator.model import Item, Topic
from aggregator.query import compile_query
from aggregator.topics import compile_rules
from aggregator.topics.advice import Intake, survey
from aggregator.topics.advice.findings import named

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def item(title: str, text: str = "", source: str = "daily") -> Item:
    return Item(source, title, title=title, text=text)


def found(
    topics: Sequence[Topic], items: Sequence[Item], lists: Mapping[str, str] | None = None, kind: str = ""
) -> list[str]:
    surveyed = survey(
        compile_rules(topics, lists or {}), lists or {}, Intake({}, {}, {}, NOW), ((i, ()) for i in items)
    )
    return [
        f"{one.problem.path}:{one.problem.line}:{one.problem.column} {one.problem.message}"
        for one in surveyed.findings
        if one.kind == kind
    ]


def intake(*items: Item, only: str = "", skip: str = "", refused: int = 0) -> list[tuple[str, str]]:
    made = Intake(
        {"daily": compile_query(only)} if only else {},
        {"daily": compile_query(skip)} if skip else {},
        {"daily": refused},
        NOW,
    )
    surveyed = survey(
        compile_rules([], {}), {}, made, ((one, ()) for one in items or [item("other", source="x")])
    )
    return [(one.problem.path, one.problem.message) for one in surveyed.findings]


def test_nothing_is_said_without_items() -> None:
    topic = Topic("a", "A", match="china")
    assert survey(compile_rules([topic], {}), {}, Intake({}, {}, {}, NOW), ()).findings == ()


def test_a_word_counts_as_seen_only_in_the_field_it_is_looked_for_in() -> None:
    topics = [
        Topic("a", "A", match="title:china OR summary:japan\nauthor:lee"),
        Topic("b", "B", match="china"),
    ]
    assert found(topics, [item("Japan", "China")], kind="unseen") == [
        "topics.a.match:1:7 “china” and “japan” are in none of the 1 item looked at.",
        "topics.a.match:2:8 “lee” is in none of the 1 item looked at.",
    ]


def test_a_word_in_another_case_was_not_seen() -> None:
    assert found([Topic("a", "A", match="=US\nus")], [item("us")], kind="unseen") == [
        "topics.a.match:1:1 “=US” is in none of the 1 item looked at."
    ]


def test_words_on_guard_and_lists_that_no_topic_uses_are_not_missed() -> None:
    topic = Topic("a", "A", match="china -atlantis -list:guard", strike_out="lemuria", only_if="china")
    lists = {"guard": "mu", "idle": "thule"}
    assert found([topic], [item("China")], lists, kind="unseen") == []


def test_words_of_a_list_are_missed_once_and_at_their_line() -> None:
    topics = [Topic("a", "A", match="list:l"), Topic("b", "B", only_if="title:list:l", match="china")]
    lists = {"l": "# a remark\nchina\n\n   japan\nkorea*"}
    assert found(topics, [item("China")], lists, kind="unseen") == [
        "lists.l:4:4 “japan” and “korea*” (2 of 3) are in none of the 1 item looked at."
    ]


def test_many_words_are_counted() -> None:
    assert named(list("abc")) == "a, b and c"
    assert named(list("abcdefgh")) == "a, b, c, d, e and 3 more"


MANY = [item(f"Talks {n}", "sanction" if n % 10 == 0 else "") for n in range(30)]


def test_a_word_is_broad_if_the_topic_would_be_lost_without_it() -> None:
    topic = Topic("a", "A", match="sanction\ntalks")
    assert found([topic], MANY, kind="broad") == [
        "topics.a.match:2:1 “talks” alone brings 27 of the newest 30 items of this topic."
    ]


@pytest.mark.parametrize(
    "topic",
    [
        Topic("a", "A", match="talks"),
        Topic("a", "A", match="sanction\ntalks OR talk*"),
    ],
)
def test_a_word_is_not_broad_where_it_is_the_only_one_or_where_another_would_do(topic: Topic) -> None:
    assert found([topic], MANY, kind="broad") == []


def test_a_phrase_that_is_the_name_of_the_topic_is_not_broad() -> None:
    items = [item(f"North Korea {n}") for n in range(30)]
    match = '"north korea*"\ndprk'
    assert found([Topic("dprk", "North Korea", match=match)], items, kind="broad") == []
    assert found([Topic("north-korea", "The North", match=match)], items, kind="broad") == []
    assert len(found([Topic("asia", "Asia", match=match)], items, kind="broad")) == 1


def test_a_few_items_say_nothing_about_breadth() -> None:
    assert found([Topic("a", "A", match="sanction\ntalks")], MANY[:19], kind="broad") == []


def test_topics_overlap_by_what_either_has() -> None:
    one, other = Topic("a", "A", match="talks"), Topic("b", "B", match="talks -sanction")
    assert found([one, other], MANY, kind="overlap") == [
        "topics.a:1:1 This topic and b share 27 of the 30 items that either has (90%)."
    ]
    within = Topic("b", "B", match="sanction")
    assert found([one, within], MANY, kind="overlap") == []


def test_topics_that_are_linked_are_meant_to_share() -> None:
    one = Topic("a", "A", match="talks", implies=("b",))
    other, third = Topic("b", "B", match="summit", implies=("c",)), Topic("c", "C", match="gathering")
    assert found([one, other, third], MANY, kind="overlap") == []
    assert (
        found([Topic("a", "A", match="talks"), Topic("b", "B", match="topic:a")], MANY, kind="overlap") == []
    )


def test_a_topic_is_empty_if_neither_rules_nor_source_nor_another_topic_fill_it() -> None:
    topics = [
        Topic("a", "A", match="talks", implies=("c",)),
        Topic("b", "B", match="football"),
        Topic("c", "C"),
    ]
    assert found(topics, MANY, kind="empty") == [
        "topics.b:1:1 None of the items looked at (30) belongs to this topic."
    ]
    rules = compile_rules(topics, {})
    given = ((one, ["b"]) for one in MANY)
    assert "empty" not in {one.kind for one in survey(rules, {}, Intake({}, {}, {}, NOW), given).findings}


def test_a_filter_that_lets_nothing_in_is_told() -> None:
    stored = [item(f"News {n}") for n in range(5)]
    assert intake(*stored, only="podcast") == [
        ("sources.daily.only", "None of the 5 stored items of this source would be let in now.")
    ]
    assert intake(*stored, skip="news")[0][0] == "sources.daily.skip"
    assert intake(only="podcast", refused=7) == [
        ("sources.daily.only", "Of 7 items that were read of this source, none was let in.")
    ]


def test_a_filter_that_keeps_nothing_out_is_told() -> None:
    stored = [item(f"News {n}") for n in range(20)]
    assert intake(*stored, skip="podcats") == [
        ("sources.daily.skip", "It holds for none of 20 stored items of this source: it keeps nothing out.")
    ]
    assert intake(*stored, only="news")[0][0] == "sources.daily.only"
    assert intake(*stored, skip="podcats", refused=1) == intake(*stored[:19], skip="podcats") == []


def test_a_filter_that_does_its_work_is_not_mentioned() -> None:
    stored = [item(f"News {n}") for n in range(30)]
    assert intake(*stored, only="news", refused=3) == intake(*stored, item("Podcast"), skip="podcast") == []
