"""Files of operators and of our own: how they are read, and replaced whole or not at all."""

import errno
import os
import resource
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aggregator.errors import AggregatorError, InputError

LARGEST = 20 * 1024 * 1024  # bytes
_HANDED_OVER = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")  # by the shell: its writer is there
_KINDS = {
    stat.S_ISFIFO: "is a named pipe",
    stat.S_ISSOCK: "is a socket",
    stat.S_ISCHR: "is a device",
    stat.S_ISBLK: "is a device",
}


class MissingFileError(InputError):
    """There is nothing of that name."""


def read(path: Path, name: str = "", advice: str = "name another file") -> bytes:
    """The bytes of a regular file, called `name` in messages; `advice` is what to do where there is none.

    Raises MissingFileError, or InputError where something else stands there or it cannot be read.
    """
    name = name or str(path)
    try:
        _refuse_other_kinds(path, name, advice)
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _missing(path, name, advice) from None
    except OSError as error:
        why = error.strerror or error
        raise InputError(f"{name} cannot be read ({why}); check the file and its permissions.") from None
    if len(body) > LARGEST:
        raise InputError(f"{name} is larger than {LARGEST // 1_048_576} MB; {advice}.")
    return body


def decoded(body: bytes, name: str) -> str:
    """The text; InputError where it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name} is not UTF-8 in line {line}; save it as UTF-8 in your editor.") from None


def kind(mode: int) -> str:
    """What stands there instead of a file, as the end of a sentence; "" for a regular file."""
    if stat.S_ISDIR(mode):
        return "is a folder"
    return next((words for is_kind, words in _KINDS.items() if is_kind(mode)), "")


def _refuse_other_kinds(path: Path, name: str, advice: str) -> None:
    mode = os.stat(path).st_mode
    if stat.S_ISFIFO(mode) and str(path).startswith(_HANDED_OVER):
        return
    if stat.S_ISDIR(mode):
        raise InputError(f"{name} cannot be read ({os.strerror(errno.EISDIR)}); {advice}.")
    if found := kind(mode):
        raise InputError(f"{name} {found}, not a file; {advice}.")


def _missing(path: Path, name: str, advice: str) -> InputError:
    if path.is_symlink():
        return InputError(f"{name} is a link to {os.readlink(path)}, which does not exist; {advice}.")
    return MissingFileError(f"{name} does not exist; {advice}.")


def allow_open(wanted: int) -> int:
    """Raise the limit, 1,024 by default, to `wanted` where the system lets us; the limit that holds."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def put(target: Path, body: bytes, prepare: Callable[[int], None] = lambda _: None) -> None:
    """Put a file with this body in its place; OSError where that cannot be, and nothing is left beside it.

    `prepare` is given the open file before anything is written, to set its rights; its owner alone has any.
    """
    descriptor, beside = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            prepare(descriptor)
            file.write(body)
            file.flush()
            os.fsync(descriptor)
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


PRIVATE = 0o600
OTHERS = stat.S_IRWXO


def write_private(path: Path, body: bytes) -> None:
    """Put a file in its place, whole or not at all; OSError where that cannot be.

    Where it exists its group keeps the rights that an operator gave it, all others lose theirs.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    before = _regular(path)
    if before is not None and path.read_bytes() == body:
        close_to_others(path)
        return
    mode = None if before is None else stat.S_IMODE(before.st_mode) & ~OTHERS
    put(path, body, lambda descriptor: None if mode is None else os.fchmod(descriptor, mode))


def close_to_others(path: Path) -> None:
    """Take the rights of all but owner and group away, where there is such a file of ours."""
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def _regular(path: Path) -> os.stat_result | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


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
        put(target, after, lambda descriptor: _be_like(target, descriptor))
    except OSError as error:
        why = error.strerror or error
        raise AggregatorError(
            f"{path} cannot be written ({why}); check the disk and its permissions."
        ) from error


def _content(target: Path) -> bytes:
    try:
        return read(target)
    except MissingFileError:
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
