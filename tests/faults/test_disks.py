"""Disks that are full or read-only under the whole program, in a mount namespace of its own."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests import judges
from tests.endtoend.program import Program
from tests.faults.small_pass import SOURCES, feed
from tests.outlets import Outlets, running

ENTRIES = 30


def _may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not _may_mount(), reason="this user may not mount in a namespace of its own")


def _scene(program: Program, *steps: str) -> list[tuple[int, str]]:
    """Shell commands one after another; `aggregator` is the program. Exit code and complaint of each."""
    done = []
    script = "".join(f'({step}) 2>&1 >/dev/null; printf "\\037%d\\036" $?\n' for step in steps)
    aggregator = f'aggregator() {{ "{sys.executable}" -m aggregator "$@"; }}\n'
    outlets = Outlets({f"/{n}": feed(f"outlet-{n}", ENTRIES) for n in range(SOURCES)})
    with running(outlets):
        program.configure({f"outlet-{n}": outlets.url(f"/{n}") for n in range(SOURCES)})
        ran = subprocess.run(
            ["unshare", "-m", "sh", "-c", aggregator + script],
            text=True,
            capture_output=True,
            check=True,
            env=program.environment,
        )
    for one in ran.stdout.split("\036")[:-1]:
        said, _, code = one.partition("\037")
        assert "Traceback" not in said
        done.append((int(code), said.strip()))
    return done


def _complete(feeds: Path, database: Path) -> None:
    """Every item once, every document whole."""
    keys = Counter((row["source"], row["key"]) for row in Database(database).query("select * from items"))
    assert len(keys) == keys.total() == SOURCES * ENTRIES
    for n in range(SOURCES):
        assert len(json.loads((feeds / f"sources/outlet-{n}.json").read_text())["items"]) == ENTRIES
    _whole(feeds)
    assert not list(feeds.rglob(".*.tmp"))


def _whole(feeds: Path) -> None:
    for path in feeds.rglob("*"):
        if path.suffix in judges.JUDGES and not path.name.startswith("."):
            assert judges.JUDGES[path.suffix](path.read_bytes()) == [], path


def test_a_disk_that_fills_while_publishing_costs_no_item_and_halves_no_document(tmp_path: Path) -> None:
    program, full, after = Program(tmp_path), tmp_path / "full", tmp_path / "after"
    program.feeds.mkdir()
    mounted, polled, _, _, published, _ = _scene(
        program,
        f"mount -t tmpfs -o size=200k tmpfs {program.feeds}",
        "aggregator poll",
        f"cp -r {program.feeds} {full}",
        f"mount -o remount,size=20m {program.feeds}",
        "aggregator publish",
        f"cp -r {program.feeds} {after}",
    )
    assert mounted == (0, "")
    code, said = polled
    (complaint,) = [line for line in said.splitlines() if "new" not in line]
    assert (code, "the disk is full; free some space" in complaint) == (3, True)
    _whole(full)
    assert published == (0, "")
    _complete(after, program.database)


def test_a_disk_that_fills_while_recording_stores_whole_polls_or_nothing(tmp_path: Path) -> None:
    program, after = Program(tmp_path), tmp_path / "after.db"
    program.database.parent.mkdir()
    mounted, polled, _, again, _ = _scene(
        program,
        f"mount -t tmpfs -o size=400k tmpfs {program.database.parent}",
        "aggregator poll",
        f"mount -o remount,size=20m {program.database.parent}",
        "aggregator poll --all",
        f"cp {program.database} {after}",
    )
    assert mounted == (0, "")
    code, said = polled
    assert code == 3
    assert said.splitlines()[-1].endswith("cannot grow because the disk is full; make room on the disk.")
    assert [line for line in said.splitlines()[:-1] if not line.endswith(f": {ENTRIES} new")] == []
    assert again[0] == 0
    _complete(program.feeds, after)


def test_read_only_places_are_one_sentence_each_and_what_could_be_stored_is_published_later(
    tmp_path: Path,
) -> None:
    program = Program(tmp_path)
    data, feeds = program.database.parent, program.feeds
    for folder in (data, feeds):
        folder.mkdir()
    _, without_data, _, without_feeds, _, published = _scene(
        program,
        f"mount --bind {data} {data} && mount -o remount,ro,bind {data}",
        "aggregator poll",
        f"umount {data} && mount --bind {feeds} {feeds} && mount -o remount,ro,bind {feeds}",
        "aggregator poll",
        f"umount {feeds}",
        "aggregator publish",
    )
    assert without_data[0] == 3
    assert without_data[1].count("\n") == 0
    assert "--database" in without_data[1] or "allow this user to write" in without_data[1]
    assert without_feeds[0] == 3
    assert [
        line for line in without_feeds[1].splitlines() if "the disk is read-only; mount it writable" in line
    ]
    assert len(without_feeds[1].splitlines()) == SOURCES + 1
    assert published == (0, "")
    _complete(feeds, program.database)
