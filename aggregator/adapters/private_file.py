"""Files of our own that hold what is nobody else's business: written whole, and for the owner alone."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
OTHERS = stat.S_IRWXO


def write(path: Path, body: bytes) -> None:
    """Put a file in its place, whole or not at all; OSError where that cannot be.

    Where it exists its group keeps the rights that an operator gave it, all others lose theirs.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    before = _regular(path)
    if before is not None and path.read_bytes() == body:
        close_to_others(path)
        return
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if before is not None:
                os.fchmod(descriptor, stat.S_IMODE(before.st_mode) & ~OTHERS)
            file.write(body)
            file.flush()
            os.fsync(descriptor)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


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
