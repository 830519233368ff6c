"""What each form of the language means, for a query and for a topic."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import QueryError
from aggregator.model import Author, Category, Item, Topic
from aggregator.query import compile_query
from aggregator.topics import compile_rules, explain, failed_examples

NOW = datetime(2026, 2, 1, tzinfo=UTC)
LISTS = {"states": "China\nNorth Korea*\n=US"}
ITEM = Item(
    source="peoples-dispatch",
    key="k",
    title="Envoys of the U.S. and North Korea’s Kim Jong-un meet",
    summary="A ceasefire, again a ceasefire.",
    text="A ceasefire, again a ceasefire. And a ceasefire in Łódź. 북한이 발표했다.",
    url="https://wire.example.org/politics/north-korea/1",
    authors=(Author("Ana María López"),),
    categories=(Category("world", label="World News"), Category("peace")),
    language="en-GB",
    published=datetime(2026, 1, 25, 12, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "query",
    [
        *(
            "envoys",
            "envoy*",
            '"north korea"',
            "“kim jong un”",
            "kim-jong-un",
            '"north kor*"',
            "lodz",
            "북한",
            "=US",
            "us",
        ),
        *(
            '="Kim Jong un"',
            "title:kim",
            "summary:again",
            "content:lodz",
            "author:lopez",
            "category:world",
            "source:peoples-dispatch",
        ),
        *(
            "url:/politics/",
            "url:example.org",
            "language:en",
            "language:en-gb",
            "title:(missile* OR envoy*)",
            "envoys -lodge",
        ),
        *(
            "envoys kim",
            "envoys AND kim",
            "china OR kim",
            "(china OR kim) meet",
            "envoys NEAR/6 korea",
            "korea NEAR/6 envoys",
        ),
        *(
            "3x ceasefire",
            "list:states",
            "title:list:states",
            "after:2026-01-25",
            "before:2026-01-26",
            "newer:7d",
            "topic:peace",
        ),
        *(
            "china\nkim",
            "# a remark\nkim",
            "kim.",
            "title:kim -summary:kim",
            "language:(fr OR en)",
            "NOT china kim",
        ),
    ],
)
def test_these_hold(query: str) -> None:
    assert compile_query(query, LISTS).holds(ITEM, NOW, {"peace"})


@pytest.mark.parametrize(
    "query",
    [
        *(
            "envoy",
            '"korea north"',
            "=envoys",
            "=us",
            "title:ceasefire",
            "summary:lodz",
            "author:kim",
            "category:wor",
            "source:peoples",
        ),
        *(
            "language:fr",
            "language:en-us",
            "envoys NEAR/5 korea",
            "4x ceasefire",
            "after:2026-01-26",
            "before:2026-01-25",
        ),
        *(
            "newer:6d",
            "topic:war",
            "envoys -kim",
            '"ceasefire again"',
            '"meet a"',
            "envoys NEAR/50 ceasefire",
            "list:states -us",
        ),
    ],
)
def test_these_do_not(query: str) -> None:
    assert not compile_query(query, LISTS).holds(ITEM, NOW, {"peace"})


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("kim # says who", "kim"),
        ("kim\t#\ttabs", "kim"),
        ("kim #", "kim"),
        ('"kim # envoys" OR korea # "a" # b', '"kim # envoys" OR korea'),
        ("“kim # envoys” OR korea # it’s", '"kim # envoys" OR korea'),
        ('kim ארה"ב OR korea # "x"', 'kim ארה"ב OR korea'),
        ("kim -#metoo", 'kim -"#metoo"'),
        ("kim OR C# # and C", 'kim OR "c#"'),
    ],
)
def test_a_hash_by_itself_begins_a_comment(line: str, query: str) -> None:
    assert compile_query(line).tree == compile_query(query).tree


def test_a_comment_moves_no_column() -> None:
    with pytest.raises(QueryError) as raised:
        compile_query("kim titel:x # titel:y")
    assert [(problem.line, problem.column) for problem in raised.value.problems] == [(1, 5)]


def test_lists_and_exceptions_have_comments_too() -> None:
    topic = Topic("t", "T", match="list:states # any", strike_out="south korea # the other one")
    rules = compile_rules([topic], {"states": "Korea # both\nJapan"})
    assert [bool(rules.tag(Item("", "", title=title))) for title in ("Korea", "South Korea")] == [True, False]


def test_an_undated_item_is_neither_before_nor_after_anything() -> None:
    item = Item("s", "k", title="kim")
    assert not compile_query("after:1990-01-01").holds(item)
    assert not compile_query("before:2990-01-01").holds(item)
    assert not compile_query("newer:9d").holds(item, NOW)


def test_newer_is_asked_with_a_clock_or_not_at_all() -> None:
    query = compile_query("newer:7d")
    with pytest.raises(ValueError, match="newer"):
        query.holds(ITEM)
    assert query.holds(ITEM, NOW - timedelta(days=3))


def tags(topics: Sequence[Topic], title: str, given: Sequence[str] = ()) -> dict[str, int]:
    return {
        tag.topic: tag.points for tag in compile_rules(topics, LISTS).tag(Item("s", "k", title=title), given)
    }


def test_points_add_up_to_what_is_needed() -> None:
    topic = Topic("t", "T", match="kim\n2 points: korea\n1 point each: list:states", points_needed=3)
    assert tags([topic], "kim in Korea") == {"t": 3}
    assert tags([topic], "korea") == {}
    assert tags([topic], "China, China, US") == {"t": 3}


def test_a_longer_phrase_is_one_place_with_the_word_in_it() -> None:
    topic = Topic("t", "T", match="1 point each: (korea OR list:states)")
    assert tags([topic], "North Korea and Korea") == {"t": 2}


def test_a_word_does_not_begin_within_another_not_even_at_its_second_letter() -> None:
    topic = Topic("t", "T", match="korea")
    assert tags([topic], "xkorea") == {}
    assert tags([topic], " korea") == tags([topic], "“korea") == tags([topic], "在korea") == {"t": 1}


def test_only_if_wants_one_of_its_lines_beside_the_points() -> None:
    topic = Topic("t", "T", match="kim", only_if="korea\nchina")
    assert tags([topic], "Kim in China") == {"t": 1}
    assert tags([topic], "Kim at home") == {}


def test_what_is_struck_out_is_not_there_and_leaves_a_gap() -> None:
    topic = Topic("t", "T", match='kim-jong-un\n"says she"', strike_out="kim jong un's sister")
    assert tags([topic], "Kim Jong Un’s sister speaks") == {}
    assert tags([topic], "Says Kim Jong-un’s sister: she …") == {}
    assert tags([topic], "Kim Jong Un’s sister and Kim Jong Un") == {"t": 1}


def test_topics_lead_to_topics_in_whatever_order_they_stand() -> None:
    topics = [
        Topic("c", "C", match="topic:b talks"),
        Topic("b", "B"),
        Topic("a", "A", match="kim", implies=("b",)),
        Topic("not-a", "N", match="talks -topic:a"),
    ]
    assert tags(topics, "Kim talks") == {"a": 1, "b": 0, "c": 1}
    assert tags(topics, "talks") == {"not-a": 1}
    assert tags(topics, "talks", ["a"]) == {"a": 0, "b": 0, "c": 1}


def test_the_version_changes_with_the_meaning_and_not_with_remarks() -> None:
    first = compile_rules([Topic("t", "T", match="kim")], LISTS).version
    assert compile_rules([Topic("t", "Title", "text", match="kim")], {}).version == first
    assert compile_rules([Topic("t", "T", match="kim*")], LISTS).version != first
    listed = [Topic("t", "T", match="list:states")]
    assert compile_rules(listed, LISTS).version != compile_rules(listed, {"states": "China"}).version


def test_explain_says_what_was_missing() -> None:
    topic = Topic(
        "t", "T", match="kim NEAR/2 talks\n3x korea\nchina -us", only_if="list:states", points_needed=2
    )
    verdict = explain(
        compile_rules([topic], LISTS), Item("s", "k", title="Kim of Korea holds talks; us, china")
    )[0]
    assert (verdict.tagged, verdict.points, verdict.needed) == (False, 0, 2)
    assert verdict.missing == (
        "It has 0 of the 2 points needed.",
        "Line 1: “kim” and “talks” are more than 2 words apart.",
        "Line 2: “korea” occurs 1 of 3 times.",
        "Line 3: it must not have “us” (“us” in title).",
    )


def test_examples_that_fail_say_why() -> None:
    topic = Topic(
        "t", "T", match="kim", examples_match=("Kim meets", "Nobody"), examples_not=("Kim Kardashian",)
    )
    problems = failed_examples(compile_rules([topic], {}), [topic])
    assert [(problem.path, problem.line) for problem in problems] == [
        ("topics.t.examples.match", 2),
        ("topics.t.examples.not", 1),
    ]
    assert "no “kim”" in problems[0].message
    assert "“Kim”" in problems[1].message
