"""Every document of the sample site: as it was agreed on, valid, and the same for the same input."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from aggregator import outputs
from aggregator.model import Document
from tests import printing
from tests.conftest import Golden
from tests.judges import JUDGES
from tests.outputs.samples import ARABIC, CONFIG, FEED, FULL, entry, feed

SITE = (
    *printing.render(FEED, CONFIG),
    *printing.render(feed(name="north-korea"), CONFIG),
    *printing.render(feed(entry(FULL), name="sources/peoples-dispatch"), CONFIG),
    *printing.render(feed(entry(ARABIC), name="all"), CONFIG),
    *outputs.front(CONFIG, [FEED, feed(name="north-korea"), feed(entry(ARABIC), name="peace-negotiations")]),
)
BY_PATH = {document.path: document.body for document in SITE}


@pytest.mark.parametrize(
    "path",
    [
        *("diplomacy.atom", "diplomacy.rss", "diplomacy.json", "diplomacy.html"),
        *("north-korea.atom", "north-korea.html", "sources/peoples-dispatch.html"),
        *("index.html", "topics.opml", "sources.opml"),
    ],
)
def test_a_document_is_what_was_agreed_on(path: str, golden: Golden) -> None:
    golden(path.replace("/", "-"), BY_PATH[path].decode())


@pytest.mark.parametrize("document", SITE, ids=lambda document: document.path)
def test_the_judges_find_nothing_in_any_document(document: Document) -> None:
    judge = JUDGES.get(PurePosixPath(document.path).suffix)
    assert judge is None or judge(document.body) == []


def test_the_same_feed_gives_the_same_bytes() -> None:
    assert printing.render(FEED, CONFIG) == printing.render(FEED, CONFIG)
    assert outputs.front(CONFIG, [FEED]) == outputs.front(CONFIG, [FEED])


def test_a_feed_has_one_document_in_each_format_and_a_page() -> None:
    documents = printing.render(feed(name="sources/gazette"), CONFIG)
    assert tuple(document.path for document in documents) == outputs.paths("sources/gazette")
    assert {PurePosixPath(document.path).suffix for document in documents} == {
        *(format.suffix for format in outputs.FORMATS),
        ".html",
    }


@pytest.mark.parametrize("most", [0, 1, 5000, 6000, 10**9])
def test_as_many_entries_fit_as_no_format_is_larger_for_and_at_least_one(most: int) -> None:
    def largest(count: int) -> int:
        part = replace(FEED, entries=FEED.entries[:count])
        feeds = (one.body for one in printing.render(part, CONFIG) if not one.path.endswith(".html"))
        return max(map(len, feeds))

    sizes = [largest(count + 1) for count in range(len(FEED.entries))]
    assert outputs.fitting(FEED, CONFIG, most) == max(1, sum(size <= most for size in sizes))


def test_nothing_fits_of_an_empty_feed() -> None:
    assert outputs.fitting(feed(name="north-korea"), CONFIG, 2_000_000) == 0
