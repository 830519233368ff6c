"""The commands of the desk: what they write, what they say, and that it is in force at once."""

import json
from pathlib import Path

import pytest

from aggregator.errors import AggregatorError
from aggregator.store.sqlite import SqliteStore
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
    assert said.out.startswith("dry run, nothing was changed: “Korea talks begin”")
    assert (written(stocked), feeds.exists()) == ("", False)


def test_a_withdrawal_is_undone_by_what_names_it(stocked: NewsDesk) -> None:
    run(stocked, "withdraw", TALKS, "--reason", "x", "--silent")
    assert "silent: yes" in written(stocked)
    unknown = run(stocked, "withdraw", "korea talks begin", "--undo")
    assert unknown.code == 1
    assert f"it lists: {TALKS}" in unknown.out
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
        (("release", TALKS), 1, "is not under `hold`"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    stocked: NewsDesk, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run(stocked, *words)
    assert (done.code, written(stocked)) == (code, "")
    assert said in done.out


@pytest.mark.parametrize(
    "words",
    [
        ("withdraw", TALKS, "--reason", "x"),
        ("withdraw", TALKS, "--reason", "x", "--silent"),
        ("hold", TALKS, "--reason", "x"),
        ("pin", TALKS, "--topic", "korea", "--until", "2999-12-31"),
        ("pin", TALKS, "--topic", "korea", "--until", "2999-12-31", "--reason", "it: matters"),
    ],
    ids=" ".join,
)
def test_the_same_decision_twice_is_one(stocked: NewsDesk, words: tuple[str, ...]) -> None:
    assert run(stocked, *words).code == 0
    before = written(stocked)
    again = run(stocked, *words)
    assert (again.code, written(stocked)) == (0, before)
    assert " already" in again.out
    assert "0 documents written" in again.out
    assert run(stocked, *words, "--json").facts["before"] == {}


def test_an_item_is_known_again_by_another_of_its_names(stocked: NewsDesk) -> None:
    run(stocked, "hold", TALKS, "--reason", "x")
    before = written(stocked)
    for name in ("talks begin", f"{TALKS}?utm_source=y", f"{TALKS}#part"):
        assert run(stocked, "hold", name, "--reason", "x").code == 0
    assert written(stocked) == before


def test_a_pin_is_extended_where_it_stands(stocked: NewsDesk, feeds: Path) -> None:
    mine = (
        f"pin:   # mine\n  - topic: korea\n    item: {TALKS}  # first\n    until: 2999-01-01   # then\n\n"
        "  - {item: 'https://daily.example/korea-talks-end', topic: korea, until: '2999-01-02'}\n# the end\n"
    )
    stocked.decide(mine)
    said = run(stocked, "pin", "talks begin", "--topic", "korea", "--until", "2999-06-01", "--reason", "a: b")
    assert said.code == 0
    assert "(changed: until was 2999-01-01, reason was not given)" in said.out
    assert written(stocked) == mine.replace(
        "2999-01-01   # then\n", "2999-06-01   # then\n    reason: 'a: b'\n"
    )
    assert run(stocked, "pin", "talks end", "--topic", "korea", "--until", "2999-06-02").code == 0
    assert "until: 2999-06-02}" in written(stocked)
    in_braces = run(stocked, "pin", "talks end", "--topic", "korea", "--until", "2999-06-02", "--reason", "x")
    assert (in_braces.code, "is in braces; change it by hand" in in_braces.out) == (1, True)


def test_another_reason_takes_the_place_of_the_first(stocked: NewsDesk, feeds: Path) -> None:
    run(stocked, "withdraw", TALKS, "--reason", "it was invented")
    said = run(stocked, "withdraw", TALKS, "--reason", "the outlet took it back")
    assert (said.code, "(changed: reason was it was invented)" in said.out) == (0, True)
    assert written(stocked).count("item:") == 1
    assert "the outlet took it back" in (feeds / "withdrawn.json").read_text(encoding="utf-8")


def test_a_pin_in_another_topic_is_another_pin(stocked: NewsDesk) -> None:
    stocked.write(TOPICS.replace("match: cake", "match: talks"))
    assert run(stocked, "apply").code == 0
    run(stocked, "pin", "talks begin", "--topic", "korea", "--until", "7d")
    assert run(stocked, "pin", "talks begin", "--topic", "world", "--until", "7d").code == 0
    assert written(stocked).count("item:") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pin", TALKS, "--topic", "world", "--until", "7d"), "is not in world, so a pin there does nothing"),
        (("pin", TALKS, "--topic", "korea", "--until", "2020-01-01"), "2020-01-01 is over"),
    ],
)
def test_a_pin_that_does_nothing_says_so_and_is_not_written(
    stocked: NewsDesk, words: tuple[str, ...], said: str
) -> None:
    done = run(stocked, *words)
    assert (done.code, written(stocked)) == (1, "")
    assert said in done.out


def test_a_pin_by_an_earlier_id_of_a_topic_is_one_in_the_topic(stocked: NewsDesk) -> None:
    stocked.write(TOPICS.replace("{title: Korea,", "{title: Korea, was: [dprk],"))
    assert run(stocked, "pin", "talks begin", "--topic", "dprk", "--until", "7d").code == 0
    assert "topic: korea" in written(stocked)


def test_a_pin_of_what_is_held_says_when_it_will_show(stocked: NewsDesk) -> None:
    run(stocked, "hold", "talks begin", "--reason", "x")
    said = run(stocked, "pin", "talks begin", "--topic", "korea", "--until", "7d")
    assert (said.code, "shows once it is released" in said.out) == (0, True)


def test_what_is_withdrawn_is_not_held_besides(stocked: NewsDesk) -> None:
    run(stocked, "withdraw", TALKS, "--reason", "x")
    before = written(stocked)
    said = run(stocked, "hold", TALKS, "--reason", "y")
    assert (said.code, written(stocked)) == (1, before)
    assert "is withdrawn" in said.out


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


def test_a_decision_that_the_store_cannot_take_is_written_and_said_not_to_be_in_force(
    stocked: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object) -> None:
        raise AggregatorError("The database cannot be written; allow this user to write the file.")

    monkeypatch.setattr(SqliteStore, "sync", read_only)
    said = run(stocked, "hold", TALKS, "--reason", "x")
    assert (said.code, TALKS in written(stocked)) == (3, True)
    assert "says so now, but it has no effect yet" in said.out
    monkeypatch.undo()
    assert "is held back already" in run(stocked, "hold", TALKS, "--reason", "x").out
