"""What a subscriber sees: our feeds in newsboat, in reader and in rss2email, served by our own web part."""

import email.policy
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from reader import make_reader

from tests.endtoend.program import Program
from tests.endtoend.site import Site, serving
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
WHEN = datetime(2026, 2, 2, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one outlet's item became."""
    program = Program(tmp_path_factory.mktemp("site"))
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"envoy": outlets.url("/feed")})
        program.run("poll")
    return program.feeds


@pytest.fixture
def site(published: Path) -> Iterator[Site]:
    """A server of it that nobody has asked yet."""
    with serving(published) as one:
        yield one


@pytest.mark.parametrize("path", ["/diplomacy.atom", "/diplomacy.rss", "/diplomacy.json"])
def test_reader_shows_the_article_its_author_its_date_and_its_text(site: Site, path: str) -> None:
    with make_reader(":memory:") as reader:
        reader.add_feed(site.url(path))
        reader.update_feeds()
        (entry,) = reader.get_entries()
        reader.update_feed(site.url(path))  # at once: `update_feeds` heeds our max-age
    assert entry.link == "https://envoy.example/geneva"
    assert entry.authors_str == "Ana Costa"
    assert entry.published == WHEN
    assert [enclosure.href for enclosure in entry.enclosures] == ["https://envoy.example/geneva.mp3"]
    texts = [entry.summary or "", *(content.value for content in entry.content)]
    assert any("Delegations met for the first time." in text for text in texts)
    assert site.log[path] == [200, 304]


@pytest.mark.skipif(not shutil.which("newsboat"), reason="newsboat is not installed")
@pytest.mark.parametrize("path", ["/diplomacy.atom", "/diplomacy.rss"])
def test_newsboat_shows_the_article_its_author_its_date_and_its_text(
    site: Site, path: str, tmp_path: Path
) -> None:
    (tmp_path / "urls").write_text(site.url(path) + "\n")
    (tmp_path / "config").touch()
    cache = tmp_path / "cache.db"
    files = ["-u", str(tmp_path / "urls"), "-C", str(tmp_path / "config"), "-c", str(cache)]
    for _ in range(3):  # it keeps no validators of its first look
        subprocess.run(["newsboat", *files, "-x", "reload"], check=True, timeout=30, capture_output=True)
    with sqlite3.connect(cache) as database:
        rows = database.execute("select url, author, pubDate, title, content from rss_item").fetchall()
    database.close()
    [(url, author, when, title, text)] = rows
    assert (url, author, when) == ("https://envoy.example/geneva", "Ana Costa", int(WHEN.timestamp()))
    assert title == "Peace talks open in Geneva"
    assert "Delegations met for the first time." in text
    assert site.log[path] == [200, 200, 304]


@pytest.mark.skipif(not shutil.which("r2e"), reason="rss2email is not installed")
@pytest.mark.parametrize("path", ["/diplomacy.atom", "/diplomacy.rss"])
def test_rss2email_mails_the_article_its_author_its_date_and_its_text(
    site: Site, path: str, tmp_path: Path
) -> None:
    mail = tmp_path / "mail"
    mail.mkdir()
    (tmp_path / "r2e.cfg").write_text(
        f"[DEFAULT]\nfrom = desk@wire.example\nto = editor@wire.example\nemail-protocol = maildir\n"
        f"maildir-path = {mail}\nmaildir-mailbox = new-mail\ndate-header = True\nforce-from = False\n"
        f"[feed.wire]\nurl = {site.url(path)}\n"
    )
    r2e = ["r2e", "-c", str(tmp_path / "r2e.cfg"), "-d", str(tmp_path / "seen.json"), "run"]
    for _ in range(2):
        subprocess.run(
            r2e, check=True, timeout=30, capture_output=True, env=os.environ | {"HOME": str(tmp_path)}
        )
    [message] = [_read(file) for file in (mail / "new-mail" / "new").iterdir()]
    assert message["subject"] == "Peace talks open in Geneva"
    assert "Ana Costa" in message["from"]
    assert message["date"].datetime.replace(tzinfo=UTC) == WHEN
    text = message.get_body(("html", "plain")).get_content()  # type: ignore[union-attr]
    assert "https://envoy.example/geneva" in text
    assert "Delegations met for the first time." in text
    assert site.log[path] == [200, 304]


def _read(file: Path) -> EmailMessage:
    parsed = BytesParser(policy=email.policy.default).parsebytes(file.read_bytes())
    assert isinstance(parsed, EmailMessage)
    return parsed
