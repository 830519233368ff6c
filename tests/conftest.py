"""What every room's tests share: golden files."""

import difflib
import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.examples import PROJECT

SLOW = ("endtoend", "faults", "safety", "service")
Golden = Callable[[str, str], None]

settings.load_profile(PROJECT)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew; read the diff")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores: tests that wait for a process or a browser leave theirs to others."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rooms whose tests start processes come first, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: item.path.parent.name not in SLOW)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(name, text)`: the text equals the file `golden/<name>` beside the test."""
    folder = Path(request.path).parent / "golden"

    def compare(name: str, text: str) -> None:
        path = folder / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        if not path.exists():
            pytest.fail(f"{path} does not exist; write it with `make golden` and read what it says")
        with path.open(encoding="utf-8", newline="") as file:
            known = file.read()
        if text != known:
            diff = difflib.unified_diff(known.splitlines(), text.splitlines(), str(path), "now", lineterm="")
            pytest.fail("\n".join(diff))

    return compare
