"""The program beside another of its kind, at a database it cannot use, and told to stop at any moment."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from sqlite_utils import Database

from aggregator.store.sqlite import SqliteStore
from aggregator.store.sqlite.migrations import SCHEMA
from tests import judges
from tests.endtoend.program import Program, end
from tests.faults.small_pass import feed
from tests.outlets import Outlets, running

SOURCES, ENTRIES = 8, 10


def _bodies() -> dict[str, bytes]:
    return {f"/{n}": feed(f"outlet-{n}", ENTRIES) for n in range(SOURCES)}


def _configured(folder: Path, outlets: Outlets) -> Program:
    program = Program(folder)
    program.configure({f"outlet-{n}": outlets.url(f"/{n}") for n in range(SOURCES)})
    return program


def _until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def _items(program: Program) -> Counter[tuple[str, str]]:
    if not program.database.exists():
        return Counter()
    rows = Database(program.database).query("select source, key from items")
    return Counter((row["source"], row["key"]) for row in rows)


def _is_published(program: Program, n: int) -> bool:
    path = program.feeds / f"sources/outlet-{n}.json"
    return path.exists() and len(json.loads(path.read_bytes())["items"]) == ENTRIES


def _whole(program: Program) -> None:
    for path, body in program.documents().items():
        if (judge := judges.JUDGES.get(Path(path).suffix)) and not Path(path).name.startswith("."):
            assert judge(body) == [], path


def test_two_pollers_on_one_database_poll_and_store_everything_once(tmp_path: Path) -> None:
    with running(Outlets(_bodies())) as outlets:
        program = _configured(tmp_path, outlets)
        first, second = program.start("run", "poller"), program.start("run", "poller")
        assert _until(lambda: all(_is_published(program, n) for n in range(SOURCES)))
        assert [end(process) for process in (first, second)] == [0, 0]
    assert Counter(asked.path for asked in outlets.log) == Counter(_bodies().keys())
    items = _items(program)
    assert len(items) == items.total() == SOURCES * ENTRIES
    _whole(program)
    assert "Traceback" not in program.log.read_text()


def test_where_few_files_may_be_open_fewer_feeds_are_asked_at_a_time_and_none_fails(tmp_path: Path) -> None:
    outlets = Outlets({f"/{n}": feed(f"outlet-{n}", 1) for n in range(60)})
    with running(outlets):
        program = Program(tmp_path)
        program.configure({f"outlet-{n}": outlets.url(f"/{n}") for n in range(60)})
        few = ("sh", "-c", 'ulimit -n 64; exec "$@"', "sh", *program.command("poll"))
        done = subprocess.run(few, check=False, env=program.environment, capture_output=True, text=True)
    assert (done.returncode, "failed" in done.stdout, "open files" in done.stderr) == (0, False, False)
    assert sum(_items(program).values()) == 60


@pytest.mark.parametrize("words", [("poll",), ("run", "poller")], ids=" ".join)
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    program = _configured(tmp_path, Outlets(origin="http://127.0.0.1:9"))
    program.database.parent.mkdir()
    with closing(SqliteStore.open(program.database)), closing(sqlite3.connect(program.database)) as newer:
        row = (SCHEMA.name, "0099 from the future", "2030-01-01")
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", row
        )
        newer.commit()
    if words == ("poll",):
        program.database.write_bytes(b"\xff" * 100_000)
    said = program.run(*words, code=3).stderr.strip()
    assert said.count("\n") == 0
    expected = "is damaged or is no database; restore a backup" if words == ("poll",) else "newer version"
    assert expected in said
    assert not program.feeds.exists() or not program.documents()


@dataclass
class _Held(Outlets):
    """Half of the outlets answer when they are let."""

    opened: bool = False
    waiting: set[str] = field(default_factory=set)

    async def answer(self, request: web.Request) -> web.Response:
        if int(request.path[1:]) % 2:
            self.waiting.add(request.path)
            while not self.opened:
                await asyncio.sleep(0.02)
        return await super().answer(request)


@pytest.mark.parametrize("phase", ["starting", "fetching", "publishing"])
def test_a_stop_at_any_phase_is_quiet_and_the_next_pass_does_the_rest(tmp_path: Path, phase: str) -> None:
    held = _Held(_bodies())
    with running(held) as outlets:
        program = _configured(tmp_path, outlets)
        process = program.start("run", "poller")
        reached = {
            "starting": program.database.parent.exists,
            "fetching": lambda: len(held.waiting) == SOURCES // 2,
            "publishing": (program.feeds / "all.atom").exists,
        }[phase]
        assert _until(reached)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        held.opened = True
        code = process.wait(timeout=20)
        assert code == 0 or (code, phase) == (-signal.SIGTERM, "starting")
        assert "Traceback" not in program.log.read_text()
        _whole(program)
        program.run("poll", "--all")
    items = _items(program)
    assert len(items) == items.total() == SOURCES * ENTRIES
    assert all(_is_published(program, n) for n in range(SOURCES))
    _whole(program)
