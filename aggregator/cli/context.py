"""What every command is given: where things are, and how it is to speak."""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import update_wrapper
from typing import Any

import click

from aggregator.adapters import log
from aggregator.cli.options import global_options
from aggregator.errors import InputError, UsageError
from aggregator.model.seams import Done, Observe
from aggregator.service.settings import Settings

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/.*|(file|sqlite3?):.*|(:memory:)", re.IGNORECASE | re.DOTALL)
_OPTIONS = {
    "config": ("the configuration is a file", "config/sources.yaml"),
    "database": ("the database is a file (SQLite)", "data/aggregator.db"),
    "feeds": ("what is published is a folder", "feeds"),
}


def refuse_addresses(settings: Settings) -> None:
    """Refuse an address in the place of a file, which would silently become a file or folder of that name.

    No more of it is shown than its scheme, for a password may stand in it.
    """
    for option, (what, example) in _OPTIONS.items():
        place = getattr(settings, option)
        found = _ADDRESS.fullmatch(str(place))
        if found and not place.exists():
            scheme = (found[1] or found[2] or found[3]).lower()
            raise UsageError(
                f"--{option} takes no {scheme} address, for {what} in this version; name one, "
                f"such as --{option} {example}"
            )
    _refuse_folder(settings)


def _refuse_folder(settings: Settings) -> None:
    """A folder that can never have been the configuration; one in its place is told of when it is read."""
    inside = settings.config / "sources.yaml"
    if settings.config.name in ("", "..") or inside.is_file():
        example = inside if inside.is_file() else "config/sources.yaml"
        raise InputError(f"{settings.config} is a folder; name the file in it, such as --config {example}")


@dataclass(frozen=True, slots=True)
class Given:
    """The global options as they hold for one command."""

    settings: Settings
    as_json: bool = False
    log_json: bool = False
    verbose: bool = False

    def say(self, text: str, facts: Mapping[str, object]) -> None:
        """Print the outcome: a sentence, or the facts as one JSON object."""
        if self.as_json:
            shown = log.cleaned(facts, log.without_secrets)
            click.echo(json.dumps(shown, ensure_ascii=False, default=_plain))
        else:
            click.echo(log.without_secrets(text))

    def warn(self, sentence: str) -> None:
        """Print on standard error what the operator should know besides the outcome."""
        if self.log_json:
            log.warn(sentence)
        else:
            click.echo(log.without_secrets(sentence), err=True)

    def progress(self, total: int, what: str) -> AbstractContextManager[Observe]:
        """An observer that shows on standard error how far `total` polls or feeds have come."""
        from aggregator.adapters import progress  # what most commands need not wait for

        if self.log_json:
            return progress.logged(total, what)
        return progress.shown(total, what, sys.stderr)

    def counting(self, total: int, what: str) -> AbstractContextManager[Done]:
        """What to call as things are done, to show on standard error how far `total` of them have come."""
        from aggregator.adapters import progress

        if self.log_json:
            return progress.logged_count(total, what)
        return progress.shown_count(total, what, sys.stderr)


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
            refuse_addresses(settings)
            command(chosen, **values)
        except BrokenPipeError:  # `| head` has read enough; click would make an error of it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    return update_wrapper(global_options(wrapper), command)


_NAMES = ("config", "database", "feeds", "as_json", "log_json", "verbose")


def _value(context: click.Context, name: str, value: Any) -> Any:
    """The option as said after the command, else as said before it, else before the group it belongs to."""
    said = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    if said or context.parent is None:
        return value
    return _value(context.parent, name, context.parent.params.get(name, value))
