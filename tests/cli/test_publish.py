"""`aggregator publish` tells what it left out."""

from dataclasses import replace
from pathlib import Path

from tests.cli.newsdesk import HEAD, NewsDesk, item

TOPICS = """\
topics:
  world:
    title: World
    match: talks
"""


def test_a_broken_item_is_counted_named_and_stops_nothing(tmp_path: Path) -> None:
    desk = NewsDesk(tmp_path)
    desk.write(TOPICS, HEAD)
    desk.store(item("Peace talks"), replace(item("Talks that broke"), id="no iri"))
    feeds = tmp_path / "feeds"
    first = desk.run("publish", "--feeds", str(feeds))
    assert first.code == 0
    assert first.out.endswith(", without 1 broken item\n")
    again = desk.run("publish", "--all", "--json", "--feeds", str(feeds))
    assert again.facts["quarantined"] == {"no iri": "id is no IRI: 'no iri'"}
    assert again.facts["written"] == []
    assert b"Peace talks" in (feeds / "world.atom").read_bytes()
    assert b"broke" not in (feeds / "world.atom").read_bytes()
