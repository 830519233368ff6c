"""Compressed forms beside the documents, for web servers that send such files as they are."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from aggregator.adapters.codings import COMPRESSED
from aggregator.adapters.disk import Folder
from aggregator.errors import AggregatorError
from aggregator.model import Event, Published


class Precompressed:
    """Makes them in the background after each publication, or sees to it that there are none.

    What cannot be written is told to `report`, once while it lasts; the documents themselves are complete.
    """

    def __init__(self, folder: Folder, report: Callable[[str], None]) -> None:
        self._folder = folder
        self._report = report
        self._reported = ""
        self._wanted = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="precompressed")

    def want(self, wanted: bool) -> None:
        """Bring all documents in line with what the operator wants from now on."""
        self._wanted = wanted
        self._thread.submit(self._make if wanted else self._drop, self._folder.documents())

    def observe(self, event: Event) -> None:
        """After a publication: make the forms of what was written."""
        if self._wanted and isinstance(event, Published) and event.written:
            self._thread.submit(self._make, event.written)

    def close(self, *, finish: bool = True) -> None:
        """Wait for what is under way; with `finish` for all that is still to be made."""
        self._thread.shutdown(cancel_futures=not finish)

    def _make(self, paths: Iterable[str]) -> None:
        self._each(paths, lambda path: self._folder.compress(path, COMPRESSED))

    def _drop(self, paths: Iterable[str]) -> None:
        self._each(paths, self._folder.drop_forms)

    def _each(self, paths: Iterable[str], work: Callable[[str], None]) -> None:
        try:
            for path in paths:
                work(path)
            self._reported = ""
        except AggregatorError as error:
            if str(error) != self._reported:
                self._report(str(error))
            self._reported = str(error)
