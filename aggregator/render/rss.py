"""A feed as RSS 2.0, with Dublin Core, Media RSS and `content:encoded`."""

from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from aggregator import __version__
from aggregator.model import Site
from aggregator.render.extension import EntryExtension, RssFeedExtension, category_fields
from aggregator.render.shown import Outlet, Presented, Shown

MEDIA_TYPE = "application/rss+xml"


def write(feed: Presented) -> bytes:
    """The RSS document, items in the order of the feed; dates are the extension's."""
    generator = FeedGenerator()
    # feedgen dates the channel itself, and flips the locale of the whole process to do so.
    generator._FeedGenerator__rss_lastBuildDate = None
    generator.register_extension("republished", RssFeedExtension, EntryExtension)
    generator.republished.feed = feed
    generator.title(feed.title)
    generator.description(feed.description or feed.title)
    generator.link(href=feed.address(".rss"), rel="self", type=MEDIA_TYPE)
    generator.link(href=feed.address(".html"), rel="alternate", type="text/html")
    generator.generator(f"aggregator {__version__}")
    generator.language(feed.site.language)
    for shown in feed.entries:
        _fill(generator.add_entry(order="append"), shown, feed)
    return bytes(generator.rss_str(pretty=True))


def _fill(item: FeedEntry, shown: Shown, feed: Presented) -> None:
    item.republished.shown = shown
    item.guid(shown.id, permalink=False)
    item.title(shown.title)
    item.category(category_fields(shown))
    if origin := _origin(shown.outlet, feed.site):
        item.source(origin, shown.outlet.title)
    if shown.url:
        item.link(href=shown.url)
    if shown.comments:
        item.comments(shown.comments)
    if shown.html:
        item.content(shown.html, type="html")
    if shown.excerpt:
        # `description` is HTML, `title` is plain text (RSS Best Practices Profile; docs/decisions/030).
        item.description(escape(shown.excerpt, quote=False), isSummary=True)


def _origin(outlet: Outlet, site: Site) -> str:
    """The feed an item came by; ours of that outlet where the outlet's may not be shown."""
    ours = f"{site.url}sources/{outlet.source}.rss" if outlet.here else ""
    return outlet.feed or ours
