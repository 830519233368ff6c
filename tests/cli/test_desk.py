"""The commands of the desk: what they write, what they say, and that it is in force at once."""

import json
from pathlib import Path

import pytest

from tests.cli.newsdesk import NewsDesk, Said, item

TOPICS = """
topics:
  korea: {title: Korea, match: korea}
  world: {title: World, match: cake}
"""
TALKS = "https://daily.example/korea-talks-begin"


@pytest.fixture
def stocked(desk: NewsDesk) -> NewsDesk:
    """An installation with three items; two have a word of their titles in common."""
    desk.write(TOPICS)
    desk.store(item("Korea talks begin"), item("Korea talks end", number=1), item("A cake", source="weekly"))
    return desk


@pytest.fixture
def feeds(stocked: NewsDesk) -> Path:
    return stocked.folder / "feeds"


def run(desk: NewsDesk, *words: str) -> Said:
    return desk.run(*words, "--feeds", str(desk.folder / "feeds"))


def written(desk: NewsDesk) -> str:
    file = desk.folder / "desk.yaml"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def titles(feeds: Path, feed: str = "all") -> list[str]:
    return [one["title"] for one in json.loads((feeds / f"{feed}.json").read_bytes())["items"]]


def test_an_item_is_withdrawn_by_its_address(stocked: NewsDesk, feeds: Path) -> None:
    said = run(stocked, "withdraw", TALKS, "--reason", "it was invented")
    assert said.code == 0
    assert said.out.startswith("“Korea talks begin” (daily) is withdrawn from all, korea, sources/daily; ")
    assert written(stocked) == f"withdraw:\n  - item: {TALKS}\n    reason: it was invented\n"
    assert titles(feeds) == ["A cake", "Korea talks end", "Withdrawn"]
    assert "it was invented" in (feeds / "withdrawn.json").read_text(encoding="utf-8")


def test_a_title_names_an_item_if_it_is_the_only_one(stocked: NewsDesk) -> None:
    several = run(stocked, "withdraw", "korea talks", "--reason", "x")
    assert several.code == 1
    assert "2 items have “korea talks”" in several.out
    assert (TALKS in several.out, written(stocked)) == (True, "")
    assert run(stocked, "withdraw", "talks end", "--reason", "x").code == 0
    assert "korea-talks-end" in written(stocked)


def test_a_dry_run_changes_nothing(stocked: NewsDesk, feeds: Path) -> None:
    said = run(stocked, "withdraw", TALKS, "--reason", "x", "--dry-run")
    assert said.out.startswith("nothing is done yet; then: “Korea talks begin”")
    assert (written(stocked), feeds.exists()) == ("", False)


def test_a_withdrawal_is_undone_by_what_names_it(stocked: NewsDesk) -> None:
    run(stocked, "withdraw", TALKS, "--reason", "x", "--silent")
    assert "silent: yes" in written(stocked)
    unknown = run(stocked, "withdraw", "korea talks begin", "--undo")
    assert unknown.code == 1
    assert f"there stands: {TALKS}" in unknown.out
    assert run(stocked, "withdraw", f"{TALKS}?utm_source=x", "--undo").code == 0
    assert written(stocked) == "withdraw:\n"


def test_what_is_not_stored_may_be_withdrawn_beforehand_by_its_full_name(stocked: NewsDesk) -> None:
    assert run(stocked, "withdraw", "https://daily.example/next", "--reason", "x").code == 0
    assert "https://daily.example/next" in written(stocked)
    unknown = run(stocked, "withdraw", "no such words", "--reason", "x")
    assert (unknown.code, "there is no item 'no such words'" in unknown.out) == (1, True)


def test_an_item_is_held_found_and_released(stocked: NewsDesk, feeds: Path) -> None:
    assert run(stocked, "hold", "talks begin", "--reason", "the lawyers").code == 0
    assert titles(feeds, "korea") == ["Korea talks end"]
    assert "held, not published" in run(stocked, "search", "begin").out
    assert "held, not published" in run(stocked, "explain", TALKS).out
    assert run(stocked, "release", "talks begin").code == 0
    assert titles(feeds, "korea") == ["Korea talks begin", "Korea talks end"]


def test_an_item_is_pinned_for_a_time(stocked: NewsDesk, feeds: Path) -> None:
    pinned = run(stocked, "pin", "talks end", "--topic", "korea", "--until", "9999-12-30", "--json")
    assert pinned.facts["feeds"] == ["korea"]
    assert titles(feeds, "korea") == ["Korea talks end", "Korea talks begin"]
    assert run(stocked, "pin", "talks end", "--topic", "korea", "--undo").code == 0
    assert titles(feeds, "korea") == ["Korea talks begin", "Korea talks end"]
    assert run(stocked, "pin", "talks end", "--topic", "korea", "--until", "2w").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("withdraw", TALKS), 2, "say why with --reason"),
        (("hold", TALKS), 2, "say why with --reason"),
        (("pin", TALKS, "--topic", "korea"), 2, "say --topic and --until"),
        (
            ("pin", TALKS, "--topic", "corea", "--until", "7d"),
            1,
            "There is no topic corea. Did you mean korea?",
        ),
        (("pin", TALKS, "--topic", "korea", "--until", "soon"), 1, "soon is no day and no time"),
        (("pin", "https://daily.example/next", "--topic", "korea", "--until", "7d"), 1, "there is no item"),
        (("release", TALKS), 1, "does not stand under `hold`"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    stocked: NewsDesk, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run(stocked, *words)
    assert (done.code, written(stocked)) == (code, "")
    assert said in done.out


def test_a_second_withdrawal_of_the_same_item_is_refused(stocked: NewsDesk) -> None:
    run(stocked, "withdraw", TALKS, "--reason", "x")
    before = written(stocked)
    again = run(stocked, "withdraw", TALKS, "--reason", "y")
    assert (again.code, written(stocked)) == (1, before)
    assert "The same item stands under `withdraw` in line 2" in again.out


def test_what_the_operator_wrote_stays(stocked: NewsDesk) -> None:
    mine = "# mine\nadd:\n  - item: tag:x,2026:1   # this one\n    topics: [korea]\n    reason: because\n"
    stocked.decide(mine)
    run(stocked, "hold", TALKS, "--reason", "wait: #1")
    assert written(stocked) == f"{mine}\nhold:\n  - item: {TALKS}\n    reason: 'wait: #1'\n"


def test_without_a_store_the_file_is_written_and_that_is_all(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    assert run(desk, "withdraw", TALKS, "--reason", "x").code == 0
    assert TALKS in written(desk)
    assert not desk.database.exists()


def test_sources_are_added_beside_whatever_the_desk_ruled(stocked: NewsDesk) -> None:
    run(stocked, "hold", TALKS, "--reason", "wait")
    opml = stocked.folder / "list.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline xmlUrl="https://new.example/feed" text="New"/></body></opml>'
    )
    assert run(stocked, "sources", "import", str(opml)).code == 0
    assert "https://new.example/feed" in stocked.config.read_text(encoding="utf-8")
