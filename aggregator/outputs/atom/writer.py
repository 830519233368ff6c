"""A feed as Atom 1.0 (RFC 4287)."""

from collections.abc import Iterator

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import Element

from aggregator import __version__
from aggregator.model import Site
from aggregator.outputs.extension import EntryExtension, FeedExtension, category_fields, inside
from aggregator.outputs.views import EntryView, FeedView

MEDIA_TYPE = "application/atom+xml"
_END = b"</feed>\n"


def frame(feed: FeedView) -> tuple[bytes, bytes]:
    """What stands before and behind the entries."""
    generator = FeedGenerator()
    generator.register_extension("republished", FeedExtension, EntryExtension)
    generator.republished.feed = feed
    generator.id(feed.id)
    generator.title(feed.title)
    generator.subtitle(feed.description)
    generator.updated(feed.updated)
    generator.author(name=feed.site.title, uri=feed.site.url)
    for rel, address in _archive_links(feed):
        generator.link(href=address, rel=rel, type=MEDIA_TYPE)
    generator.link(href=feed.address(".html"), rel="alternate", type="text/html")
    if feed.hub:
        generator.link(href=feed.hub, rel="hub")
    generator.generator("aggregator", version=__version__)
    generator.language(feed.site.language)
    return bytes(generator.atom_str(pretty=True)).removesuffix(_END), _END


def _archive_links(feed: FeedView) -> Iterator[tuple[str, str]]:
    """The feed's own address, and those of its neighbours in the archive (RFC 5005, section 4).

    The next part's stands here before there is one, so that sealing it changes none that was sealed before.
    """
    live, number = feed.address(".atom"), feed.part or feed.parts + 1
    yield "self", feed.part_address(number) if feed.part else live
    if feed.part:
        yield "current", live
        yield "next-archive", feed.part_address(number + 1)
    if number > 1:
        yield "prev-archive", feed.part_address(number - 1)


def entry(shown: EntryView, site: Site) -> bytes:
    """An entry as it stands in any Atom document."""
    feed = Element("feed", nsmap=FeedExtension().extend_ns())
    feed.append(_filled(shown).atom_entry())
    return inside(feed, 1, _END)


def _filled(shown: EntryView) -> FeedEntry:
    entry = FeedEntry()
    entry.register_extension("republished", EntryExtension)
    entry.republished.shown = shown
    entry.id(shown.id)
    entry.title(shown.title)
    entry.published(shown.published)
    entry.updated(shown.updated)
    entry.author([{"name": author.name, "uri": author.url} for author in shown.authors])
    entry.category(category_fields(shown))
    entry.rights(shown.rights)
    if shown.url:
        entry.link(href=shown.url)
    if shown.html:
        entry.content(shown.html, type="html")
    elif not shown.url:
        # Without a link to the original an entry needs a content (RFC 4287, 4.1.2).
        entry.content(shown.excerpt or shown.title, type="text")
    if shown.excerpt:
        entry.summary(shown.excerpt, type="text")
    return entry
