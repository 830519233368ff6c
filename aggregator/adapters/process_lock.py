"""What one process of this machine does at a time."""

import fcntl
import os
from pathlib import Path

from aggregator.errors import AggregatorError


class Turn:
    """A lock on a file; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Whether it is this process's turn, from now on until `give_back`."""
        if self._file is not None and self._is_in_place(self._file):
            return True
        self.give_back()
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise AggregatorError(
                f"{self._path} cannot be written ({error.strerror}); check the folder and its permissions."
            ) from error
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        if not self._is_in_place(file):  # it was replaced meanwhile: the lock is worth nothing
            os.close(file)
            return False
        self._file = file
        return True

    def _is_in_place(self, file: int) -> bool:
        """Whether it is still the file that other processes would lock."""
        try:
            return os.path.samestat(os.fstat(file), os.stat(self._path))
        except OSError:
            return False

    def give_back(self) -> None:
        """Let another process take it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
