"""Documents in a folder: each is whole or not there, and nothing outside the folder is ever touched."""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from aggregator.adapters.codings import COMPRESSED, Coding
from aggregator.errors import AggregatorError
from aggregator.model import Document

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_DENIED = "permission is denied; let this user write there, or name another folder with --feeds"
_LINKED = "part of the path is a symbolic link or no folder; move it away"
_FORMS = tuple(coding.ending for coding in COMPRESSED)
_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EROFS: "the disk is read-only; mount it writable or name another folder with --feeds",
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOTDIR: _LINKED,
    errno.ELOOP: _LINKED,
    errno.EEXIST: "there is something of that name that is no folder; move it away, "
    "or name another folder with --feeds",
    errno.EISDIR: "there is a folder of that name; move it away",
}


class _Version(NamedTuple):
    """One version of a file; two of them may have the same time, for clocks of file systems are coarse."""

    file: int
    time: int  # nanoseconds since 1970


class Folder:
    """A folder of published documents; paths are relative to it, with slashes.

    Symbolic links below the root are never followed. What a killed write left behind is removed at the start.
    A document that is replaced loses its compressed forms first: no server may send an old one for a new one.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._replacing = Lock()
        self._sweep()

    def write(self, document: Document) -> bool:
        """Put a document in its place, whole or not at all; True if its bytes changed.

        Raises AggregatorError where that cannot be; what stood there before then still stands.
        """
        folders, name = _split(document.path)
        with (
            self._told(f"Cannot write {self.root / document.path}"),
            self._opened(folders, make=True) as folder,
        ):
            if _read(folder, name) == document.body:
                return False
            with self._replacing:
                _drop_forms(folder, name)
                try:
                    _replace(folder, name, document.body)
                except FileNotFoundError:  # another process that started meanwhile swept it away
                    _replace(folder, name, document.body)
        return True

    def compress(self, path: str, codings: Sequence[Coding]) -> None:
        """Put those compressed forms of a document beside it that lack there, with the document's own time.

        Raises AggregatorError where that cannot be.
        """
        folders, name = _split(path)
        with (
            self._told(f"Cannot write compressed forms of {self.root / path}"),
            suppress(FileNotFoundError),
            self._opened(folders, make=False) as folder,
        ):
            before, body = _version(folder, name), _read(folder, name)
            for coding in codings:
                form = name + coding.ending
                if body is None or before is None or _is_form_of(folder, form, before):
                    continue
                encoded = coding.encode(body)
                with self._replacing:
                    if _version(folder, name) == before:
                        _replace(folder, form, encoded, before.time)

    def documents(self) -> Iterator[str]:
        """The paths of all documents, temporary files and compressed forms left out."""
        for folder, _, names in os.walk(self.root):
            for name in names:
                if not name.startswith(".") and not name.endswith(_FORMS):
                    yield os.path.relpath(os.path.join(folder, name), self.root)

    def drop_forms(self, path: str) -> None:
        """Take the compressed forms of a document away; AggregatorError where that cannot be."""
        folders, name = _split(path)
        with (
            self._told(f"Cannot remove the compressed forms of {self.root / path}"),
            suppress(FileNotFoundError),
            self._opened(folders, make=False) as folder,
        ):
            _drop_forms(folder, name)

    def remove(self, path: str) -> bool:
        """Take a document, or a folder with all in it, away; True if it was there."""
        folders, name = _split(path)
        with (
            self._told(f"Cannot remove {self.root / path}"),
            suppress(FileNotFoundError),
            self._opened(folders, make=False) as folder,
        ):
            if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                shutil.rmtree(name, dir_fd=folder)
            else:
                _drop_forms(folder, name)
                os.unlink(name, dir_fd=folder)
            os.fsync(folder)
            return True
        return False

    def exists(self, path: str) -> bool:
        """Whether a document, or a folder, stands there."""
        folders, name = _split(path)
        with suppress(OSError), self._opened(folders, make=False) as folder:
            os.stat(name, dir_fd=folder, follow_symlinks=False)
            return True
        return False

    @contextmanager
    def _opened(self, folders: tuple[str, ...], *, make: bool) -> Iterator[int]:
        """A descriptor of the folder, reached step by step so that no link can lead the way out."""
        if make:
            self.root.mkdir(parents=True, exist_ok=True)
        current = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for name in folders:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(name, dir_fd=current)
                below = os.open(name, _FOLDER, dir_fd=current)
                os.close(current)
                current = below
            yield current
        finally:
            os.close(current)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = _ADVICE.get(error.errno or 0, f"{error.strerror or error}; look after the folder")
            raise AggregatorError(f"{what}: {why}.") from error

    def _sweep(self) -> None:
        for folder, _, names in os.walk(self.root):
            for name in names:
                if name.startswith(".") and name.endswith(".tmp"):
                    with suppress(OSError):
                        (Path(folder) / name).unlink()


def _split(path: str) -> tuple[tuple[str, ...], str]:
    """The folders and the name of a path; a path that could leave the root, or hide in it, is refused."""
    parts = path.split("/")
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        raise AggregatorError(
            f"Cannot publish at {path!r}: it is no plain path below the folder; rename the feed."
        )
    return tuple(parts[:-1]), parts[-1]


def _read(folder: int, name: str) -> bytes | None:
    """The bytes of a regular file, or None where there is none."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read() if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def _version(folder: int, name: str) -> _Version | None:
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _Version(found.st_ino, found.st_mtime_ns)


def _is_form_of(folder: int, name: str, document: _Version) -> bool:
    form = _version(folder, name)
    return form is not None and form.time == document.time


def _drop_forms(folder: int, name: str) -> None:
    for ending in _FORMS:
        with suppress(FileNotFoundError):
            os.unlink(name + ending, dir_fd=folder)


def _replace(folder: int, name: str, body: bytes, time: int | None = None) -> None:
    """Write beside it, make it durable, rename over it: a power cut leaves the old file or the new, whole.

    `time` is when it shall have been written, in nanoseconds since 1970.
    """
    temporary = f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            if time is not None:
                os.utime(file.fileno(), ns=(time, time))
            os.fsync(file.fileno())
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise
