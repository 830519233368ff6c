"""Rules, what sources give, and the desk: who decides about a tag."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime

from aggregator.model import Config, Decision, Item, Polling, Reason, Site, Source, Stored, Tag, Tagged, Topic
from aggregator.topics.tagging import Tagging, decided, decisions, open_tagging, renamed

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONFIG = Config(
    site=Site("Wire", "https://wire.example.org/"),
    polling=Polling(),
    sources=(
        Source("north", "https://north.example/"),
        Source("south", "https://south.example/", topics=("korea",)),
    ),
    lists={},
    topics=(
        Topic("kim", "Kim", match='"kim jong un"', implies=("korea",), was=("leader",)),
        Topic("korea", "Korea", match="pyongyang", implies=("asia",)),
        Topic("asia", "Asia", match="asia"),
    ),
)


def by_hand(item: str, topic: str, belongs: bool = True, reason: str = "by hand: so") -> Decision:
    return Decision(item, topic, belongs, reason)


def stored(tagging: Tagging, item: Item) -> Stored:
    return Stored(1, "hash", NOW, Tagged(item, tagging.tag(item), tagging.version(item.source)))


def test_a_source_gives_its_items_topics_and_has_a_version_of_its_own() -> None:
    tagging = open_tagging(CONFIG)
    assert [tag.topic for tag in tagging.tag(Item("south", "1"))] == ["korea", "asia"]
    assert tagging.version("north") == tagging.version("gone") == tagging.rules.version
    assert tagging.version("south") != tagging.version("north")
    assert len(tagging.version("south")) == len(tagging.version("north"))


def test_an_edit_of_what_a_source_gives_changes_the_version_of_that_source_alone() -> None:
    north, south = CONFIG.sources
    edited = open_tagging(replace(CONFIG, sources=(north, replace(south, topics=("asia",)))))
    before = open_tagging(CONFIG)
    assert edited.version("north") == before.version("north")
    assert edited.version("south") != before.version("south")
    assert not edited.tags_like(before)
    assert open_tagging(replace(CONFIG, sources=(south, north))).tags_like(before)


def test_a_copy_in_another_process_tags_alike() -> None:
    tagging = open_tagging(CONFIG)
    copy = pickle.loads(pickle.dumps(tagging))
    item = Item("south", "1", title="Kim Jong Un in Pyongyang")
    assert (copy.tag(item), copy.version("south")) == (tagging.tag(item), tagging.version("south"))


def test_tags_that_stay_are_not_said_again() -> None:
    tagging = open_tagging(CONFIG)
    made = tagging.retag(stored(tagging, Item("north", "1", title="Pyongyang")))
    assert (made.tags, made.shown) == (None, False)


def test_readers_see_other_topics_and_other_words_but_no_line_numbers() -> None:
    one = stored(open_tagging(CONFIG), Item("north", "1", title="Pyongyang in Asia"))

    def retagged(match: str) -> tuple[bool, bool]:
        topics = tuple(
            replace(topic, match=match) if topic.id == "korea" else topic for topic in CONFIG.topics
        )
        made = open_tagging(replace(CONFIG, topics=topics)).retag(one)
        return made.tags is not None, made.shown

    assert retagged("seoul\npyongyang") == (True, False)
    assert retagged('"pyongyang in"') == (True, True)
    assert retagged("seoul") == (True, True)


def test_an_item_added_by_hand_gets_what_its_topic_implies() -> None:
    cfg = replace(CONFIG, desk=(by_hand("https://a.example/1", "kim", reason="it is him"),))
    assert decisions(cfg) == (
        by_hand("https://a.example/1", "kim", reason="by hand: it is him"),
        by_hand("https://a.example/1", "korea", reason="implied by topic kim"),
        by_hand("https://a.example/1", "asia", reason="implied by topic korea"),
    )


def test_what_a_topic_implies_can_be_refused_by_hand() -> None:
    cfg = replace(CONFIG, desk=(by_hand("x:1", "kim"), by_hand("x:1", "korea", belongs=False)))
    made = {one.topic: one.belongs for one in decisions(cfg)}
    assert made == {"kim": True, "korea": False, "asia": True}


def test_the_desk_has_the_last_word() -> None:
    tags = (Tag("a", 1, (Reason(1, 1, "title", 0, 1, "x"),)), Tag("b", 2))
    said = [by_hand("i", "a"), by_hand("i", "b", belongs=False), by_hand("j", "b"), by_hand("i", "c")]
    made = decided(tags, said)
    assert [(tag.topic, [reason.words for reason in tag.reasons]) for tag in made] == [
        ("a", ["x", "by hand: so"]),
        ("c", ["by hand: so"]),
    ]
    assert decided(tags, ()) == tags


def test_a_renamed_topic_is_the_same_topic() -> None:
    tags = (Tag("leader", 1), Tag("asia", 1), Tag("kim", 2))
    assert renamed(tags, {"leader": "kim"}) == (Tag("kim", 1), Tag("asia", 1))
