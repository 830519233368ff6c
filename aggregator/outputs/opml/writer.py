"""Lists of feeds that a feed reader can import (OPML 2.0)."""

from collections.abc import Iterable, Mapping

from lxml.etree import Element, SubElement, tostring

from aggregator.model import Config, Source
from aggregator.outputs.addresses import address, feed_address
from aggregator.outputs.presentation import outlet_title
from aggregator.text.characters import one_line


def topics(config: Config) -> bytes:
    """Our own feeds: everything, then each topic."""
    site = config.site
    outlines = [_outline(site.title, f"{site.url}all.atom", f"{site.url}all.html")]
    outlines += [
        _outline(
            topic.title or topic.id,
            f"{site.url}{topic.id}.atom",
            f"{site.url}{topic.id}.html",
            topic.description,
        )
        for topic in config.topics
    ]
    return _document(f"{site.title}: topics", outlines)


def sources(config: Config, titles: Mapping[str, str]) -> bytes:
    """The outlets' own feeds; where an address is private, our feed of that outlet stands in for it.

    `titles` are the names the outlets' feeds give themselves, by source id.
    """
    outlines = [_source(source, titles, config.site.url) for source in config.sources]
    return _document(f"{config.site.title}: outlets", outlines)


def _source(source: Source, titles: Mapping[str, str], site: str) -> dict[str, str]:
    ours = f"{site}sources/{source.id}"
    theirs = "" if source.private else feed_address(source.feed)
    return _outline(
        outlet_title(source, titles.get(source.id, "")),
        theirs or f"{ours}.atom",
        address(source.page) or f"{ours}.html",
    )


def _outline(title: str, feed: str, page: str, description: str = "") -> dict[str, str]:
    named = {"text": one_line(title), "title": one_line(title), "xmlUrl": feed, "htmlUrl": page}
    described = {"description": one_line(description)} if one_line(description) else {}
    return {"type": "rss", **named, **described}


def _document(title: str, outlines: Iterable[dict[str, str]]) -> bytes:
    opml = Element("opml", version="2.0")
    SubElement(SubElement(opml, "head"), "title").text = one_line(title)
    body = SubElement(opml, "body")
    for outline in outlines:
        SubElement(body, "outline", outline)
    return tostring(opml, encoding="UTF-8", xml_declaration=True, pretty_print=True)
