"""Progress of long work: a bar on a terminal; elsewhere a line now and then, or an object of the log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.adapters import log
from aggregator.model import Event, Polled, Published
from aggregator.model.seams import Done, Observe

_MANY = 1000  # of fewer things nobody needs to hear in between


class Screen(Console):
    """A console whose reader may leave (`2>&1 | head`): the work goes on in silence."""

    def on_broken_pipe(self) -> None:
        """What rich does when nobody reads on; its own answer ends the program."""
        self.quiet = True


@contextmanager
def shown(total: int, what: str, stream: TextIO) -> Iterator[Observe]:
    """An observer that shows how far `total` polls or feeds have come, and what is worth a line."""
    with shown_count(total, what, stream) as done:
        console = done.console if isinstance(done, _Bar) else _console(stream)

        def observe(event: Event) -> None:
            _line(console, event)
            if isinstance(event, Polled | Published):
                done()

        yield observe


@contextmanager
def shown_count(total: int, what: str, stream: TextIO) -> Iterator[Done]:
    """How far `total` things have come, on `stream`: a bar on a terminal, elsewhere a line each tenth."""
    console = _console(stream)
    if not console.is_terminal:
        yield _Tenths(total, what, console.print)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        yield _Bar(bar, what, total)


@contextmanager
def logged(total: int, what: str) -> Iterator[Observe]:
    """An observer that logs what happens, and how far `total` polls or feeds have come."""
    done = _Tenths(total, what, log.inform)

    def observe(event: Event) -> None:
        log.observe(event)
        if isinstance(event, Polled | Published):
            done()

    yield observe


@contextmanager
def logged_count(total: int, what: str) -> Iterator[Done]:
    """How far `total` things have come, in the log."""
    yield _Tenths(total, what, log.inform)


class _Bar:
    """A bar on a terminal. What was counted too low grows with what is done."""

    def __init__(self, bar: Progress, what: str, total: int) -> None:
        self.console = bar.console
        self._bar, self._task, self._total, self._done = bar, bar.add_task(what, total=total), total, 0

    def __call__(self, more: int = 1) -> None:
        self._done += more
        self._total = max(self._total, self._done)
        self._bar.update(self._task, advance=more, total=self._total)


class _Tenths:
    """A sentence for each tenth of many things."""

    def __init__(self, total: int, what: str, tell: Callable[[str], None]) -> None:
        self._total, self._what, self._tell, self._done = total, what, tell, 0

    def __call__(self, more: int = 1) -> None:
        before, self._done = self._done, self._done + more
        if self._total >= _MANY and self._done * 10 // self._total > before * 10 // self._total:
            self._tell(f"{self._what}: {self._done:,} of {self._total:,}")


def _console(stream: TextIO) -> Screen:
    return Screen(file=stream, highlight=False, soft_wrap=True)


def _line(console: Console, event: Event) -> None:
    if isinstance(event, Polled):
        news = event.change is not None and (event.change.new or event.change.corrected)
        if event.poll.outcome == "unreached":
            return  # one line tells of all of them
        if event.poll.failure is not None:
            colour = "yellow" if event.poll.outcome == "waiting" else "red"
            console.print(f"[{colour}]{event.source.id}[/]: {escape(log.said(event))}")
        elif news:
            console.print(f"[bold]{event.source.id}[/]: {escape(log.said(event))}")
