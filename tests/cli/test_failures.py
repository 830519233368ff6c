"""How commands fail: in one sentence, as JSON where that was asked for, and quietly when they are stopped."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType

import pytest

from aggregator import __main__ as entry
from aggregator.adapters import progress
from aggregator.cli import failures, main
from aggregator.cli.registry import COMMANDS, Listed
from aggregator.model import Claim, Failure, Polled, PollResult, Source, SourceState
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


@dataclass(frozen=True)
class Left:
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: object


@pytest.fixture
def typed(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Left]:
    """Type a command as at a terminal."""
    monkeypatch.setenv("AGGREGATOR_CONFIG", str(desk.config))
    monkeypatch.setenv("AGGREGATOR_DATABASE", str(desk.database))
    monkeypatch.setenv("AGGREGATOR_FEEDS", str(desk.folder / "feeds"))

    def type_in(*words: str) -> Left:
        monkeypatch.setattr(sys, "argv", ["aggregator", *words])
        code: object = 0
        try:
            main()
        except SystemExit as left:
            code = left.code
        return Left(*capsys.readouterr(), code)

    return type_in


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["poll", "nowhere"], 1),
        (["explain", "nothing"], 1),
        (["poll", "--al"], 2),
        (["poll", "daily", "--all"], 2),
        (["pole"], 2),
        (["suggest"], 2),
    ],
)
def test_a_failure_is_one_object_where_json_was_asked_for(
    desk: NewsDesk, typed: Callable[..., Left], words: list[str], code: int
) -> None:
    desk.write(TOPICS)
    left = typed(*words, "--json")
    facts = json.loads(left.out)
    assert (left.code, left.err) == (code, "")
    assert facts["error"]
    assert (facts["file"], facts["line"], facts["column"], facts["problems"]) == (None, None, None, [])
    assert typed(*words).err.rstrip().endswith(facts["error"])


@pytest.mark.parametrize("command", ["check", "plan", "apply", "publish"])
def test_a_failure_in_a_file_names_its_first_place_and_all_others(
    desk: NewsDesk, typed: Callable[..., Left], command: str
) -> None:
    desk.write(
        "topics:\n  world:\n    title: World\n    mach: war\n  peace:\n    title: Peace\n    match: (a\n"
    )
    left = typed(command, "--json")
    facts = json.loads(left.out)
    places = [(one["file"], one["line"], one["column"]) for one in facts["problems"]]
    assert (left.code, left.err) == (1, "")
    assert (facts["file"], facts["line"], facts["column"]) == places[0]
    assert {line for _, line, _ in places} == {13, 16}


def test_a_failure_in_a_query_names_its_column(desk: NewsDesk, typed: Callable[..., Left]) -> None:
    desk.write(TOPICS)
    desk.store()
    facts = json.loads(typed("search", "war AND (peace", "--json").out)
    assert (facts["file"], facts["line"], facts["column"]) == (None, 1, 9)
    assert "parenthesis" in facts["problems"][0]["message"]


def test_what_follows_two_hyphens_is_no_option(desk: NewsDesk, typed: Callable[..., Left]) -> None:
    desk.write(TOPICS)
    assert typed("poll", "--", "--json").err.startswith("there is no source '--json'")


def test_a_fault_of_the_program_and_of_the_system_are_sentences() -> None:
    sentence = failures.of(ValueError("x")).sentence
    assert sentence.startswith("a fault of the program itself (ValueError: x); ")
    assert failures.of(OSError(28, "No space left on device", "/d")).sentence == (
        "/d: No space left on device; nothing was lost, try again"
    )


@pytest.mark.parametrize("one", [one for one in COMMANDS if one.name != "demo"], ids=lambda one: one.name)
def test_whatever_a_command_says_besides_is_an_object_a_line_with_log_json(
    desk: NewsDesk, typed: Callable[..., Left], one: Listed
) -> None:
    desk.write(TOPICS.replace("match: war", "match: ("))
    needed = {"explain": ["x"], "suggest": ["x"], "search": ["x"], "release": ["x"]}
    needed |= {"withdraw": ["x", "--reason", "r"], "hold": ["x", "--reason", "r"], "pin": ["x", "--undo"]}
    left = typed(one.name, *needed.get(one.name or "", []), "--log-json")
    lines = [json.loads(line) for line in left.err.splitlines()]
    assert left.code == 1
    if one.name != "check":  # whose outcome the problems are
        assert {line["level"] for line in lines} <= {"warning", "error"}
        assert lines[-1]["message"]


@pytest.mark.parametrize("words", [["poll", "nowhere"], ["search", "("], ["pole"], ["explain"]])
def test_an_error_is_an_object_of_the_log_with_log_json(
    desk: NewsDesk, typed: Callable[..., Left], words: list[str]
) -> None:
    desk.write(TOPICS)
    desk.store()
    left = typed(*words, "--log-json")
    (line,) = map(json.loads, left.err.splitlines())
    assert (line["level"], bool(line["message"]), left.out) == ("error", True, "")


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
    poll = PollResult(Claim("daily", 1, SourceState()), NOW, SourceState(), "failed", failure=failure)
    event = Polled(Source("daily", "https://daily.example/feed"), poll, None, timedelta(0))
    with progress.shown(2, "polling", unread) as observe:
        observe(event)
        observe(event)
