"""What befalls the files of a running program: it says so in one line each, and goes on where it can."""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.endtoend.program import Program, end
from tests.endtoend.test_running import FEED, _free_port, _get, _until
from tests.outlets import Outlets, running


class Running:
    """A program that polls one outlet, started."""

    def __init__(self, program: Program, site: str, pid: int) -> None:
        self.program, self.site, self.pid = program, site, pid

    def says(self, words: str) -> bool:
        return _until(lambda: words in self.program.log.read_text())

    def shows(self, words: bytes) -> bool:
        return _until(lambda: words in (_get(f"{self.site}/world.html") or b""))

    def edit(self, before: str, after: str) -> None:
        text = self.program.config.read_text()
        assert before in text
        self.program.config.write_text(text.replace(before, after))


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Running]:
    program, port = Program(tmp_path), _free_port()
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"outlet": outlets.url("/feed")})
        process = program.start("run", "--port", str(port))
        try:
            started = Running(program, f"http://127.0.0.1:{port}", process.pid)
            assert started.shows(b"Peace at last")
            yield started
        finally:
            code = end(process)
            assert code == 0
            assert "Traceback" not in program.log.read_text()


def gone(file: Path) -> None:
    file.unlink()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("befalls", [gone, emptied, a_pipe])
def test_a_lost_configuration_is_reported_and_the_program_goes_on(
    it: Running, befalls: Callable[[Path], None]
) -> None:
    whole = it.program.config.read_text()
    befalls(it.program.config)
    assert it.says("nothing changed")
    assert it.shows(b"Peace at last")
    assert "Peace at last" in it.program.run("search", "peace").stdout
    it.program.config.unlink(missing_ok=True)
    it.program.config.write_text(whole.replace("title: World", "title: Globe"))
    assert it.shows(b"Globe")


def test_sighup_reads_the_configuration_again(it: Running) -> None:
    os.kill(it.pid, signal.SIGHUP)
    assert it.says("read again; nothing has changed")
    it.edit("title: World", "title: Globe")
    os.kill(it.pid, signal.SIGHUP)
    assert it.shows(b"Globe")


def test_a_deleted_database_is_put_back_and_the_program_goes_on(it: Running) -> None:
    for file in it.program.database.parent.glob("aggregator.db*"):
        file.unlink()
    assert it.says("was deleted while it was open")
    it.edit("title: World", "title: Globe")
    assert it.shows(b"Globe")
    assert "Peace at last" in it.program.run("search", "peace").stdout
    assert it.program.log.read_text().count("was deleted while it was open") == 1


def test_a_backup_moved_into_place_is_used_and_its_feeds_are_published(it: Running) -> None:
    backup = it.program.database.with_name("backup.db")
    with closing(sqlite3.connect(it.program.database)) as db, closing(sqlite3.connect(backup)) as copy:
        db.backup(copy)
    backup.replace(it.program.database)
    assert it.says("was replaced by another file")
    it.edit("title: World", "title: Globe")
    assert it.shows(b"Globe")
    assert it.program.facts("sources")["sources"][0]["state"] in ("fine", "new")


def test_a_moved_folder_is_one_line_and_used_again_when_it_is_back(it: Running) -> None:
    data = it.program.database.parent
    away = data.with_name("away")
    data.rename(away)
    assert it.says("was moved away while it was open")
    time.sleep(2.2)  # two more looks of everything that looks each second
    shutil.rmtree(data, ignore_errors=True)
    away.rename(data)
    it.edit("title: World", "title: Globe")
    assert it.shows(b"Globe")
    assert it.program.log.read_text().count("was moved away") == 1
