"""The recorded feeds beside the project, where they are; their text stays there."""

from io import BytesIO
from pathlib import Path

import feedparser
import pytest

SHARED = Path(__file__).parents[3] / "shared"
FEEDS = SHARED / "corpus" / "feeds"
DAYS = SHARED / "corpus" / "days"
needs_corpus = pytest.mark.skipif(
    not FEEDS.is_dir(), reason="the recorded feeds (../shared/corpus) are not here"
)


def bodies(folder: Path) -> dict[str, bytes]:
    """Every recorded feed by the path a test serves it under."""
    return {f"/{path.name}": path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def source_id(path: str) -> str:
    """A source id for a served path."""
    plain = "".join(c if c.isalnum() else "-" for c in path.strip("/").lower())
    return plain.replace("--", "-")[-64:].strip("-")


def entries(body: bytes) -> int:
    """How many entries feedparser finds, those that are alike in id, address and title counted once."""
    found = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
    marks = [(entry.get("id"), entry.get("link"), entry.get("title")) for entry in found]
    known = {mark for mark in marks if any(mark)}
    return len(known) + sum(not any(mark) for mark in marks)
