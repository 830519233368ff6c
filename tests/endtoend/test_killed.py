"""kill -9 at any moment, then once more: nothing lost, nothing doubled, every file whole."""

import contextlib
import json
import signal
import subprocess
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests import judges
from tests.endtoend.program import Program, end
from tests.examples import some
from tests.outlets import Outlets, running


def _feed(number: int, entries: int) -> bytes:
    items = "".join(
        f"<item><title>War and peace {number}.{n}</title><guid isPermaLink='false'>{number}-{n}</guid>"
        f"<link>https://outlet{number}.example/{n}</link><description>Text {n}.</description></item>"
        for n in range(entries)
    )
    return f"<rss version='2.0'><channel><title>Outlet {number}</title>{items}</channel></rss>".encode()


SOURCES, ENTRIES = 12, 15


@pytest.mark.parametrize("patience", some([1.0, 0.6, 1.5, 2.0]))
def test_a_killed_poll_is_finished_by_the_next(tmp_path: Path, patience: float) -> None:
    program = Program(tmp_path)
    with running(Outlets({f"/{n}": _feed(n, ENTRIES) for n in range(SOURCES)})) as outlets:
        program.configure({f"outlet-{n}": outlets.url(f"/{n}") for n in range(SOURCES)})
        process = program.start("poll", "--all")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        end(process, signal.SIGKILL)
        _files_are_whole(program)
        program.run("poll", "--all")
    rows = list(Database(program.database).query("select source, key from items"))
    assert len(rows) == len({(row["source"], row["key"]) for row in rows}) == SOURCES * ENTRIES
    for n in range(SOURCES):
        feed = json.loads((program.feeds / f"sources/outlet-{n}.json").read_text())
        assert len(feed["items"]) == ENTRIES
    _files_are_whole(program)
    assert not list(program.feeds.rglob("*.tmp"))


def _files_are_whole(program: Program) -> None:
    judge = {".atom": judges.atom_faults, ".rss": judges.rss_faults, ".json": judges.json_faults}
    for path, body in program.documents().items():
        if (suffix := Path(path).suffix) in judge and not Path(path).name.startswith("."):
            assert judge[suffix](body) == [], path
