"""Edits that take topics and sources out, as operators and readers see them."""

import asyncio
import logging
from pathlib import Path

import pytest

from aggregator import config
from aggregator.adapters import item_workers
from aggregator.service.application import open_application
from aggregator.service.missing_feeds import missing
from aggregator.service.program import take_over
from aggregator.store.sqlite import SqliteStore
from tests.service.test_history import BEFORE, NOW, Desk

RENAMED = BEFORE.replace("  war: {", "  conflict: {")
WITHOUT = BEFORE.replace("  war: {title: War, match: war}\n", "")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.fill()
    made.publish()
    return made


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [line for line in caplog.messages if "is no longer there" in line]
    caplog.clear()
    return found


def test_an_edit_that_takes_out_what_is_published_says_so_and_proposes_was(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.edit(RENAMED)
    desk.publish()
    (line,) = told(caplog)
    assert line.startswith("topics.war is no longer there, though it has 1 entry published.")
    assert line.endswith("If conflict is its new id, write `was: [war]` below topics.conflict.")
    assert b"War goes on" in desk.program.documents()["war.atom"]
    desk.edit(RENAMED.replace("conflict: {", "conflict: {was: [war], "))
    desk.publish()
    assert told(caplog) == []
    assert "war.atom" not in desk.program.documents()
    assert b"War goes on" in desk.program.documents()["conflict.atom"]


def test_without_a_new_id_nothing_is_guessed(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.edit(WITHOUT)
    desk.publish()
    (line,) = told(caplog)
    assert line.endswith(
        "If it has a new id, write `was: [war]` below that; else put it back, unless this is meant."
    )


def test_a_topic_that_never_had_an_entry_goes_without_a_word(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.edit(BEFORE + "  rain: {title: Rain, match: rain}\n")
    desk.publish()
    desk.edit(BEFORE)
    desk.publish()
    assert told(caplog) == []


def test_a_source_is_missed_as_a_topic_is(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.program.configure({"north-news": "https://north.example/feed"}, BEFORE)
    desk.publish()
    (line,) = told(caplog)
    assert line.startswith("sources.north is no longer there, though it has 5 entries published.")
    assert "write `was: [north]` below sources.north-news." in line


def test_of_several_new_ids_the_nearest_is_proposed(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.edit(WITHOUT + "  rain: {title: Rain, match: rain}\n  wars: {title: Wars, match: war}\n")
    desk.publish()
    assert "If wars is its new id" in told(caplog)[0]


def test_check_says_it_before_and_after_the_edit_is_in_force(desk: Desk) -> None:
    desk.edit(RENAMED)
    for _ in range(2):
        said = desk.program.run("check").stdout
        line = next(line for line in said.splitlines() if "is no longer there" in line)
        assert f"{desk.settings.config}:12:3: warning: topics.conflict: topics.war is no longer there" in line
        assert "`was: [war]`" in said
        desk.publish()
    facts = desk.program.facts("check")
    assert [one["kind"] for one in facts["warnings"] if one["kind"] == "gone"] == ["gone"]


def test_a_running_program_says_it_once_for_each_edit(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    async def several() -> None:
        before = config.load(desk.settings.config, {})
        async with open_application(desk.settings, before, lambda event: None) as app:
            for topics in (RENAMED, RENAMED, BEFORE, RENAMED):
                desk.edit(topics)
                await take_over(app, config.load(desk.settings.config, {}))

    asyncio.run(several())
    assert len(told(caplog)) == 2


def test_what_is_renamed_in_the_file_is_not_missing_before_the_edit_is_in_force(desk: Desk) -> None:
    desk.edit(RENAMED.replace("conflict: {", "conflict: {was: [war], "))
    store = SqliteStore.open(desk.settings.database)
    assert missing(store, config.load(desk.settings.config, {}), NOW) == ()
    store.close()


# ── filled at once ──────────────────────────────────────────────────────────────────────────────


def test_a_topic_that_was_never_published_has_a_filled_page_at_once(desk: Desk) -> None:
    desk.edit(BEFORE + "  battles: {title: Battles, match: battle}\n")
    desk.publish()
    assert b"A battle" in desk.program.documents()["battles.html"]
    assert desk.plan().plan.items == 0


def test_an_edit_to_a_published_topic_waits_for_an_apply(desk: Desk) -> None:
    desk.edit(BEFORE + "  battles: {title: Battles, match: rain}\n")
    desk.publish()
    desk.edit(BEFORE + "  battles: {title: Battles, match: battle}\n")
    desk.publish()
    assert b"A battle" not in desk.program.documents()["battles.html"]
    desk.apply()
    assert b"A battle" in desk.program.documents()["battles.html"]


def test_an_undone_new_topic_leaves_no_plan(desk: Desk) -> None:
    before = desk.program.documents()
    desk.edit(BEFORE + "  battles: {title: Battles, match: battle}\n")
    desk.publish()
    desk.edit(BEFORE)
    desk.publish()
    assert desk.plan().plan.items == 0
    after = desk.program.documents()
    assert after["war.json"] == before["war.json"]
    assert after["all.json"] == before["all.json"]


def test_many_items_are_filled_by_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_workers, "_FEW", 100)
    desk = Desk(tmp_path)
    desk.fill(1000)
    desk.publish()
    desk.edit(BEFORE + "  battles: {title: Battles, match: battle}\n")
    desk.publish()
    store = SqliteStore.open(desk.settings.database)
    assert store.places("battles") == 200
    store.close()
