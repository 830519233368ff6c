"""Media RSS (rssboard.org/media-rss), read where it stands in the XML, which feedparser flattens."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from aggregator.model import Enclosure, Picture
from aggregator.parse import media

_MEDIUMS = {"image": "image/", "audio": "audio/", "video": "video/"}
_OWN_TEXTS = frozenset({"description", "summary", "encoded", "subtitle", "abstract"})


@dataclass(frozen=True, slots=True)
class Media:
    """What Media RSS says of one entry."""

    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    captions: frozenset[str] = frozenset()  # what is said of its pictures, not by the entry itself


def read(xml: str, base: str, entries: int) -> tuple[Media, ...]:
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
            thumbnails.append(
                media.picture(element.get("url") or element.text or "", base, **_given(element))
            )
        elif name == "content":
            context = _about(element, item, alone)
            if _kind(element).startswith("image/"):
                pictures.append(media.picture(element.get("url", ""), base, **_given(element), **context))
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
    type = media.media_type(element.get("type", ""), element.get("url", ""))
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
    return media.enclosure(element.get("url", ""), base, kind, size, about["title"], duration)


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
