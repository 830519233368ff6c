"""A feed as Atom 1.0 (RFC 4287)."""

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from aggregator import __version__
from aggregator.render.extension import EntryExtension, FeedExtension, category_fields
from aggregator.render.shown import Presented, Shown

MEDIA_TYPE = "application/atom+xml"


def write(feed: Presented) -> bytes:
    """The Atom document, entries in the order of the feed."""
    generator = FeedGenerator()
    generator.register_extension("republished", FeedExtension, EntryExtension)
    generator.republished.feed = feed
    generator.id(feed.id)
    generator.title(feed.title)
    generator.subtitle(feed.description)
    generator.updated(feed.updated)
    generator.author(name=feed.site.title, uri=feed.site.url)
    generator.link(href=feed.address(".atom"), rel="self", type=MEDIA_TYPE)
    generator.link(href=feed.address(".html"), rel="alternate", type="text/html")
    generator.generator("aggregator", version=__version__)
    generator.language(feed.site.language)
    for shown in feed.entries:
        _fill(generator.add_entry(order="append"), shown)
    return bytes(generator.atom_str(pretty=True))


def _fill(entry: FeedEntry, shown: Shown) -> None:
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
