"""Real feeds: nothing lost, nothing doubled, texts clean. Skipped where the recorded feeds are absent."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest

from aggregator.model import Item, Refined, Response, Source
from aggregator.parse import identity, refinement
from aggregator.parse.drafts import Parsed
from tests.examples import some

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FEEDS = sorted((CORPUS / "feeds").glob("*"))
DAYS = sorted((CORPUS / "days" / "1").glob("*"))

needs_corpus = pytest.mark.skipif(not FEEDS, reason="the recorded feeds of ../shared are not here")


def refine(path: Path, url: str) -> Refined:
    refined = refinement.refine(Source(id="outlet", feed=url), Response(url, 200, (), path.read_bytes()))
    assert isinstance(refined, Refined), refined
    return refined


def entries(path: Path) -> int:
    if path.suffix == ".json":
        return len(json.loads(path.read_text("utf-8"))["items"])
    return len(read_by_feedparser(path))


def read_by_feedparser(path: Path) -> list[Any]:
    options = {"sanitize_html": False, "resolve_relative_uris": False}
    return list(feedparser.parse(io.BytesIO(path.read_bytes()), **options)["entries"])


@needs_corpus
@pytest.mark.parametrize("path", some(FEEDS), ids=lambda path: str(path.name))
def test_every_recorded_feed_is_read_as_feedparser_counts_it(path: Path) -> None:
    refined = refine(path, f"https://feeds.example.net/{path.name}")
    assert refined.entries == entries(path)
    keys = [item.key for item in refined.items]
    assert len(keys) == len(set(keys))
    blank = sum(int(note.split()[0]) for note in refined.notes if "left out: without title" in note)
    assert len(keys) + blank >= 0.95 * refined.entries
    ids = [item.id for item in refined.items if item.id]
    assert len(ids) == len(set(ids))
    for item in refined.items:
        assert not list(faults(item)), item.title


def faults(item: Item) -> Iterator[str]:
    """What must stand in no item."""
    for name, text in (("title", item.title), ("summary", item.summary)):
        if "\n" in text or text != text.strip():
            yield f"{name} is not on one line"
        if re.search(r"&(?:amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-f]+);", text):
            yield f"{name} holds an entity"
    if re.search(r"[\ud800-\udfff\ufffe\uffff\x00-\x08]", item.content + item.text + item.title):
        yield "a character that XML forbids"
    if re.search(r"<[a-z]+ [^<>]*(?:src|href|cite)=\"(?!https?:|mailto:)", item.content):
        yield "a relative or odd address"
    if re.search(r"<(?:script|style|iframe|form|svg|object|embed)\b", item.content):
        yield "a forbidden element"
    if any("@" in author.name and "." in author.name.partition("@")[2] for author in item.authors):
        yield "an e-mail address"


@needs_corpus
@pytest.mark.parametrize("path", some(DAYS), ids=lambda path: str(path.name))
def test_over_three_days_no_item_is_lost_and_none_is_doubled(path: Path) -> None:
    """Outlets' own ids name their items; entries without one are told apart by link and title, or by text."""
    taken: set[str] = set()
    named: set[tuple[str, ...]] = set()
    for day in ("1", "2", "3"):
        later = CORPUS / "days" / day / path.name
        url = f"https://feeds.example.net/{path.name}"
        parsed = refinement.read(Response(url, 200, (), later.read_bytes()), url)
        assert isinstance(parsed, Parsed)
        taken |= set(identity.keys(parsed.drafts, parsed.head))
        for entry in read_by_feedparser(later):
            told = (entry.get("link", ""), entry.get("title", "") or entry.get("summary", ""))
            named.add((entry["id"],) if entry.get("id") else told)
    assert len(taken) == len(named)
