"""The published folder held in memory: read when asked for, read anew when a file was replaced."""

import asyncio
import os
import stat
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aggregator.adapters.codings import Coding
from aggregator.model.seams import Clock
from aggregator.web import headers
from aggregator.web.flights import Flights
from aggregator.web.resource import Answer, Resource, Stamp, content_digest

MEMORY = 256 * 1024 * 1024
_Key = tuple[str, bool]


def no_link(name: str) -> str:
    """What a path's Link header says where there is nothing to say."""
    return ""


class DocumentFiles:
    """The documents below `root`, which another process may write; nothing outside `root` is ever read.

    Every look asks the file system whether the file is still the same. Reading and compressing happen in
    threads, once for all who wait. `memory` bounds in bytes what is kept; what rested longest goes first.
    `link` gives the Link header of a path.
    """

    def __init__(
        self,
        root: Path,
        clock: Clock,
        noindex: Callable[[str], bool],
        memory: int = MEMORY,
        *,
        link: Callable[[str], str] = no_link,
    ) -> None:
        self._root = root
        self._clock = clock
        self._noindex = noindex
        self._link = link
        self._memory = memory
        self._kept: OrderedDict[_Key, Resource] = OrderedDict()
        self._taken = 0
        self._reading: Flights[Resource | None] = Flights()
        self._encoding: Flights[Answer] = Flights()
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="web-files")

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def at_hand(self, name: str, *, shown: bool = False) -> Resource | None:
        """The document if it is in memory and still the same on disk."""
        known = self._kept.get((name, shown))
        if known is None or known.stamp != _stamp_at(f"{self._root}/{name}"):
            return None
        self._kept.move_to_end((name, shown))
        return known

    async def find(self, name: str, *, shown: bool = False) -> Resource | None:
        """The document at a path below the root, or None; `shown` as for `headers.media_type`."""
        known = self.at_hand(name, shown=shown)
        if known is not None:
            return known
        stamp = _stamp_at(f"{self._root}/{name}")
        if stamp is None:
            self._forget((name, shown))
            return None
        # With the stamp in the key, nobody joins the reading of a version that was replaced meanwhile.
        return await self._reading.join((name, shown, stamp), lambda: self._read((name, shown)))

    async def answer(self, resource: Resource, coding: Coding) -> Answer:
        """The document in a coding; who asks first waits until it is made."""
        return resource.ready(coding) or await self._encoding.join(
            (id(resource), coding), lambda: self._encode(resource, coding)
        )

    async def _read(self, key: _Key) -> Resource | None:
        name, shown = key
        loop = asyncio.get_running_loop()
        known = self._kept.get(key)
        args = (known, int(self._clock().timestamp()), self._noindex(name), self._link(name))
        resource = await loop.run_in_executor(self._threads, self._load, name, shown, *args)
        self._forget(key)
        if resource is not None:
            self._kept[key] = resource
            self._grow(resource.size)
        return resource

    def _load(
        self, name: str, shown: bool, known: Resource | None, now: int, noindex: bool, link: str
    ) -> Resource | None:
        read = _read_below(self._root, name)
        if read is None:
            return None
        body, stamp, written = read
        digest = content_digest(body)
        return Resource(
            name=name,
            shown=shown,
            stamp=stamp,
            body=body,
            digest=digest,
            modified=_modified(digest, min(written, now), known),
            describing=headers.describing(name, body, noindex=noindex, shown=shown, link=link),
            caching=headers.caching(name),
            compressible=headers.is_compressible(name),
        )

    async def _encode(self, resource: Resource, coding: Coding) -> Answer:
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, resource.encode, coding)
        resource.keep(coding, answer)
        if self._kept.get((resource.name, resource.shown)) is resource:
            self._grow(len(answer.body))
        return answer

    def _grow(self, size: int) -> None:
        self._taken += size
        while self._taken > self._memory and self._kept:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: _Key) -> None:
        resource = self._kept.pop(key, None)
        if resource is not None:
            self._taken -= resource.size


def _stamp_at(path: str) -> Stamp | None:
    """What tells one version of a regular file from the next, or None where there is no such file."""
    try:
        return _stamp(os.stat(path))
    except (OSError, ValueError):
        return None


def _stamp(found: os.stat_result) -> Stamp | None:
    if not stat.S_ISREG(found.st_mode):
        return None
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev, found.st_size)


def _read_below(root: Path, name: str) -> tuple[bytes, Stamp, int] | None:
    """A file's bytes, its stamp and the second it was written; None if it is gone or outside the root."""
    try:
        real = (root / name).resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            return None
        with real.open("rb") as file:
            found = os.fstat(file.fileno())
            stamp = _stamp(found)
            return None if stamp is None else (file.read(), stamp, int(found.st_mtime))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a loop of symbolic links
        return None


def _modified(digest: str, written: int, known: Resource | None) -> int:
    """Last-Modified: it stays while the bytes stay, and moves, by a second at least, when they change.

    Dates count in seconds, so two versions within one would look alike to a client that keeps dates alone.
    """
    if known is None:
        return written
    return known.modified if known.digest == digest else max(written, known.modified + 1)
