"""From the path of a request to the file that answers it."""

import re
from collections.abc import Collection, Mapping

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.~-]*"
_PATH = re.compile(rf"/(?:{_SEGMENT}/)*(?:{_SEGMENT})?")
_SLASHES = re.compile(r"^/{2,}")
_LONGEST = 512
_PART = re.compile(r"(?P<feed>.+)/archive/(?P<number>[0-9]{6,9})\.atom")


def name(path: str) -> str | None:
    """The file below the root that a path asks for; None for any that we could not have published.

    A segment never starts with a dot, so neither parents nor temporary files are reached, and what is still
    percent-encoded (a slash, a NUL, a backslash) names no file. A folder is asked for by its index.
    """
    path = _SLASHES.sub("/", path)
    path = "/favicon.png" if path == "/favicon.ico" else path  # asked for by every browser
    if len(path) > _LONGEST or _PATH.fullmatch(path) is None:
        return None
    return path[1:] + "index.html" if path.endswith("/") else path[1:]


def page_of(feed: str) -> str:
    """The page that shows what a feed does: north-korea.atom → north-korea.html."""
    return f"{feed.rpartition('.')[0]}.html"


def elsewhere(path: str) -> tuple[tuple[str, str], ...]:
    """Where a person may have meant to go: files to try, each with its address relative to `path`."""
    stem = path.rstrip("/")
    last = stem.rpartition("/")[2]
    if not last:
        return ()
    up = "../" if path.endswith("/") else ""
    return (
        (f"{stem[1:]}.html", f"{up}{last}.html"),
        (f"{stem[1:]}/index.html", f"{up}{last}/"),
        (stem[1:], f"{up}{last}"),
    )


def renamed(file: str, redirects: Mapping[str, str]) -> str | None:
    """The file that a feed's document became after the feed was renamed: kim/2.html → kim-jong-un/2.html."""
    for old, new in redirects.items():
        if _belongs(file, old):
            return new + file[len(old) :]
    return None


def is_part(file: str) -> bool:
    """Whether a file is a part of a feed's archive: kim/archive/000001.atom."""
    return _PART.fullmatch(file) is not None


def unsealed(file: str) -> tuple[str, str] | None:
    """Of a part of an archive the one before it, and the live feed that stands for it until it is there."""
    part = _PART.fullmatch(file)
    if part is None or not int(part["number"]):
        return None
    return f"{part['feed']}/archive/{int(part['number']) - 1:06}.atom", f"{part['feed']}.atom"


def is_of(file: str, feeds: Collection[str]) -> bool:
    """Whether a file is a document of one of these feeds: kim.atom and kim/2.html are of kim."""
    return any(_belongs(file, feed) for feed in feeds)


def relative(target: str, start: str) -> str:
    """The address of one file as seen from another, both below the root."""
    return "../" * start.count("/") + target


def _belongs(file: str, feed: str) -> bool:
    return file.startswith((f"{feed}.", f"{feed}/"))
