"""Places on the command line that name no file or folder: addresses of other engines, and bare folders."""

import re

from aggregator.errors import InputError, UsageError
from aggregator.service.settings import Settings

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/.*|(file|sqlite3?):.*|(:memory:)", re.IGNORECASE | re.DOTALL)
_OPTIONS = {
    "config": ("the configuration is a file", "config/sources.yaml"),
    "database": ("the database is a file (SQLite)", "data/aggregator.db"),
    "feeds": ("what is published is a folder", "feeds"),
}


def refuse_addresses(settings: Settings) -> None:
    """Refuse an address in the place of a file, which would silently become a file or folder of that name.

    No more of it is shown than its scheme, for a password may stand in it.
    """
    for option, (what, example) in _OPTIONS.items():
        place = getattr(settings, option)
        found = _ADDRESS.fullmatch(str(place))
        if found and not place.exists():
            scheme = (found[1] or found[2] or found[3]).lower()
            raise UsageError(
                f"--{option} takes no {scheme} address, for {what} in this version; name one, "
                f"such as --{option} {example}"
            )
    _refuse_folder(settings)


def _refuse_folder(settings: Settings) -> None:
    """A folder that can never have been the configuration; one in its place is told of when it is read."""
    inside = settings.config / "sources.yaml"
    if settings.config.name in ("", "..") or inside.is_file():
        example = inside if inside.is_file() else "config/sources.yaml"
        raise InputError(f"{settings.config} is a folder; name the file in it, such as --config {example}")
