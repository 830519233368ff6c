"""The matcher equals the plain reference on real texts."""

import re
from pathlib import Path

import pytest

from aggregator.model import Item, Topic
from aggregator.topics import Rules, compile_rules
from tests.examples import some
from tests.topics import reference

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
TOPICS = [
    Topic("north-korea", "", match='"north korea*"\ndprk\n북한', strike_out="north korea's ambassador"),
    Topic(
        "diplomacy",
        "",
        match='list:states NEAR/8 (talk* OR summit OR envoy*)\n2x "foreign minister"',
        implies=("ir",),
    ),
    Topic(
        "ir",
        "",
        match="2 points: title:list:states\n1 point each: list:states",
        points_needed=3,
        only_if="said OR the",
    ),
    Topic("war", "", match="topic:ir (war OR attack*) -game\nlanguage:en =US"),
]
LISTS = {"states": "China\nRussia*\n=US\nIran*\nIsrael*\nUnited States"}
SMALL = (
    "U.S. envoy’s talks with China end; Russia’s reply",
    "Iran, Israel and the US: war “game” attacks",
    "North Korea's ambassador leaves, North Koreans stay",
    "북한이 미국과",
)


def agrees(rules: Rules, item: Item) -> bool:
    return {tag.topic: tag.points for tag in rules.tag(item)} == reference.tagged(rules.topics, item)


def test_it_equals_the_reference_on_headlines_of_our_own() -> None:
    rules = compile_rules(TOPICS, LISTS)
    items = [Item("s", "k", title=text, summary=text, language="en") for text in SMALL]
    assert all(agrees(rules, item) for item in items)
    assert sum(bool(rules.tag(item)) for item in items) == len(SMALL)


@pytest.mark.skipif(
    not CORPUS.exists(), reason="the recorded feeds are not beside the project (../shared/corpus)"
)
def test_it_equals_the_reference_on_every_recorded_text() -> None:
    rules = compile_rules(TOPICS, LISTS)
    for path in some(sorted(CORPUS.glob("*"))):
        with path.open("rb") as file:
            text = re.sub(r"<[^>]*>", " ", file.read().decode("utf-8", "replace"))
        for start in range(0, min(len(text), 12_000), 1_500):
            item = Item(
                "s", "k", title=text[start : start + 80], text=text[start : start + 1_500], language="en"
            )
            assert agrees(rules, item), (path.name, start)
