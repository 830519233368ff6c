"""The bytes of a file that an operator names; whatever else stands in its place is one sentence.

Nothing here waits: a named pipe, a socket or a device is refused before it is opened.
"""

import errno
import os
import stat
from pathlib import Path

from aggregator.errors import InputError

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
