"""`aggregator sources`: how they fare, and how some are added."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from aggregator import config
from aggregator.cli import program
from aggregator.model import Failure, PollResult, Subscription
from aggregator.service.settings import now
from aggregator.store.sqlite import SqliteStore
from tests.cli.newsdesk import NOW, NewsDesk, item
from tests.outlets import Outlets, running

FEED = b"""<rss version="2.0"><channel><title>The Outlet</title><link>https://outlet.example/</link>
<item><title>Peace at last</title><guid>https://outlet.example/1</guid>
<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = (
    b'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
)
WORLD = "topics:\n  world: {title: World, match: world}\n"
HEAD = """\
# the desk's file
site: {title: Test Wire, url: https://wire.example.org/}
polling:
  allow-private: [127.0.0.0/8]   # loopback
sources:
  daily: https://daily.example/feed    # every day
"""


def failed(desk: NewsDesk, id: str, failure: Failure) -> None:
    """A poll of a source that failed."""
    cfg = config.load(desk.config, {})
    with closing(SqliteStore.open(desk.database)) as store:
        store.sync(cfg.sources, NOW)
        (claim,) = store.claim(NOW, timedelta(hours=1), 1, [id])
        memory = replace(
            claim.memory, polled=NOW, failures=3, failure=failure.sentence, next_poll=NOW, why="It failed."
        )
        store.record(PollResult(claim, NOW, memory, "failed", failure=failure, status=failure.status))


# ── how they fare ───────────────────────────────────────────────────────────────────────────────


def test_a_hub_that_pushes_is_told_of_without_what_only_it_may_know(desk: NewsDesk) -> None:
    desk.write(WORLD)
    desk.store(item("Peace"))
    hub, callback = "https://hub.example/", "https://wire.example.org/push/t0ken"
    until = now() + timedelta(days=9)
    with closing(SqliteStore.open(desk.database)) as store:
        one = Subscription("daily", hub, "https://daily.example/feed", callback, "s3cret", until)
        store.pushes.add(replace(one, since=now(), until=until))
    told = f"Its hub hub.example pushes what is new (WebSub) until {until:%Y-%m-%d %H:%M} UTC; no push has"
    for words in (["sources"], ["sources", "daily"]):
        assert told in desk.run(*words).out
    facts = desk.run("sources", "daily", "--json").out
    assert json.loads(facts)["push"]["state"] == "works"
    assert "t0ken" not in facts
    assert "s3cret" not in facts
    assert json.loads(desk.run("sources", "weekly", "--json").out)["push"] is None


def test_the_worst_comes_first_with_its_sentence_and_the_next_poll_with_its_reason(desk: NewsDesk) -> None:
    desk.write(WORLD)
    desk.store(item("Peace"))
    failed(desk, "weekly", Failure("http", "weekly.example has no feed here; check the address.", 404))
    lines = desk.run("sources").out.splitlines()
    assert lines[0].split()[:3] == ["source", "state", "last"]
    assert lines[1].split()[:2] == ["weekly", "broken"]
    assert "check the address (3 times in a row). It failed." in lines[1]
    assert lines[2].split()[:2] == ["daily", "fine"]
    assert lines[-1] == "2 sources: 1 broken, 1 fine"


def test_the_order_can_be_chosen(desk: NewsDesk) -> None:
    desk.write(WORLD)
    desk.store(item("Peace"))
    for order in ("id", "last", "next", "rate", "worst"):
        said = desk.run("sources", "--sort", order, "--json").facts
        assert {one["id"] for one in said["sources"]} == {"daily", "weekly"}
    assert desk.run("sources", "--sort", "colour").code == 2


def test_before_the_first_poll_all_are_new_and_no_store_is_made(desk: NewsDesk) -> None:
    desk.write(WORLD)
    said = desk.run("sources")
    assert said.out.splitlines()[-1] == "2 sources: 2 new"
    assert not desk.database.exists()


def test_one_source_is_shown_with_its_last_polls(desk: NewsDesk) -> None:
    desk.write(WORLD)
    desk.store(item("Peace"))
    failed(desk, "daily", Failure("http", "daily.example has trouble of its own.", 500))
    out = desk.run("sources", "daily", "--limit", "5").out
    assert "https://daily.example/feed" in out
    assert ["2026-03-01", "12:00:00", "UTC", "failed", "500", "0", "0", "0"] in [
        line.split()[:8] for line in out.splitlines()
    ]
    facts = desk.run("sources", "daily", "--json").facts
    assert [poll["outcome"] for poll in facts["polls"]] == ["failed", "new"]
    assert facts["polls"][0]["failure"] == "daily.example has trouble of its own."
    assert (facts["state"], facts["failures"]) == ("broken", 3)


def test_an_unknown_source_is_one_sentence_with_the_nearest(desk: NewsDesk) -> None:
    desk.write(WORLD)
    said = desk.run("sources", "dayly")
    assert (said.out, said.code) == ("There is no source 'dayly' in sources.yaml; did you mean daily?\n", 1)


# ── adding one ──────────────────────────────────────────────────────────────────────────────────


