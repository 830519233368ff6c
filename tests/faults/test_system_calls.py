"""Killed at any system call: what was acknowledged is there, files are whole, the next pass does the rest."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import some
from tests.faults.small_pass import ENTRIES, Place, later

ROOT = Path(__file__).parents[2]


def _may_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    command = "strace -f -o /dev/null -e trace=getcwd -e inject=getcwd:signal=KILL pwd -P"
    return subprocess.run(command.split(), capture_output=True, check=False).returncode == -9


pytestmark = pytest.mark.skipif(not _may_trace(), reason="strace is not installed or may not trace here")


@pytest.mark.parametrize(
    "call",
    some(
        [
            "pwrite64:when=90",  # the database is being written
            "pwrite64:when=5",
            "ftruncate:when=1",
            "renameat:when=13",  # the documents are
            "mkdirat:when=1",
            "fdatasync:when=2",
            "fsync:when=12",
        ]
    ),
)
def test_a_pass_killed_at_a_system_call_loses_and_doubles_nothing(tmp_path: Path, call: str) -> None:
    name = call.partition(":")[0]
    inject = ["-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:{call.partition(':')[2]}"]
    program = [sys.executable, "-m", "tests.faults.small_pass", str(tmp_path)]
    killed = subprocess.run(
        ["strace", "-f", "-o", "/dev/null", *inject, *program],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, f"{name} is not called so often any more: {killed.stderr}"
    place = Place(tmp_path)
    stored = place.stored()
    assert len(stored) == len(set(stored))
    for source in killed.stdout.split():
        assert [id for id, _ in stored].count(source) == ENTRIES, f"{source} was acknowledged"
    place.judge()
    place.run(clock=later)
    place.complete()
