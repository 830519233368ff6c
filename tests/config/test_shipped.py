"""The configuration that the program comes with."""

import csv
from pathlib import Path

import pytest

from aggregator.config import hints, load
from aggregator.model import Config

ROOT = Path(__file__).parents[2]
PARTNERS = ROOT.parent / "shared" / "partners.tsv"


@pytest.fixture(scope="module")
def shipped() -> Config:
    return load(ROOT / "config" / "sources.yaml", {})


def test_it_is_valid_and_has_thirty_outlets_and_the_five_topics(shipped: Config) -> None:
    assert len(shipped.sources) >= 30
    assert [topic.title for topic in shipped.topics] == [
        "Diplomacy",
        "North Korea",
        "Kim Jong Un",
        "International Relations",
        "Peace Negotiations",
    ]


def test_it_invents_no_rights(shipped: Config) -> None:
    assert {(s.republish, s.license, s.permission, s.pictures) for s in shipped.sources} == {
        ("excerpt", "", "", False)
    }


def test_every_topic_has_examples_of_both_kinds(shipped: Config) -> None:
    assert all(topic.examples_match and topic.examples_not for topic in shipped.topics)


def test_the_first_run_works_as_it_is_and_says_what_to_fill_in(shipped: Config) -> None:
    assert (shipped.site.url, shipped.site.contact) == ("http://localhost:8080/", "")
    assert len(hints(shipped)) == 1


def test_all_outlets_are_read_encrypted(shipped: Config) -> None:
    assert [source.feed for source in shipped.sources if not source.feed.startswith("https://")] == []


@pytest.mark.skipif(not PARTNERS.exists(), reason="the list of partner outlets is not here")
def test_all_addresses_are_partners(shipped: Config) -> None:
    with PARTNERS.open(encoding="utf-8", newline="") as file:
        known = {row["feed"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert {source.feed for source in shipped.sources} - known == set()
