"""Files of our own that hold what is nobody else's business: written whole, and for the owner alone."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from aggregator.files import replacement

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
    replacement.put(path, body, lambda descriptor: None if mode is None else os.fchmod(descriptor, mode))


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
