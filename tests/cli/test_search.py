"""`aggregator search`: what a query finds in the store."""

import pytest

from tests.cli.newsdesk import NewsDesk, item, items

TOPICS = """\
lists:
  states: |
    North Korea*
    Japan
topics:
  diplomacy:
    title: Diplomacy
    match: |
      talks
  world:
    title: World
    match: |
      globe
"""


@pytest.fixture
def shown(desk: NewsDesk) -> NewsDesk:
    desk.write(TOPICS)
    weekly = item("Łódź hosts Japan’s envoy", "Nothing was agreed.", source="weekly", number=5)
    desk.store(*items(["North Korean talks begin", "Talks end", "A quiet day"]), weekly)
    return desk


def test_what_a_query_finds_is_listed_newest_first(shown: NewsDesk) -> None:
    said = shown.run("search", "list:states OR topic:diplomacy")
    assert said.code == 0
    assert said.out == (
        "North Korean talks begin\n"
        "    daily  2026-03-01 12:00 UTC  diplomacy\n"
        "    https://daily.example/north-korean-talks-begin\n"
        "Talks end\n"
        "    daily  2026-03-01 11:00 UTC  diplomacy\n"
        "    https://daily.example/talks-end\n"
        "Łódź hosts Japan’s envoy\n"
        "    weekly  2026-03-01 07:00 UTC  world\n"
        "    https://weekly.example/łódź-hosts-japan’s-envoy\n"
        "3 items\n"
    )


def test_words_may_be_given_without_quotes(shown: NewsDesk) -> None:
    assert "Talks end" in shown.run("search", "talks", "end*").out


def test_a_limit_says_that_there_is_more(shown: NewsDesk) -> None:
    assert shown.run("search", "--limit", "1", "talks").out.endswith(
        "the newest 1 item; --limit shows more\n"
    )


def test_nothing_found_is_no_failure(shown: NewsDesk) -> None:
    assert shown.run("search", "nowhere") == shown.run("search", "nobody")
    assert shown.run("search", "nowhere").out == "0 items\n"


def test_programs_get_everything_as_json(shown: NewsDesk) -> None:
    facts = shown.run("search", "--json", "lodz").facts
    (found,) = facts.pop("items")
    assert facts == {"query": "lodz", "complete": True, "examined": 1}
    assert (found["source"], found["topics"], found["published"][:10]) == ("weekly", ["world"], "2026-03-01")


def test_a_mistake_is_shown_where_it_is(shown: NewsDesk) -> None:
    said = shown.run("search", "korea titel:talks")
    assert said.code == 1
    assert said.out == (
        "The query cannot be used, column 7: There is no “titel:” to look in. Did you mean “title:”?\n"
        "    korea titel:talks\n"
        "          ^\n"
    )


def test_every_line_of_a_query_has_its_own_mistake(shown: NewsDesk) -> None:
    said = shown.run("search", "talks\n\tx OR\nlist:none")
    assert "line 2, column 4: A word is missing after “OR”." in said.out
    assert "\n    \tx OR\n    \t  ^\n" in said.out
    assert "line 3, column 6: There is no list “none”." in said.out


def test_a_store_that_is_not_there_is_a_sentence(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    said = desk.run("search", "talks")
    assert (said.code, "there is no store at aggregator.db yet" in said.out) == (1, True)
