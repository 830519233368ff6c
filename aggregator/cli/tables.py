"""Records for people: on a terminal a table, or stacked where that does not fit; elsewhere one line each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aggregator.adapters.progress import Screen
from aggregator.text.characters import one_line

_APART = 2  # columns of the screen between two of the table
_GAP = " " * _APART


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its label; one that may wrap does so in no less than `least` columns of the screen."""

    label: str
    right: bool = False
    least: int = 0  # 0: it never wraps


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with a style of rich's, on a terminal."""

    text: str
    style: str = ""


Record = Sequence[Cell | str]


def show(columns: Sequence[Column], records: Sequence[Record]) -> None:
    """Print the records; a column in which nobody has anything is left out."""
    rows = [[_cell(cell) for cell in record] for record in records]
    used = [at for at in range(len(columns)) if any(row[at].plain for row in rows)]
    columns, rows = [columns[at] for at in used], [[row[at] for at in used] for row in rows]
    console = Screen(highlight=False)
    if not console.is_terminal:
        click.echo("\n".join(_lines(columns, rows)))
        return
    widths = _widths(columns, rows, console.width)
    with console.capture() as captured:
        if widths:
            console.print(_table(columns, rows, widths))
        else:
            _stack(console, columns, rows)
    _echo(captured.get())


def show_one(record: Sequence[tuple[str, str]]) -> None:
    """Print one record, a line for each label that has a value."""
    console = Screen(highlight=False)
    labels, row = [Column(label) for label, _ in record], [_cell(value) for _, value in record]
    if console.is_terminal:
        with console.capture() as captured:
            _stack(console, labels, [row])
        _echo(captured.get().rstrip())
    else:
        click.echo("\n".join(line.plain for line in _labelled(labels, row)))


def _cell(cell: Cell | str) -> Text:
    return Text(one_line(cell)) if isinstance(cell, str) else Text(one_line(cell.text), cell.style)


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[Text]]) -> list[int]:
    """How wide each column is where nothing is wrapped."""
    labels = [Text(column.label).cell_len for column in columns]
    return [max(label, *(row[at].cell_len for row in rows)) for at, label in enumerate(labels)]


def _lines(columns: Sequence[Column], rows: Sequence[Sequence[Text]]) -> Iterator[str]:
    """One line a record, aligned and whole."""
    widths = _natural(columns, rows)
    for row in ([Text(column.label) for column in columns], *rows):
        cells = (_padded(*one) for one in zip(row, columns, widths, strict=True))
        yield _GAP.join(cells).rstrip()


def _padded(cell: Text, column: Column, width: int) -> str:
    blank = " " * (width - cell.cell_len)
    return blank + cell.plain if column.right else cell.plain + blank


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Text]], screen: int) -> list[int]:
    """The width of each column in a table that fits the screen; none where no table does.

    What may wrap shares the room that is left, the narrowest first.
    """
    widths = _natural(columns, rows)
    wrapping = sorted((at for at, column in enumerate(columns) if column.least), key=lambda at: widths[at])
    room = screen - _APART * (len(columns) - 1)
    room -= sum(width for at, width in enumerate(widths) if at not in wrapping)
    for left, at in zip(range(len(wrapping), 0, -1), wrapping, strict=True):
        widths[at] = min(widths[at], max(room // left, columns[at].least))
        room -= widths[at]
    return widths if room >= 0 else []


def _table(columns: Sequence[Column], rows: Sequence[Sequence[Text]], widths: Sequence[int]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, _APART, 0, 0), header_style="none")
    for column, width in zip(columns, widths, strict=True):
        justify, wraps = "right" if column.right else "left", bool(column.least)
        table.add_column(column.label, justify=justify, width=width, no_wrap=not wraps, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*row)
    return table


def _stack(console: Console, columns: Sequence[Column], rows: Sequence[Sequence[Text]]) -> None:
    for row in rows:
        for line in _labelled(columns, row):
            console.print(line, overflow="fold")
        console.print()


def _labelled(columns: Sequence[Column], row: Sequence[Text]) -> Iterator[Text]:
    return (
        Text.assemble(f"{column.label}: ", cell)
        for column, cell in zip(columns, row, strict=True)
        if cell.plain
    )


def _echo(printed: str) -> None:
    """Without spaces at the ends of lines, which some terminals wrap."""
    click.echo("\n".join(line.rstrip() for line in printed.split("\n")).removesuffix("\n"))
