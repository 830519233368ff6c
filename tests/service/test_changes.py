"""After an edit the log says what changed."""

from dataclasses import replace

import pytest

from aggregator.model import Config, Polling, Site, Source, Topic
from aggregator.service.program import changes

BEFORE = Config(
    site=Site("Wire", "https://wire.test/"),
    polling=Polling(),
    sources=(Source("a", "https://a.test/feed"), Source("b", "https://b.test/feed")),
    lists={},
    topics=(Topic("peace", "Peace", match="peace"),),
)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (replace(BEFORE, topics=(*BEFORE.topics, Topic("climate", "C", match="c"))), "topic climate added"),
        (replace(BEFORE, sources=BEFORE.sources[:1]), "source b removed"),
        (replace(BEFORE, sources=()), "sources a, b removed"),
        (replace(BEFORE, topics=(Topic("peace", "Peace!", match="peace"),)), "topic peace changed"),
        (replace(BEFORE, lists={"states": "China"}), "lists changed"),
        (replace(BEFORE, site=Site("Other", "https://wire.test/")), "settings of the site changed"),
        (BEFORE, "nothing that is read or published changed"),
        (
            replace(
                BEFORE, sources=tuple(Source(f"s{n}", f"https://{n}.test/") for n in range(9)), topics=()
            ),
            "9 sources added, sources a, b removed, topic peace removed",
        ),
    ],
)
def test_an_edit_is_said_in_words(after: Config, said: str) -> None:
    assert changes(BEFORE, after) == said
