"""Commands while a file that the operator edits is broken: they go by the last good one, and say so."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.newsdesk import HEAD, NewsDesk, Said, item

TOPICS = """
topics:
  korea: {title: Korea, match: korea}
  world: {title: World, match: cake}
"""
TALKS = "https://daily.example/korea-talks-begin"
LOOKS = [
    ["search", "korea"],
    ["explain", TALKS],
    ["sources"],
    ["sources", "daily"],
    ["sources", "export"],
    ["suggest", "korea"],
    ["plan"],
    ["publish"],
]


def run(desk: NewsDesk, *words: str) -> Said:
    return desk.run(*words, "--feeds", str(desk.folder / "feeds"))


@pytest.fixture
def stocked(desk: NewsDesk) -> NewsDesk:
    """An installation with two items whose configuration was in force once."""
    desk.write(TOPICS)
    desk.store(item("Korea talks begin"), item("A cake", source="weekly"))
    assert run(desk, "publish").code == 0
    return desk


def missing(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def broken_yaml(file: Path) -> None:
    file.write_text("site: {title: [\n")


def wrong_key(file: Path) -> None:
    file.write_text(file.read_text().replace("title:", "titel:", 1))


def other_encoding(file: Path) -> None:
    file.write_bytes(b"site: {title: \xff\xfe}\n")


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def dangling(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere.yaml")


def circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def listening(file: Path) -> None:
    file.unlink()
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(file.parent)  # the name of a socket must be short
        server.bind(file.name)
        os.chdir(here)


BREAKS = [missing, empty, broken_yaml, wrong_key, other_encoding, pipe, folder, dangling, circle, listening]


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_what_only_looks_uses_the_last_good_configuration_and_says_so(
    stocked: NewsDesk, words: list[str]
) -> None:
    before = run(stocked, *words)
    wrong_key(stocked.config)
    after = run(stocked, *words)
    assert (before.code, after) == (0, before)
    assert "last good configuration" in after.err
    assert "titel" in after.err


@pytest.mark.parametrize("break_file", BREAKS)
def test_an_item_is_withdrawn_whatever_stands_in_the_place_of_the_configuration(
    stocked: NewsDesk, break_file: Callable[[Path], None]
) -> None:
    break_file(stocked.config)
    done = run(stocked, "withdraw", TALKS, "--reason", "it was invented")
    assert done.code == 0
    assert "Korea talks" not in (stocked.folder / "feeds/all.json").read_text()
    assert "last good configuration" in done.err
    assert "sources.yaml" in done.err


@pytest.mark.parametrize("break_file", BREAKS)
def test_without_a_last_good_one_the_fault_is_a_sentence(
    desk: NewsDesk, break_file: Callable[[Path], None]
) -> None:
    desk.write(TOPICS)
    break_file(desk.config)
    said = run(desk, "search", "korea")
    assert said.code == 1
    assert said.out.startswith("sources.yaml")


@pytest.mark.parametrize("break_file", [b for b in BREAKS if b not in (missing, empty)])
def test_a_broken_desk_stops_what_edits_it_and_nothing_else(
    stocked: NewsDesk, break_file: Callable[[Path], None]
) -> None:
    run(stocked, "hold", TALKS, "--reason", "wait")
    file = stocked.folder / "desk.yaml"
    run(stocked, "publish")
    file.write_text("title: wrong\n")
    break_file(file)
    assert "held, not published" in run(stocked, "search", "korea").out
    assert run(stocked, "publish").code == 0
    assert "Korea talks" not in (stocked.folder / "feeds/all.json").read_text()
    held = run(stocked, "hold", "A cake", "--reason", "x")
    assert held.code == 1
    assert "desk.yaml" in held.out


def test_a_configuration_that_was_only_looked_at_is_better_than_none(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    desk.store(item("Korea talks begin"))
    assert run(desk, "search", "korea").code == 0
    wrong_key(desk.config)
    assert run(desk, "hold", TALKS, "--reason", "x").code == 0


def test_a_look_does_not_put_another_configuration_in_force(stocked: NewsDesk) -> None:
    stocked.write(TOPICS.replace("match: korea", "match: peace"))
    assert run(stocked, "search", "korea").code == 0
    wrong_key(stocked.config)
    assert "korea" in run(stocked, "search", "talks").out


def test_history_is_not_retagged_by_a_configuration_that_is_not_the_operators(stocked: NewsDesk) -> None:
    wrong_key(stocked.config)
    said = run(stocked, "apply")
    assert said.code == 1
    assert "There is no key titel" in said.out


def test_only_the_first_few_of_many_problems_are_told_where_others_are_counted(stocked: NewsDesk) -> None:
    stocked.write(TOPICS.replace("match", "macht").replace("title", "titel"))
    searched = run(stocked, "search", "korea")
    assert searched.code == 0
    assert searched.err.count("sources.yaml:1") == 3
    assert "names 2 more" in searched.err


def test_a_secret_that_is_not_set_stops_its_source_alone(stocked: NewsDesk) -> None:
    partner = "  partner: {feed: 'https://p.example/feed', headers: {X-Key: '${NOT_SET}'}}\n"
    stocked.write(TOPICS, HEAD + partner)
    checked = run(stocked, "check")
    assert checked.code == 0
    assert "The environment variable NOT_SET is not set" in checked.out
    assert run(stocked, "search", "korea").code == 0
    polled = run(stocked, "poll", "partner", "--json")
    assert polled.code == 3
    assert "NOT_SET" in polled.facts["polled"][0]["failure"]
    [partner_facts] = [
        one for one in run(stocked, "sources", "--json").facts["sources"] if one["id"] == "partner"
    ]
    assert "NOT_SET" in partner_facts["failure"]
