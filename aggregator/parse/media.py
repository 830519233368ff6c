"""Enclosures and pictures: made absolute, typed, measured, each once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from math import log
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aggregator.model import Enclosure, Picture
from aggregator.text import urls
from aggregator.text.html import sanitizer
from aggregator.text.mediatypes import media_type

ENCLOSURES = 50
PICTURES = 20
_LONGEST = 500  # characters of a credit, an alternative text or a title

_SIZE_IN_NAME = re.compile(r"(?i)[-_][0-9]{2,4}x[0-9]{2,4}(?=\.[a-z]{3,4}$)|-scaled(?=\.[a-z]{3,4}$)")
_SIZE_FIELDS = frozenset("w h width height resize fit quality q crop auto format fm dpr ssl strip".split())
_THUMBNAIL = 150  # pixels: a picture as small is shown only where there is no other
_NO_ARTICLE_PICTURE = re.compile(r"//(?:[\w-]+\.)?gravatar\.com/|//feeds\.feedburner\.com/~r/")


def enclosure(
    url: str, base: str, type: str = "", length: object = None, title: str = "", duration: object = None
) -> Enclosure | None:
    """An enclosure with its address made absolute, or None where that cannot be; `duration` as written."""
    address = urls.absolute(url, base)
    if not address:
        return None
    return Enclosure(address, media_type(type, address), _count(length), _words(title), seconds(duration))


def seconds(duration: object) -> timedelta | None:
    """A duration written as seconds or as `hh:mm:ss`, or None; a day at most."""
    parts = str(duration if duration is not None else "").strip().split(":")
    if len(parts) > 3 or not all(re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,9})?", part) for part in parts):
        return None
    total = 0.0
    for part in parts:
        total = total * 60 + float(part)
    return timedelta(seconds=round(total)) if 0 < total <= 86_400 else None


def distribute(
    enclosures: Iterable[Enclosure | None], pictures: Iterable[Picture]
) -> tuple[tuple[Enclosure, ...], tuple[Picture, ...]]:
    """Enclosures once by address and pictures once by address; an enclosed image is a picture."""
    files: dict[str, Enclosure] = {}
    shown: dict[str, Picture] = {}
    for file in enclosures:
        if file is None:
            continue
        if file.type.startswith("image/"):
            shown.setdefault(file.url, Picture(file.url, file.type, alt=file.title))
        else:
            files[file.url] = _joined(files.get(file.url, file), file)
    for picture in pictures:
        says_more = picture.width or picture.credit or picture.url not in shown
        if says_more and _is_of_the_article(picture):
            shown[picture.url] = picture
    return tuple(files.values())[:ENCLOSURES], _each_once(shown.values())[:PICTURES]


def _each_once(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """The pictures, of one in several sizes the largest, and thumbnails only where there is nothing else."""
    once: dict[str, Picture] = {}
    for picture in pictures:
        known = once.setdefault(same_picture(picture.url), picture)
        if (picture.width or 0) > (known.width or 0):
            once[same_picture(picture.url)] = picture
    large = [picture for picture in once.values() if not 0 < (picture.width or 0) <= _THUMBNAIL]
    return tuple(large or once.values())


_BANNER = 1.1  # as `_off_shape` measures: over 4.5:1, or under 1:2


def best_rendition(renditions: Sequence[Picture]) -> Picture:
    """The rendition of a picture that suits a page: of the wide ones that nearest to 3:2, the widest.

    Wide is what has half the width of the widest; where no size is said, it is the first. Banners and columns
    count only where there is nothing else.
    """
    renditions = [one for one in renditions if _off_shape(one) < _BANNER] or renditions
    widest = max(one.width or 0 for one in renditions)
    wide = [one for one in renditions if 2 * (one.width or 0) >= widest]
    return min(wide, key=lambda one: (round(_off_shape(one), 1), -(one.width or 0)))


def _off_shape(picture: Picture) -> float:
    """How far a picture is from 3:2, as a logarithm; where a side is not said, not far."""
    return abs(log(picture.width / picture.height / 1.5)) if picture.width and picture.height else 0.5


def same_picture(url: str) -> str:
    """Equal for the addresses of one picture in several sizes, as content management systems make them."""
    parts = urlsplit(url)
    path = _SIZE_IN_NAME.sub("", parts.path)
    fields = [field for field in parse_qsl(parts.query) if field[0].lower() not in _SIZE_FIELDS]
    return urlunsplit(("", parts.netloc, path, urlencode(fields), ""))


def picture(url: str, base: str, **given: str) -> Picture | None:
    """A picture with its address made absolute, or None; `given` are type, width, height, alt, credit."""
    address = urls.absolute(url, base)
    if not address:
        return None
    return Picture(
        address,
        media_type(given.get("type", ""), address),
        _count(given.get("width")),
        _count(given.get("height")),
        _words(given.get("alt", "")),
        _words(given.get("credit", "")),
    )


def _joined(first: Enclosure, second: Enclosure) -> Enclosure:
    return replace(
        first,
        type=first.type or second.type,
        length=first.length or second.length,
        title=first.title or second.title,
        duration=first.duration or second.duration,
    )


def _is_of_the_article(picture: Picture) -> bool:
    beacon = any(size is not None and size <= 2 for size in (picture.width, picture.height))
    return not beacon and not _NO_ARTICLE_PICTURE.search(picture.url)


def _count(value: object) -> int | None:
    """A positive number of at most 15 digits, or None."""
    digits = re.fullmatch(r"\s*([0-9][0-9,]{0,14})(?:\.[0-9]*)?\s*(?:px)?\s*", str(value))
    return (int(digits[1].replace(",", "")) or None) if digits else None


def _words(value: str) -> str:
    return sanitizer.plain(value[: 4 * _LONGEST], is_html=True)[:_LONGEST] if value else ""
