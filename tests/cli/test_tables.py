"""What is listed: a table on a wide terminal, a block each on a narrow one, a line in a pipe."""

from collections.abc import Callable

import pytest

from tests.cli.newsdesk import NewsDesk, item

SOURCES = """\
site: {title: Test Wire, url: https://wire.example.org/, timezone: America/Sao_Paulo}
sources:
  daily:
    feed: https://daily.example/feed
    title: 한국 Daily
  weekly: https://weekly.example/feed
topics: {}
"""
TOLD = "It is new and was not polled yet."


@pytest.fixture
def listed(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The lines of a command on a terminal of that width; 0 is a pipe."""
    desk.write("", SOURCES)
    desk.store(item("Peace"))

    def run(width: int, *words: str) -> list[str]:
        if width:
            monkeypatch.setenv("FORCE_COLOR", "1")
            monkeypatch.setenv("COLUMNS", str(width))
        return desk.run(*words).out.splitlines()

    return run


def test_in_a_pipe_each_record_is_one_line_aligned_and_whole(listed: Callable[..., list[str]]) -> None:
    head, daily, weekly, total = listed(0, "sources")
    assert head.split() == ["source", "title", "state", "last", "good", "brings", "next", "poll", "remarks"]
    assert daily.split()[:4] == ["daily", "한국", "Daily", "fine"]
    assert daily.endswith(TOLD)
    assert daily.index("fine") + 2 == weekly.index("fine") == head.index("state")  # two letters are wide ones
    assert total == "2 sources: 2 fine"


def test_what_fits_a_terminal_is_a_table_whose_remarks_wrap(listed: Callable[..., list[str]]) -> None:
    lines = listed(100, "sources")
    assert lines[0].split()[0] == "source"
    assert max(map(len, lines)) <= 100
    assert not [line for line in lines if line.endswith(" ")]


def test_what_does_not_fit_is_a_block_for_each_record(listed: Callable[..., list[str]]) -> None:
    lines = listed(40, "sources")
    assert lines[:3] == ["source: daily", "title: 한국 Daily", "state: fine"]
    second = lines.index("source: weekly")
    assert lines[second - 1] == ""
    assert lines[second + 1] == "state: fine"
    assert lines[-2:] == ["", "2 sources: 2 fine"]
    assert max(map(len, lines)) <= 40


def test_the_polls_of_a_source_are_listed_likewise_in_the_zone_of_the_site(
    listed: Callable[..., list[str]],
) -> None:
    assert listed(0, "sources", "daily")[-2:] == [
        "asked                       outcome  bytes  new  corrected",
        "2026-03-01 09:00:00 UTC-03  new          0    1          0",
    ]
    assert listed(40, "sources", "daily")[-6:] == [
        "asked: 2026-03-01 09:00:00 UTC-03",
        "outcome: new",
        "bytes: 0",
        "new: 1",
        "corrected: 0",
        "",
    ]


def test_titles_of_outlets_and_topics_are_shown_beside_their_ids(desk: NewsDesk) -> None:
    desk.write("", SOURCES.replace("topics: {}", "topics: {war: {title: War and peace, match: peace}}"))
    desk.store(item("Peace"))
    assert (
        "    daily (한국 Daily)  2026-03-01 09:00 UTC-03  war (War and peace)\n"
        in desk.run("search", "peace").out
    )
    explained = desk.run("explain", "Peace").out
    assert "daily (한국 Daily)  2026-03-01 09:00 UTC-03" in explained
    assert "✓ war (War and peace): 1 point, 1 needed" in explained
    desk.write("", SOURCES.replace("topics: {}", "topics: {war: {title: War and peace, match: truce}}"))
    planned = desk.run("plan").out
    assert "war (War and peace)  +0 −1" in planned
    assert "  − Peace  2026-03-01 09:00 UTC-03  daily (한국 Daily)" in planned
