"""Where feeds say that they can be subscribed to (WebSub, 4)."""

import json
from dataclasses import replace

import feedparser
import pytest
from lxml import etree

from aggregator import outputs
from aggregator.compiled import compile_config
from aggregator.feeds import selection
from aggregator.model import Config, Hub
from tests import judges, printing
from tests.outputs.samples import CONFIG, FEED

HUB = "https://wire.example.org/hub"
WITH_HUB = replace(CONFIG, hub=Hub(HUB, own=True))


def documents(config: Config) -> dict[str, bytes]:
    printed = {document.path: document.body for document in printing.render(FEED, config)}
    return {path.rpartition(".")[2]: body for path, body in printed.items()}


def test_every_format_names_the_hub() -> None:
    printed = documents(WITH_HUB)
    for ending in ("atom", "rss"):
        links = feedparser.parse(printed[ending]).feed.links
        assert [link.href for link in links if link.rel == "hub"] == [HUB]
    assert json.loads(printed["json"])["hubs"] == [{"type": "WebSub", "url": HUB}]
    assert etree.fromstring(printed["rss"]).findtext("channel/link") == f"{CONFIG.site.url}{FEED.name}.html"


def test_the_documents_are_valid_with_it() -> None:
    printed = documents(WITH_HUB)
    assert judges.atom_faults(printed["atom"]) == []
    assert judges.rss_faults(printed["rss"]) == []
    assert judges.json_faults(printed["json"]) == []


def test_without_a_hub_none_is_named() -> None:
    printed = documents(CONFIG)
    assert not any(b"hub" in printed[ending] for ending in ("atom", "rss", "json"))


@pytest.mark.parametrize("suffix", [".atom", ".rss", ".json"])
def test_a_search_cannot_be_subscribed_to(suffix: str) -> None:
    found = selection.search("peace", "tag:wire.example.org,2026:x", ())
    assert HUB.encode() not in outputs.search(found, WITH_HUB, suffix)


def test_an_edit_of_the_hub_prints_every_feed_anew() -> None:
    assert compile_config(WITH_HUB).edition != compile_config(CONFIG).edition
