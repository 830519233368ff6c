"""Media RSS (rssboard.org/media-rss) of one entry, read as it stands in the XML: feedparser flattens it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from aggregator.model import Enclosure, Picture
from aggregator.parse import media
from aggregator.parse.drafts import Passage
from aggregator.text import mediatypes

_MEDIUMS = {"image": "image/", "audio": "audio/", "video": "video/"}


@dataclass(frozen=True, slots=True)
class Media:
    """What Media RSS says of one entry."""

    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    title: Passage = field(default_factory=Passage)  # of what is shown, where the entry itself has none
    description: Passage = field(default_factory=Passage)


def read(item: etree._Element | None, base: str) -> Media:
    """What the Media RSS inside `item` says; None where an entry has none."""
    return Media() if item is None else _media(item, base)


def _media(item: etree._Element, base: str) -> Media:
    elements = [(element, name) for element in item.iter(etree.Element) if (name := _name(element))]
    if not elements:
        return Media()
    files, thumbnails = [], []
    pictures: list[tuple[etree._Element, Picture]] = []
    alone = sum(name == "content" for _, name in elements) == 1
    for element, name in elements:
        if name == "thumbnail":
            thumbnails.append(
                media.picture(element.get("url") or element.text or "", base, **_given(element))
            )
        elif name == "content":
            context = _about(element, item, alone)
            if _kind(element).startswith("image/"):
                found = media.picture(element.get("url", ""), base, **_given(element), **context)
                pictures.extend([(element, found)] if found else [])
            else:
                files.append(_file(element, base, context))
    return Media(
        tuple(file for file in files if file),
        (*_largest_first(_renditions_joined(pictures)), *_largest_first(thumbnails)),
        _outermost(item, "title", base),
        _outermost(item, "description", base),
    )


def _outermost(item: etree._Element, name: str, base: str) -> Passage:
    """The text of that name which stands least deep, plain unless it says that it is HTML."""
    found = [element for element in item.iter(etree.Element) if _name(element) == name and element.text]
    if not found:
        return Passage()
    first = min(found, key=lambda element: sum(1 for _ in element.iterancestors()))
    return Passage((first.text or "").strip(), first.get("type", "").lower() == "html", base)


def _name(element: etree._Element) -> str:
    """The name of a Media RSS element; "" for the entry."""
    space, _, name = str(element.tag).rpartition("}")
    return name if space else ""


def _given(element: etree._Element) -> dict[str, str]:
    return {key: element.get(key, "") for key in ("width", "height")} | {"type": _kind(element)}


def _kind(element: etree._Element) -> str:
    """The media type; `image/` and the like where only the medium is known."""
    type = mediatypes.media_type(element.get("type", ""), element.get("url", ""))
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


def _renditions_joined(pictures: Iterable[tuple[etree._Element, Picture]]) -> Iterator[Picture]:
    """The pictures, of those in one `media:group` the one that stands for all: they are renditions of one."""
    groups: dict[object, list[tuple[etree._Element, Picture]]] = {}
    for element, picture in pictures:
        parent = element.getparent()
        grouped = parent is not None and _name(parent) == "group"
        groups.setdefault(parent if grouped else element, []).append((element, picture))
    for renditions in groups.values():
        default = [
            one for element, one in renditions if element.get("isDefault", "").strip().lower() == "true"
        ]
        yield default[0] if default else media.best_rendition([one for _, one in renditions])


def _largest_first(pictures: Iterable[Picture | None]) -> Iterable[Picture]:
    found = (picture for picture in pictures if picture)
    return sorted(found, key=lambda one: (one.width or 0) * (one.height or one.width or 0), reverse=True)
