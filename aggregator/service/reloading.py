"""An edit to the configuration takes effect at once, or not at all."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from watchfiles import Change, awatch

from aggregator import config
from aggregator.adapters.disk import Folder
from aggregator.errors import AggregatorError, ConfigError, InputError
from aggregator.model import Config, Document
from aggregator.service.settings import Settings, read_config

_log = logging.getLogger("aggregator")
STEP = 200  # milliseconds between two looks at what the system reported
BURST = 400  # milliseconds at most to wait for the end of many changes, also of other files beside ours
AGAIN = 1000  # milliseconds until a look without a report: not every disk reports every change


Contents = tuple[bytes | None, bytes]
"""The bytes of the configuration, None where it is missing, and of the desk."""


def read_or_last_good(settings: Settings) -> tuple[Config, Contents]:
    """The operator's files, and their bytes; while they are invalid, the configuration last in force."""
    contents = _contents(settings)
    try:
        return _take(settings), contents
    except ConfigError as error:
        kept = settings.last_good
        if not kept.exists():
            raise
        last = config.load(kept, os.environ, desk=settings.last_good_desk)
        _log.error("the last good configuration stays in force, this one is invalid:\n%s", error)
        return last, contents


async def edits(settings: Settings, seen: Contents, stop: asyncio.Event) -> AsyncIterator[Config]:
    """Every valid configuration that the operator saves; an invalid one is reported and changes nothing.

    Each look is a comparison with what was `seen` last, at first at the start, so that no edit is missed.
    """
    files = settings.config.resolve(), settings.desk.resolve()
    async for _ in _touched(files, stop):
        contents = _contents(settings)
        if contents[0] is None or contents == seen:
            continue  # being replaced, or saved without a change
        seen = contents
        try:
            yield _take(settings)
        except InputError as error:
            _log.error("the edit was not taken over, nothing changed:\n%s", error)


def _take(settings: Settings) -> Config:
    """Read the files and, if they are valid, remember their texts; secrets are in the environment alone."""
    before = sources, desk = _contents(settings)
    taken = read_config(settings)
    if sources is not None and before == _contents(settings):
        _keep(settings, sources, desk)
    return taken


def _keep(settings: Settings, sources: bytes, desk: bytes) -> None:
    folder = Folder(settings.last_good.parent)
    try:
        folder.write(Document(settings.last_good.name, sources))
        folder.write(Document(settings.last_good_desk.name, desk))
    except AggregatorError as error:
        why = f"{error.__cause__ or error}; until it can, a restart needs a valid configuration"
        _log.warning("what is in force cannot be kept in %s: %s", folder.root, why)


async def _touched(files: Collection[Path], stop: asyncio.Event) -> AsyncIterator[None]:
    """Each time a file may have changed, and each second; folders are watched, for editors replace files."""
    names, folders = {file.name for file in files}, {file.parent for file in files}

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
                yield
        except (OSError, RuntimeError) as error:
            where = " and ".join(sorted(map(str, folders)))
            _log.warning("%s cannot be watched for edits (%s); looking again in a second", where, error)
            await asyncio.sleep(1)


def _contents(settings: Settings) -> Contents:
    """Configuration and desk; a desk that is missing has decided nothing."""
    return _content(settings.config), _content(settings.desk) or b""


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
