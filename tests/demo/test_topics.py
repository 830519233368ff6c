"""The demonstration's rules and stories fit each other."""

from datetime import UTC, datetime

from aggregator import config
from aggregator.demo.sources import config_text
from aggregator.demo.stories import EVERY, OUTLETS, Story, at
from aggregator.model import Item
from aggregator.topics import compile_rules

OPENED = datetime(2026, 11, 22, 9, tzinfo=UTC)
UNRELATED = {"striker-contract", "noodle-bar", "ferry-timetable", "goalkeeper", "peace-lily"}


def tagged(stories: int) -> dict[str, set[str]]:
    """Story → topics, for all that is told after so many new stories."""
    made = config.load_text(config_text(OUTLETS, "http://127.0.0.1:1/", "http://127.0.0.1:2/"), {}, "x.yaml")
    compiled = compile_rules(made.topics, made.lists)
    now = OPENED + EVERY * stories
    told = {story.id: story for outlet in OUTLETS for story in at(outlet.id, OPENED, now)}
    return {id: {tag.topic for tag in compiled.tag(item(story))} for id, story in told.items()}


def item(story: Story) -> Item:
    return Item(source="x", key=story.id, title=story.title, summary=story.summary, text=" ".join(story.body))


def test_every_topic_has_a_story_from_the_start() -> None:
    assert set().union(*tagged(0).values()) == {
        "diplomacy",
        "north-korea",
        "kim-jong-un",
        "international-relations",
        "peace-negotiations",
    }


def test_unrelated_stories_belong_to_no_topic_and_the_others_do() -> None:
    topics = tagged(10)
    assert {id for id, found in topics.items() if not found} == UNRELATED


def test_stories_in_other_languages_are_found() -> None:
    topics = tagged(10)
    assert topics["hanbit-talks"] == {"north-korea", "diplomacy"}
    assert topics["tregua-valle"] == {"peace-negotiations"}
    assert "kim-jong-un" in topics["hanbit-kim"]
