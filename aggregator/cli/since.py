"""The option `--since` of the commands on history."""

import re
from datetime import UTC, datetime, timedelta

import click

from aggregator.service.settings import now

_AGO = re.compile(r"(\d{1,5})\s*(h|d|w)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Since(click.ParamType[datetime]):
    """A day (UTC), or a time back from now such as 7d, 12h or 4w."""

    name = "DATE|7d"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        """The moment that is meant."""
        text = str(value).strip().lower()
        try:
            if ago := _AGO.fullmatch(text):
                return now() - int(ago[1]) * _UNITS[ago[2]]
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is neither a day like 2026-03-01 nor a time like 7d.", param, context)


takes_since = click.option("--since", type=Since(), help="Only what was published since: 2026-03-01, or 7d.")
"""Gives a command the moment from which on items matter, as `since`."""
