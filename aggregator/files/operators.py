"""A file that an operator edits, changed by us: whole or not at all, and never over an edit of theirs."""

import os
from contextlib import suppress
from pathlib import Path

from aggregator.errors import AggregatorError, InputError
from aggregator.files import contents, replacement

_NEW = 0o644  # mode of a file that was missing


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `before`, keeping mode and owner; a link keeps leading to the file.

    A file that is missing says nothing, and is made. Raises InputError if the file no longer says `before`,
    AggregatorError where it cannot be written.
    """
    target = path.resolve()
    try:
        if _content(target) != before:
            raise InputError(f"{path} was changed meanwhile and is left alone; do it again.")
        replacement.put(target, after, lambda descriptor: _be_like(target, descriptor))
    except OSError as error:
        why = error.strerror or error
        raise AggregatorError(
            f"{path} cannot be written ({why}); check the disk and its permissions."
        ) from error


def _content(target: Path) -> bytes:
    try:
        return contents.read(target)
    except contents.MissingFileError:
        return b""


def _be_like(target: Path, descriptor: int) -> None:
    """Give a file the mode and owner of the one that it replaces."""
    if not target.exists():
        os.fchmod(descriptor, _NEW)
        return
    was = target.stat()
    os.fchmod(descriptor, was.st_mode & 0o7777)
    with suppress(PermissionError):
        os.fchown(descriptor, was.st_uid, was.st_gid)
