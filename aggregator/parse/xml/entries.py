"""One entry as feedparser gives it → a Draft."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.model import Author, Category, Enclosure, Head, Picture
from aggregator.parse import media
from aggregator.parse.drafts import Draft, Passage
from aggregator.parse.xml import mediarss
from aggregator.parse.xml.fields import (
    Record,
    authors,
    child,
    construct,
    is_text,
    moment,
    passage,
    records,
    string,
)
from aggregator.parse.xml.heads import license_link
from aggregator.parse.xml.mediarss import Media
from aggregator.parse.xml.structure import OwnElements
from aggregator.text import urls


@dataclass(frozen=True, slots=True)
class EntryContext:
    """What an entry takes from its document."""

    head: Head
    base: str  # where addresses without xml:base start from
    is_atom: bool


_TITLES = ("title", "dc_title")
_SUMMARIES = ("description", "summary", "dc_description", "abstract", "itunes_summary")
_CONTENTS = ("content_encoded", "content", "body", "xhtml_body", "fullitem", *_SUMMARIES)


def draft(entry: Record, own: OwnElements, around: EntryContext) -> Draft:
    """The entry as written: what feedparser makes of it, and what is its own."""
    found = mediarss.read(own.media, around.base)
    files, pictures = media.distribute(
        [*_enclosures(entry, around.base), *found.enclosures],
        [*found.pictures, *_itunes_image(entry, around.base)],
    )
    url = _url(entry, around, files)
    base = around.base if around.is_atom else url or around.base
    summary, content = _texts(own, base, found)
    said = around.head.language
    return Draft(
        id=string(entry, "id"),
        url=url,
        title=next(_own(own, _TITLES, base), found.title),
        summary=summary,
        content=content,
        authors=tuple(_authors(entry, around)),
        categories=tuple(_categories(entry)),
        language=_language(entry, own),
        published=next(
            filter(None, (moment(entry, key, said) for key in ("published", "created", "updated"))), None
        ),
        updated=moment(entry, "updated", said),
        rights=_rights(entry, base),
        enclosures=files,
        pictures=pictures,
        comments=_comments(entry, around.base),
    )


def _url(entry: Record, around: EntryContext, files: tuple[Enclosure, ...]) -> str:
    """The article: FeedBurner's original, the alternate link (HTML first), a guid that is a permalink."""
    offered = [string(entry, "feedburner_origlink"), *_alternates(entry)]
    found = next(filter(None, (urls.absolute(url, around.base) for url in offered if url)), "")
    if found or around.is_atom:
        return found
    url = urls.absolute(string(entry, "link" if "guidislink" in entry else "id"))  # rdf:about has no flag
    return "" if url in {file.url for file in files} else url


def _alternates(entry: Record) -> Iterator[str]:
    links = [link for link in records(entry, "links") if string(link, "rel") in ("alternate", "")]
    links = [link for link in links if not string(link, "type").startswith(("image/", "audio/", "video/"))]
    links.sort(key=lambda link: "html" not in string(link, "type"))
    yield from (string(link, "href") for link in links)


def _texts(own: OwnElements, base: str, found: Media) -> tuple[Passage, Passage]:
    """The summary and the fullest text; the same twice where the entry has one text alone.

    What Media RSS says of pictures and videos counts only where there is nothing else.
    """
    summary = next(_own(own, _SUMMARIES, base), None)
    texts = list(_own(own, _CONTENTS, base)) or [found.description]
    content = max(texts, key=lambda text: len(text.value))
    return summary or content, content


def _own(own: OwnElements, names: Iterable[str], base: str) -> Iterator[Passage]:
    """The texts of these names that are not empty, in the order of the names."""
    for name in names:
        for detail in own.texts.get(name, ()):
            if detail["value"] and is_text(detail) and not string(detail, "src"):
                yield construct(detail, base)


def _authors(entry: Record, around: EntryContext) -> list[Author]:
    """The entry's own; else those of its source element (Atom; RFC 4287, 4.2.1), else those of the feed."""
    own = authors(entry, around.base)
    if not any(author.name for author in own) and around.is_atom:
        own = authors(child(entry, "source"), around.base)
    return own if any(author.name for author in own) else list(around.head.authors)


def _rights(entry: Record, base: str) -> Passage:
    said = passage(entry, "rights", base)
    return said if said.value else Passage(license_link(entry, base))


def _categories(entry: Record) -> Iterator[Category]:
    for tag in records(entry, "tags"):
        term, label = string(tag, "term"), string(tag, "label")
        yield Category(term or label, string(tag, "scheme"), label)


def _language(entry: Record, own: OwnElements) -> str:
    """dc:language, else xml:lang where the texts stand."""
    details = [detail for name in (*_CONTENTS, *_TITLES) for detail in own.texts.get(name, ())]
    return next(filter(None, (string(one, "language") for one in (entry, *details))), "")


def _enclosures(entry: Record, base: str) -> Iterator[Enclosure | None]:
    duration = string(entry, "itunes_duration")
    for link in records(entry, "links"):
        if string(link, "rel") == "enclosure":
            type = string(link, "type").replace("text/html", "")  # feedparser's word for "not said"
            address = string(link, "href") or string(link, "url")
            length, title = string(link, "length"), string(link, "title")
            yield media.enclosure(address, base, type, length, title, duration)


def _itunes_image(entry: Record, base: str) -> Iterator[Picture]:
    if found := media.picture(string(child(entry, "image"), "href"), base):
        yield found


def _comments(entry: Record, base: str) -> str:
    """RSS `comments`, or Atom's link to the replies as a page (RFC 4685)."""
    pages = [link for link in records(entry, "links") if "html" in string(link, "type")]
    replies = (string(link, "href") for link in pages if string(link, "rel") == "replies")
    return next(filter(None, (urls.absolute(url, base) for url in (string(entry, "comments"), *replies))), "")
