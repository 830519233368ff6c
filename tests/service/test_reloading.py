"""Edits that come at bad moments, to files in bad places."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.model import Config
from aggregator.service import reloading
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
        _, seen = reloading.read_or_last_good(settings)
        left.pop(0)()
        async for cfg in reloading.edits(settings, seen, stop):
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
    assert "cannot be kept" in caplog.text
    assert "--feeds" not in caplog.text


def test_an_invalid_file_at_the_start_is_reported_there_and_counts_as_seen(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    reloading.read_or_last_good(settings)
    settings.config.write_text(GOOD.replace("title", "titel"))
    cfg, seen = reloading.read_or_last_good(settings)
    assert cfg.site.title == "Wire"
    assert seen == (settings.config.read_bytes(), b"")
    assert "titel" in caplog.text
