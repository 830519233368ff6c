"""`aggregator run` as an operator lives with it: edits, failures, the way out."""

import json
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.endtoend.program import TOPICS, Program, end
from tests.outlets import Outlets, running

FEED = b"""<rss version="2.0"><channel><title>Outlet</title>
<item><title>Peace at last</title><guid isPermaLink="false">1</guid><link>https://outlet.example/1</link></item>
<item><title>A cake recipe</title><guid isPermaLink="false">2</guid><link>https://outlet.example/2</link></item>
</channel></rss>"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether it comes to hold in time; looks often, returns at once when it does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _get(url: str) -> bytes | None:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            body: bytes = answer.read()
            return body
    except (urllib.error.URLError, OSError):
        return None


@contextmanager
def _run(program: Program, *words: str) -> Iterator[str]:
    """`aggregator run` for the time of the block; yields the address it serves."""
    port = _free_port()
    process = program.start("run", *words, "--port", str(port))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        code = end(process)
        said = program.log.read_text()
        assert code == 0, said
        assert "Traceback" not in said


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def test_it_polls_publishes_serves_and_takes_over_an_edit_within_two_seconds(program: Program) -> None:
    food = "  food:\n    title: Food\n    match: cake\n"
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"outlet": outlets.url("/feed")})
        with _run(program) as site:
            assert _until(lambda: b"Peace at last" in (_get(f"{site}/world.atom") or b""))
            program.configure({"outlet": outlets.url("/feed")}, TOPICS + food)
            edited = time.monotonic()
            assert _until(lambda: _get(f"{site}/food.atom") is not None)
            assert time.monotonic() - edited < 4  # two seconds, and as many for a busy machine
        assert len(outlets.log) == 1


def test_an_editor_that_replaces_the_file_is_followed(program: Program) -> None:
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"outlet": outlets.url("/feed")})
        with _run(program) as site:
            assert _until(lambda: _get(f"{site}/world.atom") is not None)
            for title in ("Globe", "Earth"):
                draft = program.config.with_suffix(".tmp")
                draft.write_text(program.config.read_text().replace("title: World", f"title: {title}"))
                draft.replace(program.config)
                assert _until(lambda: title in str(_get(f"{site}/world.html")))  # noqa: B023 - called at once
                program.configure({"outlet": outlets.url("/feed")})
                assert _until(lambda: "World" in str(_get(f"{site}/world.html")))


def test_an_invalid_edit_changes_nothing_also_over_a_restart(program: Program) -> None:
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"outlet": outlets.url("/feed")})
        with _run(program) as site:
            assert _until(lambda: b"Peace at last" in (_get(f"{site}/world.atom") or b""))
            program.config.write_text(program.config.read_text().replace("title: World", "titel: Globe"))
            assert _until(lambda: "titel" in program.log.read_text())
            assert _get(f"{site}/world.atom") is not None
        with _run(program) as site:
            assert _until(lambda: _get(f"{site}/world.atom") is not None)
            assert "titel" in program.log.read_text()
        assert len(outlets.log) == 1


def test_with_no_network_it_stays_up_says_what_failed_and_serves(program: Program) -> None:
    program.configure({"nowhere": f"http://127.0.0.1:{_free_port()}/feed"})
    with _run(program, "--log-json") as site:
        assert _until(lambda: _get(f"{site}/index.html") is not None)
        assert _until(lambda: _get(f"{site}/world.atom") is not None)
        assert _get(f"{site}/health") is not None
        assert _until(lambda: '"outcome": "failed"' in program.log.read_text())
        assert "nothing is due before 20" in program.run("poll").stdout
    lines = [json.loads(line) for line in program.log.read_text().splitlines()]
    failed = [line for line in lines if line.get("source") == "nowhere"]
    assert failed
    assert failed[0]["outcome"] == "failed"


def test_ctrl_c_ends_it_as_sigterm_does(program: Program) -> None:
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"outlet": outlets.url("/feed")})
        port = _free_port()
        process = program.start("run", "--port", str(port))
        assert _until(lambda: _get(f"http://127.0.0.1:{port}/index.html") is not None)
        began = time.monotonic()
        assert end(process, signal.SIGINT) == 0
    assert time.monotonic() - began < 10


def test_a_taken_port_is_one_sentence(program: Program) -> None:
    program.configure({"outlet": "https://outlet.example/feed"})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = program.run("run", "web", "--port", str(port), code=3)
    assert str(port) in done.stderr
    assert "--port" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_decisions_take_effect_at_once_and_history_waits_for_apply(program: Program) -> None:
    desk = program.config.with_name("desk.yaml")
    waiting = "stored items still have the earlier topics"
    with running(Outlets({"/feed": FEED})) as outlets:
        program.configure({"outlet": outlets.url("/feed")})
        with _run(program) as site:

            def shows(feed: str, title: bytes) -> bool:
                return title in (_get(f"{site}/{feed}.atom") or b"")

            assert _until(lambda: shows("world", b"Peace at last"))
            desk.write_text(
                "add: [{item: https://outlet.example/2, topics: [diplomacy], reason: a peace cake}]\n"
                "remove: [{item: https://outlet.example/1, topics: [world], reason: not this one}]\n"
            )
            assert _until(lambda: shows("diplomacy", b"cake") and not shows("world", b"Peace"))
            program.configure({"outlet": outlets.url("/feed")}, TOPICS.replace("war", "cake"))
            assert _until(lambda: waiting in program.log.read_text())
            assert not shows("world", b"cake")
            planned = program.facts("plan")["topics"]
            assert [(topic, moves["gained"]) for topic, moves in planned.items()] == [("world", 1)]
            assert program.facts("apply")["changed"] == 1
            assert _until(lambda: shows("world", b"cake"))
            desk.write_text("add: [{item: x")
            assert _until(lambda: "desk.yaml:1" in program.log.read_text())
            assert shows("diplomacy", b"cake")
            desk.unlink()
            assert _until(lambda: shows("world", b"Peace") and not shows("diplomacy", b"cake"))
        assert program.log.read_text().count(waiting) == 1
