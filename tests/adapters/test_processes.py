"""Refining in child processes: what one feed does to its child is no other feed's business."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters.processes import Processes
from aggregator.model import Failure, Refined, Response, Source


def behave(source: Source, response: Response) -> Refined | Failure:
    """A refiner that does what the body says."""
    match response.body.split():
        case [b"hang"]:
            while True:
                pass
        case [b"sleep", seconds]:
            time.sleep(float(seconds))
        case [b"swell"]:
            return Refined(head=None, items=(), notes=("x" * (3 << 30),))  # type: ignore[arg-type]
        case [b"exit"]:
            os._exit(3)
        case [b"kill"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case [b"crash"]:
            os.kill(os.getpid(), signal.SIGSEGV)
        case [b"raise"]:
            raise RuntimeError("secret\ndetails")
        case [b"leave"]:
            raise SystemExit(0)
        case [b"large"]:
            return Failure("format", "x" * 3_000_000)
    return Failure("format", f"{source.id} by {os.getpid()}")


def ask(body: str) -> tuple[Source, Response]:
    return Source(body, "https://e.example/"), Response(
        "https://e.example/", 200, (("etag", '"1"'),), body.encode()
    )


def refine(
    *bodies: str, workers: int = 2, seconds: float = 20, memory: int = 1 << 30
) -> list[Refined | Failure]:
    async def together() -> list[Refined | Failure]:
        deadline = timedelta(seconds=seconds)
        async with Processes(behave, workers=workers, deadline=deadline, memory=memory) as processes:
            return await asyncio.gather(*(processes(*ask(body)) for body in bodies))

    return asyncio.run(together())


def failure(result: Refined | Failure) -> Failure:
    assert isinstance(result, Failure)
    assert result.sentence.endswith(".")
    assert "\n" not in result.sentence
    assert result.header("etag") == '"1"'
    return result


def test_results_come_back_from_another_process() -> None:
    (result,) = refine("fine")
    assert isinstance(result, Failure)
    assert result.sentence.startswith("fine by ")
    assert result.sentence != f"fine by {os.getpid()}"


def test_a_result_larger_than_a_pipe_holds_comes_back_whole() -> None:
    (result,) = refine("large")
    assert isinstance(result, Failure)
    assert len(result.sentence) == 3_000_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("exit", "internal"),
        ("kill", "limits"),
        ("crash", "limits"),
        ("raise", "internal"),
        ("leave", "internal"),
    ],
)
def test_a_child_that_dies_fails_its_own_feed_alone(body: str, kind: str) -> None:
    bodies = ["a", "b", body, "c", "d", body, "e"]
    results = refine(*bodies)
    for asked, result in zip(bodies, results, strict=True):
        if asked == body:
            assert failure(result).kind == kind
        else:
            assert isinstance(result, Failure)
            assert result.sentence.startswith(f"{asked} by ")


def test_a_feed_that_takes_too_long_is_given_up_and_the_others_are_read() -> None:
    started = time.monotonic()
    first, second, third, *_ = refine("hang", "a", "b", "c", seconds=1)
    assert failure(first).kind == "limits"
    assert "1 second" in failure(first).sentence
    assert isinstance(second, Failure)
    assert second.sentence.startswith("a by ")
    assert isinstance(third, Failure)
    assert time.monotonic() - started < 15


def test_a_feed_that_takes_too_much_memory_is_given_up() -> None:
    first, second = refine("swell", "a", workers=1, memory=256 << 20)
    assert failure(first).kind == "limits"
    assert "memory" in failure(first).sentence
    assert isinstance(second, Failure)
    assert second.sentence.startswith("a by ")


def test_no_words_of_an_exception_reach_the_sentence() -> None:
    (result,) = refine("raise")
    assert "secret" not in failure(result).sentence


def test_a_child_killed_while_idle_is_replaced_unnoticed() -> None:
    async def scenario() -> Refined | Failure:
        async with Processes(behave, workers=1) as processes:
            first = await processes(*ask("a"))
            assert isinstance(first, Failure)
            os.kill(int(first.sentence.split()[-1]), signal.SIGKILL)
            while _is_alive(int(first.sentence.split()[-1])):
                await asyncio.sleep(0.01)
            return await processes(*ask("b"))

    second = asyncio.run(scenario())
    assert isinstance(second, Failure)
    assert second.sentence.startswith("b by ")


def test_cancelling_frees_the_place_at_once() -> None:
    async def scenario() -> float:
        async with Processes(behave, workers=1) as processes:
            await processes(*ask("a"))
            hanging = asyncio.create_task(processes(*ask("hang")))
            await asyncio.sleep(0.2)
            started = time.monotonic()
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            result = await processes(*ask("b"))
            assert isinstance(result, Failure)
            assert result.sentence.startswith("b by ")
            return time.monotonic() - started

    assert asyncio.run(scenario()) < 5


def test_closing_does_not_wait_for_a_feed_that_hangs() -> None:
    async def scenario() -> float:
        async with Processes(behave, workers=1) as processes:
            await processes(*ask("a"))
            hanging = asyncio.create_task(processes(*ask("hang")))
            await asyncio.sleep(0.2)
            started = time.monotonic()
        await hanging
        return time.monotonic() - started

    assert asyncio.run(scenario()) < 5


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


PROGRAM = """
import asyncio, sys
from datetime import timedelta
from aggregator.adapters.processes import Processes
from tests.adapters.test_processes import ask, behave

async def main():
    async with Processes(behave, workers=2, deadline=timedelta(seconds=20)) as processes:
        for body in ("a", "b"):
            print((await processes(*ask(body))).sentence.split()[-1], flush=True)
        print("ready", flush=True)
        await asyncio.gather(processes(*ask(sys.argv[1])), asyncio.sleep(30))

try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
"""


def start(body: str) -> "tuple[subprocess.Popen[str], set[int]]":
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, body],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert program.stdout is not None
    pids = set()
    for line in program.stdout:
        if line.strip() == "ready":
            break
        pids.add(int(line))
    return program, pids


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("body", ["a", "sleep 0.5"])
def test_no_child_outlives_a_parent_that_was_killed(body: str) -> None:
    program, pids = start(body)
    program.kill()
    program.communicate()
    deadline = time.monotonic() + 10
    while any(map(_is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(_is_alive, pids))


def test_ctrl_c_in_the_terminal_prints_nothing_from_the_children() -> None:
    program, _ = start("hang")
    os.killpg(program.pid, signal.SIGINT)
    _, errors = program.communicate(timeout=20)
    assert errors == ""
