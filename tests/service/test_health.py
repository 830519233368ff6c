"""What /health finds wrong, each case provoked."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.service.health import EVERY, SILENT, ProgramHealth, Report
from aggregator.service.settings import Settings
from aggregator.store.sqlite import SqliteStore

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Site:
    """The files of a running program, a clock, and what its parts say."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(folder / "sources.yaml", folder / "data" / "a.db", folder / "feeds")
        self.settings.database.parent.mkdir()
        self.settings.feeds.mkdir()
        SqliteStore.open(self.settings.database).close()
        self.now = START
        self.report = Report(self.settings, lambda: self.now)
        self.health = ProgramHealth(self.settings, lambda: self.now)

    def pass_time(self, time: timedelta, *, poller: bool = True) -> Mapping[str, Sequence[str]]:
        self.now += time
        if poller:
            self.report.renew(())
        return self.health()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_program_whose_parts_are_alive_is_well(site: Site) -> None:
    assert site.pass_time(timedelta(0)) == {}
    assert site.pass_time(timedelta(days=1)) == {}


def test_a_web_part_alone_waits_two_minutes_for_a_poller(site: Site) -> None:
    assert site.pass_time(SILENT, poller=False) == {}
    (sentence,) = site.pass_time(timedelta(seconds=1), poller=False)["publishing"]
    assert "no poller has been alive for two minutes (none was seen yet)" in sentence
    assert site.pass_time(timedelta(0)) == {}


def test_a_poller_that_died_is_missed_after_two_minutes_and_said_when_it_was_seen(site: Site) -> None:
    site.pass_time(timedelta(0))
    assert site.pass_time(SILENT, poller=False) == {}
    (sentence,) = site.pass_time(timedelta(seconds=1), poller=False)["publishing"]
    assert "the last was seen 2026-03-01 12:00 UTC" in sentence


def test_what_keeps_the_poller_from_publishing_is_said_until_it_is_over(site: Site) -> None:
    site.report.renew(("peace.atom cannot be written (No space left on device)",))
    assert site.health() == {"publishing": ("peace.atom cannot be written (No space left on device)",)}
    site.report.renew(())
    assert site.health() == {}


def test_a_report_that_says_the_same_is_renewed_now_and_then(site: Site) -> None:
    site.report.renew(())
    before = os.stat(site.settings.report)
    site.now += EVERY / 2
    site.report.renew(())
    assert os.stat(site.settings.report).st_mtime == before.st_mtime
    site.now += EVERY
    site.report.renew(())
    assert os.stat(site.settings.report).st_mtime > before.st_mtime
    assert os.stat(site.settings.report).st_mode & 0o077 == 0


def test_a_moved_database_is_missed_and_found_again(site: Site) -> None:
    site.pass_time(timedelta(0))
    elsewhere = site.settings.database.with_name("elsewhere.db")
    shutil.move(site.settings.database, elsewhere)
    assert "is missing" in site.health()["storing"][0]
    shutil.move(elsewhere, site.settings.database)
    assert site.health() == {}


def test_a_database_that_is_none_cannot_be_read(site: Site) -> None:
    site.pass_time(timedelta(0))
    site.settings.database.write_bytes(b"no database" * 1000)
    assert "cannot be read" in site.health()["storing"][0]


def test_a_database_that_another_process_writes_is_well(site: Site) -> None:
    site.pass_time(timedelta(0))
    writer = sqlite3.connect(site.settings.database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert site.health() == {}
    writer.close()


def test_a_missing_folder_serves_nothing(site: Site) -> None:
    site.pass_time(timedelta(0))
    site.settings.feeds.rmdir()
    assert "is missing or cannot be read" in site.health()["serving"][0]


def test_a_folder_that_cannot_be_written_keeps_from_publishing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: may(path, mode) and not mode & os.W_OK)
    site.report.renew(())
    assert "cannot be written" in site.health()["publishing"][0]


def test_a_report_that_cannot_be_read_is_as_none(site: Site) -> None:
    site.pass_time(timedelta(0))
    site.settings.report.write_text("{")
    assert site.health() == {}
    assert "no poller" in site.pass_time(SILENT + EVERY, poller=False)["publishing"][0]


@pytest.mark.parametrize(
    "problems", [("The database cannot grow because the disk is full.",), ("a", "b" * 500)]
)
def test_what_is_wrong_is_told_also_where_no_new_file_can_be_made(
    site: Site, monkeypatch: pytest.MonkeyPatch, problems: tuple[str, ...]
) -> None:
    site.report.renew(("another problem before",))
    monkeypatch.setattr("tempfile.mkstemp", _failing)
    site.report.renew(problems)
    assert site.health() == {"publishing": problems}
    site.report.renew(())
    assert site.health() == {}


def test_what_could_not_be_told_is_told_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.report.renew(())
    with monkeypatch.context() as failing:
        failing.setattr("aggregator.service.health.Report._write", _failing)
        site.report.renew(("Full.",))
    site.report.renew(("Full.",))
    assert site.health() == {"publishing": ("Full.",)}


def test_a_full_disk_of_the_database_is_wrong_before_anything_is_stored(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pass_time(timedelta(0))
    found = list(os.statvfs(site.settings.database.parent))
    found[3] = found[4] = 0  # free blocks, for the administrator and for others
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(found))
    assert "is full; make room" in site.health()["storing"][0]


def _failing(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
