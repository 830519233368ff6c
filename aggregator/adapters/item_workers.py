"""Work on many stored items, on every core: child processes read them from the database themselves."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from aggregator.errors import AggregatorError
from aggregator.model import Stored
from aggregator.store.sqlite import SqliteStore

T = TypeVar("T")
Work = Callable[[Sequence[Stored]], T]

BATCH = 500
_FEW = 4 * BATCH  # items that are done before a process would have started
_AHEAD = 3  # batches a process that wait for it or for us, so that neither waits for the other


def worked(
    database: Path, work: Work[T], numbers: Sequence[int], *, workers: int | None = None
) -> Generator[T, None, None]:
    """What `work`, which must be picklable, makes of the items of those numbers: batches in their order.

    Raises AggregatorError where a process was killed; closing the iterator ends them all.
    """
    count = workers or len(os.sched_getaffinity(0))
    batches = [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]
    return _here(database, work, batches) if len(numbers) <= _FEW else _spread(database, work, batches, count)


def _here(database: Path, work: Work[T], batches: Sequence[Sequence[int]]) -> Generator[T, None, None]:
    store = SqliteStore.open(database, looking=True)
    try:
        for batch in batches:
            yield work(store.stored(batch))
    finally:
        store.close()


def _spread(
    database: Path, work: Work[T], batches: Sequence[Sequence[int]], count: int
) -> Generator[T, None, None]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(database, work))
    waiting: deque[Future[T]] = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(_do, batch))
            if len(waiting) > _AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise AggregatorError(
            "A process that read stored items was ended, probably for want of memory; nothing is lost, "
            "run the command again."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


# ── in the child ────────────────────────────────────────────────────────────────────────────────

_task: list[tuple[SqliteStore, Work[Any]]] = []


def _begin(database: Path, work: Work[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is the parent's to answer
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _task.append((SqliteStore.open(database, looking=True), work))


def _end_with_the_parent() -> None:
    """A parent that was killed closes no queue: its children would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(batch: Sequence[int]) -> Any:
    store, work = _task[0]
    return work(store.stored(batch))
