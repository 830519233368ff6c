"""An edit to the configuration takes effect at once, or not at all."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from watchfiles import Change, awatch

from aggregator import polling
from aggregator.errors import InputError
from aggregator.model import Config, Source
from aggregator.service import configuration
from aggregator.service.configuration import InForce, OperatorFiles
from aggregator.service.settings import Settings

_log = logging.getLogger("aggregator")
STEP = 200  # milliseconds between two looks at what the system reported
BURST = 400  # milliseconds at most to wait for the end of many changes, also of other files beside ours
AGAIN = 1000  # milliseconds until a look without a report: not every disk reports every change
SETTLED = 0.5  # seconds that a file must be missing or empty: an editor that replaces it takes less


def read_or_last_good(settings: Settings) -> InForce:
    """The operator's configuration; while a file is broken or missing, the last one that was in force."""
    found = configuration.find(settings)
    configuration.keep(settings, found)
    if found.fault is not None:
        _log.error("this configuration is invalid, so the last good one is used:\n%s", found.fault)
    _mention_secrets(found.config, ())
    return found


async def edits(
    settings: Settings, start: InForce, stop: asyncio.Event, again: asyncio.Event | None = None
) -> AsyncIterator[Config]:
    """Every valid configuration that the operator saves; an invalid one is reported and changes nothing.

    Each look is a comparison with what was seen last, at first at the `start`, so that no edit is missed.
    `again` asks for a report also where nothing changed.
    """
    seen, known, settling = start, start.config, _Settling()
    async for _ in _touched((settings.config, settings.desk), stop):
        asked = again is not None and again.is_set()
        files = configuration.read_files(settings)
        if not asked and (files == seen.files or not settling.is_settled(files, seen.files)):
            continue
        if again is not None:
            again.clear()
        try:
            found = await asyncio.to_thread(configuration.find, settings, files, good=seen.used)
        except InputError as error:  # and there is no good one
            found = replace(seen, files=files, fault=error)
        _report(found, seen, asked)
        configuration.keep(settings, found)
        seen = found
        if found.config != known:
            _mention_secrets(found.config, known.sources)
            known = found.config
            yield found.config


@dataclass(slots=True)
class _Settling:
    """Waits while a file is missing or empty, for it may be about to be replaced."""

    files: OperatorFiles | None = None
    since: float = 0.0

    def is_settled(self, files: OperatorFiles, seen: OperatorFiles) -> bool:
        gone = any(
            now.is_empty and not before.is_empty
            for now, before in ((files.sources, seen.sources), (files.desk, seen.desk))
        )
        if not gone:
            self.files = None
            return True
        if files != self.files:
            self.files, self.since = files, monotonic()
        return monotonic() - self.since >= SETTLED


def _report(found: InForce, seen: InForce, asked: bool) -> None:
    """Say what became of an edit, in so far as the configuration itself does not show it."""
    if found.fault is not None:
        _log.error("the edit was not taken over, nothing changed:\n%s", found.fault)
    elif seen.fault is not None and found.config == seen.config:
        _log.info("the configuration is valid again, and says what was used meanwhile")
    elif asked and found.config == seen.config:
        _log.info("the configuration was read again; nothing has changed")
    if found.fault is None and found.files.desk.is_empty and not seen.files.desk.is_empty:
        _log.warning("%s is missing or empty: all that was decided in it is undone", found.files.desk.name)


def _mention_secrets(cfg: Config, known: Sequence[Source]) -> None:
    """Warn of each source that lacks a secret, once until it is edited."""
    for source in cfg.sources:
        failure = None if source in known else polling.lacking(source)
        if failure is not None:
            _log.warning("%s: %s", source.id, failure.sentence)


def _places(files: Collection[Path]) -> tuple[set[str], list[Path]]:
    """The names of files, and the folders where they really are."""
    real = [Path(os.path.realpath(file)) for file in files]
    return {file.name for file in real}, sorted({file.parent for file in real})


async def _touched(files: Collection[Path], stop: asyncio.Event) -> AsyncIterator[None]:
    """Each time a file may have changed, and each second; folders are watched, for editors replace files."""
    names, folders = _places(files)
    reported = False

    def concerns(_: Change, path: str) -> bool:
        return Path(path).name in names

    while not stop.is_set():
        yield
        try:
            async for _ in awatch(
                *folders,
                watch_filter=concerns,
                step=STEP,
                debounce=BURST,
                rust_timeout=AGAIN,
                yield_on_timeout=True,
                stop_event=stop,
                recursive=False,
            ):
                reported = False
                yield
        except (OSError, RuntimeError) as error:
            if not reported:
                where = " and ".join(map(str, folders))
                _log.warning("%s cannot be watched for edits (%s); looked at each second", where, error)
            reported = True
            await asyncio.sleep(AGAIN / 1000)
