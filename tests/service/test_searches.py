"""Search feeds and the page of a search, from a store as it is published."""

import json
from pathlib import Path
from typing import cast

import feedparser
import pytest
from lxml import html

from aggregator import config
from aggregator.errors import AggregatorError
from aggregator.service.settings import Settings
from aggregator.service.web_searches import WebSearch
from tests import judges
from tests.cli.newsdesk import NewsDesk, item, items

HEAD = """\
site:
  title: Test Wire
  url: https://wire.example.org/
sources:
  daily: https://daily.example/feed
  brief:
    feed: https://brief.example/feed
    republish: title
topics:
  diplomacy:
    title: Diplomacy
    match: |
      talks
"""


@pytest.fixture
def search(tmp_path: Path) -> WebSearch:
    desk = NewsDesk(tmp_path)
    desk.write("", head=HEAD)
    secret = item("Brief talks", "What only the outlet may show.", source="brief", number=5)
    desk.store(*items(["Talks <begin> & end", "북한이 회담", "A quiet day"]), secret)
    cfg = config.load(desk.config, {})
    return WebSearch(Settings(desk.config, desk.database, tmp_path / "feeds"), lambda: cfg)


def picked(page: bytes, path: str) -> list[str]:
    """The texts and attributes that an XPath selects."""
    return [str(one) for one in cast(list[str], html.fromstring(page).xpath(path))]


def test_every_format_of_a_search_is_valid_and_has_its_own_address(search: WebSearch) -> None:
    query = '"talks <begin" OR 회담 OR category:"a&b"'
    atom, rss, feed = (search(query, suffix).body for suffix in (".atom", ".rss", ".json"))
    assert judges.atom_faults(atom) == []
    assert judges.rss_faults(rss) == []
    assert judges.json_faults(feed) == []
    asked = "%22talks%20%3Cbegin%22%20OR%20%ED%9A%8C%EB%8B%B4%20OR%20category%3A%22a%26b%22"
    address = f"https://wire.example.org/search{{}}?q={asked}"
    read = feedparser.parse(atom)
    assert {link["href"] for link in read.feed.links if link["rel"] == "self"} == {address.format(".atom")}
    assert json.loads(feed)["feed_url"] == address.format(".json")
    assert [entry.title for entry in read.entries] == ["Talks <begin> & end", "북한이 회담"]


def test_the_same_query_has_the_same_id_however_it_is_spaced(search: WebSearch) -> None:
    ids = {
        feedparser.parse(search(text, ".atom").body).feed.id for text in ("talks  end", " talks end\n# why")
    }
    (id,) = ids
    assert id.startswith("tag:wire.example.org,2026:test/search/")
    assert feedparser.parse(search("talks", ".atom").body).feed.id != id


def test_the_same_store_gives_the_same_bytes(search: WebSearch) -> None:
    for suffix in (".atom", ".rss", ".json", ".html"):
        assert search("talks", suffix) == search("talks", suffix)


def test_a_search_shows_of_an_outlet_what_it_allows(search: WebSearch) -> None:
    for suffix in (".atom", ".rss", ".json", ".html"):
        body = search("brief", suffix).body.decode()
        assert "Brief talks" in body
        assert "What only" not in body


def test_nothing_found_is_an_empty_feed(search: WebSearch) -> None:
    body = search("nowhere", ".atom").body
    assert judges.atom_faults(body) == []
    assert feedparser.parse(body).entries == []
    assert "Nothing that was published here matches" in search("nowhere", ".html").body.decode()


def test_the_page_has_the_query_in_its_form_and_leads_to_the_feeds(search: WebSearch) -> None:
    wrong = search('talks "<begin', ".html").body
    assert picked(wrong, "//pre/text()")[0].startswith(
        "The query cannot be used, column 7: The closing quote"
    )
    assert picked(wrong, "//form//input/@value") == ['talks "<begin']
    found = search("talks", ".html").body
    assert picked(found, "//link[@rel='alternate']/@href")[0] == "search.atom?q=talks"
    assert picked(found, "//h2/a/text()") == ["Talks <begin> & end", "Brief talks"]
    assert picked(found, "//meta[@name='robots']/@content") == ["noindex"]


def test_without_a_query_the_page_is_a_form(search: WebSearch) -> None:
    result = search("", ".html")
    assert not result.wrong
    assert picked(result.body, "//form//input/@name") == ["q"]


def test_a_wrong_query_is_told_where(search: WebSearch) -> None:
    result = search("talks OR", ".rss")
    assert result.wrong
    assert result.body.decode() == (
        "The query cannot be used, column 7: A word is missing after “OR”. "
        "It joins what is on both its sides.\n    talks OR\n          ^\n"
    )


def test_without_a_store_there_is_an_error(search: WebSearch, tmp_path: Path) -> None:
    elsewhere = WebSearch(Settings(tmp_path / "a", tmp_path / "none.db", tmp_path), search.config)
    with pytest.raises(AggregatorError, match="there is no store"):
        elsewhere("talks", ".atom")
    assert not (tmp_path / "none.db").exists()
    assert elsewhere("", ".html").body.startswith(b"<!doctype html>")