def test_a_feed_that_a_page_names_is_shown_and_added_in_its_own_line(desk: NewsDesk) -> None:
    desk.write("", HEAD)
    with running(Outlets({"/": PAGE, "/feed": FEED})) as outlets:
        said = desk.run("sources", "add", outlets.url("/"))
        line = f"  the-outlet: {outlets.url('/feed')}\n"
    assert said.code == 0, said.out
    assert "The Outlet" in said.out
    assert f"{outlets.url('/feed')} (RSS 2.0, 1 item, named by {outlets.url('/')})" in said.out
    assert "  2026-03-01 10:00 UTC  Peace at last" in said.out
    assert desk.config.read_text() == HEAD + line
    assert all("python" not in asked.headers["User-Agent"].lower() for asked in outlets.log)


def test_what_is_there_already_is_told_and_written_once(desk: NewsDesk) -> None:
    with running(Outlets({"/feed": FEED})) as outlets:
        desk.write("", HEAD + f"  mine: {outlets.url('/feed')}\n")
        before = desk.config.read_bytes()
        said = desk.run("sources", "add", outlets.url("/feed"), "--id", "other")
    assert said.code == 1
    assert f"mine has it already: {outlets.url('/feed')}" in said.out
    assert desk.config.read_bytes() == before


@pytest.mark.parametrize(
    ("path", "words", "sentence"),
    [
        ("/page", (), "answered an HTML page instead of a feed"),
        ("/missing", (), "has no feed at this address (404 Not Found)"),
        ("/feed", ("--id", "No Id"), "'No Id' is no id"),
        ("/feed", ("--id", "daily"), "There is a source 'daily' already"),
    ],
)
def test_what_cannot_be_added_is_one_sentence_and_nothing_is_written(
    desk: NewsDesk, path: str, words: tuple[str, ...], sentence: str
) -> None:
    desk.write("", HEAD)
    with running(Outlets({"/page": b"<!doctype html><p>Hello", "/feed": FEED})) as outlets:
        said = desk.run("sources", "add", outlets.url(path), *words)
    assert said.code == 1
    assert sentence in said.out
    assert desk.config.read_text() == HEAD


def test_an_invalid_configuration_is_not_added_to(desk: NewsDesk) -> None:
    desk.write("", HEAD + "  other: nowhere\n")
    before = desk.config.read_bytes()
    said = desk.run("sources", "add", "https://a.example/feed")
    assert said.code == 1
    assert "sources.yaml:7:10" in said.out
    assert desk.config.read_bytes() == before


def test_private_addresses_are_not_looked_at_unless_they_are_allowed(desk: NewsDesk) -> None:
    desk.write(WORLD)
    with running(Outlets({"/feed": FEED})) as outlets:
        said = desk.run("sources", "add", outlets.url("/feed"))
        assert outlets.log == []
    assert "is no public address and was not asked" in said.out


def test_the_file_keeps_its_mode_and_a_link_keeps_leading_to_it(desk: NewsDesk, tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text(HEAD)
    real.chmod(0o600)
    desk.config.symlink_to(real)
    opml = tmp_path / "list.opml"
    opml.write_text('<opml><body><outline text="New" xmlUrl="https://new.example/"/></body></opml>')
    assert desk.run("sources", "import", str(opml)).code == 0
    assert desk.config.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600
    assert real.read_text() == HEAD + "  new: https://new.example/\n"


# ── lists ───────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_added_at_once_without_what_is_there_twice_or_unusable(desk: NewsDesk) -> None:
    desk.write("", HEAD)
    feeds = [
        ("Daily", "https://daily.example/feed"),
        ("Paper", "https://paper.example/a"),
        ("Paper", "feed://paper.example/b"),
        ("Paper again", "https://paper.example/a"),
        ("Odd", "gopher://odd.example/"),
    ]
    outlines = "".join(f'<outline text="{title}" xmlUrl="{url}"/>' for title, url in feeds)
    opml = desk.folder / "list.opml"
    opml.write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    said = desk.run("sources", "import", str(opml), "--json")
    assert said.facts == {
        "added": {"paper": "https://paper.example/a", "paper-2": "http://paper.example/b"},
        "known": [
            {"id": "daily", "feed": "https://daily.example/feed"},
            {"id": "paper", "feed": "https://paper.example/a"},
        ],
        "refused": ["gopher://odd.example/"],
    }
    assert "nothing added" in desk.run("sources", "import", str(opml)).out
    assert desk.run("sources", "import", "nowhere.opml").out.startswith("nowhere.opml cannot be read")


def test_what_is_exported_is_imported_again_and_private_sources_stay_here(desk: NewsDesk) -> None:
    secret = "  secret:\n    feed: https://secret.example/token\n    private: true\n"
    desk.write("", HEAD + secret)
    where = {"AGGREGATOR_CONFIG": str(desk.config), "AGGREGATOR_DATABASE": str(desk.database)}
    done = CliRunner(env=where).invoke(program, ["sources", "export"])
    assert "token" not in done.stdout
    assert done.stderr == "1 private source left out\n"
    assert "https://daily.example/feed" in done.stdout
    opml = desk.folder / "list.opml"
    opml.write_bytes(done.stdout_bytes)
    desk.write("", "site: {title: T, url: https://other.example/}\n")
    assert desk.run("sources", "import", str(opml)).code == 0
    assert "  daily: https://daily.example/feed\n" in desk.config.read_text()


def test_options_before_the_group_hold_for_its_commands(desk: NewsDesk) -> None:
    desk.write("", HEAD)
    done = CliRunner().invoke(program, ["--json", "--config", str(desk.config), "sources", "export"])
    assert json.loads(done.stdout)["private"] == 0
