"""Edits that come at bad moments, to files in bad places."""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.model import Config
from aggregator.service import reloads
from aggregator.service.settings import Settings

GOOD = (
    "site: {title: Wire, url: 'https://wire.example.org/'}\nsources:\n  daily: https://daily.example/feed\n"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "config").mkdir()
    made = Settings(tmp_path / "config/sources.yaml", tmp_path / "data/store.db", tmp_path / "feeds")
    made.config.write_text(GOOD)
    return made


def follow(settings: Settings, *changes: Callable[[], object]) -> list[Config]:
    """What is taken over when these things happen one after another, each after the one before was seen."""

    async def within_time() -> list[Config]:
        stop, taken, left = asyncio.Event(), [], list(changes)
        start = reloads.read_or_last_good(settings)
        left.pop(0)()
        async for cfg in reloads.edits(settings, start, stop):
            taken.append(cfg)
            if left:
                left.pop(0)()
            else:
                stop.set()
        return taken

    return asyncio.run(asyncio.wait_for(within_time(), 10))


def test_an_edit_between_the_first_reading_and_the_watch_is_taken_over(settings: Settings) -> None:
    taken = follow(settings, lambda: settings.config.write_text(GOOD.replace("Wire", "Post")))
    assert [cfg.site.title for cfg in taken] == ["Post"]


def test_a_folder_that_is_replaced_as_a_whole_is_still_followed(settings: Settings) -> None:
    def replace_folder() -> None:
        settings.config.parent.rename(settings.config.parent.with_name("old"))
        settings.config.parent.mkdir()
        settings.config.write_text(GOOD.replace("Wire", "Post"))

    def edit() -> None:
        settings.config.write_text(GOOD.replace("Wire", "Times"))

    assert [cfg.site.title for cfg in follow(settings, replace_folder, edit)] == ["Post", "Times"]


def test_a_valid_edit_counts_also_where_its_copy_cannot_be_kept(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.database.parent.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING, logger="aggregator"):
        taken = follow(settings, lambda: settings.config.write_text(GOOD.replace("Wire", "Post")))
    assert [cfg.site.title for cfg in taken] == ["Post"]
    assert "cannot be saved" in caplog.text
    assert "--feeds" not in caplog.text


def test_an_invalid_file_at_the_start_is_reported_there_and_counts_as_seen(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    reloads.read_or_last_good(settings)
    settings.config.write_text(GOOD.replace("title", "titel"))
    found = reloads.read_or_last_good(settings)
    assert found.config.site.title == "Wire"
    assert found.files.sources.text == settings.config.read_text()
    assert "titel" in caplog.text


def gone(settings: Settings) -> None:
    settings.config.unlink()


def emptied(settings: Settings) -> None:
    settings.config.write_bytes(b"")


def a_pipe(settings: Settings) -> None:
    settings.config.unlink()
    os.mkfifo(settings.config)


def a_folder(settings: Settings) -> None:
    settings.config.unlink()
    settings.config.mkdir()


def a_dangling_link(settings: Settings) -> None:
    settings.config.unlink()
    settings.config.symlink_to("nowhere.yaml")


def a_desk_that_is_a_pipe(settings: Settings) -> None:
    os.mkfifo(settings.desk)


@pytest.mark.parametrize("happens", [gone, emptied, a_pipe, a_folder, a_dangling_link, a_desk_that_is_a_pipe])
def test_what_takes_the_place_of_a_file_is_reported_and_the_last_good_one_stays(
    settings: Settings, happens: Callable[[Settings], None], caplog: pytest.LogCaptureFixture
) -> None:
    start = reloads.read_or_last_good(settings)

    async def until_reported() -> list[Config]:
        stop, taken = asyncio.Event(), []
        happens(settings)

        async def look() -> None:
            while "was not taken over" not in caplog.text:
                await asyncio.sleep(0.05)
            stop.set()

        looking = asyncio.create_task(look())
        async for cfg in reloads.edits(settings, start, stop):
            taken.append(cfg)
        await looking
        return taken

    assert asyncio.run(asyncio.wait_for(until_reported(), 10)) == []
    restarted = reloads.read_or_last_good(settings)
    assert restarted.config == start.config
    assert restarted.fault is not None


def test_an_editor_that_deletes_and_writes_anew_is_no_trouble(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def replace() -> None:
        settings.config.unlink()
        settings.config.write_text("")
        settings.config.write_text(GOOD.replace("Wire", "Post"))

    assert [cfg.site.title for cfg in follow(settings, replace)] == ["Post"]
    assert caplog.text == ""


def test_the_desk_is_followed_while_the_configuration_is_broken(settings: Settings) -> None:
    def decide() -> None:
        settings.desk.write_text("hold:\n  - item: https://daily.example/1\n    reason: wait\n")

    settings.config.write_text(GOOD)
    reloads.read_or_last_good(settings)
    settings.config.write_text(GOOD.replace("title", "titel"))
    [cfg] = follow(settings, decide)
    assert [one.item for one in cfg.rulings.held] == ["https://daily.example/1"]
    assert [one.item for one in reloads.read_or_last_good(settings).config.rulings.held] != []


def test_the_configuration_is_followed_while_the_desk_is_broken(settings: Settings) -> None:
    reloads.read_or_last_good(settings)
    settings.desk.write_text("nothing: [of this")
    taken = follow(settings, lambda: settings.config.write_text(GOOD.replace("Wire", "Post")))
    assert [cfg.site.title for cfg in taken] == ["Post"]


def test_a_topic_that_the_desk_speaks_of_cannot_be_taken_away(settings: Settings) -> None:
    settings.config.write_text(GOOD + "topics: {peace: {match: peace}}\n")
    settings.desk.write_text("add: [{item: 'https://a.example/1', topics: [peace], reason: x}]\n")
    start = reloads.read_or_last_good(settings)
    settings.config.write_text(GOOD)
    found = reloads.read_or_last_good(settings)
    assert found.config == start.config
    assert "There is no topic peace" in str(found.fault)


def test_the_copies_of_what_is_in_force_are_for_the_owner_alone(settings: Settings) -> None:
    settings.database.parent.mkdir()
    settings.last_good.write_text("an older one, written for all to read")
    settings.last_good.chmod(0o664)
    reloads.read_or_last_good(settings)
    assert settings.last_good.read_text() == GOOD
    assert [oct(path.stat().st_mode & 0o777) for path in (settings.last_good, settings.last_good_desk)] == [
        "0o660",
        "0o600",
    ]


def test_a_request_to_read_again_is_answered_also_where_nothing_changed(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask() -> list[Config]:
        stop, again = asyncio.Event(), asyncio.Event()
        start = reloads.read_or_last_good(settings)
        again.set()

        async def look() -> None:
            while "read again" not in caplog.text:
                await asyncio.sleep(0.05)
            stop.set()

        looking = asyncio.create_task(look())
        taken = [cfg async for cfg in reloads.edits(settings, start, stop, again)]
        await looking
        return taken

    with caplog.at_level(logging.INFO, logger="aggregator"):
        assert asyncio.run(asyncio.wait_for(ask(), 10)) == []
