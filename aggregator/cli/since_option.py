"""The option `--since` of the commands on history."""

from datetime import UTC, datetime

import click

from aggregator.service.settings import now
from aggregator.text import durations


class Since(click.ParamType[datetime]):
    """A day (UTC), or a time back from now such as 7d, 12h or 4w."""

    name = "DATE|7d"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        """The moment that is meant."""
        text = str(value).strip().lower()
        try:
            if (ago := durations.parse(text)) is not None:
                return now() - ago
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is neither a day like 2026-03-01 nor a time like 7d.", param, context)


takes_since = click.option("--since", type=Since(), help="Only what was published since: 2026-03-01, or 7d.")
"""Gives a command the moment from which on items matter, as `since`."""
