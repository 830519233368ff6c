"""Whole feeds beside the items they become: documents/ holds the feeds, golden/ what is made of them."""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import Head, Refined, Response, Source
from aggregator.parse.refinement import refine
from tests.conftest import Golden

DOCUMENTS = sorted((Path(__file__).parent / "documents").iterdir())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.name))
def test_a_feed_becomes_the_items_beside_it(path: Path, golden: Golden) -> None:
    response = Response(f"https://user:secret@feeds.example.net/{path.name}", 200, (), path.read_bytes())
    refined = refine(Source(id="outlet", feed=response.url), response)
    assert isinstance(refined, Refined)
    refined = replace(refined, edges="")
    golden(f"{path.name}.json", json.dumps(_written(refined), indent=1, ensure_ascii=False) + "\n")


def _written(value: Any) -> Any:
    """A value as JSON, without what is empty; the items' heads are the document's."""
    if is_dataclass(value):
        named = {one.name: getattr(value, one.name) for one in fields(value)}
        kept = {name: one for name, one in named.items() if name != "source" and one not in ("", (), None)}
        if "key" in kept:
            del kept["head"]
        return {name: written for name, one in kept.items() if (written := _written(one)) not in ({}, [])}
    if isinstance(value, tuple | frozenset):
        return [_written(one) for one in (sorted(value) if isinstance(value, frozenset) else value)]
    return str(value) if isinstance(value, datetime | timedelta) else value


def test_every_item_carries_the_head_of_its_feed() -> None:
    response = Response("https://valley.example/feed.atom", 200, (), DOCUMENTS[1].read_bytes())
    refined = refine(Source(id="outlet", feed=""), response)
    assert isinstance(refined, Refined)
    assert refined.head != Head()
    assert {item.head for item in refined.items} == {refined.head}
    assert {item.source for item in refined.items} == {"outlet"}
