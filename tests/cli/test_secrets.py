"""No password and no token is ever shown, whatever is asked, said wrongly, or logged."""

import json
import logging
from pathlib import Path

import pytest

from aggregator.adapters import log
from tests.cli.newsdesk import NewsDesk, item

PASSWORD, TOKEN, PATH, HEADER = "hunter2pw", "t0kent0ken", "pr1vatep4th", "h3adersecret"
CONFIG = f"""\
site: {{title: Test Wire, url: 'https://wire.example.org/', contact: desk@example.org}}
polling: {{per-host: {{at-once: 9, pause: 0s}}}}
sources:
  daily: https://me:{PASSWORD}@127.0.0.1:1/feed
  weekly:
    feed: https://127.0.0.1:1/feed?user=me&token={TOKEN}
  private:
    feed: https://127.0.0.1:1/rss/{PATH}/feed
    private: true
    headers: {{Authorization: "Bearer ${{PARTNER}}"}}
"""
TOPICS = "topics: {korea: {match: korea}}\n"
SECRETS = (PASSWORD, TOKEN, PATH, HEADER, "me:")


@pytest.fixture
def stocked(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> NewsDesk:
    monkeypatch.setenv("PARTNER", HEADER)
    desk.write(TOPICS, CONFIG)
    desk.store(item("Korea talks begin"))
    return desk


def run(desk: NewsDesk, *words: str) -> str:
    said = desk.run(*words, "--feeds", str(desk.folder / "feeds"))
    return said.out + said.err


@pytest.mark.parametrize("more", [[], ["--json"], ["--verbose"], ["--verbose", "--log-json"]], ids=str)
@pytest.mark.parametrize(
    "words",
    [
        ["poll", "--all", "--force"],
        ["sources"],
        ["sources", "daily"],
        ["sources", "weekly"],
        ["sources", "private"],
        ["sources", "export"],
        ["check"],
        ["explain", "korea"],
        ["publish", "--all"],
        ["sources", "add", f"https://me:{PASSWORD}@127.0.0.1:1/feed"],
        ["sources", "add", f"https://me:{PASSWORD}/{TOKEN}@127.0.0.1:1/feed"],
        ["sources", "add", f"me:{PASSWORD}@127.0.0.1:1/feed?token={TOKEN}"],
        ["sources", "import", "list.opml"],
    ],
    ids=" ".join,
)
def test_no_command_shows_a_secret(stocked: NewsDesk, words: list[str], more: list[str]) -> None:
    (stocked.folder / "list.opml").write_text(
        f"""<opml version="2.0"><body>
            <outline text="a" xmlUrl="https://me:{PASSWORD}@127.0.0.1:1/feed"/>
            <outline text="b" xmlUrl="https://me:{PASSWORD}@new.example/feed?token={TOKEN}"/>
            <outline text="c" xmlUrl="htps://me:{PASSWORD}@odd.example/feed?token={TOKEN}"/>
            <outline text="d" xmlUrl="https://me:{PASSWORD}/x@odd.example/feed"/></body></opml>"""
    )
    words = [str(stocked.folder / word) if word.endswith(".opml") else word for word in words]
    said = run(stocked, *words, *more)
    assert said
    assert not [secret for secret in SECRETS if secret in said]


def test_an_imported_address_keeps_its_password_in_the_file_alone(stocked: NewsDesk) -> None:
    (stocked.folder / "list.opml").write_text(
        f'<opml version="2.0"><body><outline text="New" xmlUrl="https://me:{PASSWORD}@new.example/"/></body></opml>'
    )
    said = stocked.run("sources", "import", str(stocked.folder / "list.opml"), "--json")
    assert said.facts["added"] == {"new": "https://***@new.example/"}
    assert f"https://me:{PASSWORD}@new.example/" in stocked.config.read_text()


@pytest.mark.parametrize(
    "broken",
    [
        f"  a: htps://me:{PASSWORD}@a.example/feed\n",
        f"  a: a.example/feed?token={TOKEN}\n",
        f"  a: https://me:{PASSWORD}@a.example /feed\n",
        f"  daily: https://me:{PASSWORD}@a.example/feed\n",
        f"  a: {{feed: 'https://a.example/', headers: {{Authorization: '{HEADER} }}}}\n",
    ],
)
def test_no_mistake_in_the_file_shows_a_secret(stocked: NewsDesk, broken: str) -> None:
    stocked.write(TOPICS, CONFIG + broken)
    for words in (["check"], ["check", "--json"], ["search", "korea"]):
        said = run(stocked, *words)
        assert not [secret for secret in SECRETS if secret in said]


@pytest.mark.parametrize("as_json", [True, False])
def test_the_log_holds_no_secret_whoever_writes_to_it(
    stocked: NewsDesk, tmp_path: Path, as_json: bool
) -> None:
    stocked.run("sources")  # from here on the secrets are known
    with (tmp_path / "log").open("w+") as stream:
        log.configure(as_json=as_json, stream=stream)
        logging.getLogger("aggregator").warning("asked https://me:%s@h/?token=%s", PASSWORD, TOKEN)
        logging.getLogger("aiohttp").error(
            "sent Authorization: %s", HEADER, extra={"facts": {"to": [HEADER]}}
        )
        stream.seek(0)
        lines = stream.read().splitlines()
    assert len(lines) == 2
    assert not [secret for secret in SECRETS if secret in "".join(lines)]
    if as_json:
        assert json.loads(lines[1])["to"] == ["***"]
