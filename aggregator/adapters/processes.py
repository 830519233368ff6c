"""Child processes that refine: one that hangs, swells or dies takes a single feed with it.

Each child has a pipe of its own: its death, at whatever moment, can neither lock nor garble another's.
"""

import asyncio
import multiprocessing
import os
import pickle
import resource
import signal
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from aggregator.model import Failure, FailureKind, Refined, Response, Source
from aggregator.polling.bodies import refine

Function = Callable[[Source, Response], Refined | Failure]

_START = 60.0  # seconds that a child may take to start on a busy machine
_GRACE = 5.0  # seconds after the deadline until a child ends itself that nobody stops, its parent being gone
_JOBS = 500  # after which a child is replaced, lest its memory creep up

_context = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class _Task:
    function: Function
    seconds: float
    memory: int


class Processes:
    """A `seams.Refine` that runs a pure top-level function in child processes, which start when needed.

    A feed that takes longer than `deadline`, or more than `memory` bytes, or whose child dies, is a Failure.
    """

    def __init__(
        self,
        function: Function = refine,
        *,
        workers: int | None = None,
        deadline: timedelta = timedelta(seconds=20),
        memory: int = 1 << 30,
    ) -> None:
        count = workers or os.cpu_count() or 1
        _context.set_forkserver_preload(["__main__", __name__, function.__module__])
        self._task = _Task(function, deadline.total_seconds(), memory)
        self._children = {_Child(self._task) for _ in range(count)}
        self._idle = list(self._children)
        self._free = asyncio.Semaphore(count)
        self._threads = ThreadPoolExecutor(max_workers=count, thread_name_prefix="refine")
        self._stop = weakref.finalize(self, _stop_all, self._children)

    async def __aenter__(self) -> Self:
        return self

    def make_ready(self) -> None:
        """Load what children need, so that the first feed does not wait for it; returns at once."""
        forkserver.ensure_running()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the children, whatever they do."""
        self._stop()
        self._threads.shutdown()

    async def __call__(self, source: Source, response: Response) -> Refined | Failure:
        """What the function makes of the body, or why it could not; cancelling kills the child at work."""
        async with self._free:
            child = self._idle.pop()
            try:
                run = asyncio.get_running_loop().run_in_executor(self._threads, child.run, source, response)
                return await asyncio.shield(run)
            except asyncio.CancelledError:
                child.stop()
                self._children.remove(child)
                child = _Child(self._task)
                self._children.add(child)
                raise
            finally:
                self._idle.append(child)


def _stop_all(children: "Iterable[_Child]") -> None:
    for child in children:
        child.stop()


class _Child:
    """One process at a time, started and asked from a thread, stopped from any."""

    def __init__(self, task: _Task) -> None:
        self._task = task
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._jobs = 0
        self._stopped = False

    def run(self, source: Source, response: Response) -> Refined | Failure:
        """Have the process do one job; blocks up to the deadline."""
        try:
            pipe = self._ready()
        except (EOFError, OSError) as error:
            self._end()
            return _failure("limits", _not_started(error), response)
        try:
            pipe.send_bytes(pickle.dumps((source, response)))
            if not pipe.poll(self._task.seconds):
                self._end()
                return _failure("limits", _too_long(self._task.seconds), response)
            result: Refined | Failure = pickle.loads(pipe.recv_bytes())  # noqa: S301 - our own child wrote it
        except (EOFError, OSError):
            return _failure(*_death(self._end()), response)
        self._jobs += 1
        return result

    def stop(self) -> None:
        """Kill the process now and start no other."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def _ready(self) -> Connection:
        """The pipe to a living process."""
        if self._pipe and self._jobs < _JOBS and not self._pipe.poll(0):  # unasked, only the dead have news
            return self._pipe
        self._end()
        self._pipe, far = _context.Pipe()
        process = _context.Process(target=_serve, args=(far, self._task), name="refine", daemon=True)
        process.start()
        far.close()
        self._process = process
        if self._stopped:  # while it started
            process.kill()
        if not self._pipe.poll(_START):
            raise EOFError
        self._pipe.recv_bytes()
        return self._pipe

    def _end(self) -> int | None:
        """Kill the process and forget it; its exit code."""
        process, pipe = self._process, self._pipe
        self._process, self._pipe, self._jobs = None, None, 0
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        process.join(0.2)  # one that is dying tells what of
        process.kill()
        process.join()
        return process.exitcode


def _failure(kind: FailureKind, sentence: str, response: Response) -> Failure:
    return Failure(kind, sentence, response.status, response.headers, response.requests)


def _not_started(error: Exception) -> str:
    reason = (error.strerror if isinstance(error, OSError) else None) or "it ended at once"
    return f"No process to read the feed could be started ({reason}); raise this machine's limits (ulimit)."


def _too_long(seconds: float) -> str:
    return f"The feed took longer than {seconds:g} seconds to read and was given up; it is tried again later."


def _death(code: int | None) -> tuple[FailureKind, str]:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return "limits", f"The process that read the feed was ended ({name}), probably for want of memory."
    return "internal", f"The process that read the feed ended by itself (exit code {code}); report the feed."


# ── in the child ────────────────────────────────────────────────────────────────────────────────


def _serve(pipe: Connection, task: _Task) -> None:
    """Do one job after the other until the parent is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the terminal's Ctrl-C is the parent's to answer
    _be_quiet()
    _bound(resource.RLIMIT_DATA, task.memory)
    _bound(resource.RLIMIT_CORE, 0)
    with suppress(EOFError, OSError):
        pipe.send_bytes(b"")
        while True:
            job = pipe.recv_bytes()
            signal.setitimer(signal.ITIMER_REAL, task.seconds + _GRACE)  # also ends a loop that is not Python
            answer = _answer(task.function, job)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send_bytes(answer)


def _be_quiet() -> None:
    """What libraries print when they die is nothing for the operator's terminal."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (limit, limit))


def _answer(function: Function, job: bytes) -> bytes:
    source, response = pickle.loads(job)  # noqa: S301 - our own parent wrote it
    try:
        return pickle.dumps(function(source, response))
    except MemoryError:
        sentence = "The feed needs more memory to read than one feed may take and was given up."
        return pickle.dumps(_failure("limits", sentence, response))
    except BaseException as error:
        sentence = (
            f"Reading the feed failed unexpectedly ({type(error).__name__}); report the feed's address."
        )
        return pickle.dumps(_failure("internal", sentence, response))
