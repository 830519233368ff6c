"""Our feedgen extension: it sees each finished element and puts right what feedgen 1.0.0 gets wrong.

feedgen drops all but `href` from the links of Atom entries, gives `atom:source` neither id nor date, knows no
`dc:creator` of an item and no second enclosure, and formats RSS dates under a locale that it flips for the
whole process. So the entry's own part is written here, from the same `Shown` for both formats.
"""

from datetime import datetime
from email.utils import format_datetime

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement, _Element, tostring

from aggregator.model import Author, Enclosure, Picture, Withdrawn
from aggregator.outputs.views import EntryView, FeedView, Outlet

ATOM = "http://www.w3.org/2005/Atom"
COMMONS = "http://backend.userland.com/creativeCommonsRssModule"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_COMMENT = f"{{{TOMBSTONES}}}comment"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen ships no annotations
    """What the head of a feed says beyond feedgen; `feed` is set before anything is printed."""

    feed: FeedView

    def extend_ns(self) -> dict[str, str]:
        """The namespaces both formats use."""
        return {"media": MEDIA}

    def extend_atom(self, atom: _Element) -> _Element:
        """Say what an archive's part is (RFC 5005, section 4), and what was withdrawn (RFC 6721)."""
        if self.feed.part:
            SubElement(atom, f"{{{HISTORY}}}archive", nsmap={"fh": HISTORY})
        for gone in self.feed.withdrawn:
            _tombstone(atom, gone)
        return atom

    def extend_rss(self, rss: _Element) -> _Element:
        """Date the channel (RSS 2.0, `lastBuildDate`), and lead to the archive, which is in Atom."""
        channel = rss[0]
        _add(channel, "lastBuildDate", rfc_822(self.feed.updated))
        if self.feed.hub:
            SubElement(channel, f"{{{ATOM}}}link", rel="hub", href=self.feed.hub)
        if self.feed.parts:
            last = self.feed.part_address(self.feed.parts)
            kind = "application/atom+xml"
            SubElement(channel, f"{{{ATOM}}}link", rel="prev-archive", href=last, type=kind)
        return rss


class RssFeedExtension(FeedExtension):
    """The namespaces that RSS needs beside."""

    def extend_ns(self) -> dict[str, str]:
        """Dublin Core for bylines and rights, the Creative Commons module for licences; feedgen's own two."""
        return super().extend_ns() | {
            "dc": DC,
            "creativeCommons": COMMONS,
            "atom": ATOM,
            "content": CONTENT,
        }


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no annotations
    """What an entry says beyond feedgen; `shown` is set before anything is printed."""

    shown: EntryView

    def extend_atom(self, entry: _Element) -> _Element:
        """Language, links and `atom:source` of an Atom entry (RFC 4287, 4.1.2, 4.2.7, 4.2.11)."""
        shown = self.shown
        if shown.language:
            entry.set(_XML_LANG, shown.language)
        for link in entry.findall("link"):
            entry.remove(link)
        _atom_links(entry, shown)
        _atom_source(entry, shown.outlet)
        _pictures(entry, shown.pictures)
        return entry

    def extend_rss(self, item: _Element) -> _Element:
        """Date, byline, rights, language, enclosures and pictures of an RSS item."""
        shown = self.shown
        _add(item, "pubDate", rfc_822(shown.published))
        _add(item, f"{{{DC}}}creator", ", ".join(author.name for author in shown.authors))  # readers show one
        _add(item, f"{{{DC}}}rights", shown.rights)
        _add(item, f"{{{DC}}}language", shown.language)
        _add(item, f"{{{COMMONS}}}license", shown.license)
        _rss_enclosures(item, shown.enclosures)
        _pictures(item, shown.pictures)
        return item


def category_fields(shown: EntryView) -> list[dict[str, str]]:
    """The categories of an entry as feedgen takes them."""
    fields = ({"term": c.term, "scheme": c.scheme, "label": c.label} for c in shown.categories)
    return [{name: value for name, value in given.items() if value} for given in fields]


def rfc_822(moment: datetime) -> str:
    """A date as RSS writes it (RFC 822 with a four-digit year), whatever the locale."""
    return format_datetime(moment, usegmt=True)


