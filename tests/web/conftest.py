"""A small published folder."""

from pathlib import Path

import pytest

ATOM = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Diplomacy</title>{}</feed>'
FILES = {
    "index.html": "<!doctype html><title>All topics</title>" + "<p>talks</p>" * 100,
    "all.html": "<!doctype html><title>Everything</title>",
    "all.atom": ATOM.format("<entry/>" * 200),
    "diplomacy.atom": ATOM.format("<entry><title>Talks</title></entry>" * 200),
    "diplomacy.rss": "<rss version='2.0'><channel/></rss>",
    "diplomacy.json": '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    "diplomacy.html": "<!doctype html><title>Diplomacy</title>" + "<p>talks</p>" * 100,
    "diplomacy/2.html": "<!doctype html><title>Diplomacy, page 2</title>",
    "diplomacy/archive/000001.atom": ATOM.format(""),
    "sources/wire.rss": "<rss version='2.0'><channel/></rss>",
    "sources/wire.html": "<!doctype html><title>Wire</title>",
    "digest/index.html": "<!doctype html><title>Digests</title>",
    "digest.atom": ATOM.format(""),
    "withdrawn.json": "[]",
    "topics.opml": "<opml version='2.0'/>",
    "style.css": "p { margin: 0 }",
    "icon.png": "\x89PNG",
    "README.md": "# Not published",
    ".diplomacy.atom.tmp": "half",
    "diplomacy.atom.gz": "old",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "feeds"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="latin-1")
    (tmp_path / "secret.atom").write_text("secret")
    return folder
