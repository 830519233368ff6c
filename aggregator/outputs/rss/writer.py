"""A feed as RSS 2.0, with Dublin Core, Media RSS and `content:encoded`."""

import re
from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import Element, SubElement

from aggregator import __version__
from aggregator.model import Site
from aggregator.outputs.extension import EntryExtension, RssFeedExtension, category_fields, inside
from aggregator.outputs.views import EntryView, FeedView, Outlet

MEDIA_TYPE = "application/rss+xml"
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")
_END = b"  </channel>\n</rss>\n"


def frame(feed: FeedView) -> tuple[bytes, bytes]:
    """What stands before and behind the items; dates are the extension's."""
    generator = FeedGenerator()
    # feedgen dates the channel itself, and flips the locale of the whole process to do so.
    generator._FeedGenerator__rss_lastBuildDate = None
    generator.register_extension("republished", RssFeedExtension, EntryExtension)
    generator.republished.feed = feed
    generator.title(feed.title)
    generator.description(_described(feed.description or feed.title))
    generator.link(href=feed.address(".rss"), rel="self", type=MEDIA_TYPE)
    generator.link(href=feed.address(".html"), rel="alternate", type="text/html")
    generator.generator(f"aggregator {__version__}")
    generator.language(feed.site.language)
    return bytes(generator.rss_str(pretty=True)).removesuffix(_END), _END


def entry(shown: EntryView, site: Site) -> bytes:
    """An item as it stands in any RSS document."""
    rss = Element("rss", nsmap=RssFeedExtension().extend_ns())
    SubElement(rss, "channel").append(_filled(shown, site).rss_entry())
    return inside(rss, 2, _END)


def _filled(shown: EntryView, site: Site) -> FeedEntry:
    item = FeedEntry()
    item.register_extension("republished", EntryExtension)
    item.republished.shown = shown
    item.guid(shown.id, permalink=False)
    item.title(shown.title)
    item.category(category_fields(shown))
    if origin := _origin(shown.outlet, site):
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
    return item


def _origin(outlet: Outlet, site: Site) -> str:
    """The feed an item came by; ours of that outlet where the outlet's may not be shown."""
    ours = f"{site.url}sources/{outlet.source}.rss" if outlet.here else ""
    return outlet.feed or ours


def _described(text: str) -> str:
    """A channel's description, escaped as HTML only where it could be taken for that: most are plain text."""
    return escape(text, quote=False) if _MARKUP.search(text) else text
