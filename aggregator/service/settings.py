"""Where the operator's files are, what they say, and the time."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aggregator import config
from aggregator.adapters import log
from aggregator.model import Config


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, from the command line or the environment."""

    config: Path
    database: Path
    feeds: Path

    @property
    def desk(self) -> Path:
        """What the desk decided, beside the configuration."""
        return self.config.parent / config.DESK

    @property
    def last_good(self) -> Path:
        """A copy of the configuration in force, for a restart while the file is invalid."""
        return self.database.parent / "sources.last-good.yaml"

    @property
    def last_good_desk(self) -> Path:
        """A copy of the decisions in force, for the same."""
        return self.database.parent / "desk.last-good.yaml"

    @property
    def report(self) -> Path:
        """What the poller says of itself (`service.health`)."""
        return self.database.with_name(f"{self.database.name}-poller")

    @property
    def hub_turn(self) -> Path:
        """Locked by the process that delivers to subscribers."""
        return self.database.with_name(f"{self.database.name}-hub")


def now() -> datetime:
    """The clock everything runs by."""
    return datetime.now(UTC)


def read_config(settings: Settings) -> Config:
    """The operator's file; every problem of it is one `ConfigError`."""
    loaded = config.load(settings.config, os.environ)
    log.tell_times_in(loaded.site.timezone)
    return loaded
