"""First ingest and the all-304 cycle of the recorded feeds, beside lemon24/reader on the same server.

Each pass is a process of its own; what counts is the time of the pass, without the interpreter's start.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
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


def main() -> None:
    """Print the ratios."""
    if not corpus.FEEDS.is_dir():
        print("skipped: the recorded feeds (../shared/corpus) are not here")
        return
    with running(Outlets(corpus.bodies(corpus.FEEDS))) as outlets:
        ours = [_pair("ours", outlets, 0) for _ in range(ROUNDS)]
        theirs = {n: [_pair("reader", outlets, n) for _ in range(ROUNDS)] for n in WORKERS}
    for place, what in enumerate(("first ingest", "all 304")):
        mine = median(pair[place] for pair in ours)
        best, workers = min((median(pair[place] for pair in pairs), n) for n, pairs in theirs.items())
        print(f"{what} of {len(outlets.bodies)} feeds: {best / mine:.1f} × reader with {workers} workers")


def _pair(which: str, outlets: Outlets, workers: int) -> tuple[float, float]:
    """Seconds of a first pass and of the one after it, over a new store."""
    with tempfile.TemporaryDirectory() as folder:
        urls = {corpus.source_id(path): outlets.url(path) for path in outlets.bodies}
        passes = [_pass(which, Path(folder), urls, workers) for _ in range(2)]
    return passes[0], passes[1]


def _pass(which: str, folder: Path, urls: dict[str, str], workers: int) -> float:
    given = json.dumps([which, str(folder), urls, workers])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.polling"], input=given, capture_output=True, text=True, check=True
    )
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
        reader.update_feeds(workers=workers)


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
