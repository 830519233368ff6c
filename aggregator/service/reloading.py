"""An edit to the configuration takes effect at once, or not at all."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

from aggregator import config
from aggregator.adapters.disk import Folder
from aggregator.errors import ConfigError, InputError
from aggregator.model import Config, Document
from aggregator.service.house import Settings, read_config

_log = logging.getLogger("aggregator")
STEP = 200  # milliseconds between two looks at what the system reported


def read_or_last_good(settings: Settings) -> Config:
    """The operator's file; while that is invalid, the configuration that was last in force."""
    try:
        return _take(settings)
    except ConfigError as error:
        kept = settings.last_good
        if not kept.exists():
            raise
        last = config.load(kept, os.environ)
        _log.error("the last good configuration stays in force, this one is invalid:\n%s", error)
        return last


async def edits(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Config]:
    """Every valid configuration that the operator saves; an invalid one is reported and changes nothing.

    The first look is a comparison with what was last in force, so no edit falls between start and watch.
    """
    file, seen = settings.config.resolve(), _content(settings.last_good)
    async for _ in _touched(file, stop):
        content = _content(file)
        if content is None or content == seen:
            continue  # being replaced, or saved without a change
        seen = content
        try:
            yield _take(settings)
        except InputError as error:
            _log.error("the edit was not taken over, nothing changed:\n%s", error)


def _take(settings: Settings) -> Config:
    """Read the file and, if it is valid, remember its text; secrets are not in it but in the environment."""
    before = _content(settings.config)
    taken = read_config(settings)
    if before is not None and before == _content(settings.config):
        Folder(settings.last_good.parent).write(Document(settings.last_good.name, before))
    return taken


async def _touched(file: Path, stop: asyncio.Event) -> AsyncIterator[None]:
    """Each time the file may have changed; its folder is watched, for editors replace the file."""

    def concerns(_: Change, path: str) -> bool:
        return Path(path).name == file.name

    while not stop.is_set():
        yield
        try:
            async for _ in awatch(
                file.parent, watch_filter=concerns, step=STEP, stop_event=stop, recursive=False
            ):
                yield
        except (OSError, RuntimeError) as error:
            _log.warning("%s cannot be watched for edits (%s); looking again in a second", file.parent, error)
            await asyncio.sleep(1)


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
