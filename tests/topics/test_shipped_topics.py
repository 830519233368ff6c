"""The five shipped topics, on headlines and excerpts of their kind and of kinds that look like theirs."""

import pytest

from aggregator.model import Item
from aggregator.topics import failed_examples
from tests.topics import labelled
from tests.topics.labelled import own, recorded, score, shipped, tags

needs_recorded = pytest.mark.skipif(
    not labelled.SHARED.is_dir(), reason="the labelled items (../shared/topics) are not here"
)


def topics(title: str, text: str = "") -> set[str]:
    return tags(shipped()[1], Item(source="x", key="x", title=title, summary=text, text=text))


def test_of_a_hundred_tags_97_are_right_and_of_a_hundred_due_90_are_given() -> None:
    total = score(shipped()[1], own())["all"]
    assert total.precision >= 0.97
    assert total.recall >= 0.90


def test_texts_that_nobody_looked_at_while_writing_the_topics_fare_nearly_as_well() -> None:
    total = score(shipped()[1], own("held-out"))["all"]
    assert total.precision >= 0.95
    assert total.recall >= 0.85


@needs_recorded
def test_the_sections_of_a_news_site_are_found_again() -> None:
    total = score(shipped()[1], recorded())["all"]
    assert total.precision >= 0.97
    assert total.recall >= 0.95


def test_the_examples_hold() -> None:
    config, rules = shipped()
    assert failed_examples(rules, config.topics) == ()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Salah’s contract talks enter final stretch",
            "The forward wants two more years at Liverpool.",
        ),
        ("Peace talks between coach and captain fail", "The club’s season is at stake."),
        ("Grand Ambassador Hotel reopens in Berlin", "The house has 285 rooms."),
        ("Watchmaker names Italian tennis star brand ambassador", "He signed for five years."),
        (
            "UEFA threatens sanctions after fans throw flares",
            "The referee’s report weighs on the hosts.",
        ),
        ("Baker’s diplomatic cake wins county fair", "It has pineapple and rum."),
        ("Climber, 71, reaches summit of Everest", "The retired teacher from Nepal left at nine."),
        ("Tech chiefs gather in New Delhi for AI Impact Summit", "Founders will discuss models and jobs."),
        ("Budget negotiations in Congress collapse", "Talks with the White Application ended on Friday."),
        ("K-pop group announces South Korea stadium tour", "Tickets go on sale in Seoul on Monday."),
        ("Kim Kardashian launches shop in Seoul", "The entrepreneur met fans."),
        ("Cold War bunker in Norfolk becomes museum", "It was to report nuclear blasts."),
        ("How schools teach the Treaty of Waitangi", "Pupils in New Zealand compare both texts."),
        ("A board game of trade wars and treaties", "Negotiation is everything; peace never lasts."),
    ],
)
def test_what_only_sounds_like_diplomacy_gets_no_topic(title: str, text: str) -> None:
    assert topics(title, text) == set()


def test_a_mountain_near_seoul_is_not_north_korea() -> None:
    assert topics("북한산 단풍 이번 주말 절정", "북한강 자전거길도 붐빈다.") == set()


def test_his_sister_is_not_kim_jong_un() -> None:
    assert topics(
        "Kim Yo Jong calls Seoul’s apology insufficient", "The sister of leader Kim Jong Un spoke."
    ) == {"north-korea"}
    assert "kim-jong-un" in topics("Kim Jong Un and his sister receive envoy in Pyongyang")


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("김정은, 신의주 온실농장 준공식 참석", "kim-jong-un"),
        ("북한, 단거리 미사일 발사", "north-korea"),
        ("한중 정상회담 개최…외교 장관 배석", "diplomacy"),
        ("가자 휴전 협상 재개", "peace-negotiations"),
        ("Corea del Norte lanza un misil", "north-korea"),
        ("Cuba y Estados Unidos reanudan el diálogo migratorio", "diplomacy"),
        ("Hamás acepta la propuesta de alto el fuego en Gaza", "peace-negotiations"),
        ("Nordkorea: Kim Jong Un lässt neue Rakete testen", "kim-jong-un"),
        ("Friedensverhandlungen zwischen Moskau und Kiew", "peace-negotiations"),
        ("Soudan : l’ONU appelle à un cessez-le-feu", "peace-negotiations"),
    ],
)
def test_other_languages_have_their_words(title: str, topic: str) -> None:
    assert topic in topics(title)
