"""Long work on a terminal: a bar that moves; elsewhere a plain line for whatever is worth one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.adapters.log import said
from aggregator.model import Event, Polled
from aggregator.ports import Observe

_MANY = 1000  # of fewer things nobody needs to hear in between


class Screen(Console):
    """A console whose reader may leave (`2>&1 | head`): the work goes on in silence."""

    def on_broken_pipe(self) -> None:
        """What rich does when nobody reads on; its own answer ends the program."""
        self.quiet = True


@contextmanager
def progress(total: int, what: str, stream: TextIO) -> Iterator[Observe]:
    """An observer that shows how far `total` polls have come, on `stream`."""
    console = Screen(file=stream, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        yield lambda event: _line(console, event)
        return
    with _bar(console) as bar:
        task = bar.add_task(what, total=total)

        def observe(event: Event) -> None:
            if isinstance(event, Polled):
                bar.advance(task)
            _line(bar.console, event)

        yield observe


class Done(Protocol):
    """What to call when something is done, or several things are."""

    def __call__(self, more: int = 1) -> None:
        """`more` things are done."""


@contextmanager
def counting(total: int, what: str, stream: TextIO) -> Iterator[Done]:
    """How far `total` things have come, on `stream`: a bar on a terminal, elsewhere a line each tenth."""
    console = Screen(file=stream, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        yield _tenths(total, what, console)
        return
    with _bar(console) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more=1: bar.advance(task, more)


def _tenths(total: int, what: str, console: Console) -> Done:
    done = 0

    def advance(more: int = 1) -> None:
        nonlocal done
        before, done = done, done + more
        if total >= _MANY and done * 10 // total > before * 10 // total:
            console.print(f"{what}: {done:,} of {total:,}")

    return advance


def _bar(console: Console) -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=console, transient=True)


def _line(console: Console, event: Event) -> None:
    if isinstance(event, Polled):
        news = event.change is not None and (event.change.new or event.change.corrected)
        if event.poll.outcome == "unreached":
            return  # one line tells of all of them
        if event.poll.failure is not None:
            colour = "yellow" if event.poll.outcome == "waiting" else "red"
            console.print(f"[{colour}]{event.source.id}[/]: {escape(said(event))}")
        elif news:
            console.print(f"[bold]{event.source.id}[/]: {escape(said(event))}")
