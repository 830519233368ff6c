"""Whether the program is well: what the poller reports of itself, and what the web part finds beside it."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator import files
from aggregator.adapters import log
from aggregator.model.seams import Clock
from aggregator.service.settings import Settings
from aggregator.store.sqlite import unreadable

EVERY = timedelta(seconds=10)  # the poller says that it is alive
SILENT = timedelta(minutes=2)  # until a poller that says nothing is taken for dead


class Report:
    """The poller's word that it is alive, and what keeps it from storing and publishing: a file it renews.

    The file stands beside the database, so that a web part of another process finds it.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._file, self._feeds, self._clock = settings.report, settings.feeds, clock
        self._said: tuple[str, ...] | None = None
        self._at: datetime | None = None

    def renew(self, problems: Sequence[str]) -> None:
        """Say what is wrong now; costs nothing while that is the same and was said a short while ago."""
        now, said = self._clock(), (*problems, *self._unwritable())
        if said == self._said and self._at is not None and abs(now - self._at) < EVERY:
            return
        with suppress(OSError):  # the file grows old, which says enough
            if said != self._said or not self._file.exists():
                self._write(json.dumps({"problems": said}).encode())
                self._said = said
            os.utime(self._file, (now.timestamp(), now.timestamp()))
            self._at = now

    def _write(self, body: bytes) -> None:
        """Replace the report; where no file can be made, as on a full disk, overwrite the one there."""
        try:
            files.write_private(self._file, body)
        except OSError:
            with self._file.open("r+b", buffering=0) as file:
                file.write(body)
                file.truncate()

    def _unwritable(self) -> Iterator[str]:
        if self._feeds.is_dir() and not os.access(self._feeds, os.W_OK | os.X_OK):
            yield f"{self._feeds} cannot be written; check its permissions, and whether its disk is read-only"


class ProgramHealth:
    """What is wrong with serving, storing and publishing: a sentence for each thing, by what it concerns."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock, self._since = settings, clock, clock()

    def __call__(self) -> Mapping[str, Sequence[str]]:
        found = {
            "serving": tuple(self._serving()),
            "storing": tuple(self._storing()),
            "publishing": tuple(self._publishing()),
        }
        return {what: sentences for what, sentences in found.items() if sentences}

    def _serving(self) -> Iterator[str]:
        feeds = self._settings.feeds
        if not feeds.is_dir() or not os.access(feeds, os.R_OK | os.X_OK):
            yield f"{feeds} is missing or cannot be read; put it back, or start with another --feeds"

    def _storing(self) -> Iterator[str]:
        database = self._settings.database
        if problem := unreadable(database):
            yield problem
        elif _is_full(database.parent):
            yield f"the disk of the database {database} is full; make room on the disk"

    def _publishing(self) -> Iterator[str]:
        alive, problems = _read(self._settings.report)
        if self._clock() - (alive or self._since) > SILENT:
            since = "none was seen yet" if alive is None else f"the last was seen {log.told(alive)}"
            yield f"no poller has been alive for two minutes ({since}); start one: aggregator run poller"
        else:
            yield from problems


def _is_full(folder: Path) -> bool:
    """Whether the disk below a folder takes nothing more from this user."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    free = found.f_bfree if os.geteuid() == 0 else found.f_bavail
    return found.f_blocks > 0 and free == 0


def _read(file: Path) -> tuple[datetime | None, Sequence[str]]:
    """When the poller last renewed its report, and what that says."""
    try:
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return at, tuple(map(str, json.loads(file.read_bytes())["problems"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None, ()
