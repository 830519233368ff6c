"""Long work on a terminal: a bar that moves; elsewhere a plain line for whatever is worth one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.adapters.log import said
from aggregator.model import Event, Polled, Published
from aggregator.ports import Observe


@contextmanager
def progress(total: int, what: str, stream: TextIO) -> Iterator[Observe]:
    """An observer that shows how far `total` polls have come, on `stream`."""
    console = Console(file=stream, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        yield lambda event: _line(console, event)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)

        def observe(event: Event) -> None:
            if isinstance(event, Polled):
                bar.advance(task)
            _line(bar.console, event)

        yield observe


def _line(console: Console, event: Event) -> None:
    if isinstance(event, Polled):
        news = event.change is not None and (event.change.new or event.change.corrected)
        if event.poll.failure is not None:
            console.print(f"[red]{event.source.id}[/]: {escape(said(event))}")
        elif news:
            console.print(f"[bold]{event.source.id}[/]: {escape(said(event))}")
    elif isinstance(event, Published) and event.failure:
        console.print(f"[red]{escape(event.feed)}[/] was not published: {escape(event.failure)}")
