"""A file put in the place of another, whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


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
