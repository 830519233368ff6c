"""What a subscriber sees: our Atom in newsboat and in reader."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reader import make_reader

from tests.endtoend.program import Program
from tests.outlets import Outlets, running

FEED = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Daily Envoy</title><link>https://envoy.example/</link>
<item><title>Peace talks open in Geneva</title><link>https://envoy.example/geneva</link>
<guid>https://envoy.example/geneva</guid><dc:creator>Ana Costa</dc:creator>
<pubDate>Mon, 02 Feb 2026 08:30:00 GMT</pubDate>
<enclosure url="https://envoy.example/geneva.mp3" type="audio/mpeg" length="12345"/>
<description>Delegations met for the first time.</description></item>
</channel></rss>"""


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Outlets]:
    """Our own feeds/ as another server's files."""
    program = Program(tmp_path)
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"envoy": outlets.url("/feed")})
        program.run("poll")
    ours = Outlets({f"/{path}": body for path, body in program.documents().items()})
    with running(ours) as serving:
        yield serving


@pytest.mark.parametrize("path", ["/diplomacy.atom", "/diplomacy.rss", "/diplomacy.json"])
def test_reader_shows_the_article_its_author_and_its_date(published: Outlets, path: str) -> None:
    with make_reader(":memory:") as reader:
        reader.add_feed(published.url(path))
        reader.update_feeds()
        (entry,) = reader.get_entries()
    assert entry.link == "https://envoy.example/geneva"
    assert entry.authors_str == "Ana Costa"
    assert entry.published == datetime(2026, 2, 2, 8, 30, tzinfo=UTC)
    assert [enclosure.href for enclosure in entry.enclosures] == ["https://envoy.example/geneva.mp3"]


@pytest.mark.skipif(not shutil.which("newsboat"), reason="newsboat is not installed")
@pytest.mark.parametrize("path", ["/diplomacy.atom", "/diplomacy.rss"])
def test_newsboat_shows_the_article_its_author_and_its_date(
    published: Outlets, path: str, tmp_path: Path
) -> None:
    home = tmp_path / "newsboat"
    home.mkdir()
    (home / "urls").write_text(published.url(path) + "\n")
    (home / "config").touch()
    cache = home / "cache.db"
    files = ["-u", str(home / "urls"), "-C", str(home / "config"), "-c", str(cache)]
    subprocess.run(["newsboat", *files, "-x", "reload"], check=True, timeout=30, capture_output=True)
    with sqlite3.connect(cache) as database:
        rows = database.execute("select url, author, pubDate, title from rss_item").fetchall()
    database.close()
    when = int(datetime(2026, 2, 2, 8, 30, tzinfo=UTC).timestamp())
    assert rows == [("https://envoy.example/geneva", "Ana Costa", when, "Peace talks open in Geneva")]
