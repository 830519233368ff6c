"""The options every command takes, before its name or after it, each also an environment variable."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar

import click

from aggregator import __version__
from aggregator.adapters import log
from aggregator.errors import AggregatorError
from aggregator.service import Settings

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path)
_GLOBAL = (
    click.option(
        "--config",
        type=_FILE,
        envvar="AGGREGATOR_CONFIG",
        default="config/sources.yaml",
        show_default=True,
        show_envvar=True,
        help="The configuration.",
    ),
    click.option(
        "--database",
        type=_FILE,
        envvar="AGGREGATOR_DATABASE",
        default="data/aggregator.db",
        show_default=True,
        show_envvar=True,
        help="The store.",
    ),
    click.option(
        "--feeds",
        type=_FILE,
        envvar="AGGREGATOR_FEEDS",
        default="feeds",
        show_default=True,
        show_envvar=True,
        help="The folder that is published.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Machine-readable output."),
    click.option("--log-json", is_flag=True, help="Log one JSON object a line."),
    click.option("--verbose", "-v", is_flag=True, help="Log what changed nothing, too."),
)


@dataclass(frozen=True, slots=True)
class Given:
    """The global options as they hold for one command."""

    settings: Settings
    as_json: bool = False
    log_json: bool = False
    verbose: bool = False

    def say(self, text: str, facts: Mapping[str, object]) -> None:
        """Print the outcome: a sentence, or the facts as one JSON object."""
        click.echo(json.dumps(facts, ensure_ascii=False, default=_plain) if self.as_json else text)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def takes_global_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the global options; said after its name they win over those said before."""

    @click.pass_context
    def wrapper(context: click.Context, /, **values: Any) -> None:
        given = {name: _value(context, name, values.pop(name)) for name in _NAMES}
        log.configure(as_json=given["log_json"], verbose=given["verbose"])
        settings = Settings(given["config"], given["database"], given["feeds"])
        chosen = Given(settings, given["as_json"], given["log_json"], given["verbose"])
        try:
            command(chosen, **values)
        except AggregatorError as error:
            if chosen.as_json:
                chosen.say("", {"error": str(error)})
            raise
        except BrokenPipeError:  # `| head` has read enough; click would make an error of it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    return update_wrapper(_options(wrapper), command)


_NAMES = ("config", "database", "feeds", "as_json", "log_json", "verbose")


def _value(context: click.Context, name: str, value: Any) -> Any:
    """The option as said after the command, else as said before it, else before the group it belongs to."""
    said = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    if said or context.parent is None:
        return value
    return _value(context.parent, name, context.parent.params.get(name, value))


def takes_address(command: F) -> F:
    """Give a command the address that its web part listens on."""
    port = click.IntRange(1, 65535)
    shown: dict[str, Any] = {"show_default": True, "show_envvar": True}
    for option in (
        click.option("--port", envvar="PORT", default=8080, type=port, help="Where it listens.", **shown),
        click.option(
            "--host", envvar="AGGREGATOR_HOST", default="127.0.0.1", help="On which address.", **shown
        ),
    ):
        command = option(command)
    return command


def _options(function: F) -> F:
    for option in reversed(_GLOBAL):
        function = option(function)
    return function


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="aggregator")
@_options
def program(**_: object) -> None:
    """Polls partner feeds politely and republishes one feed per topic."""
