"""How commands fail: in one sentence, as JSON where that was asked for, and quietly when they are stopped."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from types import ModuleType

import pytest
from click.testing import CliRunner

from aggregator import __main__ as entry
from aggregator.adapters.progress import progress
from aggregator.cli import program
from aggregator.model import Claim, Failure, Memory, Poll, Polled, Source
from tests.cli.newsdesk import NOW, NewsDesk

TOPICS = "topics:\n  world:\n    title: World\n    match: war\n"


class Interrupted(ModuleType):
    """A package during whose loading Ctrl-C is pressed."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_ctrl_c_while_the_program_loads_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aggregator.cli", Interrupted("aggregator.cli"))
    with pytest.raises(SystemExit) as left:
        entry.main()
    assert left.value.code == 130


@pytest.mark.parametrize("words", [["poll", "nowhere"], ["poll", "dayly"], ["explain", "nothing"]])
def test_a_failure_is_json_where_json_was_asked_for(desk: NewsDesk, words: list[str]) -> None:
    desk.write(TOPICS)
    where = {"AGGREGATOR_CONFIG": str(desk.config), "AGGREGATOR_DATABASE": str(desk.database)}
    said = CliRunner(env=where).invoke(program, [*words, "--json"])
    assert json.loads(said.stdout) == {"error": str(said.exception)}


def test_an_unknown_source_is_told_what_there_is(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    assert "did you mean daily?" in desk.run("poll", "dayly").out
    assert "there are: daily, weekly" in desk.run("poll", "nonexistent").out


def test_a_reader_that_has_read_enough_is_no_error(desk: NewsDesk) -> None:
    desk.write(TOPICS)
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "aggregator", "check", "--config", str(desk.config)]
    command += ["--database", str(desk.database)]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.fixture
def unread() -> Iterator[io.TextIOWrapper]:
    """A stream that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w", buffering=1)
    yield stream
    with suppress(BrokenPipeError):
        stream.close()


def test_a_pass_goes_on_when_nobody_reads_its_progress(unread: io.TextIOWrapper) -> None:
    failure = Failure("network", "The server could not be reached.")
    poll = Poll(Claim("daily", 1, Memory()), NOW, Memory(), "failed", failure=failure)
    event = Polled(Source("daily", "https://daily.example/feed"), poll, None, timedelta(0))
    with progress(2, "polling", unread) as observe:
        observe(event)
        observe(event)
