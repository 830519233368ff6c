"""The options every command takes, before its name or after it, each also an environment variable."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

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
    click.option("--verbose", "-v", is_flag=True, help="Log also what changed nothing."),
)


def global_options(function: F) -> F:
    """Give a command or the program the global options."""
    for option in reversed(_GLOBAL):
        function = option(function)
    return function


def takes_address(command: F) -> F:
    """Give a command the address that its web part listens on."""
    port = click.IntRange(1, 65535)
    shown: dict[str, Any] = {"show_default": True, "show_envvar": True}
    for option in (
        click.option("--port", envvar="PORT", default=8080, type=port, help="Where it listens.", **shown),
        click.option(
            "--host", envvar="AGGREGATOR_HOST", default="127.0.0.1", help="The address to listen on.", **shown
        ),
    ):
        command = option(command)
    return command
