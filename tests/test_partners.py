"""What docs/partners.md promises to other sites is what they get."""

import re
from pathlib import Path

from aggregator import outputs
from tests import printing
from tests.outputs.samples import CONFIG, FEED

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "partners.md").read_text(encoding="utf-8")
PUBLISHED = {one.path for one in (*printing.render(FEED, CONFIG), *outputs.front(CONFIG, [FEED]))}
EMBED = next(one.body.decode() for one in outputs.front(CONFIG, [FEED]) if one.path == "embed.js")


def test_every_attribute_and_part_of_the_embed_is_explained() -> None:
    known = re.search(r"observedAttributes = \[(.*?)\]", EMBED)
    assert known is not None
    attributes = re.findall(r"\w+", known[1])
    assert sorted(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == sorted(attributes)
    parts = set(re.findall(r"\[part=(\w+)\]|make\(\"\w+\", \"(\w+)\"|this\.#link\([^\n]*?\"(\w+)\",", EMBED))
    said = re.search(r"^The parts are (.*?)\. ", TEXT, re.MULTILINE)
    assert said is not None
    assert set(re.findall(r"`(\w+)`", said[1])) >= {name for found in parts for name in found if name}


def test_every_address_in_the_examples_is_published() -> None:
    paths = {
        path.partition("?")[0] for path in re.findall(r"https://wire\.example\.org/([\w./?=:%-]*)", TEXT)
    }
    elsewhere = {"", "hub", "search.json", "search.atom", "sources/ID.atom", "withdrawn.json"}
    assert paths - elsewhere - PUBLISHED == set()
