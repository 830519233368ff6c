"""An edit to the configuration takes effect at once, or not at all."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Collection
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
        last = config.load(kept, os.environ, desk=settings.last_good_desk)
        _log.error("the last good configuration stays in force, this one is invalid:\n%s", error)
        return last


async def edits(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Config]:
    """Every valid configuration that the operator saves; an invalid one is reported and changes nothing.

    The first look is a comparison with what was last in force, so no edit falls between start and watch.
    """
    files = settings.config.resolve(), settings.desk.resolve()
    seen = _content(settings.last_good), _content(settings.last_good_desk) or b""
    async for _ in _touched(files, stop):
        content = _contents(settings)
        if content[0] is None or content == seen:
            continue  # being replaced, or saved without a change
        seen = content
        try:
            yield _take(settings)
        except InputError as error:
            _log.error("the edit was not taken over, nothing changed:\n%s", error)


def _take(settings: Settings) -> Config:
    """Read the files and, if they are valid, remember their texts; secrets are in the environment alone."""
    before = sources, desk = _contents(settings)
    taken = read_config(settings)
    if sources is not None and before == _contents(settings):
        folder = Folder(settings.last_good.parent)
        folder.write(Document(settings.last_good.name, sources))
        folder.write(Document(settings.last_good_desk.name, desk))
    return taken


async def _touched(files: Collection[Path], stop: asyncio.Event) -> AsyncIterator[None]:
    """Each time a file may have changed; their folders are watched, for editors replace the file."""
    names, folders = {file.name for file in files}, {file.parent for file in files}

    def concerns(_: Change, path: str) -> bool:
        return Path(path).name in names

    while not stop.is_set():
        yield
        try:
            async for _ in awatch(
                *folders, watch_filter=concerns, step=STEP, stop_event=stop, recursive=False
            ):
                yield
        except (OSError, RuntimeError) as error:
            where = " and ".join(sorted(map(str, folders)))
            _log.warning("%s cannot be watched for edits (%s); looking again in a second", where, error)
            await asyncio.sleep(1)


def _contents(settings: Settings) -> tuple[bytes | None, bytes]:
    """Configuration and desk; a desk that is missing has decided nothing."""
    return _content(settings.config), _content(settings.desk) or b""


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
