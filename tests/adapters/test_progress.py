"""How far long work has come: a bar on a terminal, lines elsewhere, objects with `--log-json`."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.adapters import log, progress
from aggregator.model import Change, Claim, Failure, Polled, PollResult, Published, Source, SourceState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = Source("daily", "https://daily.example/feed")


class Terminal(io.StringIO):
    """What somebody sees."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """The log as objects."""
    stream, before = io.StringIO(), logging.getLogger().handlers[:]
    log.configure(as_json=True, stream=stream)
    yield stream
    logging.getLogger().handlers[:] = before


def polled(failure: Failure | None = None) -> Polled:
    poll = PollResult(
        Claim("daily", 1, SourceState()), NOW, SourceState(), "failed" if failure else "new", failure=failure
    )
    return Polled(SOURCE, poll, None if failure else Change(2, 0), timedelta(0))


@pytest.mark.parametrize("event", [polled(), Published("world", ("world.atom",))])
def test_a_bar_moves_with_polls_and_with_feeds(
    event: Polled | Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with progress.shown(3, "working", terminal) as observe:
        observe(event)
        observe(event)
    assert "working" in terminal.getvalue()
    assert "2/3" in terminal.getvalue()


def test_a_bar_that_was_promised_too_little_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with progress.shown_count(1, "publishing", terminal) as done:
        done(3)
    assert "3/3" in terminal.getvalue()


def test_elsewhere_there_is_a_line_for_what_is_worth_one() -> None:
    stream = io.StringIO()
    with progress.shown(3, "polling", stream) as observe:
        observe(polled())
        observe(polled(Failure("http", "It answered 500.")))
        observe(Published("world", ("world.atom",)))
    assert stream.getvalue().splitlines() == ["daily: 2 new", "daily: It answered 500."]


def test_of_many_things_each_tenth_has_a_line() -> None:
    stream = io.StringIO()
    with progress.shown(2_000, "publishing", stream) as observe:
        for _ in range(450):
            observe(Published("world", ()))
    assert stream.getvalue().splitlines() == ["publishing: 200 of 2,000", "publishing: 400 of 2,000"]


def test_in_the_log_progress_and_news_are_objects(logged: io.StringIO) -> None:
    with progress.logged(1_000, "polling") as observe:
        for _ in range(100):
            observe(polled())
    with progress.logged_count(2_000, "retagging") as done:
        done(200)
    messages = [json.loads(line)["message"] for line in logged.getvalue().splitlines()]
    assert messages[98:] == [
        "daily: 2 new",
        "daily: 2 new",
        "polling: 100 of 1,000",
        "retagging: 200 of 2,000",
    ]