def inside(root: _Element, depth: int, end: bytes) -> bytes:
    """What stands in a root of nothing else, `depth` elements deep, as it is printed there; `end` closes it.

    The namespaces of the root are those of every document of a format, so it stands in any of them.
    """
    printed: bytes = tostring(root, encoding="UTF-8", xml_declaration=False, pretty_print=True)
    return printed.split(b"\n", depth)[depth].removesuffix(end)


def _tombstone(atom: _Element, gone: Withdrawn) -> None:
    name, when = f"{{{TOMBSTONES}}}deleted-entry", gone.at.isoformat()
    _add(SubElement(atom, name, nsmap={"at": TOMBSTONES}, ref=gone.id, when=when), _COMMENT, gone.reason)


def _atom_links(entry: _Element, shown: EntryView) -> None:
    _link(entry, "alternate", shown.url, type="text/html", hreflang=shown.language)
    _link(entry, "via", shown.outlet.feed, title=shown.outlet.title)
    for enclosure in shown.enclosures:
        length = "" if enclosure.length is None else str(enclosure.length)
        _link(entry, "enclosure", enclosure.url, type=enclosure.type, length=length, title=enclosure.title)
    for url, title in {copy.url: copy.source for copy in reversed(shown.copies)}.items():
        if url != shown.url:  # several outlets may carry one address, that of the original among them
            _link(entry, "related", url, type="text/html", title=title)
    _link(entry, "replies", shown.comments, type="text/html")
    _link(entry, "license", shown.license)


def _atom_source(entry: _Element, outlet: Outlet) -> None:
    source = SubElement(entry, "source")
    if outlet.language:
        source.set(_XML_LANG, outlet.language)
    _add(source, "id", outlet.id)
    _add(source, "title", outlet.title)
    _add(source, "subtitle", outlet.subtitle)
    _add(source, "updated", outlet.updated.isoformat())
    for author in outlet.authors:
        _atom_author(source, author)
    _link(source, "self", outlet.feed)
    _link(source, "alternate", outlet.page, type="text/html")
    _add(source, "rights", outlet.rights)


def _atom_author(parent: _Element, author: Author) -> None:
    person = SubElement(parent, "author")
    _add(person, "name", author.name)
    _add(person, "uri", author.url)


def _rss_enclosures(item: _Element, enclosures: tuple[Enclosure, ...]) -> None:
    """RSS 2.0 has room for one enclosure and three facts of it; Media RSS holds the rest."""
    for position, enclosure in enumerate(enclosures):
        if position == 0:
            length = str(enclosure.length or 0)  # 0 is what the RSS profile asks for where it is not known
            SubElement(item, "enclosure", url=enclosure.url, length=length, type=enclosure.type)
        if position or enclosure.title or enclosure.duration is not None:
            _media_content(item, enclosure)


def _media_content(item: _Element, enclosure: Enclosure) -> None:
    content = SubElement(
        item, f"{{{MEDIA}}}content", url=enclosure.url, type=enclosure.type, medium=_medium(enclosure.type)
    )
    if enclosure.length is not None:
        content.set("fileSize", str(enclosure.length))
    if enclosure.duration is not None:
        content.set("duration", str(round(enclosure.duration.total_seconds())))
    _add(content, f"{{{MEDIA}}}title", enclosure.title)


def _medium(type: str) -> str:
    kind = type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "document"


def _pictures(parent: _Element, pictures: tuple[Picture, ...]) -> None:
    for picture in pictures:
        content = SubElement(parent, f"{{{MEDIA}}}content", url=picture.url, medium="image")
        if picture.type:
            content.set("type", picture.type)
        _size(content, picture)
        _add(content, f"{{{MEDIA}}}description", picture.alt)
        _add(content, f"{{{MEDIA}}}credit", picture.credit)
    if pictures:
        _size(SubElement(parent, f"{{{MEDIA}}}thumbnail", url=pictures[0].url), pictures[0])


def _size(element: _Element, picture: Picture) -> None:
    for name, pixels in (("width", picture.width), ("height", picture.height)):
        if pixels is not None:
            element.set(name, str(pixels))


def _link(parent: _Element, rel: str, href: str, **attributes: str) -> None:
    if href:
        given = {"rel": rel, "href": href, **attributes}
        SubElement(parent, "link", {name: value for name, value in given.items() if value})


def _add(parent: _Element, name: str, text: str) -> None:
    if text:
        SubElement(parent, name).text = text
