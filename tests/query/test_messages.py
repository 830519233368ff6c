"""Every message of the language, in a golden file that reads like help."""

import pytest

from aggregator.errors import QueryError
from aggregator.model import Topic
from aggregator.query import RulesError, compile_query
from aggregator.query.grammar import DEEPEST, LONGEST, MOST_WORDS
from aggregator.topics import compile_rules
from tests.conftest import Golden

LISTS = {"states": "China\nNorth Korea*"}
TOPICS = ("north-korea", "diplomacy")

QUERIES = """
# nothing to look for
…
""
"…"
*
"*"
=
# signs
"north korea
"north korea"s
kor*ea
*korea
"north* korea"
- korea
+korea
!korea
&& korea
china | japan
china || japan
china or japan
china and japan
not japan
'north korea' talks
(china OR ‘north korea’)
title :china
# joints
OR china
china OR
china OR OR japan
china AND
()
(china
china)
china (OR japan)
# fields
titel:china
http://example.org/
title: china
title:
title:(summary:china)
title:topic:diplomacy
title:-china
category:3x china
source:Peoples_Dispatch
source:list:states
language:english_gb
after:(2026-01-01)
# lists and topics
list:stats
list:nothing-like-it
list:(a OR b)
topic:north-corea
# dates
after:yesterday
after:2026-02-30
after:01.02.2026
newer:7
newer:0d
newer:1 week
# NEAR and counting
near/6
china NEAR japan
china NEAR/ japan
china near/6 japan
china NEAR/0 japan
china NEAR/5000 japan
NEAR/6 japan
china NEAR/6
china NEAR/6 japan NEAR/6 korea
(china japan) NEAR/6 korea
0x china
99999999999999999999x china
3x
3x (china japan)
3 x "china"
# brought from elsewhere
china #remark
china //remark
/regex/
/peace talks/i
title:/korea/
col?r
colou?r
china|japan
china||(japan)
china&&japan
china Or japan
\\bchina\\b
china.*
{china}
chin[ae]
[china japan]
^china
china^2
china$
china~2
%china%
`china`
'china'
title=china
north+korea
north_korea
china,japan
china w/5 japan
china NEAR5 japan
# useless
-china
china -china
"north korea" -korea
korea -kor*
=US -us
china OR -japan
china OR -china
title:china -china
language:en language:fr
source:a source:b
after:2026-02-01 before:2026-01-01
# points are for topics
2 points: china
points: china
"""

MATCH = """
0 points: china
1.5 points: china
-2 points: china
points: china
each: china
2 points:
2 points each: (china japan)
1 point each: after:2026-01-01
99999999 points: china
newer:7d
"""

PHRASES = """
- China
-China
"China
China"
title:China
China OR Japan
China #remark
/China/
Col?r
China|Japan
China.*
\\bChina
Chi*na
*
…
"""


def blocks(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if not line.startswith("#")]


def query_error(text: str) -> str:
    with pytest.raises(QueryError) as raised:
        compile_query(text, LISTS, TOPICS)
    return str(raised.value)


def rules_error(topics: list[Topic], lists: dict[str, str]) -> str:
    with pytest.raises(RulesError) as raised:
        compile_rules(topics, lists)
    return str(raised.value)


def test_every_message_about_a_query_reads_like_help(golden: Golden) -> None:
    shown = [f"{text}\n    {query_error(text)}\n" for text in blocks(QUERIES)]
    golden("queries.txt", "\n".join(shown))


def test_every_message_about_points_reads_like_help(golden: Golden) -> None:
    shown = [f"{text}\n    {rules_error([Topic('t', 'T', match=text)], LISTS)}\n" for text in blocks(MATCH)]
    golden("points.txt", "\n".join(shown))


def test_every_message_about_words_reads_like_help(golden: Golden) -> None:
    shown = [f"{text}\n    {rules_error([], {'states': text})}\n" for text in blocks(PHRASES)]
    golden("words.txt", "\n".join(shown))


def test_every_problem_of_all_topics_is_told_at_once(golden: Golden) -> None:
    topics = [
        Topic("a", "A", match="topic:b\n\n# a remark\n  title:korea topic:z", implies=("c", "nort-korea")),
        Topic("b", "B", match="topic:c\nlist:stats", only_if="china\n2 points: x", strike_out="a OR b\nx*y"),
        Topic("c", "C", match="# nothing but a remark", points_needed=2),
        Topic("d", "D", match="china\njapan", points_needed=3, implies=("e",)),
        Topic("e", "E", match="china", points_needed=0, implies=("d",)),
        Topic("north-korea", "N", match="korea topic:north-korea"),
    ]
    golden("topics.txt", rules_error(topics, {"states": "China", "empty": "# nothing"}) + "\n")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "empty"),
        ("# only a remark\n\n", "empty"),
        ("#metoo", 'Quote "#metoo"'),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), "nested more than"),
        ("(" * 100_000, "longer than"),
        ("-" * 10_000 + "a", "nested more than"),
        ("title:" * 2_000 + "a", "cannot be within"),
        ("a " * (MOST_WORDS + 1), "words and phrases"),
        ("a " * LONGEST, "longer than"),
        ("9" * 10_000 + "x a", "cannot be asked for"),
        ("a NEAR/" + "9" * 10_000 + " b", "cannot be asked for"),
        ("newer:" + "9" * 10_000 + "d", "no length of time"),
        ("after:" + "9" * 10_000, "no date"),
    ],
)
def test_a_hostile_query_is_refused_with_a_sentence(query: str, words: str) -> None:
    assert words in query_error(query)


@pytest.mark.parametrize(
    "text",
    [
        *("and/or", "AC/DC", "9/11", "24/7", "/r/korea", "c#", "c++", "Disney+", "AT&T", "Yahoo!", ".net"),
        *("china #1", "title:#metoo", "(#metoo OR #timesup)", "korea?", "china, japan", "1,000", "node.js"),
        *("US$", "$100", "50%", "~100", "U.S.*", "@kim_jong", "[update]", "don't", "rock'n'roll"),
        *("url:/politics/", "url:(/a/ OR /b/)", "url:x?id=1", '"a?b"', '"/regex/"', '"#metoo"', '"china|x"'),
        *("china # remark", "category:c#", "안녕~", "1~3일"),
    ],
)
def test_signs_that_news_are_written_with_are_text(text: str) -> None:
    compile_query(text, LISTS, TOPICS)


@pytest.mark.parametrize(
    "line", ["China, Chinese", "Who's there?", "AC/DC", "C#", '"a?b"', "#1 fan\nx", "x # y"]
)
def test_so_they_are_in_lists(line: str) -> None:
    compile_rules([], {"states": line})


def test_a_place_counts_from_the_start_of_the_line_also_after_points_and_spaces() -> None:
    with pytest.raises(RulesError) as raised:
        compile_rules([Topic("t", "T", match="\n  2 points:  korea titel:x")], {})
    assert [(problem.path, problem.line, problem.column) for problem in raised.value.problems] == [
        ("topics.t.match", 2, 20)
    ]
