"""A command that is imported when it is chosen."""

import gc
from functools import cached_property
from importlib import import_module
from typing import Any

import click


class Listed(click.Command):
    """A command's line in the list of all, which brings its module in when somebody chooses it."""

    def __init__(self, name: str, place: str, summary: str) -> None:
        super().__init__(name, short_help=summary)
        self._place = place

    @cached_property
    def command(self) -> click.Command:
        """The command itself; its place is "module:name"."""
        place, _, name = self._place.partition(":")
        gc.disable()  # what is loaded stays: looking through it for garbage is a tenth of the time to start
        try:
            module = import_module(place)
            gc.freeze()
        finally:
            gc.enable()
        command: click.Command = getattr(module, name)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **more: Any
    ) -> click.Context:
        """The context in which the command itself runs, its arguments read."""
        return self.command.make_context(info_name, args, parent, **more)
