"""Which configuration is in force: what the operator's two files say or, while one is broken, last said."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator import config
from aggregator.adapters import log
from aggregator.errors import ConfigError, InputError
from aggregator.files import write_private
from aggregator.model import Config
from aggregator.service.settings import Settings
from aggregator.text import credentials

_log = logging.getLogger("aggregator")
FEW = 3  # problems that a command names which does something else


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, called `name` in messages; `fault` says why it cannot be read."""

    name: str
    text: str = ""
    fault: str = ""

    def read(self) -> str:
        """The text; InputError where there is none."""
        if self.fault:
            raise InputError(self.fault)
        return self.text

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all can be read in it."""
        return not self.text


@dataclass(frozen=True, slots=True)
class OperatorFiles:
    """What sources.yaml and desk.yaml hold; a desk.yaml that is missing is empty."""

    sources: Content
    desk: Content


@dataclass(frozen=True, slots=True)
class InForce:
    """A configuration, what the operator's files hold, and why one of them is not in force."""

    config: Config
    files: OperatorFiles
    used: OperatorFiles
    fault: InputError | None = None


def read_files(settings: Settings) -> OperatorFiles:
    """What the operator's files hold now."""
    return OperatorFiles(_sources(settings.config), _desk(settings.desk))


def find(
    settings: Settings,
    files: OperatorFiles | None = None,
    *,
    good: OperatorFiles | None = None,
    examples: bool = True,
) -> InForce:
    """The operator's configuration or, while a file is broken, the last good one instead of that file.

    `good` is what was in force, the copies in the database's folder if left out. Raises InputError, with all
    that is wrong in the operator's own files, where nothing was.
    """
    files = files or read_files(settings)
    try:
        return InForce(_load(files, examples), files, files)
    except InputError as error:
        fault = error
    last = good or OperatorFiles(_sources(settings.last_good), _desk(settings.last_good_desk))
    for used in _good_ones(files, last, fault):
        try:
            return InForce(_load(used, examples), files, used, fault)
        except InputError:
            continue
    raise fault


def look(settings: Settings, file: Path | None = None, *, examples: bool = False) -> Config:
    """The configuration for a command that changes nothing, with a warning where a file is broken.

    `file` is another one in the place of sources.yaml, which must be valid.
    """
    if file is None:
        found = find(settings, examples=examples)
        if settings.database.is_file() and not settings.last_good.exists():
            keep(settings, found, level=logging.DEBUG)  # better than none, should the file be broken next
    else:
        found = with_sources(settings, config.sources_text(file), str(file), examples=examples)
    warn(found)
    return found.config


def with_sources(settings: Settings, text: str, name: str, *, examples: bool = False) -> InForce:
    """That text of sources.yaml with desk.yaml, or with the last good one of that.

    Raises InputError with all that is wrong in the text.
    """
    files = OperatorFiles(Content(name, text), _desk(settings.desk))
    try:
        return InForce(_load(files, examples), files, files)
    except ConfigError as error:
        if any(problem.file == name for problem in error.problems):
            raise
        fault: InputError = error
    except InputError as error:
        fault = error
    used = replace(files, desk=_desk(settings.last_good_desk))
    try:
        return InForce(_load(used, examples), files, used, fault)
    except InputError:
        raise fault from None


def without_desk(settings: Settings) -> InForce:
    """What sources.yaml alone says; while it is broken, what it said when it was last in force."""
    nothing = Content(str(settings.desk))
    files = OperatorFiles(_sources(settings.config), nothing)
    return find(settings, files, good=OperatorFiles(_sources(settings.last_good), nothing), examples=False)


def put_in_force(settings: Settings) -> Config:
    """The configuration for a command that goes by it, remembered as the last good one; with a warning."""
    found = find(settings)
    warn(found)
    keep(settings, found, level=logging.DEBUG)  # the store, in the same folder, says it
    return found.config


def valid(settings: Settings) -> Config:
    """The configuration for a command that changes history: the operator's, and no other."""
    found = find(settings)
    if found.fault is not None:
        raise found.fault
    keep(settings, found, level=logging.DEBUG)
    return found.config


def keep(settings: Settings, found: InForce, *, level: int = logging.WARNING) -> None:
    """Remember what is in force, for a restart while a file is broken; secrets stay in the environment.

    Nothing is written beside a database that cannot be one: the folder is a wrong one then.
    """
    if os.path.lexists(settings.database) and not settings.database.is_file():
        return
    copies = (
        (settings.last_good, found.files.sources, found.used.sources),
        (settings.last_good_desk, found.files.desk, found.used.desk),
    )
    for path, written, used in copies:
        try:
            if written == used:
                write_private(path, used.text.encode("utf-8"))
        except OSError as error:
            why = f"{error.strerror or error}; until it can, a restart needs a valid configuration"
            _log.log(level, "the configuration in use cannot be saved in %s: %s", path, why)
            return


def warn(found: InForce) -> None:
    """Say that the last good configuration is used, and why."""
    if found.fault is not None:
        _log.warning("the last good configuration is used until this is corrected: %s", short(found.fault))


def short(fault: InputError) -> str:
    """What is wrong in a file, of many problems the first few."""
    problems = fault.problems if isinstance(fault, ConfigError) else ()
    if len(problems) <= FEW:
        return str(fault)
    return "\n".join((*map(str, problems[:FEW]), f"(`aggregator check` names {len(problems) - FEW} more)"))


def _good_ones(files: OperatorFiles, last: OperatorFiles, fault: InputError) -> Iterator[OperatorFiles]:
    """What may stand in for files that are broken, the least change first."""
    broken = {problem.file for problem in fault.problems} if isinstance(fault, ConfigError) else set()
    if files.sources.name not in broken and not files.sources.fault:
        yield replace(files, sources=last.sources)  # the desk speaks of what this edit took away
        yield replace(files, desk=last.desk)
    elif files.desk.name not in broken and not files.desk.fault:
        yield replace(files, sources=last.sources)
    yield last


def _load(files: OperatorFiles, examples: bool) -> Config:
    """The configuration of these files; what is secret in it is not logged from now on, and
    times are told in its zone.
    """
    loaded = config.load_text(
        files.sources.read(),
        os.environ,
        files.sources.name,
        examples=examples,
        desk=files.desk.read(),
        desk_name=files.desk.name,
    )
    log.hide(credentials.configured(loaded))
    log.tell_times_in(loaded.site.timezone)
    return loaded


def _sources(path: Path) -> Content:
    try:
        return Content(str(path), config.sources_text(path))
    except InputError as error:
        return Content(str(path), fault=str(error))


def _desk(path: Path) -> Content:
    try:
        return Content(str(path), config.desk_text(path))
    except InputError as error:
        return Content(str(path), fault=str(error))
