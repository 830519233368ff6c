"""Enclosures and pictures: RSS and Atom enclosures, and Media RSS as it is nested in the XML."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from lxml import etree

from aggregator.model import Enclosure, Picture
from aggregator.parse import html, urls

ENCLOSURES = 50
PICTURES = 20
_LONGEST = 500  # characters of a credit, an alternative text or a title

_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
}
_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}")
_MEDIUMS = {"image": "image/", "audio": "audio/", "video": "video/"}
_NO_ARTICLE_PICTURE = re.compile(r"//(?:[\w-]+\.)?gravatar\.com/|//feeds\.feedburner\.com/~r/")


@dataclass(frozen=True, slots=True)
class Media:
    """What Media RSS says of one entry."""

    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    captions: frozenset[str] = frozenset()  # what is said of its pictures, not by the entry itself


def enclosure(
    url: str, base: str, type: str = "", length: object = None, title: str = "", duration: object = None
) -> Enclosure | None:
    """An enclosure with its address made absolute, or None where that cannot be; `duration` as written."""
    address = urls.absolute(url, base)
    if not address:
        return None
    return Enclosure(address, media_type(type, address), _count(length), _words(title), seconds(duration))


def media_type(said: str, url: str) -> str:
    """The media type as said, in lower case without parameters; where none is said, what the ending tells."""
    type = said.partition(";")[0].strip().lower()
    by_ending = _TYPES.get(urlsplit(url).path.rpartition(".")[2].lower(), "")
    if not _TYPE.fullmatch(type) or type == "application/octet-stream" or (type == "text/html" and by_ending):
        return by_ending
    return "image/jpeg" if type == "image/jpg" else type


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
    return tuple(files.values())[:ENCLOSURES], tuple(shown.values())[:PICTURES]


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
    return html.plain(value[: 4 * _LONGEST], is_html=True)[:_LONGEST] if value else ""


# ── Media RSS ───────────────────────────────────────────────────────────────────────────────────

_OWN_TEXTS = frozenset({"description", "summary", "encoded", "subtitle", "abstract"})


def media_rss(xml: str, base: str, entries: int) -> tuple[Media, ...]:
    """What Media RSS (rssboard.org/media-rss) says of each of the `entries` of a document; () if nothing.

    feedparser flattens it, so that captions become texts of the article and credits lose their picture.
    """
    if "/mrss" not in xml and "<media:" not in xml and "/media-rss" not in xml:
        return ()
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, encoding="utf-8")
    try:
        root = etree.fromstring(xml.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    found = [] if root is None else list(root.iter("{*}item", "{*}entry"))
    return tuple(_media(item, base) for item in found) if len(found) == entries else ()


def _media(item: etree._Element, base: str) -> Media:
    elements = [(element, name) for element in item.iter(etree.Element) if (name := _name(element))]
    if not elements:
        return Media()
    files, pictures, thumbnails = [], [], []
    alone = sum(name == "content" for _, name in elements) == 1
    for element, name in elements:
        if name == "thumbnail":
            thumbnails.append(picture(element.get("url") or element.text or "", base, **_given(element)))
        elif name == "content":
            context = _about(element, item, alone)
            if _kind(element).startswith("image/"):
                pictures.append(picture(element.get("url", ""), base, **_given(element), **context))
            else:
                files.append(_file(element, base, context))
    return Media(
        tuple(file for file in files if file),
        (*_largest_first(pictures), *_largest_first(thumbnails)),
        _captions(item, elements),
    )


def _name(element: etree._Element) -> str:
    """The name of a Media RSS element, with or without a proper namespace; "" for any other."""
    space, _, name = str(element.tag).rpartition("}")
    if "/mrss" in space or "/media-rss" in space:
        return name
    return name[6:] if name.startswith("media:") else ""


def _given(element: etree._Element) -> dict[str, str]:
    return {key: element.get(key, "") for key in ("width", "height")} | {"type": _kind(element)}


def _kind(element: etree._Element) -> str:
    """The media type; `image/` and the like where only the medium is known."""
    type = media_type(element.get("type", ""), element.get("url", ""))
    return type or _MEDIUMS.get(element.get("medium", "").strip().lower(), "")


def _about(element: etree._Element, item: etree._Element, alone: bool) -> dict[str, str]:
    """`alt` and `credit` of a content element: its own, its group's, the entry's where it is the only one."""
    scopes = [element]
    while alone and scopes[-1] is not item and (parent := scopes[-1].getparent()) is not None:
        scopes.append(parent)
    if not alone and (group := element.getparent()) is not None and _name(group) == "group":
        scopes.append(group)
    return {
        "title": next(_texts(scopes, ("title",)), ""),
        "alt": next(_texts(scopes, ("text", "description")), ""),
        "credit": ", ".join(dict.fromkeys(list(_texts(scopes, ("credit", "copyright")))[:3])),
    }


def _texts(scopes: Iterable[etree._Element], names: tuple[str, ...]) -> Iterator[str]:
    for scope in scopes:
        for name in names:
            for child in scope:
                if _name(child) == name and (words := _inner(child)):
                    yield words


def _inner(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _file(element: etree._Element, base: str, about: Mapping[str, str]) -> Enclosure | None:
    kind = _kind(element)
    if not kind.startswith(("audio/", "video/", "application/pdf")):
        return None
    size, duration = element.get("fileSize"), element.get("duration")
    return enclosure(element.get("url", ""), base, kind, size, about["title"], duration)


def _largest_first(pictures: Iterable[Picture | None]) -> Iterable[Picture]:
    found = (picture for picture in pictures if picture)
    return sorted(found, key=lambda one: (one.width or 0) * (one.height or one.width or 0), reverse=True)


def _captions(item: etree._Element, elements: list[tuple[etree._Element, str]]) -> frozenset[str]:
    said = {_inner(element) for element, name in elements if name in ("description", "text", "title")}
    own = {
        _inner(child)
        for child in item
        if not _name(child) and str(child.tag).rpartition("}")[2].rpartition(":")[2] in _OWN_TEXTS
    }
    return frozenset(said - own - {""})
