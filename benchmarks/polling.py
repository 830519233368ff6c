"""Polling the recorded feeds beside lemon24/reader on the same server: a first look and four kinds of a next.

Each round is a process that stays up, as `aggregator run` does, without its start and imports. The first
figure is the whole journey, every feed printed anew where it changed; the second ends when all is stored,
where `reader`, which prints nothing and indexes nothing, ends as well. `reader` runs with its best number of
workers and a store on disk; pauses per host are zero here. Feeds in which the first entry cannot be found by
a plain search stay as they are in "one new entry".
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import uvloop
from reader import make_reader

from aggregator.service.application import open_application
from aggregator.service.settings import Settings, now, read_config
from tests.endtoend import corpus
from tests.endtoend.program import Program
from tests.outlets import Outlets, running

ROUNDS = 3
WORKERS = (1, 4, 16)
_ENTRY = re.compile(rb"<(item|entry)[\s>].*?</\1>\s*", re.S)
# Its main module is nothing that child processes would have to import.
_PROGRAM = "from benchmarks.polling import child; child()"
Change = Callable[[Outlets, dict[str, bytes]], None]
Times = list[tuple[float, float]]
"""Seconds of each look until the end, and until all is stored."""


def _before(outlets: Outlets, whole: dict[str, bytes]) -> None:
    """All but the newest entry."""
    outlets.conditional = True
    outlets.bodies = {path: _ENTRY.sub(b"", body, count=1) for path, body in whole.items()}


def _one_new(outlets: Outlets, whole: dict[str, bytes]) -> None:
    outlets.bodies = whole


def _touched(outlets: Outlets, _: dict[str, bytes]) -> None:
    outlets.bodies = {
        path: body + (b"\n " if _is_json(body) else b"\n<!-- built anew -->")
        for path, body in outlets.bodies.items()
    }


def _is_json(body: bytes) -> bool:
    return body.lstrip().startswith(b"{")


def _unconditional(outlets: Outlets, _: dict[str, bytes]) -> None:
    outlets.conditional = False


LOOKS: dict[str, Change] = {
    "first ingest": _before,
    "one new entry in each feed": _one_new,
    "all 304": lambda *_: None,
    "unchanged 200s": _unconditional,
    "changed bytes, no new entry": _touched,
}


def main() -> None:
    """Print the ratios."""
    if not corpus.FEEDS.is_dir():
        print("skipped: the recorded feeds (../shared/corpus) are not here")
        return
    whole = corpus.bodies(corpus.FEEDS)
    with running(Outlets(whole)) as outlets:
        ours, theirs = list[Times](), defaultdict[int, list[Times]](list)
        for _ in range(ROUNDS):  # in turn, so that an hour in which the machine is slow is slow for both
            ours.append(_looks(outlets, whole, "ours", 0))
            for workers in WORKERS:
                theirs[workers].append(_looks(outlets, whole, "reader", workers))
    for number, what in enumerate(LOOKS):
        whole_journey, stored = (median(look[number][part] for look in ours) for part in (0, 1))
        best, workers = min(
            (median(look[number][1] for look in looks), count) for count, looks in theirs.items()
        )
        print(
            f"{what}: {best / whole_journey:.2f} × as fast as reader with {workers} workers;"
            f" {best / stored:.2f} × until all is stored",
            flush=True,
        )


def _looks(outlets: Outlets, whole: dict[str, bytes], which: str, workers: int) -> Times:
    """What each look took."""
    command, times = [sys.executable, "-c", _PROGRAM], []
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdin
        assert process.stdout
        urls = {corpus.source_id(path): outlets.url(path) for path in whole}
        print(json.dumps([which, folder, urls, workers]), file=process.stdin, flush=True)
        for change in LOOKS.values():
            change(outlets, whole)
            print(file=process.stdin, flush=True)
            end, stored = json.loads(process.stdout.readline())
            times.append((end, stored))
        process.stdin.close()
    return times


# ── the two, each in a process of its own ───────────────────────────────────────────────────────


def child() -> None:
    """Look as often as told to by a line, and answer each with the times."""
    which, folder, urls, workers = json.loads(sys.stdin.readline())
    if which == "ours":
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_ours(Path(folder), urls))
    else:
        _reader(Path(folder), urls, workers)


async def _ours(folder: Path, urls: dict[str, str]) -> None:
    program = Program(folder)
    program.configure(urls)
    settings = Settings(program.config, program.database, program.feeds)
    async with open_application(settings, read_config(settings), lambda _: None, staying=True) as app:
        await app.pipeline.publisher.catch_up()
        await app.pipeline.publisher.publish()
        while sys.stdin.readline():
            began = time.perf_counter()
            await app.pipeline.poller.poll(
                app.store.claim(now(), timedelta(minutes=10), len(urls), tuple(urls))
            )
            stored = time.perf_counter() - began
            await app.pipeline.publisher.publish()
            print(json.dumps([time.perf_counter() - began, stored]), flush=True)


def _reader(folder: Path, urls: dict[str, str], workers: int) -> None:
    with make_reader(str(folder / "reader.db")) as reader:
        for url in urls.values():
            reader.add_feed(url)
        while sys.stdin.readline():
            began = time.perf_counter()
            reader.update_feeds(workers=workers, scheduled=False)  # due or not, as ours
            print(json.dumps([time.perf_counter() - began] * 2), flush=True)
