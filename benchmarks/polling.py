"""Polling the recorded feeds beside lemon24/reader on the same server: a first look, four kinds of a next.

Each pass is a process of its own; what counts is the time of the pass, without the interpreter's start and
imports. `reader` runs with its best number of workers and a store on disk; pauses per host are zero here.
Feeds in which the first entry cannot be found by a plain search stay as they are in "one new entry".
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from statistics import median

from reader import make_reader

from aggregator.service import Settings, poll_once
from tests.endtoend import corpus
from tests.endtoend.program import Program
from tests.outlets import Outlets, running

ROUNDS = 3
WORKERS = (1, 4, 16)
_ENTRY = re.compile(rb"<(item|entry)[\s>].*?</\1>\s*", re.S)
Change = Callable[[Outlets, dict[str, bytes]], None]


def _before(outlets: Outlets, whole: dict[str, bytes]) -> None:
    """What the outlets publish at the first look: all but the newest entry."""
    outlets.conditional = True
    outlets.bodies = {path: _ENTRY.sub(b"", body, count=1) for path, body in whole.items()}


def _one_new(outlets: Outlets, whole: dict[str, bytes]) -> None:
    outlets.bodies = whole


def _touched(outlets: Outlets, _: dict[str, bytes]) -> None:
    outlets.bodies = {path: body + b"\n<!-- built anew -->" for path, body in outlets.bodies.items()}


def _unconditional(outlets: Outlets, _: dict[str, bytes]) -> None:
    outlets.conditional = False


def _nothing(_: Outlets, __: dict[str, bytes]) -> None:
    pass


LOOKS: dict[str, Change] = {
    "one new entry in each feed": _one_new,
    "changed bytes, no new entry": _touched,
    "unchanged 200s": _unconditional,
    "all 304": _nothing,
}


def main() -> None:
    """Print the ratios."""
    if not corpus.FEEDS.is_dir():
        print("skipped: the recorded feeds (../shared/corpus) are not here")
        return
    whole = corpus.bodies(corpus.FEEDS)
    with running(Outlets(whole)) as outlets:
        firsts: dict[tuple[str, int], list[float]] = {}
        for what, change in LOOKS.items():
            nexts: dict[tuple[str, int], list[float]] = {}
            for who in (("ours", 0), *(("reader", workers) for workers in WORKERS)):
                for _ in range(ROUNDS):
                    first, second = _looks(outlets, whole, change, *who)
                    firsts.setdefault(who, []).append(first)
                    nexts.setdefault(who, []).append(second)
            _say(what, nexts)
        _say("first ingest", firsts)


def _say(what: str, times: dict[tuple[str, int], list[float]]) -> None:
    mine = median(times.pop(("ours", 0)))
    best, workers = min((median(found), workers) for (_, workers), found in times.items())
    print(f"{what}: {best / mine:.1f} × as fast as reader with {workers} workers", flush=True)


def _looks(
    outlets: Outlets, whole: dict[str, bytes], change: Change, which: str, workers: int
) -> tuple[float, float]:
    """Seconds of a first pass over a new store, and of the next after a change."""
    _before(outlets, whole)
    with tempfile.TemporaryDirectory() as folder:
        urls = {corpus.source_id(path): outlets.url(path) for path in whole}
        first = _pass(which, Path(folder), urls, workers)
        change(outlets, whole)
        return first, _pass(which, Path(folder), urls, workers)


def _pass(which: str, folder: Path, urls: dict[str, str], workers: int) -> float:
    given = json.dumps([which, str(folder), urls, workers])
    command = [sys.executable, "-m", "benchmarks.polling"]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def _poll(folder: Path, urls: dict[str, str]) -> None:
    program = Program(folder)
    if not program.config.exists():
        program.configure(urls)
    settings = Settings(program.config, program.database, program.feeds)
    asyncio.run(
        poll_once(settings, (), everything=True, force=False, watched=lambda _: nullcontext(lambda _: None))
    )


def _update(folder: Path, urls: dict[str, str], workers: int) -> None:
    with make_reader(str(folder / "reader.db")) as reader:
        for url in urls.values():
            reader.add_feed(url, exist_ok=True)
        reader.update_feeds(workers=workers, scheduled=False)  # due or not, as ours


def _child() -> None:
    which, folder, urls, workers = json.loads(sys.stdin.read())
    began = time.perf_counter()
    if which == "ours":
        _poll(Path(folder), urls)
    else:
        _update(Path(folder), urls, workers)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    _child()
