"""The commands: what each is for in a few words, and where it stands."""

import gc
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

import click

from aggregator import __version__
from aggregator.cli.options import global_options


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


COMMANDS: Sequence[Listed] = (
    Listed("run", "aggregator.cli.run:run", "Poll on schedule, publish, serve, follow edits."),
    Listed("poll", "aggregator.cli.passes:poll", "One pass: poll what is due, publish, stop."),
    Listed("publish", "aggregator.cli.passes:publish", "Bring the published folder up to date."),
    Listed("check", "aggregator.cli.check:check", "Every problem of the configuration."),
    Listed("plan", "aggregator.cli.plan:plan", "What edited rules would change in history."),
    Listed("apply", "aggregator.cli.apply:apply", "Give stored items the topics of today's rules."),
    Listed("explain", "aggregator.cli.explain:explain", "Why an item has its topics, or lacks them."),
    Listed("suggest", "aggregator.cli.suggest:suggest", "Words that would find more of a topic."),
    Listed("search", "aggregator.cli.search:search", "The newest items that a query holds for."),
    Listed("sources", "aggregator.cli.sources:sources", "How every source fares; add some, list them."),
    Listed("withdraw", "aggregator.cli.desk:withdraw", "Take an item out everywhere, for good."),
    Listed("hold", "aggregator.cli.desk:hold", "Keep an item out until it is released."),
    Listed("release", "aggregator.cli.desk:release", "Publish an item that is held."),
    Listed("pin", "aggregator.cli.desk:pin", "Put an item first in a topic."),
    Listed("demo", "aggregator.cli.demo:demo", "The whole program on sample outlets."),
)


@click.group(
    commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="aggregator")
@global_options
def program(**_: object) -> None:
    """Polls partner feeds politely and republishes one feed per topic."""
